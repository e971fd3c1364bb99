//! Delivery URLs: an asset, a transformation, a configuration; maybe a signature.

mod check;
mod defaults;
mod host;
mod options;
mod parse;
mod source;
mod write;

use std::sync::Arc;

pub use self::parse::DeliveredAsset;
use self::source::is_http;
use crate::asset::{AssetRef, DeliveryType, ResourceType, format_name};
use crate::auth_token::AuthToken;
use crate::clock::now;
use crate::config::Config;
use crate::error::Result;
use crate::tag::{ImgTag, VideoTag};
use crate::transformation::Transformation;

/// The URL an asset is delivered from. Print it, or turn it into a tag.
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, Crop, Transformation};
/// let config = Config::new("demo");
/// let url = AssetUrl::new(&config, "summer/beach")
///     .transform(&Transformation::new().width(150).crop(Crop::Fill))
///     .format("jpg");
/// assert_eq!(url.to_string(), "https://res.cloudinary.com/demo/image/upload/c_fill,w_150/v1/summer/beach.jpg");
/// ```
///
/// Printing never fails. It signs when the configuration says `sign_url`, and leaves out what cannot be done: the
/// signature without a secret, a suffix or root path where the service has none. [`url`](Self::url) and
/// [`signed_url`](Self::signed_url) report such faults instead.
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#transformation_url_structure>.
#[derive(Debug, Clone)]
pub struct AssetUrl {
    config: Arc<Config>,
    asset: AssetRef,
    transformation: Transformation,
    suffix: Option<String>,
    sign: bool,
    auth_token: Option<Box<AuthToken>>,
}

impl From<&Config> for Arc<Config> {
    fn from(config: &Config) -> Self {
        Self::new(config.clone())
    }
}

impl AssetUrl {
    /// The URL of an asset, or of a public image by its id.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, AssetRef};
    /// let config = Config::new("demo");
    /// let url = AssetUrl::new(&config, AssetRef::raw("report.pdf"));
    /// assert_eq!(url.to_string(), "https://res.cloudinary.com/demo/raw/upload/report.pdf");
    /// ```
    #[inline(always)]
    pub fn new(config: impl Into<Arc<Config>>, asset: impl Into<AssetRef>) -> Self {
        let config = config.into();
        let sign = config.sign_url;
        let auth_token = config.auth_token.clone().map(Box::new);
        Self { config, asset: asset.into(), transformation: Transformation::new(), suffix: None, sign, auth_token }
    }

    /// Appends a transformation to those there are.
    ///
    /// A prepared one goes by reference; one that is made for this URL goes by value, which spares a copy.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let config = Config::new("demo");
    /// let small = Transformation::new().width(80);
    /// let url = AssetUrl::new(&config, "a").transform(&small).transform(Transformation::new().sepia(50));
    /// assert_eq!(url.to_string(), "https://res.cloudinary.com/demo/image/upload/w_80/e_sepia:50/a");
    /// ```
    #[inline(always)]
    pub fn transform(self, transformation: impl Into<Transformation>) -> Self {
        let transformation = transformation.into();
        // Apart and together again, so that nothing of it has to be in memory before it is whole.
        let Self { config, asset, transformation: before, suffix, sign, auth_token } = self;
        let transformation = if before.is_empty() { transformation } else { before.append(&transformation) };
        Self { config, asset, transformation, suffix, sign, auth_token }
    }

    /// The format to deliver, as `jpg`: the extension of the URL, of letters and digits. Default: the asset's, and with `""`
    /// none, which delivers the original's.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo");
    /// assert_eq!(
    ///     AssetUrl::new(&config, "a").format("webp").to_string(),
    ///     "https://res.cloudinary.com/demo/image/upload/a.webp",
    /// );
    /// ```
    #[inline]
    pub fn format(mut self, format: impl AsRef<str>) -> Self {
        self.asset.format = Some(format.as_ref()).filter(|format| !format.is_empty()).map(format_name);
        self
    }

    /// The version part of the path, in Unix seconds, so that caches take a new upload for a new file. Default: the
    /// asset's, else `v1` where an id has folders, and else none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo");
    /// assert_eq!(
    ///     AssetUrl::new(&config, "a").version(1372180830).to_string(),
    ///     "https://res.cloudinary.com/demo/image/upload/v1372180830/a",
    /// );
    /// ```
    #[inline(always)]
    pub fn version(mut self, version: u64) -> Self {
        self.asset.version = Some(version);
        self
    }

    /// Image, video or raw. Default: the asset's.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType};
    /// let config = Config::new("demo");
    /// let url = AssetUrl::new(&config, "dog").resource_type(ResourceType::Video).format("mp4");
    /// assert_eq!(url.to_string(), "https://res.cloudinary.com/demo/video/upload/dog.mp4");
    /// ```
    #[inline]
    pub fn resource_type(mut self, resource_type: ResourceType) -> Self {
        self.asset.resource_type = resource_type;
        self
    }

