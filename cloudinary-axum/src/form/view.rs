//! A form as it is rendered: blank, or again with what was typed and what was wrong.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use cloudinary_core::{AssetRef, ToAsset, UploadOptions};
use http::StatusCode;

use super::fields::Fields;
use super::file_field::FileField;
use super::held::Held;
use super::problem::Problem;
use super::uploaded::Uploaded;
use crate::direct_upload::DirectUploadField;
use crate::file_input::FileInput;
use crate::row::Row;
use crate::ticket::Serial;
use crate::uploads::Uploads;

/// What a template needs of a form. A [`BlankForm`](super::BlankForm) gives one for a blank page, and a
/// [`FormData`](super::FormData) one to show again what was wrong.
#[derive(Debug, Clone)]
pub struct FormView {
    pub(super) fields: Arc<Fields>,
    pub(super) uploads: Uploads,
    pub(super) subject: Option<String>,
    callback: Option<String>,
    pub(super) values: BTreeMap<String, Vec<String>>,
    /// For each file field, in their order; nothing for a blank form.
    pub(super) held: Vec<Held>,
    current: BTreeMap<String, AssetRef>,
    errors: BTreeMap<String, String>,
    status: Option<StatusCode>,
    /// The tickets of the form that was accepted.
    pub(super) spent: Vec<String>,
}

impl FormView {
    pub(super) fn of(fields: Arc<Fields>, uploads: Uploads, subject: Option<String>, callback: Option<String>) -> Self {
        Self {
            fields,
            uploads,
            subject,
            callback,
            values: BTreeMap::new(),
            held: Vec::new(),
            current: BTreeMap::new(),
            errors: BTreeMap::new(),
            status: None,
            spent: Vec::new(),
        }
    }

    /// The text a field has; of several the last.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|texts| texts.last()).map_or("", String::as_str)
    }

    /// Fills a text in, for a form that edits something.
    pub fn set_value(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.values.insert(name.into(), vec![text.into()]);
    }

    /// The file that the row has now, for a form that edits it: it is shown beside the field, with the box to remove it.
    pub fn set_current(&mut self, name: impl Into<String>, asset: &impl ToAsset) {
        self.current.insert(name.into(), asset.to_asset());
    }

    /// The file that the row has now.
    pub fn current(&self, name: &str) -> Option<&AssetRef> {
        self.current.get(name)
    }

    /// What is wrong with a field, in words for the visitor; of several files, a line for each that is left out. `""` is
    /// the form as a whole.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    /// All errors, by field.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &str)> {
        self.errors.iter().map(|(name, message)| (name.as_str(), message.as_str()))
    }

    /// Adds an error that only the app can find; of two for one field, the first stays.
    pub fn add_error(&mut self, name: impl Into<String>, message: impl Into<String>) {
        self.add_problem(name.into(), &Problem::Other(message.into()));
    }

    /// Lets the form that was accepted be sent again as it is: for a handler that could not do what it was sent for, as
    /// when the database is away, and whose answer sends the visitor back. Else the visitor is told that it was sent
    /// already ([`Problem::SentBefore`]). A form shown again by this view can be sent without this.
    ///
    /// ```no_run
    /// # use cloudinary_axum::{Fields, FileField, FormData, UploadForm, Uploaded};
    /// # use axum::response::{IntoResponse, Redirect, Response};
    /// # #[derive(serde::Deserialize)] struct PhotoForm { image: Uploaded }
    /// # impl UploadForm for PhotoForm { fn fields() -> Fields { Fields::new().file(FileField::new("image")) } }
    /// # async fn insert(_: &PhotoForm) -> Result<(), http::StatusCode> { Ok(()) }
    /// async fn create(form: FormData<PhotoForm>) -> Result<Response, http::StatusCode> {
    ///     let (photo, mut form) = form.into_parts();
    ///     let Some(photo) = photo else { return Ok(form.status().into_response()) };
    ///     if let Err(error) = insert(&photo).await {
    ///         form.reopen().await;
    ///         return Err(error);
    ///     }
    ///     Ok(Redirect::to("/").into_response())
    /// }
    /// ```
    pub async fn reopen(&mut self) {
        self.uploads.give_back(std::mem::take(&mut self.spent)).await;
    }

    pub(super) fn add_problem(&mut self, name: String, problem: &Problem) {
        self.set_status(problem.status());
        let message = self.fields.messages.say(&name, problem);
        match self.errors.entry(name) {
            Entry::Vacant(none) => {
                none.insert(message);
            }
            // Whatever leaves out one of several files is told, on a line of its own.
            Entry::Occupied(mut told)
                if matches!(problem, Problem::InFile { .. } | Problem::TooManyFiles { .. })
                    && told.get().lines().all(|line| line != message) =>
            {
                let told = told.get_mut();
                told.push('\n');
                told.push_str(&message);
            }
            Entry::Occupied(_) => {}
        }
    }

    /// Whether nothing is wrong.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// The files of a field that are already stored; its rendered input shows them and carries them on, so nobody uploads
    /// twice.
    pub fn kept(&self, name: &str) -> impl Iterator<Item = &AssetRef> {
        self.held(name).into_iter().flat_map(|held| &held.files).map(Uploaded::asset)
    }

    fn held(&self, name: &str) -> Option<&Held> {
        self.held.get(self.fields.position(name)?)
    }

    /// The status to answer with: 200 for a valid form, and else that of the gravest [`Problem`], 422 for what the
    /// visitor can mend.
    pub fn status(&self) -> StatusCode {
        match self.status {
            _ if self.is_valid() => StatusCode::OK,
            Some(status) => status,
            None => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// Of several problems, the gravest decides: the service's over a file that is too large over a mistake.
    fn set_status(&mut self, status: StatusCode) {
        let gravity = |status: StatusCode| match status {
            StatusCode::UNPROCESSABLE_ENTITY => 0,
            StatusCode::BAD_GATEWAY => 2,
            _ => 1,
        };
        if self.status.is_none_or(|known| gravity(status) > gravity(known)) {
            self.status = Some(status);
        }
    }

    /// The input of a file that goes through this server, with the ticket by which the form counts once.
    ///
    /// # Errors
    /// [`Error::UnknownOption`](cloudinary_core::Error::UnknownOption) for a name that is not a declared file field;
    /// [`Error::MissingConfig`](cloudinary_core::Error::MissingConfig) without a secret, when a stored file is kept.
    pub fn file_input(&self, name: &str) -> cloudinary_core::Result<FileInput> {
        FileInput::new(&self.rendering(name)?)
    }

    /// The input of a file that the browser uploads itself, signed now; the service takes it for an hour.
    ///
    /// # Errors
    /// As [`file_input`](Self::file_input); and without an API key.
    pub fn direct_field(&self, name: &str) -> cloudinary_core::Result<DirectUploadField> {
        DirectUploadField::signed(&self.rendering(name)?)
    }

    /// The same without a signature, for a preset that the account allows to be used so. The preset decides how the
    /// file is stored: of the field's own options, none is sent.
    ///
    /// # Errors
    /// As [`file_input`](Self::file_input).
    pub fn unsigned_direct_field(&self, name: &str, upload_preset: &str) -> cloudinary_core::Result<DirectUploadField> {
        DirectUploadField::unsigned(&self.rendering(name)?, upload_preset)
    }

    /// A whole row of the form: label, input (of a file field the direct one), help and error.
    ///
    /// # Errors
    /// As [`direct_field`](Self::direct_field), for text fields too.
    pub fn row(&self, name: &str) -> cloudinary_core::Result<Row> {
        if let Some(field) = self.fields.text_named(name) {
            return Ok(Row::text(field, self.value(name), self.error(name)));
        }
        let field = self.direct_field(name)?;
        Ok(Row::file(self.file_field(name)?, field, self.error(name)))
    }

    fn rendering(&self, name: &str) -> cloudinary_core::Result<Rendering<'_>> {
        let field = self.file_field(name)?;
        let kept: Vec<AssetRef> = self.kept(name).cloned().collect();
        let held = self.held(name);
        let serial = held.and_then(|held| held.serial.clone()).unwrap_or_else(|| Serial::new(self.uploads.now()));
        Ok(Rendering {
            field,
            uploads: &self.uploads,
            subject: self.subject.as_deref(),
            callback: self.callback.as_deref(),
            current: self.current.get(name),
            cleared: held.is_some_and(|held| held.cleared),
            denied: held.is_some_and(|held| held.denied),
            kept,
            serial,
        })
    }

    fn file_field(&self, name: &str) -> cloudinary_core::Result<&FileField> {
        self.fields.file_named(name).ok_or_else(|| cloudinary_core::Error::UnknownOption {
            name: name.to_owned(),
            nearest: self.fields.files.first().map(|field| field.name.to_string()),
        })
    }
}

