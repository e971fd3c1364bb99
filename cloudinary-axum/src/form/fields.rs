//! The declaration of a form: which fields it has, and what each may hold.

use std::sync::Arc;

use http::request::Parts;

use super::file_field::FileField;
use super::problem::{Messages, Problem};
use super::text_field::TextField;

/// Bytes in a mebibyte, to write limits with: `10 * MIB`.
pub const MIB: u64 = 1024 * 1024;
/// The most parts, or pairs, a form may have.
pub const MAX_FORM_PARTS: usize = 1000;
/// The most bytes all the text of a form may have together, with the names of its parts and files.
pub const MAX_FORM_TEXT_BYTES: u64 = 2 * MIB;
/// How many bytes beyond its limits a form may send and still get a page that says what was too large. Past that the
/// connection is closed, since some page would have to wait for all of it.
pub const MAX_EXCESS_BYTES: u64 = 64 * MIB;

/// The fields of a form, declared once: rendering, both upload flows and validation come from them.
///
/// ```
/// use cloudinary_axum::{Fields, FileField, MIB, TextField};
/// use cloudinary_core::UploadOptions;
/// let fields = Fields::new()
///     .text(TextField::new("title").max_chars(200))
///     .file(FileField::new("image").formats(["jpg", "png"]).max_bytes(5 * MIB).options(UploadOptions::new().folder("album")));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Fields {
    pub(crate) files: Vec<FileField>,
    pub(crate) texts: Vec<TextField>,
    pub(crate) messages: Messages,
}

impl Fields {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field that holds a file.
    pub fn file(mut self, field: FileField) -> Self {
        self.files.push(field);
        self
    }

    /// Adds a field that holds text. Text fields that are not declared are taken too, but not validated.
    pub fn text(mut self, field: TextField) -> Self {
        self.texts.push(field);
        self
    }

    /// The app's own words for what is wrong, as in another language. Gets the field's name and the [`Problem`]; `None`
    /// leaves the English words.
    ///
    /// ```
    /// use cloudinary_axum::{Fields, Problem};
    /// let fields = Fields::new().messages(|_, problem| match problem {
    ///     Problem::FileRequired => Some("Bitte eine Datei wählen.".to_owned()),
    ///     _ => None,
    /// });
    /// ```
    pub fn messages(mut self, words: impl Fn(&str, &Problem) -> Option<String> + Send + Sync + 'static) -> Self {
        self.messages = Messages::new(words);
        self
    }

    /// With the options that depend on the request, if there are any.
    pub(crate) fn resolved(self: Arc<Self>, request: &Parts) -> Arc<Self> {
        if !self.files.iter().any(FileField::asks_the_request) {
            return self;
        }
        let mut fields = Self::clone(&self);
        fields.files = fields.files.into_iter().map(|field| field.resolved(request)).collect();
        Arc::new(fields)
    }

    pub(crate) fn text_named(&self, name: &str) -> Option<&TextField> {
        self.texts.iter().find(|field| field.name == name)
    }

    pub(crate) fn file_named(&self, name: &str) -> Option<&FileField> {
        self.files.get(self.position(name)?)
    }

    /// Where a file field stands among those of the form.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.files.iter().position(|field| field.name == name)
    }

    /// The most bytes a request may have: what the fields allow, the text, and some excess to answer politely to.
    pub(crate) fn max_body_bytes(&self) -> u64 {
        let files = self.files.iter().map(|field| field.max_bytes.saturating_mul(field.max_files() as u64));
        files.fold(MAX_FORM_TEXT_BYTES + MAX_EXCESS_BYTES, u64::saturating_add)
    }
}

pub(crate) fn readable_bytes(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= MIB && bytes % MIB == 0 => format!("{} MB", bytes / MIB),
        bytes if bytes >= MIB => format!("{:.1} MB", bytes as f64 / MIB as f64),
        bytes if bytes >= 1024 => format!("{} KB", bytes / 1024),
        bytes => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_words() {
        for (bytes, expected) in [(10 * MIB, "10 MB"), (MIB + MIB / 2, "1.5 MB"), (2048, "2 KB"), (5, "5 bytes")] {
            assert_eq!(readable_bytes(bytes), expected);
        }
    }
}
