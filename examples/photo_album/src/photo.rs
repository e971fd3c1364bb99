//! The model: a photo is a row with a title and an image, and the image is attached to the row.

use std::time::Duration;

use cloudinary_core::{Crop, Gravity, Transformation};
use cloudinary_sqlx::attachments::{Attachments, Owner};
use cloudinary_sqlx::{CloudinaryField, Error};
use sqlx::{FromRow, Sqlite, SqlitePool, Transaction};

#[derive(Debug, FromRow)]
pub(crate) struct Photo {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) image: CloudinaryField,
    pub(crate) created_at: String,
}

/// The album's photos: rows, and what holds their images.
#[derive(Clone)]
pub(crate) struct Photos {
    pub(crate) pool: SqlitePool,
    pub(crate) attachments: Attachments,
    /// How long a deleted photo can be had back.
    pub(crate) undo: Duration,
}

/// Why a photo was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PhotoError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Attachment(#[from] Error),
}

impl Photos {
    /// Takes the lock for writing at once: one that reads first could be refused it later.
    async fn begin(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.pool.begin_with("BEGIN IMMEDIATE").await
    }

    pub(crate) async fn all(&self) -> sqlx::Result<Vec<Photo>> {
        sqlx::query_as("SELECT id, title, image, created_at FROM photo ORDER BY id DESC").fetch_all(&self.pool).await
    }

    pub(crate) async fn find(&self, id: i64) -> sqlx::Result<Option<Photo>> {
        sqlx::query_as("SELECT id, title, image, created_at FROM photo WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
    }

    /// Writes rows and attaches their images: all of them or, should anything fail, none. Images without a row are
    /// released in the end.
    pub(crate) async fn insert<'a>(
        &self,
        photos: impl IntoIterator<Item = (&'a str, &'a CloudinaryField)>,
    ) -> Result<(), PhotoError> {
        let mut tx = self.begin().await?;
        for (title, image) in photos {
            let row = sqlx::query("INSERT INTO photo (title, image) VALUES (?, ?)").bind(title.trim()).bind(image);
            let id = row.execute(&mut *tx).await?.last_insert_rowid();
            self.attachments.attach(&mut tx, image, &owner(id)?).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Changes a photo's title and, with another image, releases the one it had.
    pub(crate) async fn update(
        &self,
        photo: &Photo,
        title: &str,
        image: Option<&CloudinaryField>,
    ) -> Result<(), PhotoError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE photo SET title = ?, image = ? WHERE id = ?")
            .bind(title.trim())
            .bind(image.unwrap_or(&photo.image))
            .bind(photo.id)
            .execute(&mut *tx)
            .await?;
        if let Some(image) = image {
            self.attachments.replace(&mut tx, &photo.image, image, &owner(photo.id)?).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Deletes a photo. Its image is destroyed once the time to undo that is over.
    pub(crate) async fn remove(&self, photo: &Photo) -> Result<(), PhotoError> {
        let mut tx = self.begin().await?;
        move_row(&mut tx, photo.id, "photo", "removed_photo").await?;
        self.attachments.detach(&mut tx, &photo.image, &owner(photo.id)?).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a deletion back; false when it is too late, or there is nothing to take back.
    pub(crate) async fn restore(&self, id: i64) -> Result<bool, PhotoError> {
        let mut tx = self.begin().await?;
        let image: Option<CloudinaryField> = sqlx::query_scalar("SELECT image FROM removed_photo WHERE id = ?")
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(image) = image else { return Ok(false) };
        move_row(&mut tx, id, "removed_photo", "photo").await?;
        match self.attachments.restore(&mut tx, &image, &owner(id)?).await {
            Ok(()) => {}
            Err(Error::Gone { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets deleted photos that cannot be had back any more.
    pub(crate) async fn forget_removed(&self) -> sqlx::Result<()> {
        let age = format!("-{} seconds", self.undo.as_secs().saturating_mul(2));
        sqlx::query("DELETE FROM removed_photo WHERE removed_at < datetime('now', ?)")
            .bind(age)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// The row that holds an image.
fn owner(id: i64) -> Result<Owner, Error> {
    Owner::new("photo", id, "image")
}

async fn move_row(tx: &mut Transaction<'_, Sqlite>, id: i64, from: &'static str, to: &'static str) -> sqlx::Result<()> {
    // Both names are the album's own.
    let copy = format!(
        "INSERT INTO {to} (id, title, image, created_at) SELECT id, title, image, created_at FROM {from} WHERE id = ?"
    );
    sqlx::query(sqlx::AssertSqlSafe(copy)).bind(id).execute(&mut **tx).await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {from} WHERE id = ?"))).bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// What the list shows of a photo: made while it is uploaded, so that no visitor waits for it.
pub(crate) fn thumbnail() -> Transformation {
    Transformation::new().width(480).height(320).crop(Crop::Fill).gravity(Gravity::FaceCenter)
}
