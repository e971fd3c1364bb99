//! The sample photos, for an album that is still empty.

use axum::extract::State as FromState;
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;
use cloudinary_core::UploadSource;
use cloudinary_sqlx::CloudinaryField;

use crate::app::State;
use crate::error::AppError;
use crate::upload::image_options;

macro_rules! samples {
    ($($title:literal => $file:literal,)*) => {
        /// Title, file name and content; the last is the first in the list.
        const SAMPLES: &[(&str, &str, &[u8])] =
            &[$(($title, $file, include_bytes!(concat!("../photos/", $file)).as_slice()),)*];
    };
}

samples! {
    "An espresso, cut out" => "espresso.png",
    "A dahlia, turning" => "dahlia.gif",
    "A fig" => "fig.jpg",
    "The cat" => "cat.jpg",
    "Dandelions" => "dandelions.jpg",
    "The Solvay conference, 1927" => "solvay_1927.jpg",
    "Two spaniels" => "spaniels.jpg",
    "Eileen Collins, astronaut" => "astronaut.jpg",
    "Picos de Europa" => "picos_de_europa.jpg",
}

/// Loads the samples into an empty album; leaves one with photos in it as it is.
pub(crate) async fn load(FromState(state): FromState<State>) -> Result<Response, AppError> {
    if !state.photos.all().await?.is_empty() {
        return Ok(Redirect::to("/").into_response());
    }
    let mut photos = Vec::with_capacity(SAMPLES.len());
    for (title, file, content) in SAMPLES {
        let source = UploadSource::bytes(*file, Bytes::from_static(content));
        let options = state.photos.attachments.reserve(&state.photos.pool, &image_options()).await?;
        let image = CloudinaryField::from(state.cld.upload(source, &options).await?.asset()?);
        photos.insert(0, ((*title).to_owned(), image));
    }
    // Whoever clicked twice has two sets of images, of which one finds no row, and is released.
    state.photos.insert_first(photos).await?;
    Ok(Redirect::to("/?done=samples").into_response())
}
