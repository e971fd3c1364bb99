//! One form for both upload flows.
//!
//! A form declares its fields once ([`UploadForm`]). [`FormData`] reads it whichever way it comes: with the file in it,
//! which streams on to the media service; or with the signed reference to a file that the browser uploaded itself.

mod body;
mod fields;
mod part;
mod read;
mod store;
mod stored;
mod uploaded;
mod values;
mod view;

use std::collections::BTreeMap;

use axum::extract::{FromRef, FromRequest, Request};
use cloudinary_core::Cloudinary;
use serde::de::DeserializeOwned;

pub use self::body::{BODY_IDLE_TIMEOUT, MAX_PART_HEAD_BYTES};
pub use self::fields::{
    DEFAULT_MAX_FILE_BYTES, DEFAULT_MAX_FILES, DEFAULT_MAX_TEXT_CHARS, Fields, FileField, MAX_EXCESS_BYTES,
    MAX_FORM_PARTS, MAX_FORM_TEXT_BYTES, MIB, TextField,
};
pub(crate) use self::read::DIRECT_FILE_PART;
pub use self::store::MAX_HELD_BYTES;
pub use self::uploaded::Uploaded;
pub use self::view::FormView;

use self::read::Received;
use self::values::{FieldValue, from_values};
use crate::rejection::FormRejection;

/// A struct that is filled from a form with files.
///
/// ```
/// use cloudinary_axum::{Fields, FileField, TextField, UploadForm, Uploaded};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct PhotoForm { title: String, image: Uploaded }
///
/// impl UploadForm for PhotoForm {
///     fn fields() -> Fields {
///         Fields::new().text(TextField::new("title")).file(FileField::new("image").formats(["jpg", "png", "webp"]))
///     }
/// }
/// ```
pub trait UploadForm: DeserializeOwned {
    /// The fields, by the names the struct has them under.
    fn fields() -> Fields;
}

/// Extracts a form, uploads the files in it, and verifies the files uploaded before it.
///
/// The app's state must give a [`Cloudinary`] ([`FromRef`]). Files of fields that take at most [`MAX_HELD_BYTES`] are
/// held until they are whole; larger ones stream on to the media service in chunks, of which one is held. What a visitor
/// can mend is no error of the extractor: [`into_result`](Self::into_result) then gives the [`FormView`] to render again,
/// with what was typed, the errors beside their fields, and the files that are already stored.
///
/// When the request breaks off before it is read to its end, or the visitor leaves, what it stored is deleted again.
/// From then on the files are the handler's: one that fails after this should destroy them.
///
/// ```no_run
/// # use cloudinary_axum::{Fields, FileField, FormData, TextField, UploadForm, Uploaded};
/// # use axum::response::{Html, IntoResponse, Redirect, Response};
/// # #[derive(serde::Deserialize)] struct PhotoForm { title: String, image: Uploaded }
/// # impl UploadForm for PhotoForm { fn fields() -> Fields { Fields::new().file(FileField::new("image")) } }
/// async fn create(form: FormData<PhotoForm>) -> Response {
///     match form.into_result() {
///         Ok(photo) => {
///             println!("{}: {}", photo.title, photo.image.asset());
///             Redirect::to("/").into_response()
///         }
///         Err(invalid) => (invalid.status(), Html(format!("{:?}", invalid.error("image")))).into_response(),
///     }
/// }
/// ```
///
/// # Errors
/// [`FormRejection`] for what is no form at all.
#[derive(Debug)]
pub struct FormData<T> {
    value: Option<T>,
    view: FormView,
}

impl<T> FormData<T> {
    /// The struct; or the form to render again.
    ///
    /// # Errors
    /// The [`FormView`] with the errors in it.
    #[allow(clippy::result_large_err)] // The view is what the caller came for.
    pub fn into_result(self) -> Result<T, FormView> {
        self.value.ok_or(self.view)
    }

    /// The struct, if the form is valid, and the form to render again in any case: for what only the app can find
    /// wrong, as a title that is taken ([`FormView::add_error`]).
    pub fn into_parts(self) -> (Option<T>, FormView) {
        (self.value, self.view)
    }
}

impl<T, S> FromRequest<S> for FormData<T>
where
    T: UploadForm,
    S: Send + Sync,
    Cloudinary: FromRef<S>,
{
    type Rejection = FormRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, FormRejection> {
        let client = Cloudinary::from_ref(state);
        let fields = T::fields();
        let received = read::read(request, &fields, &client).await?;
        let mut view = FormView::of(fields, client);
        view.take(received);
        view.validate();
        if !view.is_valid() {
            return Ok(Self { value: None, view });
        }
        match from_values(view.field_values()) {
            Ok(value) => Ok(Self { value: Some(value), view }),
            Err(error) => {
                view.add_error(error.field.unwrap_or_default(), error.message);
                Ok(Self { value: None, view })
            }
        }
    }
}

impl FormView {
    fn take(&mut self, received: Received) {
        self.values = received.texts;
        self.kept = received.files;
        for (field, fault) in received.faults {
            self.set_status(fault.status);
            self.add_error(field, fault.message);
        }
    }

    fn validate(&mut self) {
        let mut faults = Vec::new();
        for field in &self.fields.texts {
            faults
                .extend(field.fault(self.values.get(field.name.as_ref())).map(|fault| (field.name.to_string(), fault)));
        }
        for field in &self.fields.files {
            let files = self.kept.get(field.name.as_ref()).map_or(0, Vec::len);
            if field.required && files == 0 {
                faults.push((field.name.to_string(), "Choose a file.".to_owned()));
            } else if files > field.max_files() {
                faults.push((field.name.to_string(), field.too_many()));
            }
        }
        for (name, message) in faults {
            // What went wrong with a file says more than that it is missing.
            if self.error(&name).is_none() {
                self.add_error(name, message);
            }
        }
    }

    fn field_values(&self) -> BTreeMap<String, FieldValue> {
        let texts = self.values.iter().map(|(name, texts)| (name.clone(), FieldValue::Texts(texts.clone())));
        let files = self.fields.files.iter().map(|field| {
            let files = self.kept.get(field.name.as_ref()).cloned().unwrap_or_default();
            (field.name.to_string(), FieldValue::Files(files))
        });
        texts.chain(files).collect()
    }
}
