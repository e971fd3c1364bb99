//! One file of a form, on its way to the media service.

use cloudinary_core::upload::MIN_CHUNK_BYTES;
use cloudinary_core::{ApiErrorKind, Cloudinary, Error, UploadSource};
use http::StatusCode;
use multer::Field;

use super::fields::{FileField, MIB};
use super::part::{Ending, FilePart};
use super::uploaded::Uploaded;
use crate::rejection::FormRejection;

/// Files of fields that take no more than this many bytes are held until they are whole, and sent in one request: then
/// nothing of a file that is too large ever leaves. Larger ones go in chunks.
const MAX_HELD_BYTES: u64 = 16 * MIB;

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

/// Streams a file part on. `None` is an input in which nothing was chosen.
pub(super) async fn store(
    client: &Cloudinary,
    field: &FileField,
    part: Field<'static>,
) -> Result<Result<Option<Uploaded>, Fault>, FormRejection> {
    let filename = part.file_name().unwrap_or_default().to_owned();
    let mut part = FilePart::new(part);
    let Some(first) = part.first().await? else {
        return Ok(match filename.as_str() {
            "" => Ok(None),
            _ => Err(Fault::mistake("This file is empty. Choose another.")),
        });
    };
    let source = UploadSource::stream(filename, part.clone().stream(first, field.max_bytes));
    let mut upload = client.upload(source, &field.upload_options());
    if field.max_bytes <= MAX_HELD_BYTES {
        upload = upload.chunk_bytes((field.max_bytes + 1).max(MIN_CHUNK_BYTES));
    }
    let answer = upload.await;
    match part.ending() {
        Ending::Fine => {}
        Ending::TooLarge => {
            part.drain().await?;
            return Ok(Err(Fault { status: StatusCode::PAYLOAD_TOO_LARGE, message: field.too_large() }));
        }
        Ending::Broken => return Err(FormRejection::Malformed("it ended in the middle of a file".to_owned())),
    }
    // An upload that failed early has left some of the part.
    part.drain().await?;
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
