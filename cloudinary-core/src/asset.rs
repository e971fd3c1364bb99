//! Which asset: the value a database column holds, and the signed value a form posts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::signing;

/// The most bytes a column value may have: what a `varchar(255)` holds.
pub const MAX_COLUMN_BYTES: usize = 255;
/// The most bytes a file format may have.
pub const MAX_FORMAT_BYTES: usize = 16;
/// The most characters a public id may have.
pub const MAX_PUBLIC_ID_CHARS: usize = 255;

/// What sort of file an asset is.
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
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Raw => "raw",
            Self::Auto => "auto",
        }
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
        [Self::Image, Self::Video, Self::Raw, Self::Auto]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| Error::invalid("resource_type", text, "use image, video, raw or auto"))
    }
}

macro_rules! delivery_types {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)*) => {
        /// How an asset is stored and reached: the `type` of the service's API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[non_exhaustive]
        pub enum DeliveryType { $($(#[$doc])* $name,)* }

        impl DeliveryType {
            const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name in URLs, as `upload`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
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
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| Error::invalid("type", text, "use upload, private, authenticated or another delivery type"))
    }
}

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
    /// Its file format, as `jpg`; `None` for raw assets.
    pub format: Option<String>,
}

impl AssetRef {
    /// A public image with this id.
    pub fn image(public_id: impl Into<String>) -> Self {
        Self {
            resource_type: ResourceType::Image,
            delivery_type: DeliveryType::Upload,
            version: None,
            public_id: public_id.into(),
            format: None,
        }
    }

    /// Its column value followed by `#` and a signature, as the hidden input of a direct upload holds it.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] without a secret; [`Error::InvalidAsset`] without a version, which is part of what
    /// is signed.
    pub fn presigned(&self, config: &Config) -> Result<PresignedAsset> {
        let version = self.version.ok_or_else(|| Error::asset(&self.to_string(), "it has no version to sign"))?;
        let signature = signing::sign_response(
            &self.public_id,
            &version.to_string(),
            config.require_api_secret()?,
            config.signature_algorithm,
        );
        Ok(PresignedAsset { asset: self.clone(), signature })
    }
}

/// What names an asset in a template, behind any number of references: an [`AssetRef`], a column, or a public id.
pub trait ToAsset {
    /// The asset.
    fn to_asset(&self) -> AssetRef;
}

impl ToAsset for AssetRef {
    fn to_asset(&self) -> AssetRef {
        self.clone()
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

impl FromStr for AssetRef {
    type Err = Error;

    fn from_str(value: &str) -> Result<Self> {
        if value.is_empty() {
            return Err(Error::asset(value, "it is empty; no image is NULL"));
        }
        if value.len() > MAX_COLUMN_BYTES {
            return Err(Error::asset(value, "it is longer than 255 bytes"));
        }
        let (resource_type, delivery_type, rest) = split_prefix(value);
        let (version, rest) = split_version(rest);
        let (public_id, format) = match resource_type {
            ResourceType::Raw => (rest, None),
            _ => split_format(rest),
        };
        check_public_id(public_id).map_err(|reason| Error::asset(value, reason))?;
        if let Some(format) = format
            && !is_format(format)
        {
            return Err(Error::asset(value, "its format has more than letters and digits"));
        }
        Ok(Self {
            resource_type,
            delivery_type,
            version,
            public_id: public_id.to_owned(),
            format: format.map(str::to_owned),
        })
    }
}

/// Takes `{resource_type}/{delivery_type}/` off, when both are known names; else the value is a bare id.
fn split_prefix(value: &str) -> (ResourceType, DeliveryType, &str) {
    let mut parts = value.splitn(3, '/');
    if let (Some(kind), Some(delivery), Some(rest)) = (parts.next(), parts.next(), parts.next())
        && let (Ok(kind), Ok(delivery)) = (kind.parse(), delivery.parse())
        && kind != ResourceType::Auto
    {
        return (kind, delivery, rest);
    }
    (ResourceType::Image, DeliveryType::Upload, value)
}

fn split_version(value: &str) -> (Option<u64>, &str) {
    if let Some((first, rest)) = value.split_once('/')
        && let Some(digits) = first.strip_prefix('v')
        && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && let Ok(version) = digits.parse()
    {
        return (Some(version), rest);
    }
    (None, value)
}

fn split_format(value: &str) -> (&str, Option<&str>) {
    match value.rsplit_once('.') {
        Some((id, format)) if !id.is_empty() && !id.ends_with('/') && !format.is_empty() && !format.contains('/') => {
            (id, Some(format))
        }
        _ => (value, None),
    }
}

/// A file format, as an extension names it.
pub(crate) fn is_format(format: &str) -> bool {
    (1..=MAX_FORMAT_BYTES).contains(&format.len()) && format.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The rules of public ids, of which a broken one can never be delivered.
pub(crate) fn check_public_id(public_id: &str) -> std::result::Result<(), &'static str> {
    if public_id.is_empty() {
        return Err("its public id is empty");
    }
    if public_id.chars().count() > MAX_PUBLIC_ID_CHARS {
        return Err("its public id is longer than 255 characters");
    }
    if public_id.chars().any(char::is_control) {
        return Err("its public id has a control character");
    }
    if public_id.contains(['?', '#', '\\', '<', '>']) {
        return Err("its public id has one of ? # \\ < >");
    }
    if public_id.starts_with(['/', ' ']) || public_id.ends_with(['/', ' ']) {
        return Err("its public id starts or ends with a slash or a space");
    }
    if public_id.split('/').any(|part| part == ".." || part == ".") {
        return Err("its public id has a '.' or '..' segment");
    }
    Ok(())
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

/// What a browser posts after a direct upload: an asset and the service's signature over its id and version.
///
/// `image/upload/v1372180830/sample.jpg#10594f02…`. Until [`PresignedAsset::verify`] it is only a claim. The
/// signature does not cover resource type, delivery type and format: whoever accepts one must check those against
/// what it expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedAsset {
    asset: AssetRef,
    signature: String,
}

impl PresignedAsset {
    /// The asset, if the signature is ours.
    ///
    /// # Errors
    /// [`Error::SignatureMismatch`], or [`Error::MissingConfig`] without a secret.
    ///
    /// ```
    /// use cloudinary_core::{Config, PresignedAsset};
    /// let config = Config::new("demo").credentials("key", "secret");
    /// let posted = "image/upload/v1372180830/hl22acprlomnycgiudor.jpg#95788e65f86afc361d888637bb465f524901bc2c";
    /// let asset = posted.parse::<PresignedAsset>()?.verify(&config)?;
    /// assert_eq!(asset.public_id, "hl22acprlomnycgiudor");
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn verify(self, config: &Config) -> Result<AssetRef> {
        let secret = config.require_api_secret()?;
        let version = self.asset.version.map(|version| version.to_string()).unwrap_or_default();
        if signing::verify_response(&self.asset.public_id, &version, &self.signature, secret) {
            Ok(self.asset)
        } else {
            Err(Error::SignatureMismatch { what: "asset" })
        }
    }
}

impl fmt::Display for PresignedAsset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.asset, self.signature)
    }
}

