//! Listing, showing and deleting photos.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Query, State as FromState};
use axum::response::{IntoResponse, Redirect, Response};
use cloudinary_axum::render;
use cloudinary_core::{Crop, Gravity, Transformation};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;

use crate::app::State;
use crate::error::{self, AppError};
use crate::pages::{DeletePage, Example, Layout, ListPage, PhotoPage};
use crate::photo::{Photo, thumbnail};

/// What was just done, for a line at the top of the list.
#[derive(Deserialize)]
pub(crate) struct Done {
    done: Option<String>,
    /// The photo that was deleted, and can be had back.
    undo: Option<i64>,
}

impl Done {
    fn message(&self) -> Option<&'static str> {
        match self.done.as_deref()? {
            "added" => Some("The photo is in the album."),
            "deleted" => Some("The photo is deleted."),
            "changed" => Some("The photo is changed."),
            "restored" => Some("The photo is back."),
            "too-late" => Some("It is too late to have this photo back."),
            "cover" => Some("The cover is changed."),
            "samples" => Some("The sample photos are in the album."),
            _ => None,
        }
    }
}

pub(crate) async fn list(FromState(state): FromState<State>, Query(done): Query<Done>) -> Result<Response, AppError> {
    let layout = Layout { flash: done.message(), undo: done.undo, ..Layout::new(&state) };
    let (cover, photos) = (state.photos.cover().await?, state.photos.all().await?);
    let page = ListPage { layout, cover, photos, thumbnail: thumbnail() };
    Ok(render(&page, &state.cld)?.into_response())
}

pub(crate) async fn show(FromState(state): FromState<State>, photo: Photo) -> Result<Response, AppError> {
    let page = PhotoPage {
        layout: Layout::new(&state),
        photo,
        view: Transformation::new().width(1200).height(900).crop(Crop::Limit),
        examples: examples(),
    };
    Ok(render(&page, &state.cld)?.into_response())
}

/// The five of the Django sample.
fn examples() -> Vec<Example> {
    let square = || Transformation::new().width(300).height(300);
    let example = |name, transformation, format| Example { name, transformation, format };
    vec![
        example("Filled, with round corners", square().crop(Crop::Fill).radius(20), "jpg"),
        example("Scaled", square().crop(Crop::Scale), "jpg"),
        example("Fitted", square().crop(Crop::Fit), "png"),
        example("Thumbnail of the face", square().crop(Crop::Thumb).gravity(Gravity::Face), "jpg"),
        example(
            "Sepia, tilted",
            square().crop(Crop::Fill).gravity(Gravity::North).effect("sepia").then().angle(20),
            "png",
        ),
    ]
}

pub(crate) async fn confirm_delete(FromState(state): FromState<State>, photo: Photo) -> Result<Response, AppError> {
    let page = DeletePage { layout: Layout::new(&state), photo, thumbnail: thumbnail() };
    Ok(render(&page, &state.cld)?.into_response())
}

pub(crate) async fn delete(FromState(state): FromState<State>, photo: Photo) -> Result<Response, AppError> {
    state.photos.remove(photo.id).await?;
    Ok(Redirect::to(&format!("/?done=deleted&undo={}", photo.id)).into_response())
}

pub(crate) async fn restore(
    FromState(state): FromState<State>,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Response, AppError> {
    let Ok(Path(id)) = id else { return Ok(error::not_found().await.into_response()) };
    let done = if state.photos.restore(id).await? { "restored" } else { "too-late" };
    Ok(Redirect::to(&format!("/?done={done}")).into_response())
}

/// The photo a path names by its id; a page that says so when there is none.
impl FromRequestParts<State> for Photo {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let missing = || (StatusCode::NOT_FOUND, "There is no such photo any more.").into_response();
        let Ok(Path(id)) = Path::<i64>::from_request_parts(parts, state).await else {
            return Err(missing());
        };
        match state.photos.find(id).await {
            Ok(found) => found.ok_or_else(missing),
            Err(error) => Err(AppError::from(error).into_response()),
        }
    }
}
