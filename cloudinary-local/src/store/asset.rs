use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::{Row as _, sqlite::SqliteRow};

/// What the server stores; the service's `video` is not among them yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ResourceType {
    Image,
    Raw,
}

/// Who may see an asset, or how it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum DeliveryType {
    Upload,
    Private,
    Authenticated,
    /// Made from text.
    Text,
    /// All images of a tag on one sheet.
    Sprite,
    /// All images of a tag one after the other.
    Multi,
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
        [Self::Upload, Self::Private, Self::Authenticated, Self::Text, Self::Sprite, Self::Multi]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }

    /// Those that files are uploaded as; the others are made here.
    pub(crate) fn parse_uploaded(name: &str) -> Option<Self> {
        Self::parse(name).filter(|kind| matches!(kind, Self::Upload | Self::Private | Self::Authenticated))
    }

    /// Whether nothing of it needs a signature.
    pub(crate) fn is_open(self) -> bool {
        !matches!(self, Self::Private | Self::Authenticated)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Private => "private",
            Self::Authenticated => "authenticated",
            Self::Text => "text",
            Self::Sprite => "sprite",
            Self::Multi => "multi",
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
    /// Destroyed, but with backups it can be restored from: there is no content.
    pub(crate) placeholder: bool,
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
    /// Structured metadata, by the field's external id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) metadata: BTreeMap<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) moderation: Vec<Moderation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_mode: Option<AccessMode>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) access_control: Vec<AccessRule>,
    /// Sent along whenever the asset is delivered: name and value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<(String, String)>,
    /// Whether each version is kept when it is replaced or destroyed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) backup: bool,
    /// What an image of type `text` was drawn with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<serde_json::Value>,
    /// The places of the images on a sprite: `{public_id: {x, y, width, height}}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) image_infos: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "LastUpdated::is_never")]
    pub(crate) last_updated: LastUpdated,
}

/// One entry of the moderation queue: `{"kind": "manual", "status": "pending"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Moderation {
    pub(crate) kind: String,
    /// `pending`, `approved` or `rejected`.
    pub(crate) status: String,
    /// Unix seconds of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<i64>,
}

/// The older of the two ways to close an asset of type `upload`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AccessMode {
    Public,
    Authenticated,
}

/// One rule of `access_control`, in the words of the service: times are RFC 3339 texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessRule {
    /// `anonymous` or `token`.
    pub(crate) access_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<String>,
}

/// When what was changed last after the upload, in Unix seconds.
#[expect(clippy::struct_field_names, reason = "they are the names of the service's answers")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct LastUpdated {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_control_updated_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) context_updated_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata_updated_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) public_id_updated_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags_updated_at: Option<i64>,
    /// The latest of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<i64>,
}

impl LastUpdated {
    fn is_never(&self) -> bool {
        *self == Self::default()
    }
}

impl Details {
    /// Notes the time of what is otherwise than `before`.
    pub(super) fn stamp(&mut self, before: &Self, now: i64) {
        let mut stamped = self.last_updated;
        let note = |changed: bool, at: &mut Option<i64>| {
            if changed {
                *at = Some(now);
            }
        };
        note(
            self.access_control != before.access_control || self.access_mode != before.access_mode,
            &mut stamped.access_control_updated_at,
        );
        note(self.context != before.context, &mut stamped.context_updated_at);
        note(self.metadata != before.metadata, &mut stamped.metadata_updated_at);
        note(self.tags != before.tags, &mut stamped.tags_updated_at);
        note(self != before, &mut stamped.updated_at);
        self.last_updated = stamped;
    }
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
                                      height, pages, bytes, etag, blob, created_at, placeholder, details";

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
            placeholder: row.try_get("placeholder")?,
            details: serde_json::from_str(&details).map_err(|error| sqlx::Error::Decode(error.into()))?,
        })
    }
}
