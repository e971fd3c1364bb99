//! Several uploads at once, but not too many.

use futures_util::{Stream, StreamExt as _, stream};

use super::{Upload, UploadOptions, UploadResponse, UploadSource};
use crate::client::{Answer, Cloudinary};
use crate::error::{Error, Result};

impl Cloudinary {
    /// Uploads several files, at most `concurrency` at a time, and gives each result as it comes, with the number of its
    /// item, counted from 0. One that fails does not stop the others; dropping the stream stops all.
    ///
    /// Items are taken when their turn comes, so that an iterator that opens files opens few at a time.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::{UploadOptions, UploadSource};
    /// use futures_util::StreamExt as _;
    ///
    /// let names = ["a.jpg", "b.jpg", "c.jpg"];
    /// let items = names.map(|name| (UploadSource::path(name), UploadOptions::new().folder("beach")));
    /// let mut results = cld.upload_many(items, 2);
    /// while let Some((item, result)) = results.next().await {
    ///     println!("{}: {}", names[item], result?.asset()?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Each result is as of [`upload`](Self::upload). A `concurrency` of 0 gives one
    /// [`Error::InvalidParameter`], and no item is taken.
    pub fn upload_many<I, S>(
        &self,
        items: I,
        concurrency: usize,
    ) -> impl Stream<Item = (usize, Result<Answer<UploadResponse>>)> + Send + Unpin + use<I, S>
    where
        I: IntoIterator<Item = (S, UploadOptions), IntoIter: Send>,
        S: Into<UploadSource>,
    {
        let client = self.clone();
        many(items.into_iter().map(move |(source, options)| client.upload(source, &options)), concurrency)
    }
}

/// Carries out uploads of any kind, as [`Cloudinary::upload_many`] does: unsigned ones, some with progress.
///
/// # Errors
/// As [`Cloudinary::upload_many`].
pub fn many<I>(
    uploads: I,
    concurrency: usize,
) -> impl Stream<Item = (usize, Result<Answer<UploadResponse>>)> + Send + Unpin + use<I>
where
    I: IntoIterator<Item = Upload, IntoIter: Send>,
{
    let impossible = (concurrency == 0)
        .then(|| (0, Err(Error::invalid("concurrency", "0", "let at least one upload be under way at a time"))));
    let uploads = uploads.into_iter().enumerate().take(if impossible.is_some() { 0 } else { usize::MAX });
    let results = stream::iter(uploads)
        .map(|(item, upload)| async move { (item, upload.await) })
        .buffer_unordered(concurrency.max(1));
    Box::pin(stream::iter(impossible).chain(results))
}
