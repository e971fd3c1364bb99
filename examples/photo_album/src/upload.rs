//! Adding a photo: one form, one handler, both flows.

use axum::extract::{Query, State as FromState};
use axum::response::{IntoResponse, Redirect, Response};
use cloudinary_axum::{BlankForm, Fields, FileField, FormData, FormView, MIB, TextField, UploadForm, Uploaded, render};
use cloudinary_core::{Crop, Transformation, UploadOptions};
use cloudinary_sqlx::CloudinaryField;
use serde::Deserialize;

use crate::app::{State, UNSIGNED_PRESET};
use crate::error::AppError;
use crate::pages::{Layout, UploadPage};
use crate::photo::thumbnail;

#[derive(Deserialize)]
pub(crate) struct PhotoForm {
    title: String,
    image: Uploaded,
}

impl UploadForm for PhotoForm {
    fn fields() -> Fields {
        Fields::new()
            .text(TextField::new("title").max_chars(200))
            .file(FileField::new("image").formats(FORMATS).max_bytes(10 * MIB).options(image_options()))
    }
}

pub(crate) const FORMATS: [&str; 4] = ["jpg", "png", "gif", "webp"];

/// How photos are stored: never larger than any page shows them, and with the list's thumbnail made at once.
pub(crate) fn image_options() -> UploadOptions {
    UploadOptions::new()
        .tags(["photo_album"])
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
    render_page(&state, &mode, &blank, None)
}

pub(crate) async fn create(
    FromState(state): FromState<State>,
    Query(mode): Query<Mode>,
    blank: BlankForm<PhotoForm>,
    form: FormData<PhotoForm>,
) -> Result<Response, AppError> {
    match form.into_result() {
        Ok(photo) => {
            // Should this fail, no row holds the image, and it is released.
            let image = CloudinaryField::from(photo.image.into_asset());
            state.photos.insert([(photo.title.as_str(), &image)]).await?;
            Ok(Redirect::to("/?done=added").into_response())
        }
        Err(invalid) => render_page(&state, &mode, &blank, Some(invalid)),
    }
}

/// A form that was refused stays at the address it was sent to; loading that again gives a blank one.
pub(crate) async fn reloaded() -> Redirect {
    Redirect::to("/upload")
}

fn render_page(state: &State, mode: &Mode, blank: &FormView, failed: Option<FormView>) -> Result<Response, AppError> {
    let unsigned = mode.mode.as_deref() == Some("unsigned");
    let is_direct = mode.form.as_deref() == Some("direct");
    let status = failed.as_ref().map_or(http::StatusCode::OK, FormView::status);
    let (server, direct) = if is_direct { (None, failed) } else { (failed, None) };
    let for_direct = direct.as_ref().unwrap_or(blank);
    let page = UploadPage {
        layout: Layout::new(state),
        unsigned,
        server_field: server.as_ref().unwrap_or(blank).file_input("image")?,
        direct_field: if unsigned {
            for_direct.unsigned_direct_field("image", UNSIGNED_PRESET)?
        } else {
            for_direct.direct_field("image")?
        },
        server,
        direct,
        thumbnail: thumbnail(),
    };
    Ok((status, render(&page, &state.cld)?).into_response())
}
