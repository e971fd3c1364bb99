//! One file of a form, on its way to the media service.

use cloudinary_core::upload::MIN_CHUNK_BYTES;
use cloudinary_core::{ApiErrorKind, Error, UploadSource};
use multer::Field;

use super::fields::{FileField, MIB};
use super::part::{Ending, FilePart};
use super::problem::Problem;
use super::stored::Stored;
use super::uploaded::Uploaded;
use crate::rejection::FormRejection;
use crate::uploads::Uploads;

/// Files of fields that take no more than this many bytes are held until they are whole, and sent in one request: then
/// nothing of a file that is too large ever leaves. Larger ones go in chunks.
pub const MAX_HELD_BYTES: u64 = 16 * MIB;

/// Streams a file part on. `None` is an input in which nothing was chosen.
pub(super) async fn store(
    stored: &mut Stored,
    uploads: &Uploads,
    field: &FileField,
    part: Field<'static>,
) -> Result<Result<Option<Uploaded>, Problem>, FormRejection> {
    let filename = part.file_name().unwrap_or_default().to_owned();
    let mut part = FilePart::new(part);
    let Some(first) = part.first().await? else {
        return Ok(match filename.as_str() {
            "" => Ok(None),
            _ => Err(Problem::FileEmpty),
        });
    };
    let source = UploadSource::stream(filename, part.clone().stream(first, field.max_bytes));
    let options = match uploads.reserve(field.upload_options()).await {
        Ok(options) => options,
        Err(error) => {
            tracing::error!(field = %field.name, %error, "a file is not stored");
            part.drain().await?;
            return Ok(Err(Problem::ServiceFailed));
        }
    };
    let mut upload = uploads.client().upload(source, &options);
    if field.max_bytes <= MAX_HELD_BYTES {
        upload = upload.chunk_bytes((field.max_bytes + 1).max(MIN_CHUNK_BYTES));
    }
    let answer = stored.upload(upload).await;
    match part.ending() {
        Ending::Fine => {}
        Ending::TooLarge => {
            part.drain().await?;
            return Ok(Err(field.too_large()));
        }
        Ending::Broken => return Err(FormRejection::Malformed("it ended in the middle of a file".to_owned())),
    }
    // An upload that failed early has left some of the part.
    part.drain().await?;
    let (asset, answer) = match answer {
        Ok(stored) => stored,
        Err(error) => return Ok(Err(refused(field, &error))),
    };
    if let Some(problem) = field.refuses(&asset).or_else(|| field.refuses_facts(&answer)) {
        stored.reject(&asset).await;
        return Ok(Err(problem));
    }
    Ok(Ok(Some(Uploaded::stored(asset, answer))))
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
