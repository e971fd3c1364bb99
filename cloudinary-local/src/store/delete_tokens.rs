use super::{Asset, AssetKey, Store, StoreError};

impl Store {
    /// Lets whoever holds `token` destroy the asset until `expires_at` (Unix seconds).
    pub(crate) async fn record_delete_token(
        &self,
        token: &str,
        asset: &Asset,
        expires_at: i64,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO delete_tokens (token, asset, expires_at) VALUES (?, ?, ?)")
            .bind(token)
            .bind(asset.row)
            .bind(expires_at)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The asset a token speaks of, if it is still good.
    pub(crate) async fn delete_token_asset(&self, token: &str, now: i64) -> Result<Option<AssetKey>, StoreError> {
        let row = sqlx::query(
            "SELECT resource_type, type, public_id FROM assets JOIN delete_tokens ON asset = assets.id \
             WHERE token = ? AND expires_at > ?",
        )
        .bind(token)
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.as_ref().map(AssetKey::from_row).transpose()?)
    }

    pub(crate) async fn sweep_delete_tokens(&self, now: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM delete_tokens WHERE expires_at <= ?").bind(now).execute(&self.pool).await?;
        Ok(())
    }
}