impl FromStr for PresignedAsset {
    type Err = Error;

    fn from_str(value: &str) -> Result<Self> {
        let (asset, signature) =
            value.rsplit_once('#').ok_or_else(|| Error::asset(value, "it has no '#' before a signature"))?;
        let full_form = asset.splitn(3, '/').count() == 3
            && asset.split('/').zip([0, 1]).all(|(part, at)| match at {
                0 => part.parse::<ResourceType>().is_ok(),
                _ => part.parse::<DeliveryType>().is_ok(),
            });
        if !full_form {
            return Err(Error::asset(value, "it does not start with a resource type and a delivery type"));
        }
        let asset: AssetRef = asset.parse()?;
        if asset.version.is_none() {
            return Err(Error::asset(value, "it has no version"));
        }
        Ok(Self { asset, signature: signature.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_values_round_trip() {
        use DeliveryType::{Private, Upload};
        use ResourceType::{Image, Raw, Video};
        for (value, resource_type, delivery_type, version, public_id, format) in [
            ("image/upload/v1372180830/sample.jpg", Image, Upload, Some(1_372_180_830), "sample", Some("jpg")),
            ("image/private/v1/a/b/c.tar.gz", Image, Private, Some(1), "a/b/c.tar", Some("gz")),
            ("raw/upload/v9/sheet.xls", Raw, Upload, Some(9), "sheet.xls", None),
            ("video/upload/dog.mp4", Video, Upload, None, "dog", Some("mp4")),
            ("image/upload/ünï/ñ", Image, Upload, None, "ünï/ñ", None),
        ] {
            let asset: AssetRef = value.parse().unwrap();
            let expected = AssetRef {
                resource_type,
                delivery_type,
                version,
                public_id: public_id.to_owned(),
                format: format.map(str::to_owned),
            };
            assert_eq!(asset, expected, "{value}");
            assert_eq!(asset.to_string(), value);
        }
    }

    #[test]
    fn bare_ids_are_read() {
        for (value, expected) in [
            ("sample", "image/upload/sample"),
            ("sample.jpg", "image/upload/sample.jpg"),
            ("v12/sample.jpg", "image/upload/v12/sample.jpg"),
            ("folder/sample", "image/upload/folder/sample"),
            ("image/of/me.jpg", "image/upload/image/of/me.jpg"),
            (".hidden", "image/upload/.hidden"),
        ] {
            assert_eq!(value.parse::<AssetRef>().unwrap().to_string(), expected);
        }
    }

    #[test]
    fn refused_values() {
        for value in [
            "",
            "image/upload/",
            "image/upload/v1/",
            "image/upload/a\nb",
            "image/upload/../etc",
            "/a",
            "a/",
            "a?b",
            "image/upload/\0",
            "image/upload/v1/a.jpg?x",
            "image/upload/v1/a.x y",
            "image/upload/v1/a.\r\nX",
            "image/upload/v1/a.j#g",
            &"x".repeat(256),
        ] {
            assert!(value.parse::<AssetRef>().is_err(), "{value:?}");
        }
    }

    #[test]
    fn presigned_values() {
        let config = Config::new("demo").credentials("key", "secret");
        let good = "image/upload/v1372180830/hl22acprlomnycgiudor.jpg#95788e65f86afc361d888637bb465f524901bc2c";
        assert_eq!(good.parse::<PresignedAsset>().unwrap().to_string(), good);
        assert!(good.parse::<PresignedAsset>().unwrap().verify(&config).is_ok());
        for altered in [
            good.replace("hl22", "hl23"),
            good.replace("v1372180830", "v1372180831"),
            good.replace("95788", "95789"),
            good.replace("#9578", "#957"),
        ] {
            assert!(altered.parse::<PresignedAsset>().unwrap().verify(&config).is_err(), "{altered}");
        }
        for malformed in
            ["", "#", "sample.jpg#00", "image/upload/sample.jpg#00", "image/upload/v1/a.jpg", "auto/upload/v1/a#0"]
        {
            assert!(malformed.parse::<PresignedAsset>().is_err(), "{malformed}");
        }
    }

    #[test]
    fn raw_assets_keep_their_extension_when_verified() {
        let config = Config::new("demo").credentials("key", "secret");
        let asset: AssetRef = "raw/upload/v1372186255/sample_spreadsheet.xls".parse().unwrap();
        let signature = signing::sign_response(
            "sample_spreadsheet.xls",
            "1372186255",
            config.require_api_secret().unwrap(),
            config.signature_algorithm,
        );
        assert_eq!(asset.presigned(&config).unwrap().to_string(), format!("{asset}#{signature}"));
    }
}
