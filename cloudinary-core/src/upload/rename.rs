//! Giving an asset another public id.

use super::UploadResponse;
use super::action::{for_asset, required};
use crate::asset::{AssetRef, DeliveryType};
use crate::client::{Cloudinary, Params, Repeat, Request, request};

request! {
    /// A call that gives an asset another public id; `.await` it. Made by [`Cloudinary::rename`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#rename>.
    pub struct Rename -> UploadResponse;

    /// Whether an asset that has the new id already is replaced. Default: false, which is an error then.
    overwrite: switch => "overwrite",
    /// Whether copies in caches under the old id must go; that can take an hour. Default: false.
    invalidate: switch => "invalidate",
    /// Whether the answer has the asset's context, in [`more`](UploadResponse::more). Default: false.
    context: switch => "context",
    /// Whether the answer has the asset's structured metadata, in [`more`](UploadResponse::more). Default: false.
    metadata: switch => "metadata",
    /// A URL to notify when it is done. Default: the account's.
    notification_url: text => "notification_url",
}

impl Rename {
    /// Moves it to another delivery type too, as from private to upload. Default: the type it has.
    pub fn to_type(self, delivery_type: DeliveryType) -> Self {
        Self(self.0.set("to_type", delivery_type.as_str()))
    }
}

impl Cloudinary {
    /// Gives an asset another public id, folders included. Its old URLs no longer work. `.await` the answer.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for an empty id;
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret;
    /// [`Error::Transport`](crate::Error::Transport); [`Error::Api`](crate::Error::Api), also when the new id is taken.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::AssetRef;
    /// let renamed = cld.rename(AssetRef::image("beach"), "albums/beach").overwrite(true).invalidate(true).await?;
    /// assert_eq!(renamed.asset()?.public_id, "albums/beach");
    /// # Ok(())
    /// # }
    /// ```
    pub fn rename(&self, asset: impl Into<AssetRef>, to_public_id: impl Into<String>) -> Rename {
        let to_public_id = to_public_id.into();
        let call = required("to_public_id", &to_public_id).and_then(|()| {
            let params = Params::from_iter([("to_public_id".to_owned(), to_public_id.into())]);
            // Once more would find nothing under the old id.
            Ok(for_asset("rename", "from_public_id", &asset.into(), params)?.repeat(Repeat::IfRefused))
        });
        Rename(Request::checked(self, call))
    }
}
