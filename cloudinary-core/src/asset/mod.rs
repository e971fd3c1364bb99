//! Which asset: the value a database column holds, and the signed value a form posts.

mod column;
mod delivery_type;
mod format;
mod presigned;
mod public_id;
mod resource_type;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use self::column::{MAX_COLUMN_BYTES, MAX_FORMAT_BYTES};
pub use self::delivery_type::DeliveryType;
pub(crate) use self::format::format_name;
pub use self::presigned::PresignedAsset;
pub use self::public_id::MAX_PUBLIC_ID_CHARS;
pub(crate) use self::public_id::check_public_id;
pub use self::resource_type::ResourceType;

/// A stored asset, as a database column holds it: `image/upload/v1372180830/sample.jpg`.
///
/// The form is `[{resource_type}/{delivery_type}/][v{version}/]{public_id}[.{format}]`, the one Django's
/// `CloudinaryField` writes, so both can share a table. A bare id is read too. For raw assets the extension is part
/// of the public id.
///
/// ```
/// use cloudinary_core::AssetRef;
/// let asset: AssetRef = "image/upload/v1372180830/albums/sample.jpg".parse()?;
/// assert_eq!(asset.public_id, "albums/sample");
/// assert_eq!(asset.format.as_deref(), Some("jpg"));
/// assert_eq!(asset.to_string(), "image/upload/v1372180830/albums/sample.jpg");
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Parsing fails with [`InvalidAsset`](crate::Error::InvalidAsset) for a value that is empty or longer than
/// [`MAX_COLUMN_BYTES`], and for one whose id no URL can have: with a control character, one of `? # \ < >`, or a `.`
/// or `..` segment.
///
/// Follows <https://cloudinary.com/documentation/django_image_and_video_upload>.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AssetRef {
    /// Image, video or raw.
    pub resource_type: ResourceType,
    /// How it is reached.
    pub delivery_type: DeliveryType,
    /// When it was stored, in Unix seconds; part of its URLs, so that a new upload gets a new URL.
    pub version: Option<u64>,
    /// Its id, folders included.
    pub public_id: String,
    /// Its file format, as `jpg`; `None` for raw assets. The usual ones that are read take no memory.
    pub format: Option<Cow<'static, str>>,
}

impl AssetRef {
    /// A public image with this id, which is taken as it is: an extension stays part of it. To read a column value, parse
    /// it.
    ///
    /// ```
    /// use cloudinary_core::AssetRef;
    /// assert_eq!(AssetRef::image("albums/sample").to_string(), "image/upload/albums/sample");
    /// ```
    #[inline(always)]
    pub fn image(public_id: impl Into<String>) -> Self {
        Self::of(ResourceType::Image, public_id.into())
    }

    /// A public video, or sound, with this id, which is taken as it is.
    ///
    /// ```
    /// use cloudinary_core::AssetRef;
    /// assert_eq!(AssetRef::video("clips/dog").to_string(), "video/upload/clips/dog");
    /// ```
    pub fn video(public_id: impl Into<String>) -> Self {
        Self::of(ResourceType::Video, public_id.into())
    }

    /// A public raw file with this id, which is taken as it is: its extension is part of it.
    ///
    /// ```
    /// use cloudinary_core::{AssetRef, DeliveryType};
    /// let sheet = AssetRef::raw("sheet.xls").with_delivery_type(DeliveryType::Private);
    /// assert_eq!(sheet.to_string(), "raw/private/sheet.xls");
    /// ```
    pub fn raw(public_id: impl Into<String>) -> Self {
        Self::of(ResourceType::Raw, public_id.into())
    }

    /// The same, reached so. Default: [`DeliveryType::Upload`].
    ///
    /// ```
    /// use cloudinary_core::{AssetRef, DeliveryType};
    /// let own = AssetRef::image("a").with_delivery_type(DeliveryType::Authenticated);
    /// assert_eq!(own.to_string(), "image/authenticated/a");
    /// ```
    #[must_use]
    pub fn with_delivery_type(mut self, delivery_type: DeliveryType) -> Self {
        self.delivery_type = delivery_type;
        self
    }

    /// The same with the time when it was stored, in Unix seconds. Default: none.
    ///
    /// ```
    /// use cloudinary_core::AssetRef;
    /// assert_eq!(AssetRef::image("a").with_version(1372180830).to_string(), "image/upload/v1372180830/a");
    /// ```
    #[must_use]
    pub fn with_version(mut self, version: u64) -> Self {
        self.version = Some(version);
        self
    }

    /// The same with a file format, as `jpg`. Raw files have theirs in the public id. Default: none.
    ///
    /// ```
    /// use cloudinary_core::AssetRef;
    /// let clip = AssetRef::video("clips/dog").with_version(1372180830).with_format("mp4");
    /// assert_eq!(clip.to_string(), "video/upload/v1372180830/clips/dog.mp4");
    /// ```
    #[must_use]
    pub fn with_format(mut self, format: impl AsRef<str>) -> Self {
        self.format = Some(format_name(format.as_ref()));
        self
    }

    fn of(resource_type: ResourceType, public_id: String) -> Self {
        Self { resource_type, delivery_type: DeliveryType::Upload, version: None, public_id, format: None }
    }
}

/// What names an asset in a template, behind any number of references: an [`AssetRef`], a column, or a public id.
///
/// ```
/// use cloudinary_core::{AssetRef, ToAsset};
/// assert_eq!((&&"albums/sample").to_asset(), AssetRef::image("albums/sample"));
/// ```
///
/// Follows <https://cloudinary.com/documentation/django_image_and_video_upload>.
pub trait ToAsset {
    /// The asset.
    fn to_asset(&self) -> AssetRef;

    /// The asset, without a copy where there is one to lend.
    fn as_asset(&self) -> Cow<'_, AssetRef> {
        Cow::Owned(self.to_asset())
    }
}

impl ToAsset for AssetRef {
    fn to_asset(&self) -> AssetRef {
        self.clone()
    }

    fn as_asset(&self) -> Cow<'_, AssetRef> {
        Cow::Borrowed(self)
    }
}

impl ToAsset for str {
    fn to_asset(&self) -> AssetRef {
        AssetRef::image(self)
    }
}

impl ToAsset for String {
    fn to_asset(&self) -> AssetRef {
        AssetRef::image(self.as_str())
    }
}

impl<T: ToAsset + ?Sized> ToAsset for &T {
    fn to_asset(&self) -> AssetRef {
        (**self).to_asset()
    }

    fn as_asset(&self) -> Cow<'_, AssetRef> {
        (**self).as_asset()
    }
}

impl From<&str> for AssetRef {
    /// A public image by its id; an extension stays part of the id. To read a column value, parse it.
    #[inline(always)]
    fn from(public_id: &str) -> Self {
        Self::image(public_id)
    }
}

impl From<String> for AssetRef {
    #[inline(always)]
    fn from(public_id: String) -> Self {
        Self::image(public_id)
    }
}

impl From<&Self> for AssetRef {
    fn from(asset: &Self) -> Self {
        asset.clone()
    }
}

impl fmt::Display for AssetRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/", self.resource_type, self.delivery_type)?;
        if let Some(version) = self.version {
            write!(f, "v{version}/")?;
        }
        f.write_str(&self.public_id)?;
        match &self.format {
            Some(format) => write!(f, ".{format}"),
            None => Ok(()),
        }
    }
}

impl Serialize for AssetRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AssetRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
