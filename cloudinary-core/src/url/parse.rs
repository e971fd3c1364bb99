//! From a delivery URL back to what it was made of.

use std::borrow::Cow;

use super::AssetUrl;
use super::source::is_http;
use crate::asset::{AssetRef, DeliveryType, ResourceType, check_public_id, format_name};
use crate::config::Config;
use crate::error::{Error, Result, shorten};
use crate::escape::unescape;
use crate::transformation::{Transformation, is_step};

/// The parts of a delivery URL.
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, DeliveredAsset};
/// let config = Config::new("demo");
/// let url = "https://res.cloudinary.com/demo/image/upload/c_fill,w_150/v7/summer/beach.jpg";
/// let parts = DeliveredAsset::from_url(&config, url)?;
/// assert_eq!(parts.asset.to_string(), "image/upload/v7/summer/beach.jpg");
/// assert_eq!(parts.transformation.to_string(), "c_fill,w_150");
/// assert_eq!(parts.url(&config).to_string(), url);
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#transformation_url_structure>.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveredAsset {
    /// The asset; its version is as the URL has it, `v1` included.
    pub asset: AssetRef,
    /// What is done to it.
    pub transformation: Transformation,
    /// The signature, as `s--…--`, if there is one. It is not checked.
    pub signature: Option<String>,
}

impl DeliveredAsset {
    /// Reads a URL, or the path of one, of this configuration's cloud.
    ///
    /// Where the path has no version, segments are taken for steps of the transformation as long as they look like
    /// one, as the service does it.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a URL of another cloud, or that is none of a delivery.
    ///
    /// ```
    /// use cloudinary_core::{Config, DeliveredAsset};
    /// let config = Config::new("demo");
    /// let parts = DeliveredAsset::from_url(&config, "/demo/video/private/w_1/dog.mp4")?;
    /// assert_eq!(
    ///     (parts.asset.to_string(), parts.transformation.as_str()),
    ///     ("video/private/dog.mp4".to_owned(), "w_1"),
    /// );
    /// assert!(DeliveredAsset::from_url(&config, "https://res.cloudinary.com/other/image/upload/a").is_err());
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn from_url(config: &Config, url: &str) -> Result<Self> {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let refuse = |remedy: &'static str| Error::invalid("url", &shorten(without_secrets(url)), remedy);
        let path = match path.strip_prefix("https://").or_else(|| path.strip_prefix("http://")) {
            Some(rest) => behind_host(config, rest),
            None => path.trim_start_matches('/'),
        };
        let path = match path.split_once('/') {
            Some((cloud, rest)) if cloud == config.cloud_name => rest,
            _ if config.private_cdn => path,
            _ => return Err(refuse("its path does not start with the name of the configured cloud")),
        };
        let (resource_type, delivery_type, suffixed, rest) = kind(path);
        let mut rest = Rest(rest);
        // With nothing behind it, it is an id.
        let signature = if rest.0.contains('/') { rest.next_if(is_signature).map(str::to_owned) } else { None };
        let mut steps: Vec<&str> = Vec::new();
        while let Some(step) = rest.next_if(is_step) {
            steps.push(step);
        }
        let version = rest.version();
        // An id that looks like a step, as in `a_b`, is an id when nothing else is left.
        if rest.0.is_empty()
            && version.is_none()
            && let Some(last) = steps.pop()
        {
            rest = Rest(last);
        }
        let (source, suffix) = match rest.0.rsplit_once('/') {
            Some((source, suffix)) if suffixed => (source, Some(suffix)),
            _ => (rest.0, None),
        };
        let decoded =
            String::from_utf8(unescape(source.as_bytes())).map_err(|_| refuse("its escapes are not UTF-8"))?;
        let (public_id, format) = match (resource_type, suffix) {
            (ResourceType::Raw, _) => (decoded, None),
            (_, Some(suffix)) => (decoded, suffix.rsplit_once('.').map(|(_, format)| format.to_owned())),
            (_, None) => without_extension(decoded, delivery_type),
        };
        if public_id.is_empty() {
            return Err(refuse("it names no asset"));
        }
        if delivery_type != DeliveryType::Fetch {
            check_public_id(&public_id).map_err(refuse)?;
        }
        Ok(Self {
            asset: AssetRef {
                resource_type,
                delivery_type,
                version,
                public_id,
                format: format.as_deref().map(format_name),
            },
            transformation: steps.join("/").parse()?,
            signature,
        })
    }

