//! Sending an upload: in one request where the length is known and small, else in chunks.

use futures_util::Stream;
use http::header::{CONTENT_RANGE, HeaderName};

use super::chunks::{Chunk, Supply};
use super::progress::{Progress, Tracker, Watchers};
use super::source::{Kind, Length, UploadSource, base_name};
use super::{ResumePoint, UploadOptions, UploadResponse};
use crate::client::{Answer, Auth, Call, Cloudinary, FilePart, OpenFile, Params, Repeat};
use crate::error::{ApiErrorKind, Error, Result};

/// Files above this many bytes are sent in chunks of it.
pub const DEFAULT_CHUNK_BYTES: u64 = 20_000_000;
/// Streams of unknown or likely length are sent in chunks of this many bytes.
pub const STREAM_CHUNK_BYTES: u64 = 6 * 1024 * 1024;
/// The service refuses smaller chunks, but for the last.
pub const MIN_CHUNK_BYTES: u64 = 5 * 1024 * 1024 + 1;

/// The service refuses larger requests.
pub const MAX_CHUNK_BYTES: u64 = 100_000_000;

/// Says which chunks are of one file.
const UNIQUE_UPLOAD_ID: HeaderName = HeaderName::from_static("x-unique-upload-id");

/// An upload to send; `.await` it. Made by [`Cloudinary::upload`] and [`Cloudinary::unsigned_upload`].
///
/// A path or bytes in memory are sent without a copy; of a stream one chunk is in memory at a time, or nothing, where it
/// says its exact length and goes in one request.
///
/// ```no_run
/// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
/// use std::path::Path;
/// use cloudinary_core::UploadOptions;
///
/// let film = cld
///     .upload(Path::new("film.mp4"), &UploadOptions::new())
///     .chunk_bytes(6_000_000)
///     .on_progress(|progress| println!("{} of {:?} bytes", progress.acknowledged, progress.total))
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// Follows <https://cloudinary.com/documentation/upload_images#chunked_asset_upload>.
#[derive(Debug)]
#[must_use = "nothing is uploaded until it is awaited"]
pub struct Upload {
    client: Cloudinary,
    source: UploadSource,
    options: UploadOptions,
    signed: bool,
    chunk_bytes: Option<u64>,
    point: Option<ResumePoint>,
    watchers: Watchers,
}

impl Upload {
    pub(crate) fn new(client: Cloudinary, source: UploadSource, options: UploadOptions, signed: bool) -> Self {
        Self { client, source, options, signed, chunk_bytes: None, point: None, watchers: Watchers::default() }
    }

    /// How many bytes one request carries at most: [`MIN_CHUNK_BYTES`] to [`MAX_CHUNK_BYTES`]. A larger file goes in
    /// chunks of so many. Default: [`DEFAULT_CHUNK_BYTES`], or [`STREAM_CHUNK_BYTES`] for a stream of unknown or likely
    /// length.
    pub fn chunk_bytes(mut self, bytes: u64) -> Self {
        self.chunk_bytes = Some(bytes);
        self
    }

    /// Goes on with an upload that stopped. A path or bytes are the same file, whole; a stream begins at the first byte
    /// that was not acknowledged, and its length, if it says one, is what it still gives. The options are the same again.
    ///
    /// # Errors
    /// When awaited, [`Error::InvalidParameter`](crate::Error::InvalidParameter) if the source has another length than
    /// the upload began with, or is a remote one.
    pub fn resume(mut self, point: ResumePoint) -> Self {
        self.point = Some(point);
        self
    }

    /// Calls a function whenever bytes of the file were sent, and when the service has acknowledged some. It should return
    /// soon: the upload waits for it. Remote files and data URIs report nothing.
    pub fn on_progress(mut self, watcher: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.watchers.add(watcher);
        self
    }

    /// The same upload, and a stream of how far it has come; the stream ends with the upload. Who reads slowly gets the
    /// newest state, not all of them.
    pub fn progress(mut self) -> (Self, impl Stream<Item = Progress> + Send + Unpin + 'static) {
        let progress = self.watchers.stream();
        (self, progress)
    }

