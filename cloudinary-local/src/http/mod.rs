//! Requests and answers, whatever they are about.

pub(crate) mod auth;
mod body;
mod cors;
mod error;
mod form;
mod multipart;
mod pace;
mod peers;
mod segments;
mod serve;
mod slow;

use axum::{
    Router,
    extract::State,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{HeaderMap, Method, StatusCode, Uri};

pub(crate) use auth::Caller;
pub(crate) use body::whole as whole_body;
pub(crate) use error::{ApiError, RETRY_AFTER_SECONDS, X_CLD_ERROR};
pub(crate) use form::{FileField, Form, Gate, Params};
pub(crate) use segments::Segments;
pub(crate) use serve::serve;

use crate::{admin, app::App, archive, delivery, search, upload};

/// Everything the server answers. What is no API path is a delivery URL.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .merge(admin::router())
        .route("/v1_1/{cloud}/delete_by_token", post(upload::delete_by_token))
        .route("/v1_1/{cloud}/{resource_type}/upload", post(upload::upload))
        .route("/v1_1/{cloud}/asset/destroy", post(upload::destroy_by_asset_id))
        .route("/v1_1/{cloud}/{resource_type}/context", post(upload::context))
        .route("/v1_1/{cloud}/{resource_type}/destroy", post(upload::destroy))
        .route("/v1_1/{cloud}/download_backup", get(archive::backup))
        .route("/v1_1/{cloud}/{resource_type}/download", get(archive::private))
        .route("/v1_1/{cloud}/{resource_type}/download_tag.zip", get(archive::tag_link))
        .route("/v1_1/{cloud}/{resource_type}/explicit", post(upload::explicit))
        .route("/v1_1/{cloud}/{resource_type}/explode", post(upload::explode))
        .route("/v1_1/{cloud}/{resource_type}/generate_archive", post(archive::generate).get(archive::link))
        .route("/v1_1/{cloud}/{resource_type}/metadata", post(upload::metadata))
        .route("/v1_1/{cloud}/{resource_type}/multi", post(upload::multi))
        .route("/v1_1/{cloud}/{resource_type}/sprite", post(upload::sprite))
        .route("/v1_1/{cloud}/{resource_type}/rename", post(upload::rename))
        .route("/v1_1/{cloud}/{resource_type}/tags", post(upload::tags))
        .route("/v1_1/{cloud}/{resource_type}/text", post(upload::text))
        .route("/v1_1/{cloud}/{resource_type}/create_slideshow", post(upload::create_slideshow))
        .method_not_allowed_fallback(wrong_method)
        .fallback(no_action)
        .layer(middleware::from_fn(cors::dress))
        .with_state(app)
}

/// What is no known action of the API: an unknown one, or a delivery URL.
async fn no_action(app: State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if uri.path().starts_with("/v1_1/") {
        let message = format!("Unknown action {}: cloudinary-local does not carry it out", uri.path());
        return ApiError::not_found(message).into_response();
    }
    if search::is_signed_path(uri.path()) && method == Method::GET {
        return search::signed(&app, uri.path()).await;
    }
    delivery::deliver(app, method, uri, headers).await
}

async fn wrong_method(method: Method, uri: Uri) -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, format!("Method {method} is not allowed for {}", uri.path()))
}