    /// How the asset is reached. Default: the asset's.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, DeliveryType};
    /// let config = Config::new("demo");
    /// let url = AssetUrl::new(&config, "https://example.com/a.jpg").delivery_type(DeliveryType::Fetch);
    /// assert_eq!(url.to_string(), "https://res.cloudinary.com/demo/image/fetch/https://example.com/a.jpg");
    /// ```
    #[inline]
    pub fn delivery_type(mut self, delivery_type: DeliveryType) -> Self {
        self.asset.delivery_type = delivery_type;
        self
    }

    /// Readable words at the end of the path, for search engines: `/images/{id}/{suffix}`. Images and raw files of
    /// type `upload` only, and none of `. / ? # % " < > \\` or spaces. Default: none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo");
    /// let url = AssetUrl::new(&config, "a").suffix("summer-beach").format("jpg");
    /// assert_eq!(url.to_string(), "https://res.cloudinary.com/demo/images/a/summer-beach.jpg");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/advanced_url_delivery_options>.
    #[inline]
    pub fn suffix(mut self, suffix: impl Into<String>) -> Self {
        self.suffix = Some(suffix.into());
        self
    }

    /// Whether to sign; the default is the configuration's `sign_url`.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("test123").credentials("a", "b");
    /// let url = AssetUrl::new(&config, "image.jpg").sign(true);
    /// assert_eq!(url.to_string(), "https://res.cloudinary.com/test123/image/upload/s----SjmNDA--/image.jpg");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/delivery_url_signatures>.
    #[inline]
    pub fn sign(mut self, sign: bool) -> Self {
        self.sign = sign;
        self
    }

    /// The token that the URL carries in place of a signature when it is signed; `None` for none. The default is the
    /// configuration's.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, AuthToken};
    /// let config = Config::new("demo");
    /// let token = AuthToken::new("00112233FF99").expiration(1_700_000_000);
    /// let url = AssetUrl::new(&config, "a").sign(true).auth_token(token).url()?;
    /// assert!(url.starts_with("https://res.cloudinary.com/demo/image/upload/a?__cld_token__=exp=1700000000~hmac="));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/control_access_to_media#token_based_authentication>.
    pub fn auth_token(mut self, token: impl Into<Option<AuthToken>>) -> Self {
        self.auth_token = token.into().map(Box::new);
        self
    }

    pub(crate) fn replace_transformation(mut self, transformation: Transformation) -> Self {
        self.transformation = transformation;
        self
    }

    /// Points to another asset, by its id, and keeps everything else. The id's memory is used again, so that many URLs
    /// can be written into one string without an allocation:
    ///
    /// ```
    /// use std::fmt::Write as _;
    /// use cloudinary_core::{AssetUrl, Config, Crop, Transformation};
    /// let thumbnail = Transformation::new().width(80).height(80).crop(Crop::Fill);
    /// let mut url = AssetUrl::new(&Config::new("demo"), "").transform(&thumbnail);
    /// let mut out = String::new();
    /// for id in ["a", "b"] {
    ///     url.set_public_id(id);
    ///     out.clear();
    ///     write!(out, "{url}")?;
    ///     assert_eq!(out, format!("https://res.cloudinary.com/demo/image/upload/c_fill,h_80,w_80/{id}"));
    /// }
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    pub fn set_public_id(&mut self, public_id: &str) {
        public_id.clone_into(&mut self.asset.public_id);
    }

