//! The album's cover: a picture that may be there or not.

use axum::extract::State as FromState;
use axum::response::{IntoResponse, Redirect, Response};
use cloudinary_axum::{BlankForm, Change, Fields, FileField, FormData, FormView, MIB, UploadForm, render};
use cloudinary_core::{AssetRef, ToAsset as _};
use cloudinary_sqlx::CloudinaryField;
use serde::Deserialize;

use crate::app::State;
use crate::error::AppError;
use crate::pages::{CoverPage, Layout};
use crate::upload::{FORMATS, image_options};

#[derive(Deserialize)]
pub(crate) struct CoverForm {
    cover: Change,
}

impl UploadForm for CoverForm {
    fn fields() -> Fields {
        let cover = FileField::new("cover").label("Cover").formats(FORMATS).max_bytes(10 * MIB).editable();
        Fields::new().file(cover.help("It stands above the photos.").options(image_options()))
    }
}

pub(crate) async fn page(
    FromState(state): FromState<State>,
    blank: BlankForm<CoverForm>,
) -> Result<Response, AppError> {
    show(&state, blank.into_view()).await
}

pub(crate) async fn save(FromState(state): FromState<State>, form: FormData<CoverForm>) -> Result<Response, AppError> {
    let (new, mut form) = form.into_parts();
    let Some(new) = new else { return show(&state, form).await };
    let change = |old: Option<CloudinaryField>| {
        new.cover.apply(old.map(|old| old.to_asset())).map(|asset: AssetRef| CloudinaryField::from(asset))
    };
    if let Err(error) = state.photos.change_cover(change).await {
        form.reopen().await;
        return Err(error.into());
    }
    Ok(Redirect::to("/?done=cover").into_response())
}

async fn show(state: &State, mut form: FormView) -> Result<Response, AppError> {
    if let Some(cover) = state.photos.cover().await? {
        form.set_current("cover", &cover);
    }
    let status = form.status();
    Ok((status, render(&CoverPage { layout: Layout::new(state), form }, &state.cld)?).into_response())
}
