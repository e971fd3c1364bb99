use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{HeaderName, RETRY_AFTER},
};
use serde_json::json;

use crate::store::{ChunkFault, StoreError};

/// Carries the message of every failure, also where a body would not be read, as in an `<img>`.
pub(crate) const X_CLD_ERROR: HeaderName = HeaderName::from_static("x-cld-error");

/// When to try again what was refused for lack of room.
pub(crate) const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("2");

/// A refusal, in the service's words where they are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {message}")]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::bad_request(format!("Missing required parameter - {parameter}"))
    }

    pub(crate) fn invalid(parameter: &str, reason: impl std::fmt::Display) -> Self {
        Self::bad_request(format!("Invalid value for parameter {parameter}: {reason}"))
    }

    /// What an add-on of the service would do; nobody is subscribed to one here.
    pub(crate) fn no_add_on(name: &str) -> Self {
        let status = StatusCode::from_u16(420).unwrap_or(StatusCode::BAD_REQUEST);
        Self::new(
            status,
            format!("You don't have an active subscription for {name}: cloudinary-local carries out no add-ons"),
        )
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "413 Request entity too large")
    }

    /// The message as a header value: without what a header cannot hold.
    pub(crate) fn header(&self) -> HeaderValue {
        let text: String = self.message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1000).collect();
        HeaderValue::from_bytes(text.as_bytes()).unwrap_or_else(|_| HeaderValue::from_static("error"))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (header, status) = (self.header(), self.status);
        let mut response = (self.status, Json(json!({ "error": { "message": self.message } }))).into_response();
        response.headers_mut().insert(X_CLD_ERROR, header);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "General Error: the media store failed; see the server's log")
    }
}

impl From<std::io::Error> for ApiError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::QuotaExceeded {
            // The disk may have a quota, too, of which no more is told.
            let told = error
                .get_ref()
                .map_or_else(|| "Too much is uploaded at a time; try again later".into(), ToString::to_string);
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, told);
        }
        StoreError::from(error).into()
    }
}

impl From<ChunkFault> for ApiError {
    fn from(fault: ChunkFault) -> Self {
        match fault {
            ChunkFault::Store(error) => error.into(),
            fault => Self::bad_request(fault.to_string()),
        }
    }
}
