//! Files that come with a form are noted before they are stored, so that none is ever left behind.

use cloudinary_axum::{JournalError, UploadJournal};
use cloudinary_core::UploadOptions;
use cloudinary_core::client::BoxFuture;
use cloudinary_sqlx::attachments::Attachments;
use sqlx::SqlitePool;

use crate::photo::Photos;

#[derive(Clone)]
pub(crate) struct Journal {
    pool: SqlitePool,
    attachments: Attachments,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Journal")
    }
}

impl Journal {
    pub(crate) fn new(photos: &Photos) -> Self {
        Self { pool: photos.pool.clone(), attachments: photos.attachments.clone() }
    }
}

impl UploadJournal for Journal {
    fn reserve(&self, options: UploadOptions) -> BoxFuture<'_, Result<UploadOptions, JournalError>> {
        Box::pin(async move { self.attachments.reserve(&self.pool, &options).await.map_err(JournalError::new) })
    }
}
