//! Versions of assets that are kept when the asset is replaced or destroyed.

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{
    Asset, AssetKey, FileFacts, Store, StoreError,
    assets::{derived_blobs, find, forget_derived, next_version},
};

/// A kept version of an asset.
#[derive(Debug, Clone)]
pub(crate) struct Backup {
    pub(crate) version: i64,
    pub(crate) version_id: String,
    pub(crate) file: FileFacts,
    /// Unix seconds of the upload.
    pub(crate) created_at: i64,
}

impl Store {
    /// The kept versions of an asset, newest first; also of a placeholder.
    pub(crate) async fn backups(&self, asset: &Asset) -> Result<Vec<Backup>, StoreError> {
        let rows = sqlx::query("SELECT * FROM backups WHERE asset = ? ORDER BY id DESC")
            .bind(asset.row)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(from_row).collect::<sqlx::Result<_>>()?)
    }

    /// Puts a kept version in the asset's place again, the newest unless another is named. What is there is kept in
    /// turn. `None` when there is none.
    pub(crate) async fn restore(
        &self,
        key: &AssetKey,
        version_id: Option<&str>,
        now: i64,
    ) -> Result<Option<Asset>, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let Some(there) = find(&mut transaction, key).await? else { return Ok(None) };
        let backup = sqlx::query(
            "SELECT * FROM backups WHERE asset = ?1 AND (?2 IS NULL OR version_id = ?2) ORDER BY id DESC LIMIT 1",
        )
        .bind(there.row)
        .bind(version_id)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(backup) = backup else { return Ok(None) };
        let backup = from_row(&backup)?;
        if !there.placeholder && !is_kept(&mut transaction, &there).await? {
            back_up(&mut transaction, &there).await?;
        }
        let mut released = derived_blobs(&mut transaction, there.row).await?;
        released.push(there.file.blob);
        forget_derived(&mut transaction, there.row).await?;
        let version = next_version(&mut transaction, now).await?;
        let row = sqlx::query(AssertSqlSafe(format!(
            "UPDATE assets SET placeholder = 0, version = ?, version_id = ?, format = ?, width = ?, height = ?, \
             pages = ?, bytes = ?, etag = ?, blob = ? WHERE id = ? RETURNING {}",
            Asset::COLUMNS
        )))
        .bind(version)
        .bind(crate::ids::hex_id())
        .bind(&backup.file.format)
        .bind(backup.file.size.map(|(width, _)| width))
        .bind(backup.file.size.map(|(_, height)| height))
        .bind(backup.file.pages)
        .bind(backup.file.bytes as i64)
        .bind(&backup.file.etag)
        .bind(&backup.file.blob)
        .bind(there.row)
        .fetch_one(&mut *transaction)
        .await?;
        let asset = Asset::from_row(&row)?;
        transaction.commit().await?;
        self.release_done(&released).await;
        Ok(Some(asset))
    }

    /// One kept version, by the asset's and its own id.
    pub(crate) async fn backup(&self, asset_id: &str, version_id: &str) -> Result<Option<(Asset, Backup)>, StoreError> {
        let Some(asset) = self.asset_or_placeholder_by_id(asset_id).await? else { return Ok(None) };
        let found = self.backups(&asset).await?.into_iter().find(|backup| backup.version_id == version_id);
        Ok(found.map(|backup| (asset, backup)))
    }

    /// Removes one kept version; a placeholder without any goes with its last one. Tells whether it was there.
    pub(crate) async fn delete_backup(&self, asset: &Asset, version_id: &str) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let released: Vec<String> =
            sqlx::query_scalar("DELETE FROM backups WHERE asset = ? AND version_id = ? RETURNING blob")
                .bind(asset.row)
                .bind(version_id)
                .fetch_all(&mut *transaction)
                .await?;
        sqlx::query(
            "DELETE FROM assets WHERE id = ?1 AND placeholder = 1 \
             AND NOT EXISTS (SELECT 1 FROM backups WHERE asset = ?1)",
        )
        .bind(asset.row)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.release_done(&released).await;
        Ok(!released.is_empty())
    }
}

/// Keeps the version an asset has now.
pub(super) async fn back_up(connection: &mut SqliteConnection, asset: &Asset) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO backups (asset, version, version_id, format, width, height, pages, bytes, etag, blob, created_at) \
         SELECT id, version, version_id, format, width, height, pages, bytes, etag, blob, created_at \
         FROM assets WHERE id = ? ON CONFLICT (asset, version_id) DO NOTHING",
    )
    .bind(asset.row)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the content an asset has now is among its backups already.
async fn is_kept(connection: &mut SqliteConnection, asset: &Asset) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM backups WHERE asset = ? AND blob = ?)")
        .bind(asset.row)
        .bind(&asset.file.blob)
        .fetch_one(connection)
        .await
}

/// Gives an asset the backups of another, which count as older than its own.
pub(super) async fn take_over(connection: &mut SqliteConnection, from: i64, to: i64) -> sqlx::Result<()> {
    let own: Vec<i64> = sqlx::query_scalar("SELECT id FROM backups WHERE asset = ? ORDER BY id")
        .bind(to)
        .fetch_all(&mut *connection)
        .await?;
    let taken = sqlx::query("UPDATE backups SET asset = ? WHERE asset = ?")
        .bind(to)
        .bind(from)
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if taken > 0 {
        for id in own {
            sqlx::query("UPDATE backups SET id = (SELECT max(id) + 1 FROM backups) WHERE id = ?")
                .bind(id)
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

fn from_row(row: &SqliteRow) -> sqlx::Result<Backup> {
    let (width, height): (Option<u32>, Option<u32>) = (row.try_get("width")?, row.try_get("height")?);
    Ok(Backup {
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
    })
}
