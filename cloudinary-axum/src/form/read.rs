//! Reading a request: text into memory, files on to the media service.

use std::collections::BTreeMap;

use axum::extract::Request;
use cloudinary_core::{Cloudinary, PresignedAsset};
use futures_util::StreamExt as _;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use multer::{Constraints, Field, Multipart, SizeLimit};

use super::body::{FormBody, Meter};
use super::fields::{Fields, FileField, MAX_FORM_PARTS, MAX_FORM_TEXT_BYTES};
use super::part::FilePart;
use super::store::{self, Fault};
use super::stored::Stored;
use super::uploaded::Uploaded;
use crate::rejection::FormRejection;

/// The name a file part has in the direct-upload field, whatever the field is called: the media service's own.
pub(crate) const DIRECT_FILE_PART: &str = "file";

/// What came with a request.
#[derive(Default)]
pub(super) struct Received {
    pub(super) texts: BTreeMap<String, Vec<String>>,
    pub(super) files: BTreeMap<String, Vec<Uploaded>>,
    pub(super) faults: Vec<(String, Fault)>,
}

pub(super) async fn read(request: Request, fields: &Fields, client: &Cloudinary) -> Result<Received, FormRejection> {
    let content_type =
        request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut reader = Reader {
        fields,
        client,
        received: Received::default(),
        stored: Stored::new(client),
        uploads: BTreeMap::new(),
        text_bytes: 0,
        current: None,
    };
    match kind.as_str() {
        "multipart/form-data" => {
            let boundary = multer::parse_boundary(&content_type).map_err(malformed)?;
            reader.multipart(request, boundary).await?;
        }
        "application/x-www-form-urlencoded" => reader.urlencoded(request).await?,
        _ => return Err(FormRejection::NotAForm(content_type)),
    }
    Ok(reader.finish())
}

struct Reader<'a> {
    fields: &'a Fields,
    client: &'a Cloudinary,
    received: Received,
    stored: Stored,
    /// How many files came for each field, so that no more are stored than it takes.
    uploads: BTreeMap<String, usize>,
    text_bytes: u64,
    /// The file field whose hidden input came last; a direct-upload field's file part follows it.
    current: Option<String>,
}

impl<'a> Reader<'a> {
    async fn multipart(&mut self, request: Request, boundary: String) -> Result<(), FormRejection> {
        let limit = SizeLimit::new().whole_stream(self.fields.max_body_bytes());
        let meter = Meter::default();
        let body = FormBody::new(request.into_body(), meter.clone());
        let mut multipart = Multipart::with_constraints(body, boundary, Constraints::new().size_limit(limit));
        let mut parts = 0;
        loop {
            meter.expect_head();
            let Some(part) = multipart.next_field().await.map_err(malformed)? else {
                return Ok(());
            };
            meter.expect_content();
            parts += 1;
            if parts > MAX_FORM_PARTS {
                return Err(FormRejection::TooLarge(format!("it has more than {MAX_FORM_PARTS} parts")));
            }
            let name = match part.name() {
                Some(name) if !name.is_empty() => name.to_owned(),
                _ => return Err(FormRejection::Malformed("a part has no name".to_owned())),
            };
            if part.file_name().is_some() {
                self.file(name, part).await?;
            } else {
                let text = self.text(&name, part).await?;
                self.pair(name, text);
            }
        }
    }

    async fn text(&mut self, name: &str, mut part: Field<'static>) -> Result<String, FormRejection> {
        let mut bytes = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(malformed)? {
            self.text_bytes += piece.len() as u64;
            if self.text_bytes > MAX_FORM_TEXT_BYTES {
                return Err(FormRejection::TooLarge(format!("its text has more than {MAX_FORM_TEXT_BYTES} bytes")));
            }
            bytes.extend_from_slice(&piece);
        }
        String::from_utf8(bytes).map_err(|_| FormRejection::Malformed(format!("the text of {name:?} is not UTF-8")))
    }

