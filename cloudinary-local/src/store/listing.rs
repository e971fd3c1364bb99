//! Lists of assets, a page at a time: by when they were stored, those of the same second by their row.

use sqlx::{QueryBuilder, Sqlite};

use super::{Asset, DeliveryType, ResourceType, Store, StoreError, asset_folders::FOLDER};

/// Which assets a list is of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) resource_type: Option<ResourceType>,
    pub(crate) delivery_type: Option<DeliveryType>,
    pub(crate) only: Only,
    /// Those stored then or later (Unix seconds).
    pub(crate) start_at: Option<i64>,
}

/// What the assets of a list have in common.
#[derive(Debug, Clone, Default)]
pub(crate) enum Only {
    #[default]
    All,
    Nothing,
    Prefix(String),
    PublicIds(Vec<String>),
    AssetIds(Vec<String>),
    Tag(String),
    /// A key of the context, and its value if that is asked for.
    Context(String, Option<String>),
    /// A kind of moderation and its status.
    Moderation(String, String),
    Folder(String),
}

/// The order of a list, and where a page of it begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) descending: bool,
    /// Time and row of the last asset before.
    pub(crate) after: Option<(i64, i64)>,
    pub(crate) most: u32,
}

impl Store {
    pub(crate) async fn list_assets(&self, wanted: &Wanted, page: Page) -> Result<Vec<Asset>, StoreError> {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("SELECT ");
        query.push(Asset::COLUMNS).push(" FROM assets WHERE placeholder = 0");
        if let Some(resource_type) = wanted.resource_type {
            query.push(" AND resource_type = ").push_bind(resource_type.as_str());
        }
        if let Some(delivery_type) = wanted.delivery_type {
            query.push(" AND type = ").push_bind(delivery_type.as_str());
        }
        if let Some(start_at) = wanted.start_at {
            query.push(" AND created_at >= ").push_bind(start_at);
        }
        push_only(&mut query, &wanted.only);
        let (direction, behind) = if page.descending { ("DESC", "<") } else { ("ASC", ">") };
        if let Some((created_at, row)) = page.after {
            query.push(format!(" AND (created_at, id) {behind} (")).push_bind(created_at);
            query.push(", ").push_bind(row).push(")");
        }
        query.push(format!(" ORDER BY created_at {direction}, id {direction} LIMIT ")).push_bind(page.most);
        let rows = query.build().fetch_all(&self.pool).await?;
        Ok(rows.iter().map(Asset::from_row).collect::<sqlx::Result<_>>()?)
    }

    /// The tags of all assets of a kind that begin so, in order, behind `after`.
    pub(crate) async fn list_tags(
        &self,
        resource_type: ResourceType,
        prefix: &str,
        after: &str,
        most: u32,
    ) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT tag.value FROM assets, json_each(details, '$.tags') AS tag \
             WHERE placeholder = 0 AND resource_type = ?1 AND substr(tag.value, 1, length(?2)) = ?2 \
             AND tag.value > ?3 ORDER BY 1 LIMIT ?4",
        )
        .bind(resource_type.as_str())
        .bind(prefix)
        .bind(after)
        .bind(most)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Takes the values of a removed metadata field from all assets.
    pub(crate) async fn forget_metadata(&self, field: &str) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE assets SET details = json_set(details, '$.metadata', (SELECT json_group_object(key, \
             CASE type WHEN 'array' THEN json(value) ELSE value END) \
             FROM json_each(details, '$.metadata') WHERE key <> ?1)) \
             WHERE EXISTS (SELECT 1 FROM json_each(details, '$.metadata') WHERE key = ?1)",
        )
        .bind(field)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

fn push_only(query: &mut QueryBuilder<Sqlite>, only: &Only) {
    match only {
        Only::All => {}
        Only::Nothing => {
            query.push(" AND 0");
        }
        Only::Prefix(prefix) => {
            query.push(" AND substr(public_id, 1, length(").push_bind(prefix.clone()).push(")) = ");
            query.push_bind(prefix.clone());
        }
        Only::PublicIds(ids) => push_in(query, "public_id", ids),
        Only::AssetIds(ids) => push_in(query, "asset_id", ids),
        Only::Tag(tag) => {
            query.push(" AND EXISTS (SELECT 1 FROM json_each(details, '$.tags') AS tag WHERE tag.value = ");
            query.push_bind(tag.clone()).push(")");
        }
        Only::Context(key, value) => {
            query.push(" AND EXISTS (SELECT 1 FROM json_each(details, '$.context') AS pair WHERE pair.key = ");
            query.push_bind(key.clone());
            if let Some(value) = value {
                query.push(" AND pair.value = ").push_bind(value.clone());
            }
            query.push(")");
        }
        Only::Moderation(kind, status) => {
            query.push(
                " AND EXISTS (SELECT 1 FROM json_each(details, '$.moderation') AS one \
                 WHERE json_extract(one.value, '$.kind') = ",
            );
            query.push_bind(kind.clone()).push(" AND json_extract(one.value, '$.status') = ");
            query.push_bind(status.clone()).push(")");
        }
        Only::Folder(folder) => {
            query.push(" AND ").push(FOLDER).push(" = ").push_bind(folder.clone());
        }
    }
}

fn push_in(query: &mut QueryBuilder<Sqlite>, column: &'static str, ids: &[String]) {
    query.push(" AND ").push(column).push(" IN (");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id.clone());
    }
    query.push(")");
}