    async fn send(self) -> Result<Answer<UploadResponse>> {
        if let Some(bytes) = self.chunk_bytes
            && !(MIN_CHUNK_BYTES..=MAX_CHUNK_BYTES).contains(&bytes)
        {
            let remedy = format!("the service takes chunks of {MIN_CHUNK_BYTES} to {MAX_CHUNK_BYTES} bytes");
            return Err(Error::invalid("chunk_bytes", &bytes.to_string(), remedy));
        }
        self.options.check()?;
        let chunk_bytes = self.chunk_bytes.unwrap_or(DEFAULT_CHUNK_BYTES);
        let done = self.point.as_ref().map_or(0, |point| point.acknowledged);
        let options = self.options.with_defaults(self.client.config());
        let tracker = Tracker::new(self.watchers);
        let sender = Sender { client: self.client, options, signed: self.signed, tracker };
        let supply = match self.source.0 {
            Kind::Remote(_) if self.point.is_some() => {
                return Err(Error::invalid(
                    "resume",
                    "a remote source",
                    "the service fetches it anew; leave resume out",
                ));
            }
            Kind::Remote(url) => return sender.whole(FilePart::Text(url), None).await,
            Kind::Bytes { filename, bytes } => Supply::bytes(base_name(&filename), bytes),
            Kind::Path(path) => {
                let filename = base_name(&path.file_name().unwrap_or_default().to_string_lossy());
                Supply::file(filename, OpenFile::open(&path).await?)
            }
            Kind::Stream { filename, stream, length: Length::Exact(length) }
                if self.point.is_none() && length <= chunk_bytes =>
            {
                let file = FilePart::Stream { filename: base_name(&filename), pieces: Some(stream), length };
                return sender.whole(file, Some(length)).await;
            }
            Kind::Stream { filename, stream, length } => {
                let length = match (length, self.point.as_ref().and_then(|point| point.total)) {
                    (Length::Unknown, Some(total)) => Length::Exact(total),
                    (Length::Unknown, None) => Length::Unknown,
                    (Length::Exact(length), _) => Length::Exact(done.saturating_add(length)),
                    (Length::Likely(length), _) => Length::Likely(done.saturating_add(length)),
                };
                let default = match length {
                    Length::Exact(_) => DEFAULT_CHUNK_BYTES,
                    Length::Likely(_) | Length::Unknown => STREAM_CHUNK_BYTES,
                };
                let supply = Supply::stream(base_name(&filename), stream, length);
                return sender.chunks(supply, self.chunk_bytes.unwrap_or(default), self.point).await;
            }
        };
        sender.chunks(supply, chunk_bytes, self.point).await
    }
}

impl std::future::IntoFuture for Upload {
    type Output = Result<Answer<UploadResponse>>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

struct Sender {
    client: Cloudinary,
    options: UploadOptions,
    signed: bool,
    tracker: Tracker,
}

impl Sender {
    fn call(&self, public_id: Option<&str>, file: FilePart, total: Option<u64>) -> Call {
        let mut params = Params::new();
        for (name, value) in self.options.params() {
            params.insert(name.to_owned(), value.into());
        }
        // The service names the asset at the first chunk; signed ones repeat it. Without a signature the upload's id says
        // enough, and a preset could put its folder before the name once more.
        if let Some(id) = public_id
            && self.signed
            && self.options.get("public_id").is_none()
        {
            // The id has the folder and the prefix already.
            params.remove("folder");
            params.remove("public_id_prefix");
            params.insert("public_id".to_owned(), id.into());
        }
        // Stored twice under one id is stored once; under a random id it would be two assets.
        let is_fixed = params.contains_key("public_id") && self.options.get("overwrite") != Some("0");
        let repeat = if is_fixed { Repeat::Safe } else { Repeat::IfRefused };
        let auth = if self.signed { Auth::Signature } else { Auth::Nothing };
        let call = Call::upload_api(self.options.kind().as_str(), "upload", params);
        call.auth(auth).repeat(repeat).file(file).watch(self.tracker.request(total))
    }

    /// In one request.
    async fn whole(&self, file: FilePart, total: Option<u64>) -> Result<Answer<UploadResponse>> {
        let answer = self.client.send(self.call(None, file, total)).await?;
        if let Some(total) = total {
            self.tracker.acknowledged(total, Some(total), None);
        }
        Ok(answer)
    }