    async fn urlencoded(&mut self, request: Request) -> Result<(), FormRejection> {
        let limit = usize::try_from(MAX_FORM_TEXT_BYTES).unwrap_or(usize::MAX);
        let mut body = Vec::new();
        let mut stream = request.into_body().into_data_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|error| FormRejection::Malformed(error.to_string()))?;
            if body.len() + piece.len() > limit {
                return Err(FormRejection::TooLarge(format!("it has more than {limit} bytes")));
            }
            body.extend_from_slice(&piece);
        }
        for (at, (name, value)) in form_urlencoded::parse(&body).enumerate() {
            if at >= MAX_FORM_PARTS {
                return Err(FormRejection::TooLarge(format!("it has more than {MAX_FORM_PARTS} pairs")));
            }
            self.pair(name.into_owned(), value.into_owned());
        }
        Ok(())
    }

    /// A text: of a text field, or the signed reference of a file field.
    fn pair(&mut self, name: String, text: String) {
        let Some(field) = self.fields.file_named(&name) else {
            self.received.texts.entry(name).or_default().push(text);
            return;
        };
        self.current = Some(name.clone());
        if text.is_empty() {
            return;
        }
        match verified(self.client, field, &text) {
            Ok(uploaded) => self.keep(name, field, uploaded),
            Err(fault) => self.received.faults.push((name, fault)),
        }
    }

    async fn file(&mut self, part_name: String, part: Field<'static>) -> Result<(), FormRejection> {
        let is_chosen = part.file_name().is_some_and(|file| !file.is_empty());
        let Some(field) = self.field_of(&part_name) else {
            if is_chosen {
                self.received.faults.push((part_name, Fault::mistake("A file came where text is due.")));
            }
            return FilePart::new(part).drain().await;
        };
        let name = field.name.to_string();
        let uploaded = self.uploads.entry(name.clone()).or_default();
        if is_chosen && *uploaded >= field.max_files() {
            self.received.faults.push((name, Fault::mistake(field.too_many())));
            return FilePart::new(part).drain().await;
        }
        *uploaded += usize::from(is_chosen);
        match store::store(&mut self.stored, field, part).await? {
            Ok(Some(uploaded)) => self.keep(name, field, uploaded),
            Ok(None) => {}
            Err(fault) => self.received.faults.push((name, fault)),
        }
        Ok(())
    }

    /// Which field a file part is of. A direct-upload field's part is named `file`, as the media service wants it.
    fn field_of(&self, part: &str) -> Option<&'a FileField> {
        let by_name = self.fields.file_named(part);
        if part != DIRECT_FILE_PART || by_name.is_some() {
            return by_name;
        }
        match (&self.current, self.fields.files.as_slice()) {
            (Some(current), _) => self.fields.file_named(current),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// The last file of a field for one replaces those before it, as a new choice does.
    fn keep(&mut self, name: String, field: &FileField, uploaded: Uploaded) {
        let files = self.received.files.entry(name).or_default();
        if field.many.is_none() {
            files.clear();
        }
        files.push(uploaded);
    }

    /// Hands over what came. A stored file that another of its field replaced belongs to nobody and is deleted.
    fn finish(mut self) -> Received {
        self.stored.keep_only(self.received.files.values().flatten().map(Uploaded::asset));
        self.received
    }
}

/// A presigned value that this field may hold.
fn verified(client: &Cloudinary, field: &FileField, text: &str) -> Result<Uploaded, Fault> {
    let altered = |error: cloudinary_core::Error| {
        tracing::info!(field = %field.name, %error, "a presigned value was refused");
        Fault::mistake("The reference to the uploaded file is not valid. Choose the file again.")
    };
    let asset = text.parse::<PresignedAsset>().map_err(altered)?.verify(client.config()).map_err(altered)?;
    match field.refuses(&asset) {
        Some(message) => Err(Fault { status: StatusCode::UNPROCESSABLE_ENTITY, message }),
        None => Ok(Uploaded::verified(asset)),
    }
}

pub(super) fn malformed(error: multer::Error) -> FormRejection {
    match error {
        multer::Error::StreamSizeExceeded { limit } => {
            FormRejection::TooLarge(format!("it has more than {limit} bytes"))
        }
        multer::Error::StreamReadFailed(cause) => FormRejection::Malformed(cause.to_string()),
        error => FormRejection::Malformed(error.to_string()),
    }
}
