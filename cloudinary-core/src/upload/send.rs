//! Sending an upload: in one request where the length is known and small, else in chunks.

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::{CONTENT_RANGE, HeaderName};
use tokio_util::io::ReaderStream;

use super::source::{Kind, UploadSource, base_name};
use super::{UploadOptions, UploadResponse};
use crate::client::{Answer, Auth, Call, Cloudinary, FilePart, Params, Pieces, Repeat};
use crate::error::{Error, Result};

/// Files above this many bytes are sent in chunks of it.
pub const DEFAULT_CHUNK_BYTES: u64 = 20_000_000;
/// Streams of unknown length are sent in chunks of this many bytes; one is held in memory at a time.
pub const STREAM_CHUNK_BYTES: u64 = 6 * 1024 * 1024;
/// The service refuses smaller chunks, but for the last.
pub const MIN_CHUNK_BYTES: u64 = 5 * 1024 * 1024 + 1;

/// The service refuses larger requests.
pub const MAX_CHUNK_BYTES: u64 = 100_000_000;

/// Says which chunks are of one file.
const UNIQUE_UPLOAD_ID: HeaderName = HeaderName::from_static("x-unique-upload-id");

/// An upload to send; `.await` it. Made by [`Cloudinary::upload`] and [`Cloudinary::unsigned_upload`].
#[derive(Debug)]
#[must_use = "nothing is uploaded until it is awaited"]
pub struct Upload {
    client: Cloudinary,
    source: UploadSource,
    options: UploadOptions,
    signed: bool,
    chunk_bytes: Option<u64>,
}

impl Upload {
    pub(crate) fn new(client: Cloudinary, source: UploadSource, options: UploadOptions, signed: bool) -> Self {
        Self { client, source, options, signed, chunk_bytes: None }
    }

    /// How many bytes one request carries at most: [`MIN_CHUNK_BYTES`] to [`MAX_CHUNK_BYTES`].
    pub fn chunk_bytes(mut self, bytes: u64) -> Self {
        self.chunk_bytes = Some(bytes);
        self
    }

    async fn send(self) -> Result<Answer<UploadResponse>> {
        if let Some(bytes) = self.chunk_bytes
            && !(MIN_CHUNK_BYTES..=MAX_CHUNK_BYTES).contains(&bytes)
        {
            let remedy = format!("the service takes chunks of {MIN_CHUNK_BYTES} to {MAX_CHUNK_BYTES} bytes");
            return Err(Error::invalid("chunk_bytes", &bytes.to_string(), remedy));
        }
        let sender = Sender { client: self.client, options: self.options, signed: self.signed };
        let chunk_bytes = self.chunk_bytes.unwrap_or(DEFAULT_CHUNK_BYTES);
        match self.source.0 {
            Kind::Remote(url) => sender.whole(FilePart::Text(url)).await,
            Kind::Bytes { filename, bytes } => {
                let filename = base_name(&filename);
                if bytes.len() as u64 <= chunk_bytes {
                    return sender.whole(FilePart::Bytes { filename, bytes }).await;
                }
                let total = bytes.len() as u64;
                sender.chunks(futures_util::stream::iter([Ok(bytes)]).boxed(), filename, Some(total), chunk_bytes).await
            }
            Kind::Path(path) => {
                let unreadable = |source| Error::Source { what: path.display().to_string(), source };
                let metadata = tokio::fs::metadata(&path).await.map_err(unreadable)?;
                if !metadata.is_file() {
                    return Err(unreadable(std::io::Error::other("it is not a file")));
                }
                let filename = base_name(&path.file_name().unwrap_or_default().to_string_lossy());
                let length = metadata.len();
                if length <= chunk_bytes {
                    return sender.whole(FilePart::Path { filename, path, length }).await;
                }
                let file = tokio::fs::File::open(&path).await.map_err(unreadable)?;
                let pieces = ReaderStream::with_capacity(file, 256 * 1024).boxed();
                sender.chunks(pieces, filename, Some(length), chunk_bytes).await
            }
            Kind::Stream { filename, stream, length } => {
                let chunk_bytes = match length {
                    Some(_) => chunk_bytes,
                    None => self.chunk_bytes.unwrap_or(STREAM_CHUNK_BYTES),
                };
                sender.stream(stream, base_name(&filename), length, chunk_bytes).await
            }
        }
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
}

impl Sender {
    fn call(&self, public_id: Option<&str>, file: FilePart) -> Result<Call> {
        self.options.check()?;
        let options = self.options.with_defaults(self.client.config());
        let mut params = Params::new();
        for (name, value) in options.params() {
            params.insert(name.to_owned(), value.into());
        }
        // The service names the asset at the first chunk; signed ones repeat it. Without a signature the upload's id says
        // enough, and a preset could put its folder before the name once more.
        if let Some(id) = public_id
            && self.signed
            && options.get("public_id").is_none()
        {
            // The id has the folder and the prefix already.
            params.remove("folder");
            params.remove("public_id_prefix");
            params.insert("public_id".to_owned(), id.into());
        }
        // Stored twice under one id is stored once; under a random id it would be two assets.
        let is_fixed = params.contains_key("public_id") && options.get("overwrite") != Some("0");
        let repeat = if is_fixed { Repeat::Safe } else { Repeat::IfRefused };
        let auth = if self.signed { Auth::Signature } else { Auth::Nothing };
        Ok(Call::upload_api(options.kind().as_str(), "upload", params).auth(auth).repeat(repeat).file(file))
    }

