//! One file of a form, on its way to the media service: sent while it comes (`at_once`), if it has at most
//! [`MAX_HELD_BYTES`] and is likely to be the last part of its form; else held until it is whole (`whole`), if its field
//! takes no more than so many; else sent in chunks (`in_chunks`).

use std::time::Duration;

use bytes::Bytes;
use cloudinary_core::client::RetryPolicy;
use cloudinary_core::upload::MIN_CHUNK_BYTES;
use cloudinary_core::{ApiErrorKind, AssetRef, Cloudinary, Error, UploadOptions, UploadResponse, UploadSource};

use super::ahead::{Ahead, End, ahead};
use super::buffer::Buffer;
use super::fields::MIB;
use super::file_field::FileField;
use super::multipart::Multipart;
use super::problem::Problem;
use super::stored::Stored;
use super::uploaded::Uploaded;
use crate::rejection::FormRejection;
use crate::uploads::Uploads;

/// The most bytes of a file that are held in memory at once.
///
/// A file of a field whose [`max_bytes`](FileField::max_bytes) is no more than this is held until it is whole and goes in
/// one request, so that nothing of a file that is too large ever leaves. Files of other fields go in chunks while they
/// come.
///
/// Whatever its field takes, a file of at most so many bytes goes in one request while it comes if the form says how long
/// it is and the file was the last part of the forms before: then its length is known when it begins. It is held beside
/// that, and sent again if another part follows after all.
pub const MAX_HELD_BYTES: u64 = 16 * MIB;
/// By how many bytes a form's last part may be longer than it seems when it begins: the last line may have no end.
const UNSEEN_BYTES: u64 = 2;

/// Streams a file part on.
pub(super) async fn store(
    stored: &mut Stored,
    uploads: &Uploads,
    field: &FileField,
    filename: String,
    form: &mut Multipart,
    body_bytes: Option<u64>,
) -> Result<Result<Uploaded, Problem>, FormRejection> {
    let length = body_bytes.and_then(|bytes| form.length_if_last(bytes));
    let Some(first) = form.piece().await? else { return Ok(Err(Problem::FileEmpty)) };
    let options = match uploads.reserve(field.upload_options()).await {
        Ok(options) => options,
        Err(error) => {
            tracing::error!(field = %field.name, %error, "a file is not stored");
            return Ok(Err(Problem::ServiceFailed));
        }
    };
    let file = File { stored, uploads, field, filename, options };
    let answer = match length.filter(|length| *length <= field.max_bytes.min(MAX_HELD_BYTES)) {
        Some(length) if field.comes_last() => file.at_once(first, form, length).await?,
        _ if field.max_bytes <= MAX_HELD_BYTES => file.whole(first, form, length).await?,
        _ => file.in_chunks(first, form, length).await?,
    };
    let (asset, answer) = match answer {
        Ok(stored) => stored,
        Err(problem) => return Ok(Err(problem)),
    };
    if let Some(problem) = field.refuses(&asset).or_else(|| field.refuses_facts(&answer)) {
        stored.reject(&asset).await;
        return Ok(Err(problem));
    }
    Ok(Ok(Uploaded::stored(asset, answer)))
}

/// What the service made of a file.
type Answer = Result<(AssetRef, UploadResponse), Problem>;

/// A file that was begun.
struct File<'a> {
    stored: &'a mut Stored,
    uploads: &'a Uploads,
    field: &'a FileField,
    filename: String,
    options: UploadOptions,
}

