//! One file of a form, on its way to the media service: held until it is whole (`whole`), if its field takes no more than
//! [`MAX_HELD_BYTES`] and more parts are likely to follow; else sent while it comes (`while_it_comes`).

use bytes::Bytes;
use cloudinary_core::upload::{MIN_CHUNK_BYTES, STREAM_CHUNK_BYTES};
use cloudinary_core::{ApiErrorKind, AssetRef, Error, UploadOptions, UploadResponse, UploadSource};

use super::buffer::Buffer;
use super::fields::MIB;
use super::file_field::FileField;
use super::loan::{CameTo, Loan};
use super::multipart::Multipart;
use super::problem::Problem;
use super::stored::Stored;
use super::uploaded::Uploaded;
use crate::rejection::FormRejection;
use crate::uploads::Uploads;

/// The most bytes of a file that are held in memory at once.
///
/// A file of a field whose [`max_bytes`](FileField::max_bytes) is no more than this is held until it is whole and goes in
/// one request, so that nothing of a file that is too large ever leaves. Files of other fields go in chunks of
/// [`STREAM_CHUNK_BYTES`], each as soon as it is whole.
///
/// Whatever its field takes, a file goes while it comes if the form says how long it is and the file was the last part of
/// the forms before: then its length is known when it begins. One of at most so many bytes goes in one request, a larger
/// one in chunks; what is under way is held beside that, and sent again if another part follows after all, or the service
/// fails.
pub const MAX_HELD_BYTES: u64 = 16 * MIB;

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
    let answer = match length.filter(|length| *length <= field.max_bytes) {
        likely @ Some(_) if field.comes_last() => file.while_it_comes(first, form, length, likely).await?,
        _ if field.max_bytes <= MAX_HELD_BYTES => file.whole(first, form, length).await?,
        _ => file.while_it_comes(first, form, length, None).await?,
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
        let mut held = Buffer::default();
        let mut next = Some(first);
        while let Some(piece) = next {
            if held.length() + piece.len() as u64 > self.field.max_bytes {
                return Ok(Err(self.field.too_large()));
            }
            held.push(piece);
            next = form.piece().await?;
        }
        self.field.note_whether_last(length == Some(held.length()));
        let chunk_bytes = held.length().max(MIN_CHUNK_BYTES);
        let source = UploadSource::bytes(self.filename, held.into_bytes());
        let upload = self.uploads.client().upload(source, &self.options).chunk_bytes(chunk_bytes);
        let answer = self.stored.upload(upload, None).await;
        Ok(answer.map_err(|error| refused(self.field, &error)))
    }

    /// Sent while it comes: as soon as each piece is there, if its length is likely, else as soon as a chunk is.
    async fn while_it_comes(
        self,
        first: Bytes,
        form: &mut Multipart,
        length: Option<u64>,
        likely: Option<u64>,
    ) -> Result<Answer, FormRejection> {
        let max_bytes = self.field.max_bytes;
        let loan = Loan::new(std::mem::replace(form, Multipart::over()), first, max_bytes);
        let mut source = UploadSource::stream(self.filename, loan.pieces());
        let mut chunk_bytes = STREAM_CHUNK_BYTES;
        if let Some(likely) = likely {
            source = source.with_likely_length(likely);
            if likely <= MAX_HELD_BYTES {
                chunk_bytes = likely.max(MIN_CHUNK_BYTES);
            }
        }
        let upload = self.uploads.client().upload(source, &self.options).chunk_bytes(chunk_bytes);
        let answer = self.stored.upload(upload, Some(loan.end())).await;
        let (returned, mut reading) = loan.give_back();
        if let Some(returned) = returned {
            *form = returned;
        }
        match reading.came_to {
            CameTo::Broken(rejection) => return Err(rejection),
            CameTo::TooLarge => return Ok(Err(self.field.too_large())),
            CameTo::Whole => {}
            // The service has answered before it had the whole file; its answer is for the visitor if that is none too
            // large.
            CameTo::Unfinished => {
                while reading.bytes <= max_bytes
                    && let Some(piece) = form.piece().await?
                {
                    reading.bytes += piece.len() as u64;
                }
                if reading.bytes > max_bytes {
                    return Ok(Err(self.field.too_large()));
                }
            }
        }
        self.field.note_whether_last(length == Some(reading.bytes));
        Ok(answer.map_err(|error| refused(self.field, &error)))
    }
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
