//! Deleting an asset.

use serde::{Deserialize, Serialize};

use crate::asset::AssetRef;
use crate::client::{Call, Cloudinary, Params, Request, request};

/// What became of an asset that was to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "Outcome", into = "Outcome")]
pub enum DestroyResult {
    /// It and its derived images are gone.
    Deleted,
    /// There was none with that id; nothing to worry about when deleting twice.
    NotFound,
}

/// As the service words it.
#[derive(Deserialize, Serialize)]
#[serde(tag = "result")]
enum Outcome {
    #[serde(rename = "ok")]
    Ok,
    #[serde(rename = "not found")]
    NotFound,
}

impl From<Outcome> for DestroyResult {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Ok => Self::Deleted,
            Outcome::NotFound => Self::NotFound,
        }
    }
}

impl From<DestroyResult> for Outcome {
    fn from(result: DestroyResult) -> Self {
        match result {
            DestroyResult::Deleted => Self::Ok,
            DestroyResult::NotFound => Self::NotFound,
        }
    }
}

request! {
    /// A call that deletes an asset; `.await` it. Made by [`Cloudinary::destroy`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#destroy>.
    pub struct Destroy -> DestroyResult;

    /// Whether copies in caches must go too; that can take an hour. Default: false.
    invalidate: switch => "invalidate",
}

impl Destroy {
    pub(crate) fn new(client: &Cloudinary, asset: &AssetRef) -> Self {
        let mut params = Params::new();
        params.insert("public_id".to_owned(), asset.public_id.clone().into());
        params.insert("type".to_owned(), asset.delivery_type.as_str().into());
        Self(Request::new(client, Call::upload_api(asset.resource_type.as_str(), "destroy", params)))
    }
}
