use sqlx::{Row as _, sqlite::SqliteRow};

use super::{Spooled, Store, StoreError};
use crate::Limits;

/// A kept result of a transformation.
#[derive(Debug, Clone)]
pub(crate) struct Derived {
    pub(crate) format: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bytes: u64,
    pub(crate) blob: String,
    pub(crate) created_at: i64,
}

/// A result about to be kept.
#[derive(Debug, Clone)]
pub(crate) struct NewDerived {
    /// The asset's row.
    pub(crate) asset: i64,
    /// What it was made from: if the asset has been overwritten meanwhile, the result is not kept.
    pub(crate) version_id: String,
    /// The steps, spelled out, and the versions of the layers.
    pub(crate) transformation: String,
    /// What the URL ended with; empty when nothing.
    pub(crate) extension: String,
    pub(crate) result: Derived,
}

impl Store {
    pub(crate) async fn derived(
        &self,
        asset: i64,
        transformation: &str,
        extension: &str,
    ) -> Result<Option<Derived>, StoreError> {
        let row = sqlx::query(
            "SELECT format, width, height, bytes, blob, created_at FROM derived \
             WHERE asset = ? AND transformation = ? AND extension = ?",
        )
        .bind(asset)
        .bind(transformation)
        .bind(extension)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.as_ref().map(from_row).transpose()?)
    }

    /// Keeps a result; of those of one asset, and of all together, the newest up to their limits.
    pub(crate) async fn record_derived(
        &self,
        new: &NewDerived,
        content: Spooled,
        limits: &Limits,
    ) -> Result<(), StoreError> {
        let recorded = async {
            let _recording = self.recording.read().await;
            self.blobs.keep(content).await?;
            let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
            let kept = sqlx::query(
                "INSERT INTO derived (asset, transformation, extension, format, width, height, bytes, blob, created_at) \
                 SELECT id, ?, ?, ?, ?, ?, ?, ?, ? FROM assets WHERE id = ? AND version_id = ? \
                 ON CONFLICT (asset, transformation, extension) DO NOTHING",
            )
            .bind(&new.transformation)
            .bind(&new.extension)
            .bind(&new.result.format)
            .bind(new.result.width)
            .bind(new.result.height)
            .bind(new.result.bytes as i64)
            .bind(&new.result.blob)
            .bind(new.result.created_at)
            .bind(new.asset)
            .bind(&new.version_id)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
            let mut released: Vec<String> = sqlx::query(
                "DELETE FROM derived WHERE id IN \
                 (SELECT id FROM derived WHERE asset = ? ORDER BY id DESC LIMIT -1 OFFSET ?) RETURNING blob",
            )
            .bind(new.asset)
            .bind(limits.derived_max)
            .fetch_all(&mut *transaction)
            .await?
            .iter()
            .map(|row| row.try_get("blob"))
            .collect::<sqlx::Result<_>>()?;
            let total: i64 =
                sqlx::query_scalar("SELECT coalesce(sum(bytes), 0) FROM derived").fetch_one(&mut *transaction).await?;
            if total.unsigned_abs() > limits.derived_max_bytes {
                let oldest = sqlx::query(
                    "DELETE FROM derived WHERE id IN (SELECT id FROM \
                     (SELECT id, sum(bytes) OVER (ORDER BY id DESC) AS so_far FROM derived) WHERE so_far > ?) \
                     RETURNING blob",
                )
                .bind(i64::try_from(limits.derived_max_bytes).unwrap_or(i64::MAX))
                .fetch_all(&mut *transaction)
                .await?;
                for row in &oldest {
                    released.push(row.try_get("blob")?);
                }
            }
            transaction.commit().await?;
            if kept == 0 {
                released.push(new.result.blob.clone());
            }
            Ok(released)
        };
        let recorded: Result<Vec<String>, StoreError> = recorded.await;
        match recorded {
            Ok(released) => {
                self.release_done(&released).await;
                Ok(())
            }
            Err(error) => {
                self.release_done(std::slice::from_ref(&new.result.blob)).await;
                Err(error)
            }
        }
    }
}

fn from_row(row: &SqliteRow) -> sqlx::Result<Derived> {
    Ok(Derived {
        format: row.try_get("format")?,
        width: row.try_get("width")?,
        height: row.try_get("height")?,
        bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
        blob: row.try_get("blob")?,
        created_at: row.try_get("created_at")?,
    })
}
