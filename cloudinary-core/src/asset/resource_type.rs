//! What sort of file an asset is.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// What sort of file an asset is: the `resource_type` of the service's API. Default: [`Image`](Self::Image).
///
/// ```
/// use cloudinary_core::ResourceType;
/// assert_eq!("video".parse::<ResourceType>()?, ResourceType::Video);
/// assert_eq!(ResourceType::default().to_string(), "image");
/// assert!("film".parse::<ResourceType>().unwrap_err().to_string().contains("use image, video, raw or auto"));
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/image_upload_api_reference#upload>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ResourceType {
    /// Pictures, and PDF.
    #[default]
    Image,
    /// Films and sound.
    Video,
    /// Anything else, stored as it is; its public id keeps the file's extension.
    Raw,
    /// Only in upload requests: the service decides.
    Auto,
}

impl ResourceType {
    /// The name in URLs: `image`, `video`, `raw` or `auto`.
    ///
    /// ```
    /// use cloudinary_core::ResourceType;
    /// assert_eq!(ResourceType::Raw.as_str(), "raw");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Raw => "raw",
            Self::Auto => "auto",
        }
    }

    pub(super) fn named(text: &str) -> Option<Self> {
        [Self::Image, Self::Video, Self::Raw, Self::Auto].into_iter().find(|kind| kind.as_str() == text)
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ResourceType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::named(text).ok_or_else(|| Error::invalid("resource_type", text, "use image, video, raw or auto"))
    }
}
