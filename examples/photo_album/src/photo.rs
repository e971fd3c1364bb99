//! The model: a photo is a row with a title and an image.

use cloudinary_core::{Crop, Gravity, Transformation};
use cloudinary_sqlx::CloudinaryField;
use sqlx::{FromRow, SqlitePool};

#[derive(Debug, FromRow)]
pub(crate) struct Photo {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) image: CloudinaryField,
    pub(crate) created_at: String,
}

impl Photo {
    pub(crate) async fn all(database: &SqlitePool) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as("SELECT id, title, image, created_at FROM photo ORDER BY id DESC").fetch_all(database).await
    }

    pub(crate) async fn find(database: &SqlitePool, id: i64) -> sqlx::Result<Option<Self>> {
        sqlx::query_as("SELECT id, title, image, created_at FROM photo WHERE id = ?")
            .bind(id)
            .fetch_optional(database)
            .await
    }

    pub(crate) async fn insert(database: &SqlitePool, title: &str, image: &CloudinaryField) -> sqlx::Result<()> {
        sqlx::query("INSERT INTO photo (title, image) VALUES (?, ?)")
            .bind(title.trim())
            .bind(image)
            .execute(database)
            .await?;
        Ok(())
    }

    pub(crate) async fn delete(&self, database: &SqlitePool) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM photo WHERE id = ?").bind(self.id).execute(database).await?;
        Ok(())
    }
}

/// What the list shows of a photo: made while it is uploaded, so that no visitor waits for it.
pub(crate) fn thumbnail() -> Transformation {
    Transformation::new().width(480).height(320).crop(Crop::Fill).gravity(Gravity::FaceCenter)
}
