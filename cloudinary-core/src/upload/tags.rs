//! Tags of stored assets.

use super::action::{for_assets, required};
use crate::answer::ChangedAssets;
use crate::asset::ToAsset;
use crate::client::{Call, Cloudinary, Params, Request, request};
use crate::error::Result;

request! {
    /// A call that adds a tag to assets; `.await` it. Made by [`Cloudinary::add_tag`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#tags>.
    pub struct AddTag -> ChangedAssets;
}

request! {
    /// A call that changes the tags of assets; `.await` it. Made by [`Cloudinary::remove_tag`],
    /// [`Cloudinary::replace_tag`] and [`Cloudinary::remove_all_tags`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#tags>.
    pub struct ChangeTags -> ChangedAssets;
}

impl AddTag {
    /// Whether the tag is taken from every other asset. Default: false.
    pub fn exclusive(self, exclusive: bool) -> Self {
        Self(self.0.set("command", if exclusive { "set_exclusive" } else { "add" }))
    }
}

impl Cloudinary {
    /// Adds a tag, or several with commas between them, to assets. `.await` the answer.
    ///
    /// At most [`MAX_ASSETS_PER_CALL`](crate::upload::MAX_ASSETS_PER_CALL) assets, all of one resource and delivery type.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) without a tag, and for none, too many or mixed assets;
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret;
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// let changed = cld.add_tag("cover", ["albums/beach"]).exclusive(true).await?;
    /// assert_eq!(changed.public_ids, ["albums/beach"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_tag(&self, tag: impl Into<String>, assets: impl IntoIterator<Item: ToAsset>) -> AddTag {
        AddTag(Request::checked(self, tag_call("add", &tag.into(), assets)))
    }

    /// Removes a tag, or several with commas between them, from assets. `.await` the answer.
    ///
    /// # Errors
    /// As [`add_tag`](Self::add_tag).
    pub fn remove_tag(&self, tag: impl Into<String>, assets: impl IntoIterator<Item: ToAsset>) -> ChangeTags {
        ChangeTags(Request::checked(self, tag_call("remove", &tag.into(), assets)))
    }

    /// Gives assets this tag, or several with commas between them, in place of all they have. `.await` the answer.
    ///
    /// # Errors
    /// As [`add_tag`](Self::add_tag).
    pub fn replace_tag(&self, tag: impl Into<String>, assets: impl IntoIterator<Item: ToAsset>) -> ChangeTags {
        ChangeTags(Request::checked(self, tag_call("replace", &tag.into(), assets)))
    }

    /// Removes all tags of assets. `.await` the answer.
    ///
    /// # Errors
    /// As [`add_tag`](Self::add_tag).
    pub fn remove_all_tags(&self, assets: impl IntoIterator<Item: ToAsset>) -> ChangeTags {
        let params = Params::from_iter([("command".to_owned(), "remove_all".into())]);
        ChangeTags(Request::checked(self, for_assets("tags", assets, params)))
    }
}

fn tag_call(command: &str, tag: &str, assets: impl IntoIterator<Item: ToAsset>) -> Result<Call> {
    required("tag", tag)?;
    let params = Params::from_iter([("command".to_owned(), command.into()), ("tag".to_owned(), tag.into())]);
    for_assets("tags", assets, params)
}
