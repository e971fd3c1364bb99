//! Notes of files that are about to be stored.

use std::fmt;

use cloudinary_core::UploadOptions;
use cloudinary_core::client::BoxFuture;

/// Notes a file before it is stored, so that a process that is killed right after leaves a note of it, and not a file that
/// nobody knows of.
///
/// `cloudinary_sqlx`'s attachments do that in the app's own database: `reserve` is the journal, `attach` what a row does
/// with the file in its transaction, and the worker releases what no row ever attached. Direct uploads need no note: what
/// was never claimed is found by its tag.
///
/// ```
/// use cloudinary_axum::{JournalError, UploadJournal};
/// use cloudinary_core::UploadOptions;
/// use cloudinary_core::client::BoxFuture;
///
/// #[derive(Debug)]
/// struct Ids;
///
/// impl UploadJournal for Ids {
///     fn reserve(&self, options: UploadOptions) -> BoxFuture<'_, Result<UploadOptions, JournalError>> {
///         Box::pin(async move {
///             // With attachments: `attachments.reserve(&pool, &options).await.map_err(JournalError::new)`.
///             Ok(options.public_id("noted-before"))
///         })
///     }
/// }
/// ```
pub trait UploadJournal: fmt::Debug + Send + Sync + 'static {
    /// Notes a file that came with a form and is to be stored with these options, and gives the options to store it with:
    /// the same, with a public id that is noted.
    ///
    /// # Errors
    /// [`JournalError`]; the file is then not stored, and the visitor is asked to try again.
    fn reserve(&self, options: UploadOptions) -> BoxFuture<'_, Result<UploadOptions, JournalError>>;
}

/// A file could not be noted.
#[derive(Debug, thiserror::Error)]
#[error("a file cannot be noted before it is stored: {0}")]
pub struct JournalError(String);

impl JournalError {
    /// With the reason, which is logged and shown to no visitor.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}
