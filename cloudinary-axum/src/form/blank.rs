//! A form before anybody has typed anything.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::UploadForm;
use super::view::FormView;
use crate::policy::{Denied, Intent};
use crate::uploads::Uploads;

/// Extracts a blank form, to be rendered: with tickets for the visitor who asks for the page, so that no shared cache may
/// keep it.
///
/// ```no_run
/// # use cloudinary_axum::{BlankForm, Fields, FileField, UploadForm, Uploaded};
/// # use axum::response::Html;
/// # #[derive(serde::Deserialize)] struct PhotoForm { image: Uploaded }
/// # impl UploadForm for PhotoForm { fn fields() -> Fields { Fields::new().file(FileField::new("image")) } }
/// async fn page(form: BlankForm<PhotoForm>) -> Result<Html<String>, cloudinary_axum::RenderError> {
///     Ok(Html(format!("<form method=post enctype=multipart/form-data>{}<button>Add</button></form>", form.row("image")?)))
/// }
/// ```
///
/// # Errors
/// [`Denied`], when the policy lets the visitor sign no upload.
#[derive(Debug)]
pub struct BlankForm<T> {
    view: FormView,
    form: PhantomData<fn() -> T>,
}

impl<T> BlankForm<T> {
    /// What templates take.
    pub fn into_view(self) -> FormView {
        self.view
    }
}

impl<T> Deref for BlankForm<T> {
    type Target = FormView;

    fn deref(&self) -> &FormView {
        &self.view
    }
}

impl<T, S> FromRequestParts<S> for BlankForm<T>
where
    T: UploadForm,
    S: Send + Sync,
    Uploads: FromRef<S>,
{
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        let uploads = Uploads::from_ref(state);
        let fields = uploads.fields_of::<T>().resolved(parts);
        let subject = uploads.subject(parts);
        for field in &fields.files {
            uploads.authorize(subject.as_deref(), &field.name, Intent::Sign).await?;
        }
        let callback = uploads.callback(parts);
        Ok(Self { view: FormView::of(fields, uploads, subject, callback), form: PhantomData })
    }
}
