//! What goes wrong on the way to a page, as a page that says what to do.

use axum::body::to_bytes;
use axum::extract::{Request, State as FromState};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{Method, StatusCode};

use crate::app::State;
use crate::pages::{ErrorPage, Layout};
use crate::photo::PhotoError;

/// As much of a plain answer as a page repeats, in bytes.
const MAX_WORDS: usize = 4096;

const OTHER_METHOD: &str = "Nothing was changed. The links and buttons of the album lead the right way.";
const OTHER_SITE: &str = "The form was sent from another site. Open the album itself, and send it from there.";

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
        let (status, words) = match self {
            Self::Media(_) => (
                StatusCode::BAD_GATEWAY,
                "The photos cannot be reached where they are kept. Nothing that was in the album is lost.",
            ),
            _ => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "The album made a mistake, and what you asked for was not done, or not all of it.",
            ),
        };
        (status, words).into_response()
    }
}

/// Any path without a page.
pub(crate) async fn not_found() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "There is no such page, or no such photo any more.")
}

/// Makes a page of every error that is told in plain words, whether a handler, an extractor or a layer told it.
pub(crate) async fn as_pages(FromState(state): FromState<State>, request: Request, next: Next) -> Response {
    // What was only asked for can be asked for again; a form is better sent again by the visitor, who has it still.
    let again = (request.method() == Method::GET).then(|| request.uri().to_string());
    let response = next.run(request).await;
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE);
    let is_plain = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !is_plain || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let words = to_bytes(body, MAX_WORDS).await.unwrap_or_default();
    let words = match (String::from_utf8_lossy(&words).into_owned(), status) {
        // Layers and routers say nothing.
        (words, StatusCode::FORBIDDEN) if words.is_empty() => OTHER_SITE.to_owned(),
        (words, StatusCode::METHOD_NOT_ALLOWED) if words.is_empty() => OTHER_METHOD.to_owned(),
        (words, _) => words,
    };
    let page = ErrorPage {
        layout: Layout::new(&state),
        status: status.as_u16(),
        heading: heading(status),
        words,
        ours: status.is_server_error(),
        again: again.filter(|_| status.is_server_error()),
    };
    match cloudinary_axum::render(&page, &state.cld) {
        Ok(html) => {
            let page = html.into_response();
            head.headers.remove(CONTENT_LENGTH);
            head.headers.extend(page.headers().clone());
            Response::from_parts(head, page.into_body())
        }
        Err(error) => {
            tracing::error!(%error, "the page of an error cannot be rendered");
            (status, page.words).into_response()
        }
    }
}

fn heading(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Nothing here",
        StatusCode::FORBIDDEN => "This was not allowed",
        StatusCode::METHOD_NOT_ALLOWED => "This page cannot be used that way",
        StatusCode::PAYLOAD_TOO_LARGE => "That was too much at once",
        StatusCode::TOO_MANY_REQUESTS => "That was too often",
        StatusCode::BAD_GATEWAY => "The media service does not answer",
        status if status.is_server_error() => "Something went wrong here",
        _ => "This could not be read",
    }
}
