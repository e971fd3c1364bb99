//! One form for both upload flows.
//!
//! A form declares its fields once ([`UploadForm`]). [`FormData`] reads it whichever way it comes: with the file in it,
//! which streams on to the media service; or with the signed reference to a file that the browser uploaded itself.

mod blank;
mod body;
mod change;
mod complete;
mod fields;
mod part;
mod problem;
mod read;
mod store;
mod stored;
mod uploaded;
mod values;
mod view;

use std::collections::BTreeMap;

use axum::extract::{FromRef, FromRequest, Request};
use serde::de::DeserializeOwned;

pub use self::blank::BlankForm;
pub use self::body::{BODY_IDLE_TIMEOUT, MAX_PART_HEAD_BYTES};
pub use self::change::Change;
pub use self::fields::{
    DEFAULT_MAX_FILE_BYTES, DEFAULT_MAX_FILES, DEFAULT_MAX_TEXT_CHARS, Fields, FileField, MAX_EXCESS_BYTES,
    MAX_FORM_PARTS, MAX_FORM_TEXT_BYTES, MIB, TextField,
};
pub use self::problem::Problem;
pub(crate) use self::read::DIRECT_FILE_PART;
pub use self::store::MAX_HELD_BYTES;
pub use self::uploaded::Uploaded;
pub use self::view::FormView;
pub(crate) use self::view::Rendering;

use self::complete::{Completed, Completion};
use self::values::{FieldValue, from_values};
use crate::policy::Intent;
use crate::rejection::FormRejection;
use crate::uploads::Uploads;

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
/// The app's state must give an [`Uploads`] ([`FromRef`]). Files of fields that take at most [`MAX_HELD_BYTES`] are
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
    Uploads: FromRef<S>,
{
    type Rejection = FormRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, FormRejection> {
        let uploads = Uploads::from_ref(state);
        let (parts, body) = request.into_parts();
        let fields = T::fields().resolved(&parts);
        let subject = uploads.subject(&parts);
        let received = read::read(&parts.headers, body, &fields, &uploads, subject.as_deref()).await?;
        let mut view = FormView::of(fields.clone(), uploads.clone(), subject.clone(), uploads.callback(&parts));
        view.values = received.texts;
        view.cleared = received.cleared;
        let completion = Completion { uploads: &uploads, subject: subject.as_deref(), fields: &fields };
        let mut completed = completion.verify(received.files, &received.superseded, &received.tickets, received.stored);
        completed.problems.splice(0..0, received.problems);
        view.take(&mut completed);
        view.validate();
        if view.is_valid()
            && let Err(error) = from_values::<T>(view.field_values())
        {
            view.add_problem(error.field.unwrap_or_default(), &Problem::TextInvalid(error.message));
        }
        if view.is_valid() {
            // Last, so that a form that is shown again has its tickets still.
            completion.accept(&mut completed).await;
            view.take(&mut completed);
        }
        completed.keep();
        if !view.is_valid() {
            view.ask_to_sign().await;
            return Ok(Self { value: None, view });
        }
        match from_values(view.field_values()) {
            Ok(value) => Ok(Self { value: Some(value), view }),
            Err(error) => {
                view.add_problem(error.field.unwrap_or_default(), &Problem::TextInvalid(error.message));
                Ok(Self { value: None, view })
            }
        }
    }
}

impl FormView {
    fn take(&mut self, completed: &mut Completed) {
        self.kept.clone_from(&completed.files);
        self.serials.clone_from(&completed.serials);
        for (field, problem) in std::mem::take(&mut completed.problems) {
            self.add_problem(field, &problem);
        }
    }

    /// Whether the visitor may upload with the form that is shown again.
    async fn ask_to_sign(&mut self) {
        let names: Vec<String> = self.fields.files.iter().map(|field| field.name.to_string()).collect();
        for name in names {
            if let Err(denied) = self.uploads.authorize(self.subject.as_deref(), &name, Intent::Sign).await {
                self.denied.insert(name.clone());
                self.add_problem(name, &denied.into());
            }
        }
    }

    fn validate(&mut self) {
        let mut problems = Vec::new();
        for field in &self.fields.texts {
            let problem = field.problem(self.values.get(field.name.as_ref()));
            problems.extend(problem.map(|problem| (field.name.to_string(), problem)));
        }
        for field in &self.fields.files {
            if field.required && self.kept.get(field.name.as_ref()).is_none_or(Vec::is_empty) {
                problems.push((field.name.to_string(), Problem::FileRequired));
            }
        }
        for (name, problem) in problems {
            // What went wrong with a file says more than that it is missing.
            if self.error(&name).is_none() {
                self.add_problem(name, &problem);
            }
        }
    }

    fn field_values(&self) -> BTreeMap<String, FieldValue> {
        let texts = self.values.iter().map(|(name, texts)| (name.clone(), FieldValue::Texts(texts.clone())));
        let files = self.fields.files.iter().map(|field| {
            let files = self.kept.get(field.name.as_ref()).cloned().unwrap_or_default();
            let value = if field.editable {
                FieldValue::Edited { files, cleared: self.cleared.contains(field.name.as_ref()) }
            } else {
                FieldValue::Files(files)
            };
            (field.name.to_string(), value)
        });
        texts.chain(files).collect()
    }
}
