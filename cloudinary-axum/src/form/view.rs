//! A form as it is rendered: blank, or again with what was typed and what was wrong.

use std::collections::BTreeMap;

use cloudinary_core::{AssetRef, Cloudinary};
use http::StatusCode;

use super::UploadForm;
use super::fields::{Fields, FileField};
use super::uploaded::Uploaded;
use crate::direct_upload::DirectUploadField;
use crate::file_input::FileInput;

/// What a template needs of a form.
///
/// ```
/// # use cloudinary_axum::{Fields, FileField, FormView, TextField, UploadForm, Uploaded};
/// # use cloudinary_core::{Cloudinary, Config};
/// # #[derive(serde::Deserialize)] struct PhotoForm { title: String, image: Uploaded }
/// # impl UploadForm for PhotoForm { fn fields() -> Fields { Fields::new().file(FileField::new("image")) } }
/// let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret"))?;
/// let form = FormView::new::<PhotoForm>(&cld);
/// assert_eq!(form.value("title"), "");
/// assert!(form.direct_field("image")?.to_string().contains("https://api.cloudinary.com/v1_1/demo/image/upload"));
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct FormView {
    pub(super) fields: Fields,
    pub(super) client: Cloudinary,
    pub(super) values: BTreeMap<String, Vec<String>>,
    pub(super) kept: BTreeMap<String, Vec<Uploaded>>,
    errors: BTreeMap<String, String>,
    status: Option<StatusCode>,
    callback: Option<String>,
}

impl FormView {
    /// A blank form.
    pub fn new<F: UploadForm>(client: &Cloudinary) -> Self {
        Self::of(F::fields(), client.clone())
    }

    pub(super) fn of(fields: Fields, client: Cloudinary) -> Self {
        Self {
            fields,
            client,
            values: BTreeMap::new(),
            kept: BTreeMap::new(),
            errors: BTreeMap::new(),
            status: None,
            callback: None,
        }
    }

    /// The absolute address of the page `cloudinary_cors.html` on the app's own site, for browsers that upload by way
    /// of an iframe. See [`assets`](crate::assets).
    pub fn callback(mut self, url: impl Into<String>) -> Self {
        self.callback = Some(url.into());
        self
    }

    /// The text a field has; of several the last.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|texts| texts.last()).map_or("", String::as_str)
    }

    /// What is wrong with a field, in words for the visitor. `""` is the form as a whole.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    /// All errors, by field.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &str)> {
        self.errors.iter().map(|(name, message)| (name.as_str(), message.as_str()))
    }

    /// Adds an error that only the app can find; of two for one field, the first stays.
    pub fn add_error(&mut self, name: impl Into<String>, message: impl Into<String>) {
        self.errors.entry(name.into()).or_insert_with(|| message.into());
    }

    /// Whether nothing is wrong.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// The files of a field that are already stored; its rendered inputs carry them, so nobody uploads twice.
    pub fn kept(&self, name: &str) -> impl Iterator<Item = &AssetRef> {
        self.kept.get(name).into_iter().flatten().map(Uploaded::asset)
    }

    /// The status to answer with: 200 for a valid form, 422 for an invalid one, 413 when a file was too large, 502
    /// when the media service failed.
    pub fn status(&self) -> StatusCode {
        match self.status {
            _ if self.is_valid() => StatusCode::OK,
            Some(status) => status,
            None => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// Of several faults, the gravest decides: the service's over a file that is too large over a mistake.
    pub(super) fn set_status(&mut self, status: StatusCode) {
        let gravity = |status| match status {
            StatusCode::BAD_GATEWAY => 2,
            StatusCode::PAYLOAD_TOO_LARGE => 1,
            _ => 0,
        };
        if self.status.is_none_or(|known| gravity(status) > gravity(known)) {
            self.status = Some(status);
        }
    }

    /// The input of a file that goes through this server.
    ///
    /// # Errors
    /// [`Error::UnknownOption`](cloudinary_core::Error::UnknownOption) for a name that is not a declared file field;
    /// [`Error::MissingConfig`](cloudinary_core::Error::MissingConfig) without a secret, when a stored file is kept.
    pub fn file_input(&self, name: &str) -> cloudinary_core::Result<FileInput> {
        FileInput::new(self.file_field(name)?, &self.kept_assets(name), &self.client)
    }

    /// The input of a file that the browser uploads itself, signed now; the service takes it for an hour.
    ///
    /// # Errors
    /// As [`file_input`](Self::file_input); and without an API key.
    pub fn direct_field(&self, name: &str) -> cloudinary_core::Result<DirectUploadField> {
        let field = self.file_field(name)?;
        DirectUploadField::signed(field, &self.kept_assets(name), &self.client, self.callback.as_deref())
    }

    /// The same without a signature, for a preset that the account allows to be used so. The preset decides how the
    /// file is stored: of the field's own options, none is sent.
    ///
    /// # Errors
    /// As [`file_input`](Self::file_input).
    pub fn unsigned_direct_field(&self, name: &str, upload_preset: &str) -> cloudinary_core::Result<DirectUploadField> {
        let field = self.file_field(name)?;
        let kept = self.kept_assets(name);
        DirectUploadField::unsigned(field, &kept, &self.client, self.callback.as_deref(), upload_preset)
    }

    fn kept_assets(&self, name: &str) -> Vec<AssetRef> {
        self.kept(name).cloned().collect()
    }

    fn file_field(&self, name: &str) -> cloudinary_core::Result<&FileField> {
        self.fields.file_named(name).ok_or_else(|| cloudinary_core::Error::UnknownOption {
            name: name.to_owned(),
            nearest: self.fields.files.first().map(|field| field.name.to_string()),
        })
    }
}