impl File<'_> {
    /// Held until it is whole.
    async fn whole(self, first: Bytes, form: &mut Multipart, length: Option<u64>) -> Result<Answer, FormRejection> {
        let Some(held) = self.held(first, form, length, None).await? else { return Ok(Err(self.field.too_large())) };
        self.send(held).await
    }

    /// Sent while it comes, with the length that it has if no other part follows, and held beside that: where one does
    /// follow, the upload ends unfinished, and the file is sent again.
    async fn at_once(self, first: Bytes, form: &mut Multipart, length: u64) -> Result<Answer, FormRejection> {
        let (sender, end, pieces) = ahead();
        let source = UploadSource::stream(self.filename.clone(), pieces).with_length(length);
        let pending = self.stored.begin(self.uploads.client().upload(source, &self.options), Some(end.clone()));
        let mut sending = Some(sender);
        let Some(held) = self.held(first, form, Some(length), Some(&mut sending)).await? else {
            return Ok(Err(self.field.too_large()));
        };
        if held.length() != length {
            drop((sending, pending));
            return self.send(held).await;
        }
        if let Some(sender) = sending {
            sender.end().await;
        }
        let error = match self.stored.finish(pending).await {
            Ok(answer) => return Ok(Ok(answer)),
            Err(error) => error,
        };
        let Some(wait) = wait_to_repeat(&error, &end, &self.options, self.uploads.client()) else {
            return Ok(Err(refused(self.field, &error)));
        };
        tracing::debug!(wait_ms = wait.as_millis() as u64, %error, "sending a file again");
        tokio::time::sleep(wait).await;
        self.send(held).await
    }

    /// Sent chunk by chunk while it comes.
    async fn in_chunks(self, first: Bytes, form: &mut Multipart, length: Option<u64>) -> Result<Answer, FormRejection> {
        let (sender, end, pieces) = ahead();
        let source = UploadSource::stream(self.filename.clone(), pieces);
        let pending = self.stored.begin(self.uploads.client().upload(source, &self.options), Some(end));
        let mut total = 0;
        let mut sending = Some(sender);
        let mut next = Some(first);
        while let Some(piece) = next {
            total += piece.len() as u64;
            if total > self.field.max_bytes {
                // Dropping the sender ends the upload before its last chunk.
                return Ok(Err(self.field.too_large()));
            }
            give(&mut sending, piece).await;
            next = form.piece().await?;
        }
        self.field.note_whether_last(length == Some(total));
        if let Some(sender) = sending {
            sender.end().await;
        }
        let answer = self.stored.finish(pending).await;
        Ok(answer.map_err(|error| refused(self.field, &error)))
    }

    /// Reads the file to its end, and gives each piece on to who wants it; `None` if the file is too large.
    async fn held(
        &self,
        first: Bytes,
        form: &mut Multipart,
        length: Option<u64>,
        mut sending: Option<&mut Option<Ahead>>,
    ) -> Result<Option<Buffer>, FormRejection> {
        let mut held = Buffer::default();
        let mut next = Some(first);
        while let Some(piece) = next {
            let total = held.length() + piece.len() as u64;
            if total > self.field.max_bytes {
                return Ok(None);
            }
            if total > MAX_HELD_BYTES + UNSEEN_BYTES {
                // Something rewrites bodies and leaves their old length in the request.
                return Err(FormRejection::Malformed("it is longer than its Content-Length".to_owned()));
            }
            if let Some(sending) = &mut sending {
                give(sending, piece.clone()).await;
            }
            held.push(piece);
            next = form.piece().await?;
        }
        self.field.note_whether_last(length == Some(held.length()));
        Ok(Some(held))
    }

    async fn send(self, held: Buffer) -> Result<Answer, FormRejection> {
        let chunk_bytes = held.length().max(MIN_CHUNK_BYTES);
        let source = UploadSource::bytes(self.filename, held.into_bytes());
        let upload = self.uploads.client().upload(source, &self.options).chunk_bytes(chunk_bytes);
        let pending = self.stored.begin(upload, None);
        let answer = self.stored.finish(pending).await;
        Ok(answer.map_err(|error| refused(self.field, &error)))
    }
}

/// Gives a piece on while it is wanted.
async fn give(sending: &mut Option<Ahead>, piece: Bytes) {
    if let Some(sender) = sending
        && !sender.give(piece).await
    {
        *sending = None;
    }
}

/// How long to wait until a file goes again that was sent while it came, now that all of it is there; `None` if it does
/// not. A visitor who takes longer than one request may is the usual reason.
///
/// What the upload has not taken to its end cannot have been stored, nor what the service refused; and what is stored
/// twice under one id is stored once. The client gets a new token for one that has expired, but cannot send a stream
/// again; a key or secret that is refused stays refused, whatever goes again.
fn wait_to_repeat(error: &Error, end: &End, options: &UploadOptions, client: &Cloudinary) -> Option<Duration> {
    let policy = client.retry_policy();
    let is_fixed = options.get("public_id").is_some() && options.get("overwrite") != Some("0");
    let is_harmless = is_fixed || !end.is_taken();
    match error {
        Error::Api { status: 401, .. } if client.renews_tokens() => Some(Duration::ZERO),
        Error::Transport { .. } if !end.is_taken() => Some(Duration::ZERO),
        Error::Api { status: 420 | 429, info, .. } => back_off(info.retry_after, policy),
        Error::Api { status: 408 | 500..=599, info, .. } if is_harmless => back_off(info.retry_after, policy),
        Error::Transport { .. } if is_fixed => back_off(None, policy),
        _ => None,
    }
}

/// As the client waits before its second try.
fn back_off(asked: Option<Duration>, policy: &RetryPolicy) -> Option<Duration> {
    let wait = asked.unwrap_or_else(|| policy.backoff.min(policy.longest_wait).mul_f64(rand::random()));
    (policy.attempts > 1 && wait <= policy.longest_wait).then_some(wait)
}

/// The service's refusal, in words for the visitor. What is wrong with the file, a visitor can mend; everything else,
/// a wrong clock or a preset that is missing, is ours.
pub(super) fn refused(field: &FileField, error: &Error) -> Problem {
    let said = match error {
        Error::Api { kind: ApiErrorKind::BadRequest, message, .. } => message.as_str(),
        _ => "",
    };
    if said.contains("Invalid image file") {
        Problem::NotAnImage
    } else if said.contains("Empty file") {
        Problem::FileEmpty
    } else if said.contains("file format") && said.contains("not allowed") || said.starts_with("Unsupported image file")
    {
        field.wrong_format()
    } else if said.starts_with("File size too large") {
        Problem::FileTooLarge { max_bytes: None }
    } else if said.contains("Megapixels") {
        Problem::TooManyPixels
    } else {
        tracing::error!(field = %field.name, %error, "an upload failed");
        Problem::ServiceFailed
    }
}
