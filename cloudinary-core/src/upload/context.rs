//! Context of stored assets: texts kept with them, as `alt` and `caption`.

use super::UploadOptions;
use super::action::{for_assets, required};
use crate::answer::ChangedAssets;
use crate::asset::ToAsset;
use crate::client::{Cloudinary, Params, Request, request};

request! {
    /// A call that changes the context of assets; `.await` it. Made by [`Cloudinary::add_context`] and
    /// [`Cloudinary::remove_all_context`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#context>.
    pub struct ChangeContext -> ChangedAssets;
}

impl Cloudinary {
    /// Adds texts to assets, or replaces those under the same keys. `.await` the answer.
    ///
    /// At most [`MAX_ASSETS_PER_CALL`](crate::upload::MAX_ASSETS_PER_CALL) assets, all of one resource and delivery type.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) without a pair, and for none, too many or mixed assets;
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret;
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// cld.add_context([("alt", "The beach"), ("caption", "a=b|c")], ["albums/beach"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_context<K: AsRef<str>, V: AsRef<str>>(
        &self,
        pairs: impl IntoIterator<Item = (K, V)>,
        assets: impl IntoIterator<Item: ToAsset>,
    ) -> ChangeContext {
        let pairs = UploadOptions::new().context(pairs);
        let pairs = pairs.get("context").unwrap_or_default();
        let params = [("command", "add"), ("context", pairs)].map(|(name, value)| (name.to_owned(), value.into()));
        let call = required("context", pairs).and_then(|()| for_assets("context", assets, Params::from_iter(params)));
        ChangeContext(Request::checked(self, call))
    }

    /// Removes all context of assets. `.await` the answer.
    ///
    /// # Errors
    /// As [`add_context`](Self::add_context).
    pub fn remove_all_context(&self, assets: impl IntoIterator<Item: ToAsset>) -> ChangeContext {
        let params = Params::from_iter([("command".to_owned(), "remove_all".into())]);
        ChangeContext(Request::checked(self, for_assets("context", assets, params)))
    }
}
