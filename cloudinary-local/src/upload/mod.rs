//! The upload API: what comes in, what is made of it, and how it goes again.

pub(crate) mod action;
pub(crate) mod background;
mod breakpoints;
mod callback;
mod chunked;
mod collection;
mod context;
mod destroy;
pub(crate) mod edits;
mod explicit;
mod explode;
mod file;
pub(crate) mod inspect;
mod look;
pub(crate) mod made;
mod many;
pub(crate) mod metadata;
mod multi;
pub(crate) mod parameters;
mod preset;
pub(crate) mod public_id;
mod refused;
#[cfg(feature = "remote")]
mod remote;
mod rename;
pub(crate) mod request;
pub(crate) mod response;
mod source;
mod sprite;
mod tags;
pub(crate) mod values;

use axum::{
    Json,
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header::LOCATION};
use serde_json::Value;

pub(crate) use context::context;
pub(crate) use destroy::{delete_by_token, destroy, destroy_by_asset_id};
pub(crate) use explicit::explicit;
pub(crate) use explode::explode;
pub(crate) use look::look_at;
pub(crate) use metadata::metadata;
pub(crate) use multi::multi;
pub use preset::UploadPreset;
pub(crate) use public_id::{check as check_public_id, is_version};
pub(crate) use refused::{create_slideshow, text};
pub(crate) use rename::rename;
pub(crate) use response::{coordinates, moderation};
pub(crate) use sprite::{description as sprite_description, sprite};
pub(crate) use tags::tags;

use crate::{
    app::App,
    http::{ApiError, Form, Gate, Segments, auth},
    settings::Settings,
};
use request::{Requested, UploadRequest};

/// `POST /v1_1/{cloud}/{resource_type}/upload`
pub(crate) async fn upload(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let gate = Gate { settings: &app.settings, cloud: &cloud, credentials: true, known: parameters::is_known };
    let form = match Form::read(&headers, body, app.store.blobs(), &gate).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let callback = form.params.get("callback").map(String::as_str);
    let callback = callback::wanted(&headers, callback, &app.settings.callback_origins);
    let answer = match &callback {
        Ok(_) => Box::pin(accept(&app, &cloud, &resource_type, &headers, form)).await,
        // A wrong signature is told first, as always, and without following anything.
        Err(error) => auth::authorize(&app.settings, &cloud, &headers, &form.params).and_then(|_| Err(error.clone())),
    };
    match (callback, answer) {
        (Ok(Some(callback)), Ok(answer)) => redirect(&callback::with_answer(&callback, &answer)),
        (Ok(Some(callback)), Err(error)) => redirect(&callback::with_error(&callback, &error)),
        (_, Ok(answer)) => Json(answer).into_response(),
        (_, Err(error)) => error.into_response(),
    }
}

fn redirect(target: &str) -> Response {
    match HeaderValue::from_str(target) {
        Ok(target) => (StatusCode::FOUND, [(LOCATION, target)]).into_response(),
        Err(_) => ApiError::invalid("callback", "it cannot be redirected to").into_response(),
    }
}

async fn accept(
    app: &App,
    cloud: &str,
    resource_type: &str,
    headers: &HeaderMap,
    form: Form,
) -> Result<Value, ApiError> {
    let caller = auth::authorize(&app.settings, cloud, headers, &form.params)?;
    let scope = match &caller {
        auth::Caller::Trusted => "signed",
        auth::Caller::Unsigned(preset) => preset.name(),
    };
    let terms = chunked::Terms::of(&form.params);
    let request = UploadRequest::parse(&app.settings, &caller, Requested::parse(resource_type)?, form.params)?;
    let file = form.file.ok_or_else(|| ApiError::missing("file"))?;
    if let Some(piece) = chunked::Piece::of(headers, scope, &request, terms)? {
        return chunked::accept(app, &request, piece, file).await;
    }
    let received = source::receive(app, file).await?;
    file::store(app, &request, received).await
}

/// Whether uploads by a preset can work: what is wrong with its values is better told at the start.
pub(crate) fn check_preset(settings: &Settings, preset: &UploadPreset) -> Result<(), ApiError> {
    let params = preset.under(crate::http::Params::new());
    UploadRequest::parse(settings, &auth::Caller::Trusted, Requested::Auto, params).map(drop)
}

/// The largest file of the kind that was asked for.
fn max_bytes(app: &App, requested: Requested) -> u64 {
    let limits = &app.settings.limits;
    match requested {
        Requested::Image => limits.image_max_bytes,
        Requested::Raw => limits.raw_max_bytes,
        Requested::Auto => limits.image_max_bytes.max(limits.raw_max_bytes),
    }
}

fn too_large(got: u64, most: u64) -> ApiError {
    ApiError::bad_request(format!("File size too large. Got {got}. Maximum is {most}."))
}
