//! Changing a photo: its title, and its picture if another is chosen.

use axum::extract::State as FromState;
use axum::response::{IntoResponse, Redirect, Response};
use cloudinary_axum::{BlankForm, Change, Fields, FileField, FormData, FormView, MIB, TextField, UploadForm, render};
use cloudinary_sqlx::CloudinaryField;
use serde::Deserialize;

use crate::app::State;
use crate::error::{self, AppError};
use crate::pages::{EditPage, Layout};
use crate::photo::Photo;
use crate::upload::{FORMATS, MAX_TITLE, image_options};

/// One of several photos has its number behind its title: " (10)".
const NUMBER: usize = 5;

#[derive(Deserialize)]
pub(crate) struct EditForm {
    title: String,
    image: Change,
}

impl UploadForm for EditForm {
    fn fields() -> Fields {
        let image = FileField::new("image").label("Another picture").formats(FORMATS).max_bytes(10 * MIB);
        Fields::new()
            .text(TextField::new("title").label("Title").max_chars(MAX_TITLE + NUMBER))
            .file(image.editable().help("Leave it empty to keep the one there is.").options(image_options()))
    }
}

pub(crate) async fn page(
    FromState(state): FromState<State>,
    photo: Photo,
    blank: BlankForm<EditForm>,
) -> Result<Response, AppError> {
    let mut form = blank.into_view();
    form.set_value("title", &photo.title);
    show(&state, photo, form)
}

pub(crate) async fn save(
    FromState(state): FromState<State>,
    photo: Photo,
    form: FormData<EditForm>,
) -> Result<Response, AppError> {
    let (edit, mut form) = form.into_parts();
    let Some(edit) = edit else { return show(&state, photo, form) };
    let image = match edit.image {
        Change::Replaced(uploaded) => Some(CloudinaryField::from(uploaded.into_asset())),
        // A photo is nothing without its picture; the page offers no box to remove it.
        Change::Unchanged | Change::Removed => None,
    };
    match state.photos.update(photo.id, &edit.title, image.as_ref()).await {
        Ok(true) => Ok(Redirect::to("/?done=changed").into_response()),
        // The new picture has no row, and is released.
        Ok(false) => Ok(error::not_found().await.into_response()),
        Err(error) => {
            form.reopen().await;
            Err(error.into())
        }
    }
}

fn show(state: &State, photo: Photo, form: FormView) -> Result<Response, AppError> {
    let status = form.status();
    let page = EditPage { layout: Layout::new(state), photo, form };
    Ok((status, render(&page, &state.cld)?).into_response())
}
