//! Changes of what is recorded of an asset; its content stays.

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{
    Asset, AssetKey, DeliveryType, Details, ResourceType, Store, StoreError,
    assets::{derived_blobs, find, forget_derived},
    backups::{back_up, take_over},
};

/// How a rename ended.
#[derive(Debug)]
pub(crate) enum Renamed {
    Done(Box<Asset>),
    /// There is nothing of the old name.
    Missing,
    /// There is something of the new name, if only to be restored, and it may not be overwritten.
    Taken,
}

impl Store {
    pub(crate) async fn asset_by_id(&self, asset_id: &str) -> Result<Option<Asset>, StoreError> {
        Ok(self.asset_or_placeholder_by_id(asset_id).await?.filter(|asset| !asset.placeholder))
    }

    pub(crate) async fn asset_or_placeholder_by_id(&self, asset_id: &str) -> Result<Option<Asset>, StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!("SELECT {} FROM assets WHERE asset_id = ?", Asset::COLUMNS)))
            .bind(asset_id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.as_ref().map(Asset::from_row).transpose()?)
    }

    /// As [`Store::asset`], but also what was destroyed and can be restored.
    pub(crate) async fn asset_or_placeholder(&self, key: &AssetKey) -> Result<Option<Asset>, StoreError> {
        Ok(find(&mut *self.pool.acquire().await?, key).await?)
    }

    /// Changes what is told of an asset, in one go with reading it. Where faces or the custom area moved, what was
    /// derived is forgotten, as it may look otherwise now. `None` when there is no such asset.
    pub(crate) async fn edit(
        &self,
        key: &AssetKey,
        now: i64,
        change: impl FnOnce(&mut Details) + Send,
    ) -> Result<Option<Asset>, StoreError> {
        self.edit_and_keep(key, now, false, change).await
    }

    /// As [`Store::edit`]; with `keep`, the version the asset has now is backed up.
    pub(crate) async fn edit_and_keep(
        &self,
        key: &AssetKey,
        now: i64,
        keep: bool,
        change: impl FnOnce(&mut Details) + Send,
    ) -> Result<Option<Asset>, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let Some(mut asset) = find(&mut transaction, key).await?.filter(|asset| !asset.placeholder) else {
            return Ok(None);
        };
        let before = asset.details.clone();
        change(&mut asset.details);
        asset.details.stamp(&before, now);
        let mut released = Vec::new();
        if asset.details.face_coordinates != before.face_coordinates
            || asset.details.custom_coordinates != before.custom_coordinates
        {
            released = derived_blobs(&mut transaction, asset.row).await?;
            sqlx::query("DELETE FROM derived WHERE asset = ?").bind(asset.row).execute(&mut *transaction).await?;
        }
        write_details(&mut transaction, &asset).await?;
        if keep {
            back_up(&mut transaction, &asset).await?;
        }
        transaction.commit().await?;
        self.release_done(&released).await;
        Ok(Some(asset))
    }

    /// Gives an asset another name. What was derived from it goes along. The kept versions of what it overwrites stay
    /// under that name, older than its own, as they would after an upload.
    pub(crate) async fn rename(
        &self,
        from: &AssetKey,
        to: &AssetKey,
        overwrite: bool,
        now: i64,
    ) -> Result<Renamed, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let Some(mut asset) = find(&mut transaction, from).await?.filter(|asset| !asset.placeholder) else {
            return Ok(Renamed::Missing);
        };
        let mut released = Vec::new();
        if from != to
            && let Some(there) = find(&mut transaction, to).await?
        {
            if !overwrite {
                return Ok(Renamed::Taken);
            }
            released = derived_blobs(&mut transaction, there.row).await?;
            released.push(there.file.blob.clone());
            take_over(&mut transaction, there.row, asset.row).await?;
            forget_derived(&mut transaction, there.row).await?;
            sqlx::query("DELETE FROM assets WHERE id = ?").bind(there.row).execute(&mut *transaction).await?;
        }
        let name = from.public_id.rsplit('/').next().unwrap_or_default();
        asset.details.display_name.get_or_insert_with(|| name.to_owned());
        asset.details.last_updated.public_id_updated_at = Some(now);
        asset.details.last_updated.updated_at = Some(now);
        asset.key = to.clone();
        sqlx::query("UPDATE assets SET type = ?, public_id = ? WHERE id = ?")
            .bind(to.delivery_type.as_str())
            .bind(&to.public_id)
            .bind(asset.row)
            .execute(&mut *transaction)
            .await?;
        write_details(&mut transaction, &asset).await?;
        transaction.commit().await?;
        self.release_done(&released).await;
        Ok(Renamed::Done(Box::new(asset)))
    }

    /// Assets by a condition on the columns of `assets`, in the order they were stored; each `?` of it is bound to one
    /// of the values. Placeholders are left out.
    pub(super) async fn assets_where(
        &self,
        condition: &str,
        values: &[&str],
        most: usize,
    ) -> Result<Vec<Asset>, StoreError> {
        let text = format!(
            "SELECT {} FROM assets WHERE placeholder = 0 AND ({condition}) ORDER BY id LIMIT {most}",
            Asset::COLUMNS
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for value in values {
            query = query.bind(*value);
        }
        let rows = query.fetch_all(&self.pool).await?;
        Ok(rows.iter().map(Asset::from_row).collect::<sqlx::Result<_>>()?)
    }

    /// The assets that have a tag, oldest first.
    pub(crate) async fn tagged(
        &self,
        resource_type: ResourceType,
        delivery_type: DeliveryType,
        tag: &str,
        most: usize,
    ) -> Result<Vec<Asset>, StoreError> {
        let condition = "resource_type = ? AND type = ? AND EXISTS \
                         (SELECT 1 FROM json_each(details, '$.tags') WHERE json_each.value = ?)";
        self.assets_where(condition, &[resource_type.as_str(), delivery_type.as_str(), tag], most).await
    }

    /// The assets whose id begins so, oldest first.
    pub(crate) async fn prefixed(
        &self,
        resource_type: ResourceType,
        delivery_type: DeliveryType,
        prefix: &str,
        most: usize,
    ) -> Result<Vec<Asset>, StoreError> {
        let condition = "resource_type = ? AND type = ? AND substr(public_id, 1, length(?)) = ?";
        let (kind, delivery) = (resource_type.as_str(), delivery_type.as_str());
        self.assets_where(condition, &[kind, delivery, prefix, prefix], most).await
    }

    /// Takes a tag from all assets of a kind but those named: `set_exclusive`.
    pub(crate) async fn remove_tag_elsewhere(
        &self,
        resource_type: ResourceType,
        delivery_type: DeliveryType,
        tag: &str,
        keep: &[String],
        now: i64,
    ) -> Result<Vec<Asset>, StoreError> {
        let mut changed = Vec::new();
        for asset in self.tagged(resource_type, delivery_type, tag, usize::MAX >> 1).await? {
            if keep.contains(&asset.key.public_id) {
                continue;
            }
            let without = |details: &mut Details| details.tags.retain(|known| known != tag);
            changed.extend(self.edit(&asset.key, now, without).await?);
        }
        Ok(changed)
    }
}

async fn write_details(connection: &mut SqliteConnection, asset: &Asset) -> Result<(), StoreError> {
    sqlx::query("UPDATE assets SET details = ? WHERE id = ?")
        .bind(serde_json::to_string(&asset.details)?)
        .bind(asset.row)
        .execute(connection)
        .await?;
    Ok(())
}
