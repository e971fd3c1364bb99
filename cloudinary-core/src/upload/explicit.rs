//! Applying upload options to an asset that is stored already.

use super::action::for_asset;
use super::{UploadOptions, UploadResponse};
use crate::asset::{AssetRef, ResourceType};
use crate::client::{Call, Cloudinary, Request, request};
use crate::error::{Error, Result};

request! {
    /// A call that applies upload options to a stored asset; `.await` it. Made by [`Cloudinary::explicit`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#explicit>.
    pub struct Explicit -> UploadResponse;
}

impl Cloudinary {
    /// Applies upload options to an asset that is stored already: makes its eager images, sets its tags or context, asks
    /// for its colours, and so on. `.await` the answer.
    ///
    /// The asset says which one it is, so the options may name no other id or type.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for options that cannot be used, or that name another asset;
    /// [`Error::MissingConfig`] without key or secret; [`Error::Transport`] and [`Error::Api`].
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::{AssetRef, Transformation, UploadOptions};
    /// let thumbnail = Transformation::new().width(150).crop("fill");
    /// let asset = AssetRef::image("albums/beach");
    /// let answer = cld.explicit(&asset, &UploadOptions::new().eager([&thumbnail]).invalidate(true)).await?;
    /// println!("{}", answer.eager[0].secure_url);
    /// # Ok(())
    /// # }
    /// ```
    pub fn explicit(&self, asset: impl Into<AssetRef>, options: &UploadOptions) -> Explicit {
        let options = options.with_defaults(self.config());
        Explicit(Request::checked(self, call(&asset.into(), &options)))
    }
}

fn call(asset: &AssetRef, options: &UploadOptions) -> Result<Call> {
    options.check()?;
    for (name, ours) in [("public_id", asset.public_id.as_str()), ("type", asset.delivery_type.as_str())] {
        if let Some(given) = options.get(name)
            && given != ours
        {
            return Err(Error::invalid(name, given, format!("the call is for {asset}; leave it out of the options")));
        }
    }
    let kind = options.kind();
    if kind != ResourceType::default() && kind != asset.resource_type {
        let remedy = format!("the call is for {asset}; leave it out of the options");
        return Err(Error::invalid("resource_type", kind.as_str(), remedy));
    }
    let params = options.params().map(|(name, value)| (name.to_owned(), value.into()));
    for_asset("explicit", "public_id", asset, params.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_decides() {
        let video: AssetRef = "video/private/dog.mp4".parse().unwrap();
        let options = UploadOptions::new;
        for (options, expected) in [
            (options().tags(["a"]), Ok("video/explicit")),
            (options().public_id("dog").resource_type(ResourceType::Video), Ok("video/explicit")),
            (
                options().public_id("cat"),
                Err("public_id: \"cat\" cannot be used; the call is for video/private/dog.mp4"),
            ),
            (options().delivery_type(crate::DeliveryType::Upload), Err("type: \"upload\"")),
            (options().resource_type(ResourceType::Raw), Err("resource_type: \"raw\"")),
            (options().incoming(crate::Transformation::new().width(f64::NAN)), Err("w: \"NaN\"")),
        ] {
            match (call(&video, &options), expected) {
                (Ok(call), Ok(action)) => {
                    assert_eq!((call.action.as_str(), &call.params["type"]), (action, &"private".into()));
                }
                (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
                (found, expected) => panic!("{expected:?}: {:?}", found.map(|call| call.action)),
            }
        }
    }
}
