//! One file of a form, on its way to the media service.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use cloudinary_core::{ApiErrorKind, Cloudinary, Error, UploadSource};
use futures_util::{Stream, StreamExt as _};
use http::StatusCode;
use multer::Field;

use super::fields::FileField;
use super::uploaded::Uploaded;
use crate::rejection::FormRejection;

/// What is wrong with a file, in words for the visitor, and the status it answers with.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn mistake(message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, message: message.into() }
    }
}

/// Why a file's stream ended early.
#[derive(Clone, Default)]
struct Ended {
    too_large: Arc<AtomicBool>,
    broken: Arc<AtomicBool>,
}

/// Streams a file part on. `None` is an input in which nothing was chosen.
pub(super) async fn store(
    client: &Cloudinary,
    field: &FileField,
    mut part: Field<'static>,
) -> Result<Result<Option<Uploaded>, Fault>, FormRejection> {
    let filename = part.file_name().unwrap_or_default().to_owned();
    let Some(first) = first_bytes(&mut part).await? else {
        return Ok(match filename.as_str() {
            "" => Ok(None),
            _ => Err(Fault::mistake("This file is empty. Choose another.")),
        });
    };
    let ended = Ended::default();
    let source = UploadSource::stream(filename, limited(first, part, field.max_bytes, ended.clone()));
    let answer = client.upload(source, &field.upload_options()).await;
    if ended.broken.load(Ordering::Relaxed) {
        return Err(FormRejection::Malformed("it ended in the middle of a file".to_owned()));
    }
    if ended.too_large.load(Ordering::Relaxed) {
        return Ok(Err(Fault { status: StatusCode::PAYLOAD_TOO_LARGE, message: field.too_large() }));
    }
    let (answer, asset) =
        match answer.and_then(|answer| Ok((answer.asset()?, answer)).map(|(asset, answer)| (answer, asset))) {
            Ok(stored) => stored,
            Err(error) => return Ok(Err(refused(field, &error))),
        };
    if let Some(message) = field.refuses(&asset) {
        if let Err(error) = client.destroy(&asset).await {
            tracing::warn!(%asset, %error, "a refused file could not be deleted");
        }
        return Ok(Err(Fault::mistake(message)));
    }
    Ok(Ok(Some(Uploaded::stored(asset, answer))))
}

async fn first_bytes(part: &mut Field<'static>) -> Result<Option<Bytes>, FormRejection> {
    while let Some(bytes) = part.chunk().await.map_err(|error| FormRejection::Malformed(error.to_string()))? {
        if !bytes.is_empty() {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

/// The part as a stream that fails as soon as it has more than `limit` bytes, which ends the upload.
fn limited(
    first: Bytes,
    part: Field<'static>,
    limit: u64,
    ended: Ended,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    let mut seen = 0_u64;
    futures_util::stream::iter([Ok(first)]).chain(part).map(move |piece| match piece {
        Ok(piece) => {
            seen += piece.len() as u64;
            if seen > limit {
                ended.too_large.store(true, Ordering::Relaxed);
                return Err(std::io::Error::other("the file is larger than its field takes"));
            }
            Ok(piece)
        }
        Err(error) => {
            ended.broken.store(true, Ordering::Relaxed);
            Err(std::io::Error::other(error))
        }
    })
}

/// The service's refusal, in words for the visitor.
fn refused(field: &FileField, error: &Error) -> Fault {
    match error {
        Error::Api { kind: ApiErrorKind::BadRequest, message, .. } => Fault::mistake(match message.as_str() {
            message if message.contains("Invalid image file") => {
                "This file is not an image, or it is damaged. Choose another.".to_owned()
            }
            message if message.contains("not allowed") && !field.formats.is_empty() => field.wrong_format(),
            message if message.contains("mpty file") => "This file is empty. Choose another.".to_owned(),
            message => format!("This file was refused: {message}"),
        }),
        error => {
            tracing::error!(field = %field.name, %error, "an upload failed");
            Fault {
                status: StatusCode::BAD_GATEWAY,
                message: "The file could not be stored just now. Try again in a moment.".to_owned(),
            }
        }
    }
}
