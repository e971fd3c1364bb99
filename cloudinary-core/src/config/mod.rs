//! Configuration: which cloud, with which credentials, and how its URLs look.

mod check;
mod keys;
mod secret;
mod setters;
mod url;
mod variables;

use std::time::Duration;

pub use self::secret::Secret;
use crate::auth_token::AuthToken;
use crate::error::{Error, Result};
use crate::signing::{SignatureAlgorithm, SignatureVersion};
use crate::srcset::Srcset;
use crate::transformation::Transformation;

/// Where the Upload API lives unless `upload_prefix` says otherwise.
///
/// ```
/// use cloudinary_core::{Config, DEFAULT_UPLOAD_PREFIX};
/// assert!(Config::new("demo").api_url("image", "upload").starts_with(DEFAULT_UPLOAD_PREFIX));
/// ```
pub const DEFAULT_UPLOAD_PREFIX: &str = "https://api.cloudinary.com";
/// How long a whole API call may take unless `timeout` says otherwise: 60 seconds.
///
/// ```
/// use cloudinary_core::{Config, DEFAULT_TIMEOUT};
/// assert_eq!(Config::new("demo").timeout, DEFAULT_TIMEOUT);
/// ```
pub const DEFAULT_TIMEOUT: Duration = Duration::from_mins(1);

/// Everything a call or a URL depends on. Cheap to build, cloned into an `Arc` by the client.
///
/// It is the form of `CLOUDINARY_URL`, the variable every Cloudinary SDK reads:
/// `cloudinary://api_key:api_secret@cloud_name?option=value`.
///
/// ```
/// use cloudinary_core::Config;
/// let config = Config::from_url("cloudinary://key:secret@demo?secure_distribution=img.example.com")?;
/// assert_eq!(config.cloud_name, "demo");
/// assert!(!format!("{config:?}").contains("secret@"));
/// let same = Config::new("demo").credentials("key", "secret").secure_distribution("img.example.com");
/// assert_eq!(config, same);
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/django_integration#configuration>.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of the service's, by its name.
pub struct Config {
    /// The name of the cloud, first part of every path.
    pub cloud_name: String,
    /// The API key; public.
    pub api_key: Option<String>,
    /// The API secret; redacted wherever this value is printed.
    pub api_secret: Option<Secret>,
    /// Scheme and host of the Upload API. Default: [`DEFAULT_UPLOAD_PREFIX`].
    pub upload_prefix: Option<String>,
    /// Longest time of one API call. Default: [`DEFAULT_TIMEOUT`].
    pub timeout: Duration,
    /// An HTTP proxy for API calls, as `http://host:port`; redacted, since it may carry a password.
    pub api_proxy: Option<Secret>,
    /// Whether delivery URLs are `https`. Default: true; read from a URL or the environment, false where
    /// `upload_prefix` is plain `http`.
    pub secure: bool,
    /// Your own host name for `https` URLs.
    pub secure_distribution: Option<String>,
    /// Whether the account has a CDN host of its own, so that paths start without the cloud name.
    pub private_cdn: bool,
    /// Your own host name for `http` URLs.
    pub cname: Option<String>,
    /// Spread URLs over five sub-domains.
    pub cdn_subdomain: bool,
    /// The same for `https`; unset means as `cdn_subdomain` where the host is shared.
    pub secure_cdn_subdomain: Option<bool>,
    /// Write `/iu/` for `/image/upload/`.
    pub shorten: bool,
    /// Leave `/image/upload/` out.
    pub use_root_path: bool,
    /// Sign every delivery URL.
    pub sign_url: bool,
    /// Sign URLs with 32 characters instead of 8.
    pub long_url_signature: bool,
    /// Write `/v1/` when an id has folders but no version is known. Default: true.
    pub force_version: bool,
    /// Digest of every signature. Default: SHA-1.
    pub signature_algorithm: SignatureAlgorithm,
    /// How request parameters are joined to be signed. Default: 2.
    pub signature_version: SignatureVersion,
    /// Preset sent with every upload that names none.
    pub upload_preset: Option<String>,
    /// A bearer token in place of key and secret; redacted as the secret is.
    pub oauth_token: Option<Secret>,
    /// The token that signed URLs carry in place of a signature.
    pub auth_token: Option<AuthToken>,
    /// Device pixels for each pixel, for every step that names none: a number or `auto`.
    pub dpr: Option<String>,
    /// Append a step that fits images to their place in the page, by [`responsive_width_transformation`].
    ///
    /// [`responsive_width_transformation`]: Self::responsive_width_transformation
    pub responsive_width: bool,
    /// That step. Default: `c_limit,w_auto`.
    pub responsive_width_transformation: Transformation,
    /// Write the format as a parameter, `f_jpg`, instead of as an extension.
    pub use_fetch_format: bool,
    /// The browser tells its widths itself, so that tags need no script for them.
    pub client_hints: bool,
    /// What an `img` tag that waits for the responsive script shows meanwhile: an address, or `blank`. Default: nothing.
    pub responsive_placeholder: Option<String>,
    /// Widths that every `img` tag and every source of a `picture` lets the browser choose from. Default: none.
    pub srcset: Srcset,
    /// Opens connections to the API without TCP's keep-alive. Default: false.
    pub disable_tcp_keep_alive: bool,
}

