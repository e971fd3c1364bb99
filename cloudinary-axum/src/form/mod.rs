//! One form for both upload flows.
//!
//! A form declares its fields once ([`UploadForm`]). [`FormData`] reads it whichever way it comes: with the file in it,
//! which streams on to the media service; or with the signed reference to a file that the browser uploaded itself.

mod blank;
mod body;
mod buffer;
mod change;
mod complete;
mod disposition;
mod fields;
mod file_field;
mod forms;
mod held;
mod loan;
mod multipart;
mod problem;
mod read;
mod search;
mod spending;
mod store;
mod stored;
mod text_field;
mod uploaded;
mod values;
mod view;
mod words;

use std::collections::BTreeMap;

use axum::extract::{FromRef, FromRequest, Request};
use serde::de::DeserializeOwned;

pub use self::blank::BlankForm;
pub use self::body::BODY_IDLE_TIMEOUT;
pub use self::change::Change;
pub use self::fields::{Fields, MAX_EXCESS_BYTES, MAX_FORM_PARTS, MAX_FORM_TEXT_BYTES, MIB};
pub use self::file_field::{DEFAULT_MAX_FILE_BYTES, DEFAULT_MAX_FILES, FileField};
pub(crate) use self::forms::Forms;
pub use self::multipart::{MAX_BOUNDARY_BYTES, MAX_PART_HEAD_BYTES};
pub use self::problem::Problem;
pub(crate) use self::read::DIRECT_FILE_PART;
pub use self::store::MAX_HELD_BYTES;
pub use self::text_field::{DEFAULT_MAX_TEXT_CHARS, TextField};
pub use self::uploaded::Uploaded;
pub use self::view::FormView;
pub(crate) use self::view::Rendering;
pub(crate) use self::words::Words;

use self::complete::Completion;
use self::held::Held;
use self::spending::Spending;
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
pub trait UploadForm: DeserializeOwned + Send + 'static {
    /// The fields, by the names the struct has them under. An [`Uploads`] asks once and remembers the answer; what
    /// depends on the request goes into [`FileField::options_for`].
    fn fields() -> Fields;
}

/// Extracts a form, uploads the files in it, and verifies the files uploaded before it.
///
/// The app's state must give an [`Uploads`] ([`FromRef`]). Small files are held in memory, and may be sent on while they
/// come; others stream on to the media service in chunks, of which one is held while the next one comes:
/// [`MAX_HELD_BYTES`] says which.
///
/// What a visitor can mend is no error of the extractor: [`into_result`](Self::into_result) then gives the [`FormView`]
/// to render again, with what was typed, the errors beside their fields, and the files that are already stored.
///
/// When the request breaks off before it is read to its end, or the visitor leaves, what it stored is deleted again.
/// From then on the files are the handler's: one that fails after this should destroy them, and let the form be sent
/// again ([`FormView::reopen`]).
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
/// # A form that is sent twice
/// A double click, a page gone back to, or its second tab sends a form again. Every file field that a [`FormView`] renders
/// carries a ticket, in a hidden input named `{field}.ticket`, and the first request with a file that is accepted spends
/// those of its form. One after it is shown the form again, with [`Problem::SentBefore`] beside the field, 409, and fresh
/// tickets; what it stored is destroyed, and what the first one brought is left alone. Of two at once, one gets through.
///
/// - Nothing is spent by a form with a mistake in it, which is shown again with the same ticket, by one that breaks off, or
///   by one whose visitor leaves before it is accepted; nor by one that brings no file: texts, a box that is ticked, or an
///   optional file left empty can be sent as often as the app likes.
/// - Several files of one form are one; so are those of several fields.
/// - Without a ticket a file that comes with the form is taken as it is: from a program that never saw the page, or a page
///   with inputs of its own. A script that sends one form again and again leaves the ticket out. The ticket says nothing of
///   who sends a form; that is for a layer against cross-site requests, and for the [`UploadPolicy`](crate::UploadPolicy).
/// - Beside such a file a ticket is never too old, nor of the wrong visitor: it only counts the form. That it was spent is
///   remembered for a day, 24 times [`Uploads::ticket_lifetime`], where the [`TicketStore`](crate::TicketStore) says. When
///   that store fails, the form is shown again with its files kept.
/// - Under a public id that the app chose, or the name of the visitor's file, the second file has taken the first one's
///   place by then; it is not destroyed.
///
/// A page with a form is for one visitor: out of a shared cache, all of them would send one form.
///
/// # What is read
/// Names of files as all programs write them: browsers put `%22` for a quote and leave a backslash as it is, others put a
/// backslash before either. Boundaries of up to [`MAX_BOUNDARY_BYTES`]. Parts in any order.
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
        let fields = uploads.fields_of::<T>().resolved(&parts);
        let subject = uploads.subject(&parts);
        let received = read::read(&parts.headers, body, &fields, &uploads, subject.as_deref()).await?;
        let completion = Completion { uploads: &uploads, subject: subject.as_deref(), fields: &fields };
        let mut completed = completion.verify(received.files, received.stored);
        let mut problems = received.problems;
        problems.append(&mut completed.problems);
        validate(&fields, &received.texts, &completed.fields, &mut problems);
        let mut value = None;
        let mut spending = Spending::new(&uploads);
        if problems.is_empty() {
            value = made(&fields, &received.texts, &completed.fields, &mut problems);
        }
        if problems.is_empty() {
            // Last, so that a form that is shown again has its tickets still.
            completion.accept(&mut completed, &mut spending).await;
            problems.append(&mut completed.problems);
            if problems.is_empty() && completed.has_facts {
                value = made(&fields, &received.texts, &completed.fields, &mut problems);
            }
        }
        let callback = uploads.callback(&parts);
        let mut view = FormView::of(fields, uploads, subject, callback);
        view.values = received.texts;
        view.held = completed.keep();
        if problems.is_empty() {
            view.spent = spending.keep();
            return Ok(Self { value, view });
        }
        // The form that is shown again has tickets of its own.
        spending.keep();
        for (field, problem) in problems {
            view.add_problem(field, &problem);
        }
        view.ask_to_sign().await;
        Ok(Self { value: None, view })
    }
}

