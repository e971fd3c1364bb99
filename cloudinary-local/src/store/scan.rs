use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, QueryBuilder, Sqlite};

use super::{Asset, Store, StoreError};

impl Store {
    /// Looks at every asset that is there, one at a time.
    pub(crate) async fn each_asset(&self, mut look: impl FnMut(Asset) + Send) -> Result<(), StoreError> {
        let text = format!("SELECT {} FROM assets WHERE placeholder = 0", Asset::COLUMNS);
        let mut rows = sqlx::query(AssertSqlSafe(text)).fetch(&self.pool);
        while let Some(row) = rows.try_next().await? {
            look(Asset::from_row(&row)?);
        }
        Ok(())
    }

    /// The assets of these rows, in no order.
    pub(crate) async fn assets_of_rows(&self, rows: &[i64]) -> Result<Vec<Asset>, StoreError> {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("SELECT ");
        query.push(Asset::COLUMNS).push(" FROM assets WHERE placeholder = 0 AND id IN (");
        let mut list = query.separated(", ");
        for row in rows {
            list.push_bind(*row);
        }
        query.push(")");
        let rows = query.build().fetch_all(&self.pool).await?;
        Ok(rows.iter().map(Asset::from_row).collect::<sqlx::Result<_>>()?)
    }
}
