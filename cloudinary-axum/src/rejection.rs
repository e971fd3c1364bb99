//! Requests that are no form at all.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::RETRY_AFTER;

use crate::policy::Denied;

/// Why a request could not be read as a form. What a visitor can mend is no rejection but an invalid
/// [`FormView`](crate::FormView).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormRejection {
    /// 415: another content type.
    #[error("send the form as multipart/form-data or application/x-www-form-urlencoded, not as {0:?}")]
    NotAForm(String),

    /// 400: the body ended early or is not what its content type says.
    #[error("the form cannot be read: {0}")]
    Malformed(String),

    /// 413: more parts or bytes than a form of these fields can have.
    #[error("the form is too large: {0}")]
    TooLarge(String),
}

impl FormRejection {
    /// The status the rejection answers with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotAForm(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}

impl IntoResponse for FormRejection {
    fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.message).into_response();
        if let Some(wait) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, wait.as_secs().into());
        }
        response
    }
}

/// A field or a template cannot be rendered; 500. The cause is logged, and no visitor sees it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A field cannot be signed, or there is none of that name.
    #[error(transparent)]
    Field(#[from] cloudinary_core::Error),

    /// The template.
    #[error(transparent)]
    Template(#[from] askama::Error),
}

impl IntoResponse for RenderError {
    fn into_response(self) -> Response {
        tracing::error!(error = %self, "a page cannot be rendered");
        (StatusCode::INTERNAL_SERVER_ERROR, "This page cannot be shown just now.").into_response()
    }
}
