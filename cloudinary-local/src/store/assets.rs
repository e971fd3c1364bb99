use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::{Asset, AssetKey, Details, FileFacts, Spooled, Store, StoreError, backups::back_up};

/// An asset about to be recorded.
#[derive(Debug, Clone)]
pub(crate) struct NewAsset {
    pub(crate) key: AssetKey,
    pub(crate) asset_id: String,
    pub(crate) version_id: String,
    pub(crate) file: FileFacts,
    /// Unix seconds; also the version, unless the asset already has that one or a later one.
    pub(crate) now: i64,
    pub(crate) details: Details,
}

/// How an upload met what was there.
#[derive(Debug)]
pub(crate) enum Recorded {
    New(Asset),
    /// An asset of that name was replaced.
    Overwritten(Asset),
    /// An asset of that name was there and, as `overwrite` forbade it, is untouched.
    Existing(Asset),
}

impl Store {
    pub(crate) async fn asset(&self, key: &AssetKey) -> Result<Option<Asset>, StoreError> {
        Ok(find(&mut *self.pool.acquire().await?, key).await?.filter(|asset| !asset.placeholder))
    }

    /// Keeps the content, then the record. When this returns both are safely stored.
    pub(crate) async fn record(
        &self,
        new: NewAsset,
        content: Spooled,
        overwrite: bool,
    ) -> Result<Recorded, StoreError> {
        let blob = new.file.blob.clone();
        let written = {
            let _recording = self.recording.read().await;
            self.blobs.keep(content).await?;
            self.write_record(new, overwrite).await
        };
        match written {
            Ok((recorded, released)) => {
                self.release_done(&released).await;
                Ok(recorded)
            }
            Err(error) => {
                self.release_done(&[blob]).await;
                Err(error)
            }
        }
    }

    async fn write_record(&self, new: NewAsset, overwrite: bool) -> Result<(Recorded, Vec<String>), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let there = find(&mut transaction, &new.key).await?;
        let taken = there.as_ref().is_some_and(|there| !there.placeholder);
        if let Some(there) = &there
            && taken
            && !overwrite
        {
            return Ok((Recorded::Existing(there.clone()), vec![new.file.blob]));
        }
        let mut released = Vec::new();
        if let Some(there) = &there {
            released = derived_blobs(&mut transaction, there.row).await?;
            released.push(there.file.blob.clone());
            forget_derived(&mut transaction, there.row).await?;
        }
        let version = next_version(&mut transaction, new.now).await?;
        let row = sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO assets (asset_id, resource_type, type, public_id, version, version_id, format, width, height, \
             pages, bytes, etag, blob, created_at, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (resource_type, type, public_id) DO UPDATE SET version = excluded.version, \
             version_id = excluded.version_id, format = excluded.format, width = excluded.width, \
             height = excluded.height, pages = excluded.pages, bytes = excluded.bytes, etag = excluded.etag, \
             blob = excluded.blob, created_at = excluded.created_at, placeholder = 0, details = excluded.details \
             RETURNING {}",
            Asset::COLUMNS
        )))
        .bind(&new.asset_id)
        .bind(new.key.resource_type.as_str())
        .bind(new.key.delivery_type.as_str())
        .bind(&new.key.public_id)
        .bind(version)
        .bind(&new.version_id)
        .bind(&new.file.format)
        .bind(new.file.size.map(|(width, _)| width))
        .bind(new.file.size.map(|(_, height)| height))
        .bind(new.file.pages)
        .bind(new.file.bytes as i64)
        .bind(&new.file.etag)
        .bind(&new.file.blob)
        .bind(new.now)
        .bind(serde_json::to_string(&new.details)?)
        .fetch_one(&mut *transaction)
        .await?;
        let asset = Asset::from_row(&row)?;
        if asset.details.backup {
            back_up(&mut transaction, &asset).await?;
        }
        transaction.commit().await?;
        let recorded = if taken { Recorded::Overwritten(asset) } else { Recorded::New(asset) };
        Ok((recorded, released))
    }

    /// Removes an asset, what was derived from it, and the contents nobody else speaks of; tells whether it was there.
    /// Of one with backups a placeholder stays, from which it can be restored.
    pub(crate) async fn destroy(&self, key: &AssetKey) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let Some(there) = find(&mut transaction, key).await?.filter(|asset| !asset.placeholder) else {
            return Ok(false);
        };
        let released = remove(&mut transaction, &there).await?;
        transaction.commit().await?;
        self.release_done(&released).await;
        Ok(true)
    }
}

/// Takes an asset out, or leaves a placeholder of one with backups; tells which contents it spoke of.
pub(super) async fn remove(connection: &mut SqliteConnection, asset: &Asset) -> sqlx::Result<Vec<String>> {
    let mut released = derived_blobs(connection, asset.row).await?;
    released.push(asset.file.blob.clone());
    let backed_up: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM backups WHERE asset = ?)")
        .bind(asset.row)
        .fetch_one(&mut *connection)
        .await?;
    if !backed_up {
        sqlx::query("DELETE FROM assets WHERE id = ?").bind(asset.row).execute(connection).await?;
        return Ok(released);
    }
    forget_derived(connection, asset.row).await?;
    sqlx::query("UPDATE assets SET placeholder = 1, bytes = 0, blob = '' WHERE id = ?")
        .bind(asset.row)
        .execute(connection)
        .await?;
    Ok(released)
}

/// Forgets what was derived from an asset, and the tokens that could delete it.
pub(super) async fn forget_derived(connection: &mut SqliteConnection, asset: i64) -> sqlx::Result<()> {
    for table in ["derived", "delete_tokens"] {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {table} WHERE asset = ?")))
            .bind(asset)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The time, or later: no two uploads ever have the same version, so that a URL with a version never shows anything
/// else, even after its asset was destroyed.
pub(super) async fn next_version(connection: &mut SqliteConnection, now: i64) -> sqlx::Result<i64> {
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'last_version'), \
         (SELECT max(version) FROM assets))",
    )
    .fetch_one(&mut *connection)
    .await?;
    let version = last.map_or(now, |last| now.max(last + 1));
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES ('last_version', ?) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(version.to_string())
    .execute(connection)
    .await?;
    Ok(version)
}

pub(super) async fn find(connection: &mut SqliteConnection, key: &AssetKey) -> sqlx::Result<Option<Asset>> {
    sqlx::query(AssertSqlSafe(format!(
        "SELECT {} FROM assets WHERE resource_type = ? AND type = ? AND public_id = ?",
        Asset::COLUMNS
    )))
    .bind(key.resource_type.as_str())
    .bind(key.delivery_type.as_str())
    .bind(&key.public_id)
    .fetch_optional(connection)
    .await?
    .map(|row| Asset::from_row(&row))
    .transpose()
}

pub(super) async fn derived_blobs(connection: &mut SqliteConnection, asset: i64) -> sqlx::Result<Vec<String>> {
    sqlx::query("SELECT blob FROM derived WHERE asset = ?")
        .bind(asset)
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| row.try_get("blob"))
        .collect()
}
