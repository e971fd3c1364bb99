//! Adding photos: one form, one handler, both flows, one photo or several.

use axum::extract::{Query, State as FromState};
use axum::response::{IntoResponse, Redirect, Response};
use cloudinary_axum::{BlankForm, Fields, FileField, FormData, FormView, MIB, TextField, UploadForm, Uploaded, render};
use cloudinary_core::{Crop, Transformation, UploadOptions};
use cloudinary_sqlx::CloudinaryField;
use serde::Deserialize;

use crate::app::State;
use crate::error::AppError;
use crate::pages::{Layout, UploadPage};
use crate::photo::thumbnail;

#[derive(Deserialize)]
pub(crate) struct PhotoForm {
    title: String,
    image: Vec<Uploaded>,
}

impl UploadForm for PhotoForm {
    fn fields() -> Fields {
        let image = FileField::new("image").at_most(MOST).formats(FORMATS).max_bytes(10 * MIB);
        Fields::new().text(TextField::new("title").max_chars(MAX_TITLE)).file(image.options(image_options()))
    }
}

/// The most photos that one form adds.
pub(crate) const MOST: usize = 10;
/// The longest title that can be typed for new photos, in characters.
pub(crate) const MAX_TITLE: usize = 200;
pub(crate) const FORMATS: [&str; 4] = ["jpg", "png", "gif", "webp"];

/// The tag of all the album stores, by which uploads are found that no form claimed.
pub(crate) const TAG: &str = "photo_album";

/// How photos are stored: never larger than any page shows them, and with the list's thumbnail made at once.
pub(crate) fn image_options() -> UploadOptions {
    UploadOptions::new()
        .tags([TAG])
        .allowed_formats(FORMATS)
        .incoming(Transformation::new().width(2000).height(2000).crop(Crop::Limit))
        .eager([thumbnail()])
}

/// Which of the page's two forms, and which kind of direct upload.
#[derive(Deserialize)]
pub(crate) struct Mode {
    form: Option<String>,
    mode: Option<String>,
}

pub(crate) async fn page(
    FromState(state): FromState<State>,
    Query(mode): Query<Mode>,
    blank: BlankForm<PhotoForm>,
) -> Result<Response, AppError> {
    show(&state, &mode, blank.clone(), blank.into_view())
}

pub(crate) async fn create(
    FromState(state): FromState<State>,
    Query(mode): Query<Mode>,
    blank: BlankForm<PhotoForm>,
    form: FormData<PhotoForm>,
) -> Result<Response, AppError> {
    let (photos, mut form) = form.into_parts();
    let Some(photos) = photos else { return show(&state, &mode, blank.into_view(), form) };
    if let Err(error) = state.photos.insert(photos.titled()).await {
        // No row holds the images, and they are released. The visitor is sent back to the form.
        form.reopen().await;
        return Err(error.into());
    }
    Ok(Redirect::to("/?done=added").into_response())
}

/// The page with both forms; one of them is blank.
fn show(state: &State, mode: &Mode, blank: FormView, form: FormView) -> Result<Response, AppError> {
    let status = form.status();
    let is_direct = mode.form.as_deref() == Some("direct");
    let (server, direct) = if is_direct { (blank, form) } else { (form, blank) };
    let unsigned = mode.mode.as_deref() == Some("unsigned");
    let page = UploadPage { layout: Layout::new(state), unsigned, server, direct };
    Ok((status, render(&page, &state.cld)?).into_response())
}

impl PhotoForm {
    /// Each photo with a title of its own: the one that was typed and, of several, its number.
    fn titled(self) -> Vec<(String, CloudinaryField)> {
        let title = self.title.trim();
        let several = self.image.len() > 1;
        let named = |(at, image): (usize, Uploaded)| {
            let title = if several { format!("{title} ({})", at + 1) } else { title.to_owned() };
            (title, CloudinaryField::from(image.into_asset()))
        };
        self.image.into_iter().enumerate().map(named).collect()
    }
}

/// A form that was refused stays at the address it was sent to; loading that again gives a blank one.
pub(crate) async fn reloaded() -> Redirect {
    Redirect::to("/upload")
}