    /// The URL it is delivered from, signed if this one was and the configuration has the secret.
    ///
    /// ```
    /// use cloudinary_core::{Config, DeliveredAsset};
    /// let config = Config::new("demo");
    /// let parts = DeliveredAsset::from_url(&config, "/demo/iu/v3/a.jpg")?;
    /// assert_eq!(parts.url(&config).to_string(), "https://res.cloudinary.com/demo/image/upload/v3/a.jpg");
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn url(&self, config: &Config) -> AssetUrl {
        let mut asset = self.asset.clone();
        // An id is unescaped once before it is written; this one has its escapes behind it.
        if !is_http(&asset.public_id, ":/") {
            asset.public_id = asset.public_id.replace('%', "%25");
        }
        AssetUrl::new(config, asset).transform(&self.transformation).sign(self.signature.is_some())
    }
}

/// A URL without what may open more than it names: from its host on, if it has a user before that, and without a query,
/// where tokens are.
fn without_secrets(url: &str) -> &str {
    let plain = url.split(['?', '#']).next().unwrap_or_default();
    let Some((before, host)) = url.split_once("//").filter(|(before, _)| !before.contains(['/', '?', '#'])) else {
        return plain;
    };
    // A password may have what else would begin a query; then nothing is left to show.
    let user = host.split('/').next().and_then(|authority| authority.rfind('@'));
    user.map_or(plain, |at| plain.get(before.len() + "//".len() + at + 1..).unwrap_or_default())
}

/// What follows the host, and the path that a configured host may have.
fn behind_host<'a>(config: &Config, url: &'a str) -> &'a str {
    let path = url.split_once('/').map_or("", |(_, path)| path);
    let own = if config.secure { &config.secure_distribution } else { &config.cname };
    own.as_deref().and_then(|own| path.strip_prefix(own.split_once('/')?.1)?.strip_prefix('/')).unwrap_or(path)
}

/// What is left of a path.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Takes the first segment off, if it is of that kind.
    fn next_if(&mut self, kind: impl Fn(&str) -> bool) -> Option<&'a str> {
        let (segment, rest) = self.0.split_once('/').unwrap_or((self.0, ""));
        if !kind(segment) {
            return None;
        }
        self.0 = rest;
        Some(segment)
    }

    /// Takes the version off. One with nothing behind it is an id. Escaped digits count, since what is read is written
    /// without those escapes.
    fn version(&mut self) -> Option<u64> {
        let (first, rest) = self.0.split_once('/').filter(|(_, rest)| !rest.is_empty())?;
        let version = version(std::str::from_utf8(&unescape(first.as_bytes())).ok()?)?;
        self.0 = rest;
        Some(version)
    }
}

/// Resource type and delivery type in any of their spellings, whether a suffix follows the id, and the rest.
fn kind(path: &str) -> (ResourceType, DeliveryType, bool, &str) {
    let mut parts = path.splitn(3, '/');
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let after_first = path.get(first.len() + 1..).unwrap_or_default();
    match first {
        "iu" => return (ResourceType::Image, DeliveryType::Upload, false, after_first),
        "images" => return (ResourceType::Image, DeliveryType::Upload, true, after_first),
        "files" => return (ResourceType::Raw, DeliveryType::Upload, true, after_first),
        _ => {}
    }
    match (first.parse::<ResourceType>(), second.parse::<DeliveryType>()) {
        (Ok(resource), Ok(delivery)) if resource != ResourceType::Auto => {
            (resource, delivery, false, parts.next().unwrap_or_default())
        }
        // The root path: an image without any of it.
        _ => (ResourceType::Image, DeliveryType::Upload, false, path),
    }
}

