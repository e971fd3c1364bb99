//! One animation, film or document of many images.

use super::ImageSet;
use crate::answer::record;
use crate::client::{Cloudinary, Repeat, Request, request};
use crate::error::Result;

record! {
    /// An animation, film or document made of many images.
    ///
    /// All but `status` and `batch_id` are absent while a call that was to answer early is still at work.
    pub struct Animation {
        /// Its id: the tag with the transformation, or one made of the addresses.
        public_id: Option<String>,
        /// When it was made, in Unix seconds.
        version: Option<u64>,
        /// Its `http` address.
        url: Option<String>,
        /// Its `https` address.
        secure_url: Option<String>,
        /// An id that never changes.
        asset_id: Option<String>,
        /// How far it is, when it was to answer early.
        status: Option<String>,
        /// The id that the notification will have, when it was to answer early.
        batch_id: Option<String>,
    }
}

request! {
    /// A call that makes an animation; `.await` it. Made by [`Cloudinary::multi`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#multi>.
    pub struct Multi -> Animation;
}

impl Cloudinary {
    /// Makes one animated image, film or document of many images, ordered by public id or as the addresses are.
    /// `.await` the answer.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for a set without images or with a broken
    /// transformation; [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret;
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::upload::ImageSet;
    /// let film = cld.multi(&ImageSet::tagged("frames").format("mp4")).await?;
    /// println!("{:?}", film.secure_url);
    /// # Ok(())
    /// # }
    /// ```
    pub fn multi(&self, images: &ImageSet) -> Multi {
        // The same images make the same animation under the same name.
        Multi(Request::checked(self, images.call("multi").map(|call| call.repeat(Repeat::Safe))))
    }

    /// A signed URL that makes an animation and downloads it.
    ///
    /// # Errors
    /// As [`multi`](Self::multi).
    ///
    /// ```
    /// use cloudinary_core::{Cloudinary, Config, upload::ImageSet};
    /// let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret"))?;
    /// let url = cld.download_multi_url(&ImageSet::tagged("frames"))?;
    /// assert!(url.starts_with("https://api.cloudinary.com/v1_1/demo/image/multi?mode=download&timestamp="));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn download_multi_url(&self, images: &ImageSet) -> Result<String> {
        images.download("multi")?.download_url(self.config())
    }
}
