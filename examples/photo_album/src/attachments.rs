//! Which row holds which file.

use axum::extract::State as FromState;
use axum::response::{IntoResponse, Response};
use cloudinary_axum::render;

use crate::app::State;
use crate::error::AppError;
use crate::pages::{AttachmentsPage, Layout};

/// As many as the page shows.
const SHOWN: usize = 200;

pub(crate) async fn page(FromState(state): FromState<State>) -> Result<Response, AppError> {
    let attachments = state.photos.attachments.page(&state.photos.pool, None, SHOWN).await?;
    let page = AttachmentsPage { layout: Layout::new(&state), attachments };
    Ok(render(&page, &state.cld)?.into_response())
}
