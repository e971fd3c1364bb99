//! What can be told of a stored picture by looking at it again.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::file::{analyse, faces, inspect_image};
use crate::{analysis::Analyses, app::App, http::ApiError, store::Asset};

/// The analyses of an image that is there, and its faces: those its uploader told of, or those found.
pub(crate) async fn look_at(
    app: &App,
    asset: &Asset,
    analyses: Analyses,
    with_faces: bool,
) -> Result<Map<String, Value>, ApiError> {
    let slot = app.slots.take().await?;
    let bytes: Bytes = app.store.blobs().read(&asset.file.blob).await?;
    let mut found = analyse(&slot, analyses, bytes.clone(), bytes.clone()).await?;
    if with_faces {
        let info = inspect_image(&slot, bytes.clone()).await?;
        found.insert("faces".to_owned(), json!(faces(&slot, &asset.details, &bytes, &info).await?));
    }
    Ok(found)
}
