//! Deleting an asset.

use serde::{Deserialize, Serialize};

use super::action::{for_asset, required};
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

impl DestroyResult {
    /// Whether there was such an asset.
    pub fn is_deleted(self) -> bool {
        self == Self::Deleted
    }
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
    /// A call that deletes an asset; `.await` it. Made by [`Cloudinary::destroy`] and
    /// [`Cloudinary::destroy_by_asset_id`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#destroy>.
    pub struct Destroy -> DestroyResult;

    /// Whether copies in caches must go too; that can take an hour. Default: false.
    invalidate: switch => "invalidate",
    /// A URL to notify when it is done. Default: the account's.
    notification_url: text => "notification_url",
}

impl Cloudinary {
    /// Deletes the asset with an id that never changes, whatever the public id does, and its derived images. `.await` the
    /// answer.
    ///
    /// # Errors
    /// As [`destroy`](Self::destroy); [`Error::InvalidParameter`](crate::Error::InvalidParameter) for an empty id.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// let result = cld.destroy_by_asset_id("b5e6d2b39ba3e0869d67141ba7dba6cf").invalidate(true).await?;
    /// assert!(result.is_deleted());
    /// # Ok(())
    /// # }
    /// ```
    pub fn destroy_by_asset_id(&self, asset_id: impl Into<String>) -> Destroy {
        let asset_id = asset_id.into();
        let call = required("asset_id", &asset_id).map(|()| {
            Call::upload_api("asset", "destroy", Params::from_iter([("asset_id".to_owned(), asset_id.into())]))
        });
        Destroy(Request::checked(self, call))
    }
}

impl Destroy {
    pub(crate) fn new(client: &Cloudinary, asset: &AssetRef) -> Self {
        Self(Request::checked(client, for_asset("destroy", "public_id", asset, Params::new())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn answers() {
        for (json, expected) in [
            (r#"{"result":"ok"}"#, Some(DestroyResult::Deleted)),
            (r#"{"result":"not found"}"#, Some(DestroyResult::NotFound)),
            (r#"{"result":"ok","request_id":"x"}"#, Some(DestroyResult::Deleted)),
            (r#"{"result":"pending"}"#, None),
            ("{}", None),
        ] {
            let read = serde_json::from_str::<DestroyResult>(json).ok();
            assert_eq!(read, expected, "{json}");
            assert_eq!(read.is_some_and(DestroyResult::is_deleted), expected == Some(DestroyResult::Deleted), "{json}");
        }
    }

    #[test]
    fn by_asset_id() {
        let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret")).unwrap();
        let (_, mut call) = cld.destroy_by_asset_id("b5e6").invalidate(true).0.into_call().unwrap();
        let (request, _) = call.request(cld.config(), None).unwrap();
        assert_eq!(request.uri(), "https://api.cloudinary.com/v1_1/demo/asset/destroy");
        let body = String::from_utf8(request.body().as_bytes().unwrap().to_vec()).unwrap();
        for part in ["name=\"asset_id\"\r\n\r\nb5e6\r\n", "name=\"invalidate\"\r\n\r\n1\r\n", "name=\"signature\""] {
            assert!(body.contains(part), "{part}: {body}");
        }
        assert!(cld.destroy_by_asset_id("").0.into_call().is_err());
    }
}
