//! Reading a request: text into memory, files on to the media service.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::Body;
use futures_util::StreamExt as _;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};

use super::body::FormBody;
use super::fields::{Fields, MAX_FORM_PARTS, MAX_FORM_TEXT_BYTES};
use super::file_field::FileField;
use super::multipart::{MAX_BOUNDARY_BYTES, Multipart};
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
    /// For each file field, in their order.
    pub(super) files: Vec<ReceivedFiles>,
    pub(super) problems: Vec<(String, Problem)>,
    pub(super) stored: Stored,
}

/// What came for a file field.
#[derive(Default)]
pub(super) struct ReceivedFiles {
    pub(super) arrived: Vec<Arrived>,
    /// References that a later file of the same field took the place of.
    pub(super) superseded: Vec<String>,
    pub(super) ticket: String,
    pub(super) cleared: bool,
    /// How many files came, so that no more are stored than the field takes.
    chosen: usize,
}

/// Reads a form to its end.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    fields: &Fields,
    uploads: &Uploads,
    subject: Option<&str>,
) -> Result<Received, FormRejection> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let received = Received {
        texts: BTreeMap::new(),
        files: fields.files.iter().map(|_| ReceivedFiles::default()).collect(),
        problems: Vec::new(),
        stored: Stored::new(uploads.client()),
    };
    let mut reader = Reader { fields, uploads, subject, received, text_bytes: 0, current: None };
    if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        reader.urlencoded(body).await?;
    } else if kind.eq_ignore_ascii_case("multipart/form-data") {
        let boundary =
            multer::parse_boundary(content_type).map_err(|error| FormRejection::Malformed(error.to_string()))?;
        if boundary.len() > MAX_BOUNDARY_BYTES {
            let what = format!("its boundary has {} bytes, and may have {MAX_BOUNDARY_BYTES}", boundary.len());
            return Err(FormRejection::Malformed(what));
        }
        let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        // It is large, and other forms need none of it.
        Box::pin(reader.multipart(body, &boundary, length)).await?;
    } else {
        return Err(FormRejection::NotAForm(content_type.to_owned()));
    }
    Ok(reader.received)
}

struct Reader<'a> {
    fields: &'a Fields,
    uploads: &'a Uploads,
    subject: Option<&'a str>,
    received: Received,
    text_bytes: u64,
    /// The position of the file field whose hidden input came last; a direct-upload field's file part follows it.
    current: Option<usize>,
}

