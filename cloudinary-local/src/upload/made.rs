//! Assets that the server makes itself.

use std::sync::Arc;

use cloudinary_pixels::Info;

use super::file::facts;
use crate::{
    app::App,
    http::ApiError,
    ids,
    store::{Asset, AssetKey, Details, NewAsset, Recorded, Spooled},
};

/// Stores what was made under its name, in place of what was there.
pub(crate) async fn store(
    app: &App,
    key: AssetKey,
    content: Spooled,
    image: Option<&Info>,
    details: Details,
) -> Result<Asset, ApiError> {
    let new = NewAsset {
        key,
        asset_id: ids::hex_id(),
        version_id: ids::hex_id(),
        file: facts(&content, image),
        now: ids::now(),
        details,
    };
    // Once begun it is done whole, even when the client is gone.
    let store = Arc::clone(&app.store);
    let recording = tokio::spawn(async move { store.record(new, content, true).await });
    match recording.await.map_err(std::io::Error::other)?? {
        Recorded::New(asset) | Recorded::Overwritten(asset) | Recorded::Existing(asset) => Ok(asset),
    }
}
