//! What was derived, as it is listed and removed: by asset, by transformation, by id.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, QueryBuilder, Row as _, Sqlite, sqlite::SqliteRow};

use super::{Asset, Store, StoreError};

/// A kept result, as it is told of.
#[derive(Debug, Clone)]
pub(crate) struct DerivedAsset {
    pub(crate) id: i64,
    /// The steps, spelled out.
    pub(crate) transformation: String,
    /// What the URL ended with; empty when nothing.
    pub(crate) extension: String,
    pub(crate) format: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bytes: u64,
}

/// All that is stored, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) resources: i64,
    pub(crate) derived: i64,
    /// Of originals, results and backups together.
    pub(crate) bytes: i64,
}

/// The steps and the extension as one text. The key of a result also has the versions of its layers (` + ` and 32
/// digits each), which are cut off.
const TEXT: &str = "(CASE instr(transformation, ' + ') WHEN 0 THEN transformation \
                    ELSE substr(transformation, 1, instr(transformation, ' + ') - 1) END \
                    || CASE extension WHEN '' THEN '' ELSE '/' || extension END)";

const COLUMNS: &str = "derived.id AS derived_id, \
                       derived.transformation AS derived_transformation, derived.extension AS derived_extension, \
                       derived.format AS derived_format, derived.width AS derived_width, \
                       derived.height AS derived_height, derived.bytes AS derived_bytes";

impl Store {
    pub(crate) async fn usage(&self) -> Result<Usage, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM assets WHERE placeholder = 0) AS resources, \
             (SELECT count(*) FROM derived) AS derived, \
             (SELECT coalesce(sum(bytes), 0) FROM assets) + (SELECT coalesce(sum(bytes), 0) FROM derived) \
             + (SELECT coalesce(sum(bytes), 0) FROM backups) AS bytes",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(Usage {
            resources: row.try_get("resources")?,
            derived: row.try_get("derived")?,
            bytes: row.try_get("bytes")?,
        })
    }

    /// The transformations something was derived by.
    pub(crate) async fn derived_transformations(&self) -> Result<BTreeSet<String>, StoreError> {
        let texts: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("SELECT DISTINCT {TEXT} FROM derived")))
            .fetch_all(&self.pool)
            .await?;
        Ok(texts.into_iter().map(|text| text.trim_start_matches('/').to_owned()).collect())
    }

    /// How much was derived by a transformation.
    pub(crate) async fn count_derived_by(&self, text: &str) -> Result<u64, StoreError> {
        let count: i64 =
            sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM derived WHERE ltrim({TEXT}, '/') = ?")))
                .bind(text)
                .fetch_one(&self.pool)
                .await?;
        Ok(count.unsigned_abs())
    }

    /// What was derived by a transformation, and of what; those with ids behind `after`.
    pub(crate) async fn derived_by(
        &self,
        text: &str,
        after: i64,
        most: u32,
    ) -> Result<Vec<(Asset, DerivedAsset)>, StoreError> {
        let assets: Vec<String> = Asset::COLUMNS.split(", ").map(|column| format!("assets.{column}")).collect();
        let rows = sqlx::query(AssertSqlSafe(format!(
            "SELECT {}, {COLUMNS} FROM (SELECT * FROM derived WHERE ltrim({TEXT}, '/') = ? AND id > ? \
             ORDER BY id LIMIT ?) AS derived JOIN assets ON assets.id = derived.asset ORDER BY derived.id",
            assets.join(", ")
        )))
        .bind(text)
        .bind(after)
        .bind(most)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok((Asset::from_row(row)?, from_row(row)?))).collect()
    }

    /// What was derived from an asset; those with ids behind `after`.
    pub(crate) async fn derived_of(
        &self,
        asset: &Asset,
        after: i64,
        most: u32,
    ) -> Result<Vec<DerivedAsset>, StoreError> {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM derived WHERE asset = ? AND id > ? ORDER BY id LIMIT ?"
        )))
        .bind(asset.row)
        .bind(after)
        .bind(most)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(from_row).collect::<sqlx::Result<_>>()?)
    }

    /// Removes what was derived by a transformation.
    pub(crate) async fn delete_derived_by(&self, text: &str) -> Result<(), StoreError> {
        let rows =
            sqlx::query(AssertSqlSafe(format!("DELETE FROM derived WHERE ltrim({TEXT}, '/') = ? RETURNING blob")))
                .bind(text)
                .fetch_all(&self.pool)
                .await?;
        self.release_done(&blobs(&rows)?).await;
        Ok(())
    }

    /// Removes what was derived from an asset, by these transformations or by all; tells how much that was.
    pub(crate) async fn delete_derived_of(&self, asset: &Asset, texts: Option<&[String]>) -> Result<u64, StoreError> {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("DELETE FROM derived WHERE asset = ");
        query.push_bind(asset.row);
        if let Some(texts) = texts {
            query.push(" AND ltrim(").push(TEXT).push(", '/') IN (");
            let mut list = query.separated(", ");
            for text in texts {
                list.push_bind(text);
            }
            query.push(")");
        }
        let rows = query.push(" RETURNING blob").build().fetch_all(&self.pool).await?;
        self.release_done(&blobs(&rows)?).await;
        Ok(rows.len() as u64)
    }

    /// Removes one result; tells what it was of.
    pub(crate) async fn delete_derived(&self, id: i64) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query("DELETE FROM derived WHERE id = ? RETURNING blob, asset")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let asset = row.try_get("asset")?;
        self.release_done(&blobs(&[row])?).await;
        Ok(Some(asset))
    }
}

fn blobs(rows: &[SqliteRow]) -> sqlx::Result<Vec<String>> {
    rows.iter().map(|row| row.try_get("blob")).collect()
}

fn from_row(row: &SqliteRow) -> sqlx::Result<DerivedAsset> {
    let key: String = row.try_get("derived_transformation")?;
    Ok(DerivedAsset {
        id: row.try_get("derived_id")?,
        transformation: key.split(" + ").next().unwrap_or_default().to_owned(),
        extension: row.try_get("derived_extension")?,
        format: row.try_get("derived_format")?,
        width: row.try_get("derived_width")?,
        height: row.try_get("derived_height")?,
        bytes: row.try_get::<i64, _>("derived_bytes")?.unsigned_abs(),
    })
}
