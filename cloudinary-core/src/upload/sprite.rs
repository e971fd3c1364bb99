//! One image of many, and the style sheet to show each.

use std::collections::BTreeMap;

use super::ImageSet;
use crate::answer::record;
use crate::client::{Cloudinary, Repeat, Request, request};
use crate::error::Result;

record! {
    /// A sprite: one image of many, and files that say where in it each one is.
    ///
    /// All but `status` and `batch_id` are absent while a call that was to answer early is still at work.
    pub struct Sprite {
        /// Its id: the tag, or one made of the addresses.
        public_id: Option<String>,
        /// When it was made, in Unix seconds.
        version: Option<u64>,
        /// The `http` address of the style sheet.
        css_url: Option<String>,
        /// The `https` address of the style sheet.
        secure_css_url: Option<String>,
        /// The `http` address of the image.
        image_url: Option<String>,
        /// The `https` address of the image.
        secure_image_url: Option<String>,
        /// The `http` address of the places as JSON.
        json_url: Option<String>,
        /// The `https` address of the places as JSON.
        secure_json_url: Option<String>,
        /// Where in the image each one is, by its name in the style sheet.
        image_infos: BTreeMap<String, SpritePart>,
        /// How far it is, when it was to answer early.
        status: Option<String>,
        /// The id that the notification will have, when it was to answer early.
        batch_id: Option<String>,
    }
}

record! {
    /// The place of one image in a sprite, in pixels from the top left.
    pub struct SpritePart {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// From the left.
        x: u32,
        /// From the top.
        y: u32,
    }
}

request! {
    /// A call that makes a sprite; `.await` it. Made by [`Cloudinary::generate_sprite`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#sprite>.
    pub struct GenerateSprite -> Sprite;
}

impl Cloudinary {
    /// Makes one image of many, and the style sheet to show each. `.await` the answer.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for a set without images or with a broken
    /// transformation; [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret;
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::upload::ImageSet;
    /// let sprite = cld.generate_sprite(&ImageSet::tagged("logo")).await?;
    /// println!("{:?}: {} images", sprite.secure_css_url, sprite.image_infos.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn generate_sprite(&self, images: &ImageSet) -> GenerateSprite {
        // The same images make the same sprite under the same name.
        GenerateSprite(Request::checked(self, images.call("sprite").map(|call| call.repeat(Repeat::Safe))))
    }

    /// A signed URL that makes a sprite and downloads it.
    ///
    /// # Errors
    /// As [`generate_sprite`](Self::generate_sprite).
    ///
    /// ```
    /// use cloudinary_core::{Cloudinary, Config, upload::ImageSet};
    /// let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret"))?;
    /// let url = cld.download_sprite_url(&ImageSet::tagged("logo"))?;
    /// assert!(url.starts_with("https://api.cloudinary.com/v1_1/demo/image/sprite?mode=download&timestamp="));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn download_sprite_url(&self, images: &ImageSet) -> Result<String> {
        images.download("sprite")?.download_url(self.config())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let made = r#"{"css_url":"http://c","image_url":"http://i","json_url":"","public_id":"logo","version":"1393","tag":"logo",
            "image_infos":{"a":{"width":50,"height":40,"x":0,"y":40}}}"#;
        let pending = r#"{"status":"processing","batch_id":"b","image_infos":null}"#;
        let made: Sprite = serde_json::from_str(made).unwrap();
        assert_eq!((made.version, made.json_url.as_deref(), made.image_infos["a"].y), (Some(1393), Some(""), 40));
        assert_eq!(made.more["tag"], "logo");
        let pending: Sprite = serde_json::from_str(pending).unwrap();
        assert_eq!((pending.status.as_deref(), pending.batch_id.as_deref()), (Some("processing"), Some("b")));
        let again: Sprite = serde_json::from_str(&serde_json::to_string(&made).unwrap()).unwrap();
        assert_eq!(again, made);
    }
}
