use super::{Store, StoreError};

impl Store {
    /// The kept value of a setting; `fresh` is kept when there is none yet.
    pub(crate) async fn setting_or(&self, name: &str, fresh: &str) -> Result<String, StoreError> {
        sqlx::query("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(fresh)
            .execute(&self.pool)
            .await?;
        let kept =
            sqlx::query_scalar("SELECT value FROM settings WHERE name = ?").bind(name).fetch_one(&self.pool).await?;
        Ok(kept)
    }
}
