use sqlx::AssertSqlSafe;

use super::{Asset, Store, StoreError};

impl Store {
    /// Relates two assets, in both directions; tells whether they were not yet.
    pub(crate) async fn relate(&self, one: &Asset, other: &Asset) -> Result<bool, StoreError> {
        let done =
            sqlx::query("INSERT INTO related_assets (asset, other) VALUES (?1, ?2), (?2, ?1) ON CONFLICT DO NOTHING")
                .bind(one.row)
                .bind(other.row)
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends that two assets are related; tells whether they were.
    pub(crate) async fn unrelate(&self, one: &Asset, other: &Asset) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM related_assets WHERE (asset, other) IN (VALUES (?1, ?2), (?2, ?1))")
            .bind(one.row)
            .bind(other.row)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The assets related to one, whose rows are behind `after`.
    pub(crate) async fn related_assets(&self, to: &Asset, after: i64, most: u32) -> Result<Vec<Asset>, StoreError> {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "SELECT {} FROM assets WHERE placeholder = 0 AND id > ? \
             AND id IN (SELECT other FROM related_assets WHERE asset = ?) ORDER BY id LIMIT ?",
            Asset::COLUMNS
        )))
        .bind(after)
        .bind(to.row)
        .bind(most)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(Asset::from_row).collect::<sqlx::Result<_>>()?)
    }
}
