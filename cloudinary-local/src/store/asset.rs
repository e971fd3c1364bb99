use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::{Row as _, sqlite::SqliteRow};

/// What the server stores; the service's `video` is not among them yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ResourceType {
    Image,
    Raw,
}

/// Who may see an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum DeliveryType {
    Upload,
    Private,
    Authenticated,
}

impl ResourceType {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Image, Self::Raw].into_iter().find(|kind| kind.as_str() == name)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Raw => "raw",
        }
    }
}

impl DeliveryType {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Upload, Self::Private, Self::Authenticated].into_iter().find(|kind| kind.as_str() == name)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Private => "private",
            Self::Authenticated => "authenticated",
        }
    }
}

/// What names an asset.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct AssetKey {
    pub(crate) resource_type: ResourceType,
    pub(crate) delivery_type: DeliveryType,
    pub(crate) public_id: String,
}

/// A stored asset.
#[expect(clippy::struct_field_names, reason = "asset_id is the name of the field in the service's answers")]
#[derive(Debug, Clone)]
pub(crate) struct Asset {
    pub(crate) row: i64,
    pub(crate) asset_id: String,
    pub(crate) key: AssetKey,
    pub(crate) version: i64,
    pub(crate) version_id: String,
    pub(crate) file: FileFacts,
    pub(crate) created_at: i64,
    pub(crate) details: Details,
}

/// What the stored bytes are.
#[derive(Debug, Clone)]
pub(crate) struct FileFacts {
    pub(crate) format: Option<String>,
    pub(crate) size: Option<(u32, u32)>,
    pub(crate) pages: Option<u32>,
    pub(crate) bytes: u64,
    /// MD5 of the bytes, in hex.
    pub(crate) etag: String,
    /// SHA-256 of the bytes: their name in the blob store.
    pub(crate) blob: String,
}

/// What the uploader said about an asset.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) context: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) face_coordinates: Vec<[u32; 4]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) custom_coordinates: Vec<[u32; 4]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) original_filename: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) original_extension: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) asset_folder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) folder: Option<String>,
}

impl AssetKey {
    pub(super) fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            resource_type: ResourceType::parse(row.try_get("resource_type")?)
                .ok_or_else(|| unknown("resource_type"))?,
            delivery_type: DeliveryType::parse(row.try_get("type")?).ok_or_else(|| unknown("type"))?,
            public_id: row.try_get("public_id")?,
        })
    }
}

fn unknown(column: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: "the database holds a value this version does not know".into(),
    }
}

impl Asset {
    pub(super) const COLUMNS: &str = "id, asset_id, resource_type, type, public_id, version, version_id, format, width, \
                                      height, pages, bytes, etag, blob, created_at, details";

    pub(super) fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let details: String = row.try_get("details")?;
        let (width, height): (Option<u32>, Option<u32>) = (row.try_get("width")?, row.try_get("height")?);
        Ok(Self {
            row: row.try_get("id")?,
            asset_id: row.try_get("asset_id")?,
            key: AssetKey::from_row(row)?,
            version: row.try_get("version")?,
            version_id: row.try_get("version_id")?,
            file: FileFacts {
                format: row.try_get("format")?,
                size: width.zip(height),
                pages: row.try_get("pages")?,
                bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
                etag: row.try_get("etag")?,
                blob: row.try_get("blob")?,
            },
            created_at: row.try_get("created_at")?,
            details: serde_json::from_str(&details).map_err(|error| sqlx::Error::Decode(error.into()))?,
        })
    }
}
