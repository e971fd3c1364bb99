//! Where an upload that stopped can go on.

use serde::{Deserialize, Serialize};

/// What has to be known to go on with an upload in chunks after its process, its connection or its source failed: it
/// comes with [`Error::Interrupted`](crate::Error::Interrupted) and with every `Progress` of an upload
/// in chunks, serialises, and has nothing secret in it.
///
#[cfg_attr(feature = "client", doc = "```no_run")]
#[cfg_attr(not(feature = "client"), doc = "```ignore")]
/// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
/// use std::path::Path;
/// use cloudinary_core::UploadOptions;
///
/// let (film, options) = (Path::new("film.mp4"), UploadOptions::new());
/// let done = match cld.upload(film, &options).await {
///     Err(error) if error.resume_point().is_some() => {
///         let point = error.resume_point().cloned().unwrap_or_default();
///         cld.upload(film, &options).resume(point).await?
///     }
///     other => other?,
/// };
/// # Ok(())
/// # }
/// ```
///
/// How long the service keeps the chunks of an unfinished upload is not documented: go on soon.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ResumePoint {
    /// What the service knows the upload by.
    pub upload_id: String,
    /// How many bytes of the file it has for certain; the next chunk begins there.
    pub acknowledged: u64,
    /// How many bytes the file has, if that is known.
    pub total: Option<u64>,
    /// The public id that the service gave at the first chunk.
    pub public_id: Option<String>,
}
