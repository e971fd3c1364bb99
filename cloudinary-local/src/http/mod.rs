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
    Json, Router,
    extract::State,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};

pub(crate) use auth::Caller;
pub(crate) use error::{ApiError, RETRY_AFTER_SECONDS, X_CLD_ERROR};
pub(crate) use form::{FileField, Form, Gate, Params};
pub(crate) use segments::Segments;
pub(crate) use serve::serve;

use crate::{app::App, delivery, upload};

/// Everything the server answers. What is no API path is a delivery URL.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/v1_1/{cloud}/ping", get(ping))
        .route("/v1_1/{cloud}/delete_by_token", post(upload::delete_by_token))
        .route("/v1_1/{cloud}/{resource_type}/upload", post(upload::upload))
        .route("/v1_1/{cloud}/{resource_type}/destroy", post(upload::destroy))
        .method_not_allowed_fallback(wrong_method)
        .fallback(no_action)
        .layer(middleware::from_fn(cors::dress))
        .with_state(app)
}

/// `GET /v1_1/{cloud}/ping`, with key and secret as Basic authorization.
async fn ping(
    State(app): State<App>,
    Segments(cloud): Segments<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    if !headers.contains_key(http::header::AUTHORIZATION) {
        auth::check_cloud(&app.settings, &cloud)?;
        return Err(ApiError::unauthorized("Missing credentials: send api_key and api_secret as Basic authorization"));
    }
    auth::authorize(&app.settings, &cloud, &headers, &Params::new())?;
    Ok(Json(json!({ "status": "ok" })))
}

/// What is no known action of the API: an unknown one, or a delivery URL.
async fn no_action(app: State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if uri.path().starts_with("/v1_1/") {
        let message = format!("Unknown action {}: cloudinary-local does not carry it out", uri.path());
        return ApiError::not_found(message).into_response();
    }
    delivery::deliver(app, method, uri, headers).await
}

async fn wrong_method(method: Method, uri: Uri) -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, format!("Method {method} is not allowed for {}", uri.path()))
}