    async fn whole(&self, file: FilePart) -> Result<Answer<UploadResponse>> {
        self.client.send(self.call(None, file)?).await
    }

    async fn stream(
        &self,
        pieces: Pieces,
        filename: String,
        length: Option<u64>,
        chunk_bytes: u64,
    ) -> Result<Answer<UploadResponse>> {
        match length {
            Some(length) if length <= chunk_bytes => {
                self.whole(FilePart::Stream { filename, pieces: Some(pieces), length }).await
            }
            length => self.chunks(pieces, filename, length, chunk_bytes).await,
        }
    }

    /// One request after another, each with a `Content-Range`; the last answer is the upload's.
    async fn chunks(
        &self,
        stream: Pieces,
        filename: String,
        total: Option<u64>,
        chunk_bytes: u64,
    ) -> Result<Answer<UploadResponse>> {
        #[derive(serde::Deserialize)]
        struct SoFar {
            public_id: Option<String>,
        }
        let mut chunker = Chunker { stream, ahead: Bytes::new() };
        let mut chunk = chunker.next(chunk_bytes).await?;
        if chunk.is_last && total.is_none_or(|total| total == chunk.bytes.len() as u64) {
            return self.whole(FilePart::Bytes { filename, bytes: chunk.bytes }).await;
        }
        let upload_id = format!("{:032x}", rand::random::<u128>());
        let mut start = 0;
        let mut public_id: Option<String> = None;
        loop {
            let length = chunk.bytes.len() as u64;
            let is_last = chunk.is_last;
            let end = start + length;
            let known_total = if is_last { Some(end) } else { total };
            // Before the chunk that would complete the file is sent, so that nothing is stored that is cut short.
            if let Some(total) = total
                && (end > total || is_last != (end == total))
            {
                return Err(wrong_length(total, end));
            }
            let range = match known_total {
                Some(total) => format!("bytes {start}-{}/{total}", end - 1),
                None => format!("bytes {start}-{}/-1", end - 1),
            };
            let file = FilePart::Bytes { filename: filename.clone(), bytes: chunk.bytes };
            let mut call = self.call(public_id.as_deref(), file)?;
            call.header(UNIQUE_UPLOAD_ID, &upload_id)?;
            call.header(CONTENT_RANGE, &range)?;
            if is_last {
                return self.client.send(call).await;
            }
            // A chunk that arrives twice is the same chunk.
            let so_far: Answer<SoFar> = self.client.send(call.repeat(Repeat::Safe)).await?;
            public_id = public_id.or(so_far.into_inner().public_id);
            start = end;
            chunk = chunker.next(chunk_bytes).await?;
        }
    }
}

struct Chunker {
    stream: Pieces,
    ahead: Bytes,
}

struct Chunk {
    bytes: Bytes,
    is_last: bool,
}

/// Beyond this a chunk is likely to fill up, and gets all its memory at once instead of growing by copies.
const SMALL_CHUNK_BYTES: usize = 256 * 1024;

impl Chunker {
    async fn next(&mut self, bytes: u64) -> Result<Chunk> {
        let wanted = usize::try_from(bytes).unwrap_or(usize::MAX);
        let mut chunk = Vec::new();
        loop {
            if self.ahead.is_empty() && !self.look_ahead().await? {
                return Ok(Chunk { bytes: chunk.into(), is_last: true });
            }
            let room = wanted - chunk.len();
            if room == 0 {
                return Ok(Chunk { bytes: chunk.into(), is_last: false });
            }
            let piece = self.ahead.split_to(room.min(self.ahead.len()));
            if chunk.len() + piece.len() > SMALL_CHUNK_BYTES {
                chunk.reserve_exact(room);
            }
            chunk.extend_from_slice(&piece);
        }
    }

    /// Fetches the next piece; false at the end.
    async fn look_ahead(&mut self) -> Result<bool> {
        while self.ahead.is_empty() {
            match self.stream.next().await {
                Some(Ok(piece)) => self.ahead = piece,
                Some(Err(source)) => return Err(Error::Source { what: "the stream".to_owned(), source }),
                None => return Ok(false),
            }
        }
        Ok(true)
    }
}

fn wrong_length(expected: u64, found: u64) -> Error {
    Error::Source {
        what: "the stream".to_owned(),
        source: std::io::Error::other(format!(
            "it should have {expected} bytes and has {found}; it changed while it was sent"
        )),
    }
}