    pub(crate) fn public_id(mut self, public_id: &str) -> Self {
        self.set_public_id(public_id);
        self
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// A `video` tag of it.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType};
    /// let config = Config::new("demo");
    /// let tag = AssetUrl::new(&config, "dog").resource_type(ResourceType::Video).video_tag().only_source("mp4");
    /// assert!(tag.to_string().contains("src=\"https://res.cloudinary.com/demo/video/upload/dog.mp4\""));
    /// ```
    pub fn video_tag(self) -> VideoTag {
        VideoTag::new(self)
    }

    /// The asset it points to.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo");
    /// assert_eq!(AssetUrl::new(&config, "a").version(7).asset().to_string(), "image/upload/v7/a");
    /// ```
    pub fn asset(&self) -> &AssetRef {
        &self.asset
    }

    /// What is done to the asset on its way, but for what the configuration adds; see
    /// [`effective_transformation`](Self::effective_transformation).
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let config = Config::new("demo");
    /// let url = AssetUrl::new(&config, "a").transform(Transformation::new().width(80));
    /// assert_eq!(url.transformation().as_str(), "w_80");
    /// ```
    pub fn transformation(&self) -> &Transformation {
        &self.transformation
    }

    /// An `img` tag with this URL.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo");
    /// assert_eq!(
    ///     AssetUrl::new(&config, "a").img_tag().to_string(),
    ///     "<img src=\"https://res.cloudinary.com/demo/image/upload/a\"/>",
    /// );
    /// ```
    pub fn img_tag(self) -> ImgTag {
        ImgTag::new(self)
    }

    /// The URL, after checking everything that printing would pass over.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for a broken transformation, id, format or suffix; [`Error::MissingConfig`](crate::Error::MissingConfig) when it
    /// is to be signed and there is no secret.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo");
    /// assert_eq!(AssetUrl::new(&config, "a").url()?, "https://res.cloudinary.com/demo/image/upload/a");
    /// assert!(AssetUrl::new(&config, "../a").url().is_err());
    /// assert!(AssetUrl::new(&config, "a").sign(true).url().is_err());
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn url(&self) -> Result<String> {
        self.check()?;
        if self.sign && !self.is_foreign() {
            if let Some(token) = &self.auth_token {
                token.generate_for("/", now())?;
            }
            if self.wants_signature() {
                self.config.require_api_secret()?;
            }
        }
        Ok(self.to_string())
    }

    /// The signed URL, whatever the configuration says.
    ///
    /// # Errors
    /// As [`url`](Self::url).
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("test123").credentials("a", "b");
    /// let url = AssetUrl::new(&config, "image.jpg").signed_url()?;
    /// assert_eq!(url, "https://res.cloudinary.com/test123/image/upload/s----SjmNDA--/image.jpg");
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn signed_url(&self) -> Result<String> {
        self.clone().sign(true).url()
    }

    /// Whether it has a signature of its own in its path: a token stands in for one, unless it says otherwise.
    #[inline]
    fn wants_signature(&self) -> bool {
        self.sign && self.auth_token.as_ref().is_none_or(|token| token.wants_url_signature())
    }

    fn takes_suffix(&self) -> bool {
        matches!(self.asset.resource_type, ResourceType::Image | ResourceType::Raw)
            && self.asset.delivery_type == DeliveryType::Upload
    }

    /// An id that is a URL, of an asset that is not fetched through the service.
    #[inline]
    pub(crate) fn is_foreign(&self) -> bool {
        self.asset.delivery_type == DeliveryType::Upload && is_http(&self.asset.public_id, ":")
    }

    fn suffix_to_write(&self) -> Option<&str> {
        self.suffix.as_deref().filter(|suffix| self.takes_suffix() && is_suffix(suffix))
    }
}

fn is_suffix(suffix: &str) -> bool {
    // Words of every script, with their marks and joiners; but nothing that turns the text around it.
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let ends = |c: char| "./?#%\"<>\\".contains(c) || c.is_control() || c.is_whitespace();
    !suffix.is_empty() && !suffix.chars().any(|c| turns(c) || ends(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let url = |config: Config, id: &str| AssetUrl::new(&config, id);
        let demo = || Config::new("demo");
        for (url, expected) in [
            (url(demo(), "sample.jpg"), "https://res.cloudinary.com/demo/image/upload/sample.jpg"),
            (url(demo(), "a/b").format("png"), "https://res.cloudinary.com/demo/image/upload/v1/a/b.png"),
            (url(demo(), "a/b").version(7), "https://res.cloudinary.com/demo/image/upload/v7/a/b"),
            (url(demo(), "v12/b"), "https://res.cloudinary.com/demo/image/upload/v12/b"),
            (url(demo().force_version(false), "a/b"), "https://res.cloudinary.com/demo/image/upload/a/b"),
            (url(demo(), "a b%20c"), "https://res.cloudinary.com/demo/image/upload/a%20b%20c"),
            (url(demo(), "http://x.com/a?b"), "http://x.com/a?b"),
            (
                url(demo(), "http://x.com/a?b").delivery_type(DeliveryType::Fetch).format("jpg"),
                "https://res.cloudinary.com/demo/image/fetch/f_jpg/http://x.com/a%3Fb",
            ),
            (
                url(demo(), "sheet.xls").resource_type(ResourceType::Raw),
                "https://res.cloudinary.com/demo/raw/upload/sheet.xls",
            ),
            (url(demo(), "id").suffix("words").format("jpg"), "https://res.cloudinary.com/demo/images/id/words.jpg"),
            (url(demo().shorten(true), "id"), "https://res.cloudinary.com/demo/iu/id"),
            (url(demo().use_root_path(true), "id"), "https://res.cloudinary.com/demo/id"),
            (url(demo().secure(false).cname("127.0.0.1:80"), "id"), "http://127.0.0.1:80/demo/image/upload/id"),
            (url(demo().private_cdn(true), "id"), "https://demo-res.cloudinary.com/image/upload/id"),
            (url(demo().cdn_subdomain(true), "id"), "https://res-2.cloudinary.com/demo/image/upload/id"),
        ] {
            assert_eq!(url.to_string(), expected);
            assert_eq!(url.url().unwrap(), expected);
        }
    }

    #[test]
    fn ids_from_people_stay_inside_the_path() {
        let config = Config::new("demo");
        for id in ["a?b", "a#b", "a\"b<c>'d", "a\nb", "\u{202e}x", "😀", "%3Fx"] {
            let url = AssetUrl::new(&config, id).to_string();
            let path = url.strip_prefix("https://res.cloudinary.com/demo/image/upload/").unwrap();
            assert!(!path.contains(['?', '#', '"', '<', '>', '\'', '\n', ' ']) && path.is_ascii(), "{url}");
        }
    }
}
