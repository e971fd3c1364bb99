//! Folders of assets: those made on purpose, and those that are there because an asset lies in them.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Row as _};

use super::{Store, StoreError};

/// The folder an asset lies in: its own, or else the one its `public_id` names.
pub(crate) const FOLDER: &str = "coalesce(json_extract(details, '$.asset_folder'), \
                                 rtrim(rtrim(public_id, replace(public_id, '/', '')), '/'))";

/// A folder of assets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AssetFolder {
    pub(crate) path: String,
    /// 32 hexadecimal digits.
    pub(crate) external_id: String,
    /// Unix seconds; of one that was never made on purpose, when its first asset came.
    pub(crate) created_at: i64,
}

impl AssetFolder {
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The folder it lies in; the root is the empty text.
    pub(crate) fn parent(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(parent, _)| parent)
    }
}

/// How a folder was renamed, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FolderMoved {
    Done,
    Missing,
    Taken,
}

/// How a folder was removed, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FolderDeleted {
    /// With the empty ones in it.
    Done(Vec<String>),
    Missing,
    NotEmpty,
}

impl Store {
    /// All folders, by path.
    pub(crate) async fn asset_folders(&self) -> Result<Vec<AssetFolder>, StoreError> {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "SELECT path, external_id, created_at FROM folders \
             UNION ALL SELECT {FOLDER} AS path, NULL, min(created_at) FROM assets WHERE placeholder = 0 GROUP BY 1"
        )))
        .fetch_all(&self.pool)
        .await?;
        let mut folders: BTreeMap<String, AssetFolder> = BTreeMap::new();
        for row in &rows {
            let (path, created_at): (String, i64) = (row.try_get("path")?, row.try_get("created_at")?);
            let external_id: Option<String> = row.try_get("external_id")?;
            let mut part = path.as_str();
            while !part.is_empty() {
                let own = external_id.clone().filter(|_| part == path);
                let known = folders.entry(part.to_owned()).or_insert_with(|| AssetFolder {
                    path: part.to_owned(),
                    external_id: named(part),
                    created_at,
                });
                known.created_at = known.created_at.min(created_at);
                if let Some(external_id) = own {
                    known.external_id = external_id;
                }
                part = part.rsplit_once('/').map_or("", |(parent, _)| parent);
            }
        }
        Ok(folders.into_values().collect())
    }

    /// Makes a folder and those above it (at `now`, Unix seconds); what is there stays.
    pub(crate) async fn make_folder(&self, path: &str, now: i64) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let above = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        for part in above.chain([path]) {
            sqlx::query("INSERT INTO folders (path, external_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(part)
                .bind(named(part))
                .bind(now)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Moves a folder with all that lies in it. The assets keep their `public_id`.
    pub(crate) async fn rename_folder(&self, from: &str, to: &str, now: i64) -> Result<FolderMoved, StoreError> {
        let there = self.asset_folders().await?;
        if !there.iter().any(|folder| folder.path == from) {
            return Ok(FolderMoved::Missing);
        }
        if there.iter().any(|folder| folder.path == to) {
            return Ok(FolderMoved::Taken);
        }
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(AssertSqlSafe(format!(
            "UPDATE assets SET details = json_set(details, \
             '$.asset_folder', ?2 || substr({FOLDER}, length(?1) + 1), '$.last_updated.updated_at', ?3) \
             WHERE {FOLDER} = ?1 OR substr({FOLDER}, 1, length(?1) + 1) = ?1 || '/'"
        )))
        .bind(from)
        .bind(to)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE folders SET path = ?2 || substr(path, length(?1) + 1) \
             WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || '/'",
        )
        .bind(from)
        .bind(to)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(FolderMoved::Done)
    }

    /// Removes a folder and the folders in it, if no asset lies there.
    pub(crate) async fn delete_folder(&self, path: &str) -> Result<FolderDeleted, StoreError> {
        let inside =
            |folder: &str| folder == path || folder.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let there: Vec<String> =
            self.asset_folders().await?.into_iter().map(|folder| folder.path).filter(|folder| inside(folder)).collect();
        if there.is_empty() {
            return Ok(FolderDeleted::Missing);
        }
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let used: bool = sqlx::query_scalar(AssertSqlSafe(format!(
            "SELECT EXISTS (SELECT 1 FROM assets WHERE placeholder = 0 \
             AND ({FOLDER} = ?1 OR substr({FOLDER}, 1, length(?1) + 1) = ?1 || '/'))"
        )))
        .bind(path)
        .fetch_one(&mut *transaction)
        .await?;
        if used {
            return Ok(FolderDeleted::NotEmpty);
        }
        sqlx::query("DELETE FROM folders WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || '/'")
            .bind(path)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(FolderDeleted::Done(there))
    }
}

/// The id of a folder nobody gave one.
fn named(path: &str) -> String {
    let digest = Sha256::digest(path.as_bytes());
    hex::encode(digest.get(..16).unwrap_or_default())
}
