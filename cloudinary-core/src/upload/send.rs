//! Sending an upload: in one request where the length is known and small, else in chunks.

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use reqwest::Body;
use reqwest::header::{CONTENT_RANGE, HeaderName, HeaderValue};
use reqwest::multipart::{Form, Part};
use tokio_util::io::ReaderStream;

use super::signed::SignedUpload;
use super::source::{ByteStream, Kind, UploadSource, base_name};
use super::{UploadOptions, UploadResponse};
use crate::client::Cloudinary;
use crate::clock::now;
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

    async fn send(self) -> Result<UploadResponse> {
        if let Some(bytes) = self.chunk_bytes
            && !(MIN_CHUNK_BYTES..=MAX_CHUNK_BYTES).contains(&bytes)
        {
            let remedy = format!("the service takes chunks of {MIN_CHUNK_BYTES} to {MAX_CHUNK_BYTES} bytes");
            return Err(Error::invalid("chunk_bytes", &bytes.to_string(), remedy));
        }
        let sender = Sender { client: self.client, options: self.options, signed: self.signed };
        let chunk_bytes = self.chunk_bytes.unwrap_or(DEFAULT_CHUNK_BYTES);
        match self.source.0 {
            Kind::Remote(url) => sender.whole(|form| form.text("file", url)).await,
            Kind::Bytes { filename, bytes } if bytes.len() as u64 <= chunk_bytes => {
                sender
                    .whole(|form| {
                        form.part("file", file_part(Body::from(bytes.clone()), bytes.len() as u64, &filename))
                    })
                    .await
            }
            Kind::Bytes { filename, bytes } => {
                let total = bytes.len() as u64;
                let stream = futures_util::stream::iter([Ok(bytes)]).boxed();
                sender.chunks(stream, &filename, Some(total), chunk_bytes).await
            }
            Kind::Path(path) => {
                let what = path.display().to_string();
                let unreadable = |source| Error::Source { what: what.clone(), source };
                let file = tokio::fs::File::open(&path).await.map_err(unreadable)?;
                let metadata = file.metadata().await.map_err(unreadable)?;
                if !metadata.is_file() {
                    return Err(unreadable(std::io::Error::other("it is not a file")));
                }
                let filename = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let stream = ReaderStream::with_capacity(file, 256 * 1024).boxed();
                sender.stream(stream, &filename, Some(metadata.len()), chunk_bytes).await
            }
            Kind::Stream { filename, stream, length } => {
                let chunk_bytes = match length {
                    Some(_) => chunk_bytes,
                    None => self.chunk_bytes.unwrap_or(STREAM_CHUNK_BYTES),
                };
                sender.stream(stream, &filename, length, chunk_bytes).await
            }
        }
    }
}

impl std::future::IntoFuture for Upload {
    type Output = Result<UploadResponse>;
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
    fn sign(&self, options: &UploadOptions) -> Result<SignedUpload> {
        // A bearer token stands in place of the signature; an unsigned upload carries neither.
        if self.signed && self.client.config().oauth_token.is_none() {
            SignedUpload::new(self.client.config(), options, now())
        } else {
            SignedUpload::unsigned(self.client.config(), options, now())
        }
    }

    fn post(&self, url: &str) -> reqwest::RequestBuilder {
        let request = self.client.http().post(url);
        if self.signed { self.client.authorized(request) } else { request }
    }

    fn action(&self) -> String {
        format!("{}/upload", self.options.kind())
    }

    fn form(upload: &SignedUpload) -> Form {
        upload.fields.iter().fold(Form::new(), |form, (name, value)| form.text(*name, value.clone()))
    }

    async fn whole(&self, with_file: impl FnOnce(Form) -> Form) -> Result<UploadResponse> {
        let upload = self.sign(&self.options)?;
        let request = self.post(&upload.url).multipart(with_file(Self::form(&upload)));
        self.client.call(&self.action(), request).await
    }

    async fn stream(
        &self,
        stream: ByteStream,
        filename: &str,
        length: Option<u64>,
        chunk_bytes: u64,
    ) -> Result<UploadResponse> {
        match length {
            Some(length) if length <= chunk_bytes => {
                let counted = exactly(stream, length);
                self.whole(|form| form.part("file", file_part(Body::wrap_stream(counted), length, filename))).await
            }
            length => self.chunks(stream, filename, length, chunk_bytes).await,
        }
    }

    /// One request after another, each with a `Content-Range`; the last answer is the upload's.
    async fn chunks(
        &self,
        stream: ByteStream,
        filename: &str,
        total: Option<u64>,
        chunk_bytes: u64,
    ) -> Result<UploadResponse> {
        let mut chunker = Chunker { stream, ahead: Bytes::new() };
        let mut chunk = chunker.next(chunk_bytes).await?;
        if chunk.is_last && total.is_none_or(|total| total == chunk.bytes.len() as u64) {
            let length = chunk.bytes.len() as u64;
            return self.whole(|form| form.part("file", file_part(Body::from(chunk.bytes), length, filename))).await;
        }
        let upload_id = format!("{:032x}", rand::random::<u128>());
        let action = self.action();
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
            let upload = self.fields_with(public_id.as_deref())?;
            let form = Self::form(&upload).part("file", file_part(Body::from(chunk.bytes), length, filename));
            let request = self
                .post(&upload.url)
                .header(UNIQUE_UPLOAD_ID, &upload_id)
                .header(CONTENT_RANGE, HeaderValue::try_from(range).unwrap_or(HeaderValue::from_static("")))
                .multipart(form);
            if is_last {
                return self.client.call(&action, request).await;
            }
            let answer: serde_json::Value = self.client.call(&action, request).await?;
            // The service names the asset at the first chunk; signed ones repeat it. Without a signature the upload's
            // id says enough, and a preset could put its folder before the name once more.
            public_id = public_id.or_else(|| Some(answer.get("public_id")?.as_str()?.to_owned()));
            start = end;
            chunk = chunker.next(chunk_bytes).await?;
        }
    }

    fn fields_with(&self, public_id: Option<&str>) -> Result<SignedUpload> {
        match public_id {
            Some(id) if self.signed && self.options.get("public_id").is_none() => {
                // The id has the folder and the prefix already.
                let options = self.options.clone().public_id(id).folder("").public_id_prefix("");
                self.sign(&options)
            }
            _ => self.sign(&self.options),
        }
    }
}

fn file_part(body: Body, length: u64, filename: &str) -> Part {
    Part::stream_with_length(body, length).file_name(base_name(filename))
}

/// Cuts a stream into chunks, holding one, and the piece that says whether another follows.
struct Chunker {
    stream: ByteStream,
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

/// Fails when the stream gives more or less than it said, instead of a request that never ends.
fn exactly(stream: ByteStream, length: u64) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + Send {
    let seen = stream.map_ok(Some).chain(futures_util::stream::iter([Ok(None)]));
    seen.scan(0_u64, move |count, item| {
        let checked = match item {
            Ok(Some(piece)) => {
                *count += piece.len() as u64;
                if *count > length { Err(std::io::Error::other(wrong_length(length, *count))) } else { Ok(piece) }
            }
            Ok(None) if *count < length => Err(std::io::Error::other(wrong_length(length, *count))),
            Ok(None) => Ok(Bytes::new()),
            Err(error) => Err(error),
        };
        std::future::ready(Some(checked))
    })
}

fn wrong_length(expected: u64, found: u64) -> Error {
    Error::Source {
        what: "the stream".to_owned(),
        source: std::io::Error::other(format!(
            "it should have {expected} bytes and has {found}; it changed while it was sent"
        )),
    }
}