impl Config {
    /// A configuration for one cloud, without credentials: enough for unsigned delivery URLs. Values that are set on it are
    /// checked when they are used, or by [`check`](Self::check).
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo");
    /// assert!(config.secure && config.api_key.is_none());
    /// assert_eq!(AssetUrl::new(&config, "a").to_string(), "https://res.cloudinary.com/demo/image/upload/a");
    /// ```
    pub fn new(cloud_name: impl Into<String>) -> Self {
        Self {
            cloud_name: cloud_name.into(),
            api_key: None,
            api_secret: None,
            upload_prefix: None,
            timeout: DEFAULT_TIMEOUT,
            api_proxy: None,
            secure: true,
            secure_distribution: None,
            private_cdn: false,
            cname: None,
            cdn_subdomain: false,
            secure_cdn_subdomain: None,
            shorten: false,
            use_root_path: false,
            sign_url: false,
            long_url_signature: false,
            force_version: true,
            signature_algorithm: SignatureAlgorithm::default(),
            signature_version: SignatureVersion::default(),
            upload_preset: None,
            oauth_token: None,
            auth_token: None,
            dpr: None,
            responsive_width: false,
            responsive_width_transformation: Transformation::responsive_step(),
            use_fetch_format: false,
            client_hints: false,
            responsive_placeholder: None,
            srcset: Srcset::default(),
            disable_tcp_keep_alive: false,
        }
    }

    /// Checks what makes URLs wrong when it is wrong: the cloud's name, the hosts, the `dpr`, and the transformations of
    /// responsive widths and of the `srcset`. What is read from a URL or the environment has been checked.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] without a cloud's name, [`Error::Config`] and [`Error::InvalidParameter`] for a value that
    /// can never be part of a URL.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// assert!(Config::new("demo").cname("img.example.com").check().is_ok());
    /// let error = Config::new("demo").cname("https://img.example.com").check().unwrap_err();
    /// assert!(error.to_string().contains("give a host name without https://"));
    /// ```
    pub fn check(&self) -> Result<()> {
        check::cloud_name(&self.cloud_name)?;
        for (name, host) in [("secure_distribution", &self.secure_distribution), ("cname", &self.cname)] {
            if let Some(host) = host {
                check::host(name, host)?;
            }
        }
        if let Some(prefix) = &self.upload_prefix {
            check::upload_prefix(prefix)?;
        }
        if let Some(dpr) = &self.dpr {
            check::dpr(dpr)?;
        }
        if self.responsive_width {
            self.responsive_width_transformation.check()?;
        }
        match &self.srcset.transformation {
            Some(step) => step.check(),
            None => Ok(()),
        }
    }

