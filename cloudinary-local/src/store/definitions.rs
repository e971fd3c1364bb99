//! What an administrator defines: presets, named transformations, metadata fields and the like, each a name and a JSON
//! object of a kind.

use serde_json::Value;
use sqlx::{Row as _, sqlite::SqliteRow};

use super::{Store, StoreError};

/// What is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    UploadPreset,
    UploadMapping,
    Transformation,
    StreamingProfile,
    Trigger,
    MetadataField,
    MetadataRule,
}

/// One defined thing.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    /// Grows with each new definition; it orders lists.
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) body: Value,
    /// Unix seconds.
    pub(crate) created_at: i64,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::UploadPreset => "upload_preset",
            Self::UploadMapping => "upload_mapping",
            Self::Transformation => "transformation",
            Self::StreamingProfile => "streaming_profile",
            Self::Trigger => "trigger",
            Self::MetadataField => "metadata_field",
            Self::MetadataRule => "metadata_rule",
        }
    }
}

impl Store {
    /// All of a kind, the oldest first.
    pub(crate) async fn definitions(&self, kind: Kind) -> Result<Vec<Definition>, StoreError> {
        sqlx::query("SELECT id, name, body, created_at FROM definitions WHERE kind = ? ORDER BY id")
            .bind(kind.as_str())
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(from_row)
            .collect()
    }

    pub(crate) async fn definition(&self, kind: Kind, name: &str) -> Result<Option<Definition>, StoreError> {
        sqlx::query("SELECT id, name, body, created_at FROM definitions WHERE kind = ? AND name = ?")
            .bind(kind.as_str())
            .bind(name)
            .fetch_optional(&self.pool)
            .await?
            .as_ref()
            .map(from_row)
            .transpose()
    }

    /// Adds a definition (at `now`, Unix seconds), unless the name is taken; tells whether it did.
    pub(crate) async fn define(&self, kind: Kind, name: &str, body: &Value, now: i64) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO definitions (kind, name, body, created_at) VALUES (?, ?, ?, ?) \
             ON CONFLICT (kind, name) DO NOTHING",
        )
        .bind(kind.as_str())
        .bind(name)
        .bind(serde_json::to_string(body)?)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Replaces a definition, if it is there; tells whether it did.
    pub(crate) async fn redefine(&self, kind: Kind, name: &str, body: &Value) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE definitions SET body = ? WHERE kind = ? AND name = ?")
            .bind(serde_json::to_string(body)?)
            .bind(kind.as_str())
            .bind(name)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes a definition; tells whether it was there.
    pub(crate) async fn undefine(&self, kind: Kind, name: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM definitions WHERE kind = ? AND name = ?")
            .bind(kind.as_str())
            .bind(name)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}

fn from_row(row: &SqliteRow) -> Result<Definition, StoreError> {
    Ok(Definition {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        body: serde_json::from_str(row.try_get("body")?)?,
        created_at: row.try_get("created_at")?,
    })
}
