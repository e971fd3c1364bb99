//! Reading a request: text into memory, files on to the media service.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use futures_util::StreamExt as _;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use multer::{Constraints, Field, Multipart, SizeLimit};

use super::body::{FormBody, Meter};
use super::fields::{Fields, FileField, MAX_FORM_PARTS, MAX_FORM_TEXT_BYTES};
use super::part::FilePart;
use super::problem::Problem;
use super::store;
use super::stored::Stored;
use super::uploaded::Uploaded;
use crate::policy::Intent;
use crate::rejection::FormRejection;
use crate::uploads::Uploads;

/// The name a file part has in the direct-upload field, whatever the field is called: the media service's own.
pub(crate) const DIRECT_FILE_PART: &str = "file";
/// After the name of a file field: the hidden input with its ticket.
pub(crate) const TICKET_SUFFIX: &str = ".ticket";
/// After the name of a file field: the box that removes its file.
pub(crate) const CLEAR_SUFFIX: &str = ".clear";

/// A file of a field, whichever way it came.
pub(super) enum Arrived {
    /// It was in the form, and is stored.
    Stored(Uploaded),
    /// It was uploaded before; this refers to it, and is yet to be verified.
    Presigned(String),
}

/// What came with a request.
pub(super) struct Received {
    pub(super) texts: BTreeMap<String, Vec<String>>,
    pub(super) files: BTreeMap<String, Vec<Arrived>>,
    /// References that a later file of the same field took the place of.
    pub(super) superseded: BTreeMap<String, Vec<String>>,
    pub(super) tickets: BTreeMap<String, String>,
    pub(super) cleared: BTreeSet<String>,
    pub(super) problems: Vec<(String, Problem)>,
    pub(super) stored: Stored,
}

/// Reads a form to its end.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    fields: &Fields,
    uploads: &Uploads,
    subject: Option<&str>,
) -> Result<Received, FormRejection> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let received = Received {
        texts: BTreeMap::new(),
        files: BTreeMap::new(),
        superseded: BTreeMap::new(),
        tickets: BTreeMap::new(),
        cleared: BTreeSet::new(),
        problems: Vec::new(),
        stored: Stored::new(uploads.client()),
    };
    let mut reader =
        Reader { fields, uploads, subject, received, chosen: BTreeMap::new(), text_bytes: 0, current: None };
    match kind.as_str() {
        "multipart/form-data" => {
            let boundary = multer::parse_boundary(&content_type).map_err(malformed)?;
            reader.multipart(body, boundary).await?;
        }
        "application/x-www-form-urlencoded" => reader.urlencoded(body).await?,
        _ => return Err(FormRejection::NotAForm(content_type)),
    }
    Ok(reader.received)
}

struct Reader<'a> {
    fields: &'a Fields,
    uploads: &'a Uploads,
    subject: Option<&'a str>,
    received: Received,
    /// How many files came for each field, so that no more are stored than it takes.
    chosen: BTreeMap<String, usize>,
    text_bytes: u64,
    /// The file field whose hidden input came last; a direct-upload field's file part follows it.
    current: Option<String>,
}

impl<'a> Reader<'a> {
    async fn multipart(&mut self, body: Body, boundary: String) -> Result<(), FormRejection> {
        let limit = SizeLimit::new().whole_stream(self.fields.max_body_bytes());
        let meter = Meter::default();
        let body = FormBody::new(body, meter.clone());
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

    async fn urlencoded(&mut self, form: Body) -> Result<(), FormRejection> {
        let meter = Meter::default();
        meter.expect_content();
        let limit = usize::try_from(MAX_FORM_TEXT_BYTES).unwrap_or(usize::MAX);
        let mut body = Vec::new();
        let mut stream = std::pin::pin!(FormBody::new(form, meter));
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

    /// A text: of a text field, or of a file field the signed reference, the ticket or the box.
    fn pair(&mut self, name: String, text: String) {
        for suffix in [TICKET_SUFFIX, CLEAR_SUFFIX] {
            if let Some(field) = name.strip_suffix(suffix).and_then(|name| self.fields.file_named(name)) {
                let field = field.name.to_string();
                if suffix == TICKET_SUFFIX {
                    self.received.tickets.insert(field, text);
                } else if !text.is_empty() {
                    self.received.cleared.insert(field);
                }
                return;
            }
        }
        let Some(field) = self.fields.file_named(&name) else {
            self.received.texts.entry(name).or_default().push(text);
            return;
        };
        self.current = Some(name);
        if !text.is_empty() {
            self.keep(field, Arrived::Presigned(text));
        }
    }

    async fn file(&mut self, part_name: String, part: Field<'static>) -> Result<(), FormRejection> {
        let is_chosen = part.file_name().is_some_and(|file| !file.is_empty());
        let Some(field) = self.field_of(&part_name) else {
            if is_chosen {
                self.received.problems.push((part_name, Problem::FileForText));
            }
            return FilePart::new(part).drain().await;
        };
        if !is_chosen {
            // What browsers send for an input in which nothing was chosen is empty.
            let nothing = FilePart::new(part).first().await?.is_none();
            return if nothing { Ok(()) } else { Err(FormRejection::Malformed("a file has no name".to_owned())) };
        }
        if let Err(problem) = self.admit(field).await {
            self.received.problems.push((field.name.to_string(), problem));
            return FilePart::new(part).drain().await;
        }
        match store::store(&mut self.received.stored, self.uploads, field, part).await? {
            Ok(Some(uploaded)) => self.keep(field, Arrived::Stored(uploaded)),
            Ok(None) => {}
            Err(problem) => self.received.problems.push((field.name.to_string(), problem)),
        }
        Ok(())
    }

    /// Whether one more file of a field may be stored.
    async fn admit(&mut self, field: &FileField) -> Result<(), Problem> {
        let chosen = self.chosen.entry(field.name.to_string()).or_default();
        if *chosen >= field.max_files() {
            return Err(field.too_many());
        }
        *chosen += 1;
        self.uploads.authorize(self.subject, &field.name, Intent::Store).await.map_err(Problem::from)
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
    fn keep(&mut self, field: &FileField, file: Arrived) {
        let name = field.name.to_string();
        let files = self.received.files.entry(name.clone()).or_default();
        if field.many.is_none() {
            let before = files.drain(..).filter_map(|file| match file {
                Arrived::Presigned(text) => Some(text),
                Arrived::Stored(_) => None,
            });
            self.received.superseded.entry(name).or_default().extend(before);
        }
        files.push(file);
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