fn is_signature(segment: &str) -> bool {
    segment
        .strip_prefix("s--")
        .and_then(|rest| rest.strip_suffix("--"))
        .filter(|middle| matches!(middle.len(), 8 | 32))
        .is_some_and(|middle| middle.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')))
}

fn version(segment: &str) -> Option<u64> {
    let digits = segment.strip_prefix('v')?;
    // No version is 0 or starts with it; a folder may.
    let is_number = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

fn without_extension(source: String, delivery_type: DeliveryType) -> (String, Option<String>) {
    if delivery_type == DeliveryType::Fetch || is_http(&source, ":/") {
        return (source, None);
    }
    let (folder, name) = match source.rfind('/') {
        Some(slash) => source.split_at(slash + 1),
        None => ("", source.as_str()),
    };
    match name.rsplit_once('.') {
        Some((id, format))
            if !id.is_empty() && !format.is_empty() && format.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            (Cow::from(format!("{folder}{id}")).into_owned(), Some(format.to_owned()))
        }
        _ => (source, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_round_trip() {
        let config = Config::new("demo").credentials("key", "secret");
        let base = "https://res.cloudinary.com/demo";
        for (path, asset, transformation) in [
            ("image/upload/sample.jpg", "image/upload/sample.jpg", ""),
            ("image/upload/v7/a/b.png", "image/upload/v7/a/b.png", ""),
            ("image/upload/c_fill,w_1/e_sepia/v1/a_b/c.jpg", "image/upload/v1/a_b/c.jpg", "c_fill,w_1/e_sepia"),
            ("image/upload/a_b", "image/upload/a_b", ""),
            ("image/upload/v7", "image/upload/v7", ""),
            ("image/upload/a%2520b%25", "image/upload/a%20b%", ""),
            ("image/upload/v0/a", "image/upload/v0/a", ""),
            ("image/upload/v07/a", "image/upload/v07/a", ""),
            ("raw/upload/v3/sheet.tar.gz", "raw/upload/v3/sheet.tar.gz", ""),
            ("video/private/w_1/dog.mp4", "video/private/dog.mp4", "w_1"),
            ("image/upload/a%20b%C3%BC.jpg", "image/upload/a bü.jpg", ""),
            ("image/upload/s----%7C%7C--", "image/upload/s----||--", ""),
            ("image/upload/s--abcdefgh--", "image/upload/s--abcdefgh--", ""),
        ] {
            let url = format!("{base}/{path}");
            let parts = DeliveredAsset::from_url(&config, &url).unwrap();
            assert_eq!(parts.asset.to_string(), asset, "{url}");
            assert_eq!(parts.transformation.to_string(), transformation, "{url}");
            assert_eq!(parts.url(&config).to_string(), url);
        }
        let signed =
            AssetUrl::new(&config, "a").transform("w_1".parse::<Transformation>().unwrap()).sign(true).to_string();
        assert_eq!(DeliveredAsset::from_url(&config, &signed).unwrap().url(&config).to_string(), signed);
    }

    #[test]
    fn faults_show_no_token_and_no_password() {
        for url in [
            "/other/image/upload/a?__cld_token__=hmac=hush",
            "https://me:hush@a.com/x/a#hush",
            "https://hush@a.com",
            "//me:hush@a.com/x/a",
            "HTTPS://me:hush@a.com/x/a",
            "https://me:hush?hush@a.com/x",
            "https://a.com?x@hush",
            "/a?u=https://b@c&token=hush",
        ] {
            let error = DeliveredAsset::from_url(&Config::new("demo"), url).unwrap_err().to_string();
            assert!(error.starts_with("url: ") && !error.contains("hush"), "{error}");
        }
        assert_eq!(without_secrets("https://a.com/x@y?z"), "https://a.com/x@y");
        assert_eq!(without_secrets("//me:pass@a.com/x"), "a.com/x");
    }

    #[test]
    fn hosts_with_a_path() {
        let demo = || Config::new("demo");
        for config in [
            demo().secure(false).cname("img.example.com/a/b"),
            demo().secure_distribution("img.example.com/a/b"),
            demo().secure_distribution("img.example.com/a/b").private_cdn(true),
            demo().secure(false).cname("img.example.com/a/b").private_cdn(true).cdn_subdomain(true),
        ] {
            let url = AssetUrl::new(&config, "x/y").version(7).format("png").to_string();
            let parts = DeliveredAsset::from_url(&config, &url).unwrap();
            assert_eq!(parts.asset.to_string(), "image/upload/v7/x/y.png", "{url}");
            assert_eq!(parts.url(&config).to_string(), url);
        }
    }

    #[test]
    fn addresses_of_files_elsewhere_keep_their_extension() {
        let config = Config::new("demo").credentials("key", "secret");
        let page = AssetUrl::new(&config, "https://example.com/a.html").delivery_type(DeliveryType::Url2png);
        let url = page.signed_url().unwrap();
        let parts = DeliveredAsset::from_url(&config, &url).unwrap();
        assert_eq!(parts.asset.public_id, "https://example.com/a.html");
        assert_eq!(parts.url(&config).to_string(), url);
    }

    #[test]
    fn other_spellings() {
        for (config, url, asset) in [
            (Config::new("demo"), "/demo/iu/v3/a.jpg", "image/upload/v3/a.jpg"),
            (Config::new("demo"), "/demo/iu/v%33/a.jpg", "image/upload/v3/a.jpg"),
            (Config::new("demo"), "http://h/demo/images/a/words.jpg", "image/upload/a.jpg"),
            (
                Config::new("demo").private_cdn(true),
                "https://demo-res.cloudinary.com/image/upload/a.jpg?x#y",
                "image/upload/a.jpg",
            ),
            (Config::new("demo"), "/demo/image/fetch/f_jpg/https://x.com/a.png", "image/fetch/https://x.com/a.png"),
        ] {
            assert_eq!(DeliveredAsset::from_url(&config, url).unwrap().asset.to_string(), asset);
        }
        for url in [
            "",
            "https://res.cloudinary.com/other/image/upload/a",
            "/demo/image/upload/",
            "/demo/image/fetch/",
            "/demo/image/upload/%FF",
            "/demo/image/upload/../x",
        ] {
            assert!(DeliveredAsset::from_url(&Config::new("demo"), url).is_err(), "{url}");
        }
    }
}
