//! Deleting an asset.

use std::future::IntoFuture;
use std::pin::Pin;

use serde::Deserialize;

use crate::asset::AssetRef;
use crate::client::Cloudinary;
use crate::error::{Error, Result};

/// What became of an asset that was to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DestroyResult {
    /// It and its derived images are gone.
    Deleted,
    /// There was none with that id; nothing to worry about when deleting twice.
    NotFound,
}

/// A call that deletes an asset; `.await` it. Made by [`Cloudinary::destroy`].
#[derive(Debug)]
#[must_use = "nothing is deleted until it is awaited"]
pub struct Destroy {
    client: Cloudinary,
    asset: AssetRef,
    invalidate: bool,
}

impl Destroy {
    pub(crate) fn new(client: Cloudinary, asset: AssetRef) -> Self {
        Self { client, asset, invalidate: false }
    }

    /// Whether copies in caches must go too; that can take an hour. Default: false.
    pub fn invalidate(mut self, invalidate: bool) -> Self {
        self.invalidate = invalidate;
        self
    }

    async fn send(self) -> Result<DestroyResult> {
        #[derive(Deserialize)]
        struct Answer {
            result: String,
        }
        let mut params =
            vec![("public_id", self.asset.public_id.clone()), ("type", self.asset.delivery_type.to_string())];
        if self.invalidate {
            params.push(("invalidate", "1".to_owned()));
        }
        let action = format!("{}/destroy", self.asset.resource_type);
        let answer: Answer = self.client.signed_post(&action, params).await?;
        match answer.result.as_str() {
            "ok" => Ok(DestroyResult::Deleted),
            "not found" => Ok(DestroyResult::NotFound),
            other => Err(Error::UnexpectedAnswer { action, reason: format!("result {other:?}") }),
        }
    }
}

impl IntoFuture for Destroy {
    type Output = Result<DestroyResult>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