    /// The API key.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] when there is none, or an empty one.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// assert_eq!(Config::new("demo").credentials("key", "secret").require_api_key()?, "key");
    /// assert!(Config::new("demo").require_api_key().is_err());
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn require_api_key(&self) -> Result<&str> {
        self.api_key.as_deref().filter(|key| !key.is_empty()).ok_or(Error::MissingConfig { name: "api_key" })
    }

    /// The API secret.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] when there is none, or an empty one.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// assert_eq!(Config::new("demo").credentials("key", "secret").require_api_secret()?.expose(), "secret");
    /// assert!(Config::new("demo").require_api_secret().is_err());
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn require_api_secret(&self) -> Result<&Secret> {
        self.api_secret
            .as_ref()
            .filter(|secret| !secret.expose().is_empty())
            .ok_or(Error::MissingConfig { name: "api_secret" })
    }

    /// Signs request parameters with this configuration's secret, algorithm and version.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] without a secret.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// let config = Config::new("demo").credentials("key", "abcd");
    /// let signature = config.sign_params([("public_id", "sample_image"), ("timestamp", "1315060510")])?;
    /// assert_eq!(signature, "b4ad47fb4e25c7bf5f92a20089f9db59bc302313");
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/authentication_signatures>.
    pub fn sign_params<K: AsRef<str>, V: AsRef<str>>(
        &self,
        params: impl IntoIterator<Item = (K, V)>,
    ) -> Result<String> {
        let secret = self.require_api_secret()?;
        Ok(crate::signing::sign_params(params, secret, self.signature_algorithm, self.signature_version))
    }

    /// The URL of an Upload API call, as `https://api.cloudinary.com/v1_1/demo/image/upload`.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// let url = Config::new("demo").api_url("auto", "upload");
    /// assert_eq!(url, "https://api.cloudinary.com/v1_1/demo/auto/upload");
    /// ```
    pub fn api_url(&self, resource_type: &str, action: &str) -> String {
        let prefix = self.upload_prefix.as_deref().unwrap_or(DEFAULT_UPLOAD_PREFIX);
        format!("{prefix}/v1_1/{}/{resource_type}/{action}", self.cloud_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::AssetUrl;

    #[test]
    fn no_url_from_what_can_be_part_of_none() {
        let demo = || Config::new("demo");
        for (config, expected) in [
            (Config::new(""), "no cloud_name"),
            (Config::new(".."), "cloud_name has letters"),
            (Config::new("a/b"), "cloud_name has letters"),
            (Config::new("a?b"), "cloud_name has letters"),
            (Config::new("a\n"), "cloud_name has letters"),
            (Config::new("😀"), "cloud_name has letters"),
            (demo().secure_distribution(""), "secure_distribution: \"\""),
            (demo().secure_distribution("a#b"), "secure_distribution: \"a#b\""),
            (demo().cname("a\u{202e}b"), "cname: "),
            (demo().cname("a//b"), "cname: "),
            (demo().cname("../b"), "cname: "),
            (demo().dpr(f64::NAN), "dpr: \"NaN\""),
            (demo().dpr(f64::INFINITY), "dpr: "),
            (demo().dpr(-1), "dpr: \"-1\""),
            (demo().dpr("2/../x"), "dpr: "),
            (demo().upload_prefix("ftp://x"), "upload_prefix: use http://host"),
        ] {
            let url = AssetUrl::new(&config, "a").url();
            for error in [config.check().unwrap_err(), url.unwrap_err()] {
                assert!(error.to_string().contains(expected), "{error}");
            }
        }
        assert!(demo().dpr("auto").cname("[::1]:80/x").upload_prefix("http://127.0.0.1:1").check().is_ok());
    }
}