impl Reader<'_> {
    async fn multipart(&mut self, body: Body, boundary: &str, length: Option<u64>) -> Result<(), FormRejection> {
        let mut form = Multipart::new(FormBody::new(body), boundary, self.fields.max_body_bytes());
        let mut parts = 0;
        while let Some(part) = form.next().await? {
            parts += 1;
            if parts > MAX_FORM_PARTS {
                return Err(FormRejection::TooLarge(format!("it has more than {MAX_FORM_PARTS} parts")));
            }
            let name = match part.name {
                Some(name) if !name.is_empty() => name,
                _ => return Err(FormRejection::Malformed("a part has no name".to_owned())),
            };
            self.count(name.len() + part.filename.as_ref().map_or(0, String::len))?;
            if let Some(filename) = part.filename {
                self.file(name, filename, &mut form, length).await?;
            } else {
                let text = self.text(&name, &mut form).await?;
                self.pair(name.into(), text.into());
            }
        }
        Ok(())
    }

    /// Counts bytes that stay in memory until the form is read.
    fn count(&mut self, bytes: usize) -> Result<(), FormRejection> {
        self.text_bytes += bytes as u64;
        if self.text_bytes > MAX_FORM_TEXT_BYTES {
            return Err(FormRejection::TooLarge(format!("its text has more than {MAX_FORM_TEXT_BYTES} bytes")));
        }
        Ok(())
    }

    async fn text(&mut self, name: &str, form: &mut Multipart) -> Result<String, FormRejection> {
        let mut bytes = Vec::new();
        while let Some(piece) = form.piece().await? {
            self.count(piece.len())?;
            bytes.extend_from_slice(&piece);
        }
        String::from_utf8(bytes).map_err(|_| FormRejection::Malformed(format!("the text of {name:?} is not UTF-8")))
    }

    async fn urlencoded(&mut self, form: Body) -> Result<(), FormRejection> {
        let limit = usize::try_from(MAX_FORM_TEXT_BYTES).unwrap_or(usize::MAX);
        let mut body = Vec::new();
        let mut stream = std::pin::pin!(FormBody::new(form));
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
            self.pair(name, value);
        }
        Ok(())
    }

    /// A text: of a text field, or of a file field the signed reference, the ticket or the box.
    fn pair(&mut self, name: Cow<'_, str>, text: Cow<'_, str>) {
        for suffix in [TICKET_SUFFIX, CLEAR_SUFFIX] {
            let at = name.strip_suffix(suffix).and_then(|name| self.fields.position(name));
            if let Some(files) = at.and_then(|at| self.received.files.get_mut(at)) {
                if suffix == TICKET_SUFFIX {
                    files.ticket = text.into_owned();
                } else if !text.is_empty() {
                    files.cleared = true;
                }
                return;
            }
        }
        let Some(at) = self.fields.position(&name) else {
            self.received.texts.entry(name.into_owned()).or_default().push(text.into_owned());
            return;
        };
        self.current = Some(at);
        if !text.is_empty() {
            self.keep(at, Arrived::Presigned(text.into_owned()));
        }
    }

    /// A file; what is not read of it here is passed over by whoever asks for the next part.
    async fn file(
        &mut self,
        part_name: String,
        filename: String,
        form: &mut Multipart,
        body_bytes: Option<u64>,
    ) -> Result<(), FormRejection> {
        let is_chosen = !filename.is_empty();
        let at = self.position_of(&part_name);
        let Some((at, field)) = at.and_then(|at| Some((at, self.fields.files.get(at)?))) else {
            if is_chosen {
                self.no_file_field(part_name);
            }
            return Ok(());
        };
        if !is_chosen {
            // What browsers send for an input in which nothing was chosen is empty.
            let nothing = form.piece().await?.is_none();
            return if nothing { Ok(()) } else { Err(FormRejection::Malformed("a file has no name".to_owned())) };
        }
        if let Err(problem) = self.admit(at, field).await {
            self.received.problems.push((field.name.to_string(), problem));
            return Ok(());
        }
        let name = filename.clone();
        match store::store(&mut self.received.stored, self.uploads, field, filename, form, body_bytes).await? {
            Ok(uploaded) => self.keep(at, Arrived::Stored(uploaded)),
            Err(problem) => {
                // Of several, the visitor must be told which.
                let several = field.many.is_some();
                let problem = if several { Problem::InFile { name, problem: problem.into() } } else { problem };
                self.received.problems.push((field.name.to_string(), problem));
            }
        }
        Ok(())
    }

    /// A file came where none is taken. Who writes such a form learns enough from the first.
    fn no_file_field(&mut self, mut name: String) {
        const MOST: usize = 80;
        if self.received.problems.iter().any(|(_, problem)| matches!(problem, Problem::FileForText)) {
            return;
        }
        let is_declared = self.fields.texts.iter().any(|field| field.name == name);
        if !is_declared && let Some((end, _)) = name.char_indices().nth(MOST) {
            name.truncate(end);
            name.push('…');
        }
        self.received.problems.push((name, Problem::FileForText));
    }

    /// Whether one more file of a field may be stored.
    async fn admit(&mut self, at: usize, field: &FileField) -> Result<(), Problem> {
        if let Some(files) = self.received.files.get_mut(at) {
            if files.chosen >= field.max_files() {
                return Err(field.too_many());
            }
            files.chosen += 1;
        }
        self.uploads.authorize(self.subject, &field.name, Intent::Store).await.map_err(Problem::from)
    }

    /// Which field a file part is of. A direct-upload field's part is named `file`, as the media service wants it.
    fn position_of(&self, part: &str) -> Option<usize> {
        let by_name = self.fields.position(part);
        if part != DIRECT_FILE_PART || by_name.is_some() {
            return by_name;
        }
        // A form of one file field need not say which.
        self.current.or((self.fields.files.len() == 1).then_some(0))
    }

    /// The last file of a field for one replaces those before it, as a new choice does.
    fn keep(&mut self, at: usize, file: Arrived) {
        let field = self.fields.files.get(at);
        let Some((field, files)) = field.zip(self.received.files.get_mut(at)) else { return };
        if field.many.is_none() {
            let before = files.arrived.drain(..).filter_map(|file| match file {
                Arrived::Presigned(text) => Some(text),
                Arrived::Stored(_) => None,
            });
            files.superseded.extend(before);
        }
        files.arrived.push(file);
    }
}
