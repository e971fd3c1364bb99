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
    /// released in the end. The first of them is the first in the list.
    pub(crate) async fn insert(&self, photos: Vec<(String, CloudinaryField)>) -> Result<(), PhotoError> {
        let mut tx = self.begin().await?;
        self.insert_rows(&mut tx, photos).await?;
        Ok(tx.commit().await?)
    }

    /// As [`insert`](Self::insert), into an album without photos; into any other, nothing.
    pub(crate) async fn insert_first(&self, photos: Vec<(String, CloudinaryField)>) -> Result<(), PhotoError> {
        let mut tx = self.begin().await?;
        if sqlx::query("SELECT id FROM photo").fetch_optional(&mut *tx).await?.is_none() {
            self.insert_rows(&mut tx, photos).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn insert_rows(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        photos: Vec<(String, CloudinaryField)>,
    ) -> Result<(), PhotoError> {
        // The list shows the newest first.
        for (title, image) in photos.iter().rev() {
            let row = sqlx::query("INSERT INTO photo (title, image) VALUES (?, ?)").bind(title).bind(image);
            let id = row.execute(&mut **tx).await?.last_insert_rowid();
            self.attachments.attach(tx, image, &owner(id)?).await?;
        }
        Ok(())
    }

    /// Changes a photo's title and, with another image, releases the one it had; false if there is no such photo any
    /// more.
    pub(crate) async fn update(
        &self,
        id: i64,
        title: &str,
        image: Option<&CloudinaryField>,
    ) -> Result<bool, PhotoError> {
        let mut tx = self.begin().await?;
        // Another visitor may have changed it while this one's file was on its way.
        let old: Option<CloudinaryField> =
            sqlx::query_scalar("SELECT image FROM photo WHERE id = ?").bind(id).fetch_optional(&mut *tx).await?;
        let Some(old) = old else { return Ok(false) };
        sqlx::query("UPDATE photo SET title = ?, image = ? WHERE id = ?")
            .bind(title.trim())
            .bind(image.unwrap_or(&old))
            .bind(id)
            .execute(&mut *tx)
            .await?;
        if let Some(image) = image {
            self.attachments.replace(&mut tx, &old, image, &owner(id)?).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Deletes a photo. Its image is destroyed once the time to undo that is over.
    pub(crate) async fn remove(&self, id: i64) -> Result<(), PhotoError> {
        let mut tx = self.begin().await?;
        let image: Option<CloudinaryField> =
            sqlx::query_scalar("SELECT image FROM photo WHERE id = ?").bind(id).fetch_optional(&mut *tx).await?;
        let Some(image) = image else { return Ok(()) };
        move_row(&mut tx, id, "photo", "removed_photo").await?;
        self.attachments.detach(&mut tx, &image, &owner(id)?).await?;
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

    /// The album's cover.
    pub(crate) async fn cover(&self) -> sqlx::Result<Option<CloudinaryField>> {
        sqlx::query_scalar(COVER).fetch_one(&self.pool).await
    }

    /// Changes the cover, and releases the one there was.
    pub(crate) async fn change_cover(
        &self,
        change: impl FnOnce(Option<CloudinaryField>) -> Option<CloudinaryField>,
    ) -> Result<(), PhotoError> {
        let mut tx = self.begin().await?;
        let old: Option<CloudinaryField> = sqlx::query_scalar(COVER).fetch_one(&mut *tx).await?;
        let new = change(old.clone());
        sqlx::query("UPDATE album SET cover = ?").bind(&new).execute(&mut *tx).await?;
        let album = Owner::new("album", 1, "cover")?;
        match (&old, &new) {
            (None, None) => {}
            (None, Some(new)) => self.attachments.attach(&mut tx, new, &album).await?,
            (Some(old), Some(new)) => self.attachments.replace(&mut tx, old, new, &album).await?,
            (Some(old), None) => self.attachments.detach(&mut tx, old, &album).await?,
        }
        Ok(tx.commit().await?)
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

const COVER: &str = "SELECT cover FROM album";

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

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqlitePoolOptions;

    use super::*;

    async fn photos() -> Photos {
        let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
        sqlx::migrate!().run(&pool).await.unwrap();
        let attachments = Attachments::new();
        attachments.migrate(&pool).await.unwrap();
        Photos { pool, attachments, undo: Duration::ZERO }
    }

    fn image(id: &str) -> CloudinaryField {
        format!("image/upload/v1/{id}.jpg").parse().unwrap()
    }

    /// Two visitors, each with the page as it was before the other's change.
    #[tokio::test]
    async fn changes_at_once() {
        let photos = photos().await;
        photos.insert(vec![("Fig".to_owned(), image("first"))]).await.unwrap();
        let id = photos.all().await.unwrap()[0].id;
        assert!(photos.update(id, "Fig", Some(&image("second"))).await.unwrap());
        assert!(photos.update(id, "A fig", None).await.unwrap());
        let photo = photos.find(id).await.unwrap().unwrap();
        assert_eq!((photo.title.as_str(), &photo.image), ("A fig", &image("second")), "the other's picture stays");
        assert!(photos.update(id, "A fig", Some(&image("third"))).await.unwrap());
        photos.remove(id).await.unwrap();
        photos.remove(id).await.unwrap();
        assert!(!photos.update(id, "Late", Some(&image("fourth"))).await.unwrap(), "it is gone");
        let states = photos.attachments.page(&photos.pool, None, 10).await.unwrap();
        let attached: Vec<_> = states.iter().filter(|one| one.holders.iter().any(|holder| !holder.released)).collect();
        assert_eq!((states.len(), attached.len()), (3, 0), "{attached:?}");
    }

    #[tokio::test]
    async fn samples_go_into_an_empty_album_only() {
        let photos = photos().await;
        let some = |ids: [&str; 2]| ids.map(|id| (id.to_owned(), image(id))).to_vec();
        photos.insert_first(some(["a", "b"])).await.unwrap();
        photos.insert_first(some(["c", "d"])).await.unwrap();
        let titles: Vec<String> = photos.all().await.unwrap().into_iter().map(|photo| photo.title).collect();
        assert_eq!(titles, ["a", "b"]);
    }
}