    /// One request after another; the last answer is the upload's.
    async fn chunks(
        &self,
        mut supply: Supply,
        chunk_bytes: u64,
        resumed: Option<ResumePoint>,
    ) -> Result<Answer<UploadResponse>> {
        let mut point = if let Some(point) = resumed {
            resumable(&point, supply.total())?;
            self.tracker.acknowledged(point.acknowledged, point.total, Some(&point));
            point
        } else {
            let upload_id = format!("{:032x}", rand::random::<u128>());
            ResumePoint { upload_id, total: supply.total(), ..ResumePoint::default() }
        };
        loop {
            let is_first = point.acknowledged == 0;
            let sent = match supply.chunk(point.acknowledged, chunk_bytes).await {
                Ok(chunk) if chunk.is_last() && is_first => self.whole(chunk.file, chunk.total).await.map(Some),
                Ok(chunk) if chunk.is_last() => self.last(&point, chunk).await.map(Some),
                Ok(chunk) => self.part(&mut point, chunk).await.map(|()| None),
                Err(error) => Err(error),
            };
            match sent {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => {}
                Err(error) if supply.was_misjudged(point.acknowledged)? => {
                    tracing::debug!(%error, "sending a chunk again, with its real length");
                }
                Err(error) if is_first => return Err(error),
                Err(error) => return Err(interrupted(&point, error)),
            }
        }
    }

    /// A chunk that is not the last. One that arrives twice is the same chunk.
    async fn part(&self, point: &mut ResumePoint, chunk: Chunk) -> Result<()> {
        #[derive(serde::Deserialize)]
        struct SoFar {
            public_id: Option<String>,
        }
        let end = chunk.end;
        let call = self.chunk_call(point, chunk)?.repeat(Repeat::Safe);
        let so_far: Answer<SoFar> = self.client.send(call).await?;
        point.public_id = point.public_id.take().or(so_far.into_inner().public_id);
        point.acknowledged = end;
        self.tracker.acknowledged(end, point.total, Some(point));
        Ok(())
    }

    async fn last(&self, point: &ResumePoint, chunk: Chunk) -> Result<Answer<UploadResponse>> {
        let end = chunk.end;
        let answer = self.client.send(self.chunk_call(point, chunk)?).await?;
        self.tracker.acknowledged(end, Some(end), None);
        Ok(answer)
    }

    fn chunk_call(&self, point: &ResumePoint, chunk: Chunk) -> Result<Call> {
        let (start, last) = (point.acknowledged, chunk.end.saturating_sub(1));
        let range = match chunk.total {
            Some(total) => format!("bytes {start}-{last}/{total}"),
            None => format!("bytes {start}-{last}/-1"),
        };
        let mut call = self.call(point.public_id.as_deref(), chunk.file, chunk.total);
        call.header(UNIQUE_UPLOAD_ID, &point.upload_id)?;
        call.header(CONTENT_RANGE, &range)?;
        Ok(call)
    }
}

/// Whether a source can be what the upload began with.
fn resumable(point: &ResumePoint, total: Option<u64>) -> Result<()> {
    let unfit = |remedy| Err(Error::invalid("resume", &point.upload_id, remedy));
    if point.upload_id.is_empty() {
        return unfit("give the point of an upload that stopped".to_owned());
    }
    match (point.total, total) {
        (Some(before), Some(now)) if before != now => {
            unfit(format!("the file has {now} bytes now and had {before}; upload it anew"))
        }
        (_, Some(now)) if now <= point.acknowledged => {
            unfit(format!("{} bytes were sent before, and the file has {now}; upload it anew", point.acknowledged))
        }
        _ => Ok(()),
    }
}

/// The error with the point to go on from, where going on may help and saves something.
fn interrupted(point: &ResumePoint, cause: Error) -> Error {
    let may_help = match &cause {
        Error::Transport { .. } | Error::UnexpectedAnswer { .. } => true,
        Error::Api { kind, .. } => {
            matches!(kind, ApiErrorKind::Server | ApiErrorKind::RateLimited | ApiErrorKind::Unauthorized)
        }
        // A file that has changed is another file.
        Error::Source { source, .. } => source.kind() != std::io::ErrorKind::InvalidData,
        _ => false,
    };
    if may_help { Error::Interrupted { point: Box::new(point.clone()), cause: Box::new(cause) } } else { cause }
}