/// Everything a rendered file field is made of.
pub(crate) struct Rendering<'a> {
    pub(crate) field: &'a FileField,
    pub(crate) uploads: &'a Uploads,
    pub(crate) subject: Option<&'a str>,
    pub(crate) callback: Option<&'a str>,
    pub(crate) current: Option<&'a AssetRef>,
    pub(crate) cleared: bool,
    pub(crate) denied: bool,
    pub(crate) kept: Vec<AssetRef>,
    pub(crate) serial: Serial,
}

impl<'a> Rendering<'a> {
    /// A field on its own, without a form around it.
    pub(crate) fn of(field: &'a FileField, uploads: &'a Uploads, subject: Option<&'a str>) -> Self {
        let serial = Serial::new(uploads.now());
        Self {
            field,
            uploads,
            subject,
            callback: None,
            current: None,
            cleared: false,
            denied: false,
            kept: Vec::new(),
            serial,
        }
    }

    /// What a direct upload is signed with.
    pub(crate) fn options(&self) -> UploadOptions {
        self.with_serial(self.field.upload_options())
    }

    /// Makes the service put the ticket's name into the public id, so that the answer it signs says which ticket it was.
    /// Every file gets a random id under it, so that nothing that was accepted can be written over; names of files are
    /// not random, so they are signed not to. An id that the app chose stays as it is, and then that id is what the
    /// ticket names.
    pub(crate) fn with_serial(&self, options: UploadOptions) -> UploadOptions {
        let named = options.get("use_filename") == Some("1") && options.get("unique_filename") == Some("0");
        let options = if named && options.get("overwrite").is_none() { options.overwrite(false) } else { options };
        match options.get("public_id_prefix") {
            _ if options.get("public_id").is_some() => options,
            Some(prefix) => {
                let prefix = format!("{prefix}/{}", self.serial.name);
                options.public_id_prefix(prefix)
            }
            None => options.public_id_prefix(&self.serial.name),
        }
    }

    /// Covers what will be uploaded with it, and the files that are carried on.
    pub(crate) fn ticket(&self) -> String {
        let mut kept: Vec<String> = self.kept.iter().map(|asset| asset.public_id.clone()).collect();
        kept.extend(self.field.chosen_ids());
        self.uploads.seal(self.field, self.subject, &self.serial, kept)
    }
}
