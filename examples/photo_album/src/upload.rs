//! Adding a photo: one form, one handler, both flows.

use axum::extract::{FromRequestParts, Query, State as FromState};
use axum::response::{IntoResponse, Redirect, Response};
use cloudinary_axum::{Fields, FileField, FormData, FormView, MIB, TextField, UploadForm, Uploaded, assets, render};
use cloudinary_core::{Crop, Transformation, UploadOptions};
use cloudinary_sqlx::CloudinaryField;
use http::header::HOST;
use http::request::Parts;
use serde::Deserialize;

use crate::app::{State, UNSIGNED_PRESET};
use crate::error::AppError;
use crate::pages::{Layout, UploadPage};
use crate::photo::{Photo, thumbnail};

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

const FORMATS: [&str; 4] = ["jpg", "png", "gif", "webp"];

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
    callback: Callback,
) -> Result<Response, AppError> {
    render_page(&state, &mode, callback, None)
}

pub(crate) async fn create(
    FromState(state): FromState<State>,
    Query(mode): Query<Mode>,
    callback: Callback,
    form: FormData<PhotoForm>,
) -> Result<Response, AppError> {
    let (photo, mut form) = form.into_parts();
    let Some(photo) = photo else {
        return render_page(&state, &mode, callback, Some(form));
    };
    let is_new = photo.image.response().is_some();
    let image = CloudinaryField::from(photo.image.into_asset());
    match Photo::insert(&state.database, &photo.title, &image).await {
        Ok(()) => Ok(Redirect::to("/?done=added").into_response()),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            form.add_error("image", "This photo is in the album already.");
            render_page(&state, &mode, callback, Some(form))
        }
        Err(error) => {
            // What this request stored, no row will ever point to. What came by its reference may be another row's.
            if is_new && let Err(error) = state.cld.destroy(image.asset()).await {
                tracing::error!(%image, %error, "a photo without a row is still with the media service");
            }
            Err(error.into())
        }
    }
}

/// A form that was refused stays at the address it was sent to; loading that again gives a blank one.
pub(crate) async fn reloaded() -> Redirect {
    Redirect::to("/upload")
}

fn render_page(state: &State, mode: &Mode, callback: Callback, failed: Option<FormView>) -> Result<Response, AppError> {
    let unsigned = mode.mode.as_deref() == Some("unsigned");
    let is_direct = mode.form.as_deref() == Some("direct");
    let status = failed.as_ref().map_or(http::StatusCode::OK, FormView::status);
    let (server, direct) = if is_direct { (None, failed) } else { (failed, None) };
    let blank = || FormView::new::<PhotoForm>(&state.cld);
    let for_direct = match callback.0 {
        Some(url) => direct.clone().unwrap_or_else(blank).callback(url),
        None => direct.clone().unwrap_or_else(blank),
    };
    let page = UploadPage {
        layout: Layout::new(state),
        unsigned,
        server_field: server.clone().unwrap_or_else(blank).file_input("image")?,
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

/// The address of the page that old browsers are sent back to, on the one of the album's own hosts that the visitor asked
/// for. It is signed, so that a host the request made up never gets in.
pub(crate) struct Callback(Option<String>);

impl FromRequestParts<State> for Callback {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        let asked = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let own = state.site.origins.iter().find(|origin| origin.strip_prefix("http://") == Some(asked));
        Ok(Self(own.map(|origin| format!("{origin}/cloudinary/{}", assets::CORS_PAGE))))
    }
}