/// Adds what is missing or too long. What went wrong with a file says more than that it is missing.
fn validate(
    fields: &Fields,
    texts: &BTreeMap<String, Vec<String>>,
    held: &[Held],
    problems: &mut Vec<(String, Problem)>,
) {
    let texts = fields.texts.iter().map(|field| (&field.name, field.problem(texts.get(field.name.as_ref()))));
    let files =
        fields.files.iter().zip(held).map(|(field, held)| {
            (&field.name, (field.required && held.files.is_empty()).then_some(Problem::FileRequired))
        });
    for (name, problem) in texts.chain(files) {
        if let Some(problem) = problem
            && !problems.iter().any(|(known, _)| known == name)
        {
            problems.push((name.to_string(), problem));
        }
    }
}

/// The struct, or the reason why there is none.
fn made<T: UploadForm>(
    fields: &Fields,
    texts: &BTreeMap<String, Vec<String>>,
    held: &[Held],
    problems: &mut Vec<(String, Problem)>,
) -> Option<T> {
    let texts = texts.iter().map(|(name, texts)| (name.as_str(), FieldValue::Texts(texts)));
    let files = fields.files.iter().zip(held).map(|(field, held)| {
        let value = if field.editable {
            FieldValue::Edited { files: &held.files, cleared: held.cleared }
        } else {
            FieldValue::Files(&held.files)
        };
        (field.name.as_ref(), value)
    });
    match from_values(texts.chain(files)) {
        Ok(value) => Some(value),
        Err(error) => {
            problems.push((error.field.unwrap_or_default(), Problem::TextInvalid(error.message)));
            None
        }
    }
}

impl FormView {
    /// Whether the visitor may upload with the form that is shown again.
    async fn ask_to_sign(&mut self) {
        for at in 0..self.held.len() {
            let Some(field) = self.fields.files.get(at) else { continue };
            let asked = self.uploads.authorize(self.subject.as_deref(), &field.name, Intent::Sign).await;
            if let Err(denied) = asked {
                let name = field.name.to_string();
                if let Some(held) = self.held.get_mut(at) {
                    held.denied = true;
                }
                self.add_problem(name, &denied.into());
            }
        }
    }
}
