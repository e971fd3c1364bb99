//! What goes wrong on the way to a page, as a page.

use axum::extract::State as FromState;
use axum::response::{IntoResponse, Response};
use cloudinary_core::Cloudinary;
use http::StatusCode;

use crate::app::State;
use crate::pages::{ErrorPage, Layout};
use crate::photo::PhotoError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum AppError {
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the photos: {0}")]
    Photo(#[from] PhotoError),
    #[error("the attachments: {0}")]
    Attachment(#[from] cloudinary_sqlx::Error),
    #[error("the page: {0}")]
    Template(#[from] askama::Error),
    #[error("the media service: {0}")]
    Media(#[from] cloudinary_core::Error),
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        tracing::error!(error = %self, "a request failed");
        let (status, message) = match self {
            Self::Media(_) => (StatusCode::BAD_GATEWAY, "The media service does not answer. Try again in a moment."),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here. Try again in a moment."),
        };
        (status, message).into_response()
    }
}

/// Any path without a page.
pub(crate) async fn not_found(FromState(state): FromState<State>) -> Result<Response, AppError> {
    page(&state, StatusCode::NOT_FOUND, "There is no such page, or no such photo any more.")
}

pub(crate) fn page(state: &State, status: StatusCode, message: &str) -> Result<Response, AppError> {
    let cld: &Cloudinary = &state.cld;
    let page = ErrorPage { layout: Layout::new(state), status: status.as_u16(), message: message.to_owned() };
    Ok((status, cloudinary_axum::render(&page, cld)?).into_response())
}
