//! How an asset is stored and reached.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

macro_rules! delivery_types {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)*) => {
        /// How an asset is stored and reached: the `type` of the service's API. Default: [`Upload`](Self::Upload).
        ///
        /// ```
        /// use cloudinary_core::{AssetUrl, Config, DeliveryType};
        /// let url = AssetUrl::new(&Config::new("demo"), "https://example.com/a.jpg").delivery_type(DeliveryType::Fetch);
        /// assert_eq!(url.to_string(), "https://res.cloudinary.com/demo/image/fetch/https://example.com/a.jpg");
        /// assert_eq!("twitter_name".parse::<DeliveryType>()?, DeliveryType::TwitterName);
        /// # Ok::<(), cloudinary_core::Error>(())
        /// ```
        ///
        /// Follows <https://cloudinary.com/documentation/image_delivery_options>.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[non_exhaustive]
        pub enum DeliveryType { $($(#[$doc])* $name,)* }

        impl DeliveryType {
            /// The name in URLs, as `upload`.
            ///
            /// ```
            /// assert_eq!(cloudinary_core::DeliveryType::TwitterName.as_str(), "twitter_name");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            const NAMES: &[&str] = &[$($text),*];

            pub(super) fn named(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

delivery_types! {
    /// Uploaded and public.
    #[default] Upload => "upload",
    /// Uploaded; the original is reached by a signed URL only, derived images are public.
    Private => "private",
    /// Uploaded; original and derived images need a signature.
    Authenticated => "authenticated",
    /// Fetched from a remote URL on first delivery.
    Fetch => "fetch",
    /// Made from text.
    Text => "text",
    /// Made from all images of a tag.
    Multi => "multi",
    /// A sprite of all images of a tag.
    Sprite => "sprite",
    /// A list of assets with a tag.
    List => "list",
    /// A screenshot of a web page, by its address; made by an add-on, and delivered by signed URLs only.
    Url2png => "url2png",
    /// A profile picture by Facebook id.
    Facebook => "facebook",
    /// A profile picture by Twitter id.
    Twitter => "twitter",
    /// A profile picture by Twitter name.
    TwitterName => "twitter_name",
    /// A profile picture by e-mail hash.
    Gravatar => "gravatar",
    /// A thumbnail of a YouTube video.
    Youtube => "youtube",
    /// A thumbnail of a Hulu video.
    Hulu => "hulu",
    /// A thumbnail of a Vimeo video.
    Vimeo => "vimeo",
    /// A thumbnail of an Animoto video.
    Animoto => "animoto",
    /// A thumbnail of a Dailymotion video.
    Dailymotion => "dailymotion",
    /// A thumbnail of a WorldStarHipHop video.
    Worldstarhiphop => "worldstarhiphop",
}

impl fmt::Display for DeliveryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DeliveryType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::named(text).ok_or_else(|| Error::invalid("type", text, format!("use one of {}", Self::NAMES.join(", "))))
    }
}
