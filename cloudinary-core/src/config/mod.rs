//! Configuration: which cloud, with which credentials, and how its URLs look.

mod check;
mod keys;
mod secret;
mod url;
mod variables;

use std::time::Duration;

pub use self::secret::Secret;
use crate::auth_token::AuthToken;
use crate::error::{Error, Result};
use crate::signing::{SignatureAlgorithm, SignatureVersion};
use crate::srcset::Srcset;
use crate::transformation::{Transformation, Value};

/// Where the Upload API lives unless `upload_prefix` says otherwise.
pub const DEFAULT_UPLOAD_PREFIX: &str = "https://api.cloudinary.com";
/// How long a whole API call may take unless `timeout` says otherwise.
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

    /// Sets the API key and secret.
    pub fn credentials(mut self, api_key: impl Into<String>, api_secret: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self.api_secret = Some(Secret::from(api_secret.into()));
        self
    }

    /// Sets the scheme and host of the Upload API, as `http://127.0.0.1:8080`.
    pub fn upload_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.upload_prefix = Some(prefix.into().trim_end_matches('/').to_owned());
        self
    }

    /// Sets the longest time of one API call. Default: [`DEFAULT_TIMEOUT`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets an HTTP proxy for API calls.
    pub fn api_proxy(mut self, proxy: impl Into<Secret>) -> Self {
        self.api_proxy = Some(proxy.into());
        self
    }

    /// Chooses `https` (the default) or `http` delivery URLs.
    pub fn secure(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// Sets your own host name for `https` URLs.
    pub fn secure_distribution(mut self, host: impl Into<String>) -> Self {
        self.secure_distribution = Some(host.into());
        self
    }

    /// Says that the account has a CDN host of its own. Default: false.
    pub fn private_cdn(mut self, private: bool) -> Self {
        self.private_cdn = private;
        self
    }

    /// Sets your own host name for `http` URLs; it acts only with `secure(false)`.
    pub fn cname(mut self, host: impl Into<String>) -> Self {
        self.cname = Some(host.into());
        self
    }

    /// Spreads URLs over five sub-domains. Default: false.
    pub fn cdn_subdomain(mut self, spread: bool) -> Self {
        self.cdn_subdomain = spread;
        self
    }

    /// Spreads `https` URLs over five sub-domains. Default: as `cdn_subdomain`, where the host is shared.
    pub fn secure_cdn_subdomain(mut self, spread: bool) -> Self {
        self.secure_cdn_subdomain = Some(spread);
        self
    }

    /// Writes `/iu/` for `/image/upload/`. Default: false.
    pub fn shorten(mut self, shorten: bool) -> Self {
        self.shorten = shorten;
        self
    }

    /// Leaves `/image/upload/` out of URLs. Default: false.
    pub fn use_root_path(mut self, root: bool) -> Self {
        self.use_root_path = root;
        self
    }

    /// Signs every delivery URL. Default: false.
    pub fn sign_url(mut self, sign: bool) -> Self {
        self.sign_url = sign;
        self
    }

    /// Signs URLs with 32 characters of SHA-256 instead of 8. Default: false.
    pub fn long_url_signature(mut self, long: bool) -> Self {
        self.long_url_signature = long;
        self
    }

    /// Writes `/v1/` when an id has folders but no version is known. Default: true.
    pub fn force_version(mut self, force: bool) -> Self {
        self.force_version = force;
        self
    }

    /// Chooses the digest of every signature. Default: SHA-1.
    pub fn signature_algorithm(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.signature_algorithm = algorithm;
        self
    }

    /// Chooses how request parameters are joined to be signed. Default: version 2.
    pub fn signature_version(mut self, version: SignatureVersion) -> Self {
        self.signature_version = version;
        self
    }

    /// Sets the preset sent with every upload that names none.
    pub fn upload_preset(mut self, preset: impl Into<String>) -> Self {
        self.upload_preset = Some(preset.into());
        self
    }

    /// Sets a bearer token in place of key and secret.
    pub fn oauth_token(mut self, token: impl Into<Secret>) -> Self {
        self.oauth_token = Some(token.into());
        self
    }

    /// Sets the token that signed URLs carry in place of a signature.
    pub fn auth_token(mut self, token: AuthToken) -> Self {
        self.auth_token = Some(token);
        self
    }

    /// Sets device pixels for each pixel, for every step of a transformation that names none.
    pub fn dpr(mut self, ratio: impl Into<Value>) -> Self {
        self.dpr = Some(ratio.into().with_str(str::to_owned));
        self
    }

    /// Fits every image to its place in the page. Default: false.
    pub fn responsive_width(mut self, responsive: bool) -> Self {
        self.responsive_width = responsive;
        self
    }

    /// Sets the step that fits images to their place. Default: `c_limit,w_auto`.
    pub fn responsive_width_transformation(mut self, step: impl Into<Transformation>) -> Self {
        self.responsive_width_transformation = step.into();
        self
    }

    /// Writes the format as a parameter instead of as an extension. Default: false.
    pub fn use_fetch_format(mut self, parameter: bool) -> Self {
        self.use_fetch_format = parameter;
        self
    }

    /// Says that the browser tells its widths itself. Default: false.
    pub fn client_hints(mut self, hints: bool) -> Self {
        self.client_hints = hints;
        self
    }

    /// Sets what an `img` tag that waits for the responsive script shows meanwhile: an address, or `blank`.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let config = Config::new("demo").responsive_placeholder("/wait.gif");
    /// let tag = AssetUrl::new(&config, "a").transform(&Transformation::new().width("auto")).img_tag().to_string();
    /// assert!(tag.contains("class=\"cld-responsive\"") && tag.contains(" src=\"/wait.gif\""));
    /// ```
    pub fn responsive_placeholder(mut self, source: impl Into<String>) -> Self {
        self.responsive_placeholder = Some(source.into());
        self
    }

    /// Sets the widths that every `img` tag, and every source of a `picture`, lets the browser choose from.
    pub fn srcset(mut self, srcset: Srcset) -> Self {
        self.srcset = srcset;
        self
    }

    /// Opens connections to the API without TCP's keep-alive. Default: false.
    pub fn disable_tcp_keep_alive(mut self, disable: bool) -> Self {
        self.disable_tcp_keep_alive = disable;
        self
    }

    /// Checks what makes every URL wrong when it is wrong: the cloud's name, the hosts and the `dpr`. What is read from a
    /// URL or the environment has been checked.
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
        Ok(())
    }

    /// The API key.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] when there is none, or an empty one.
    pub fn require_api_key(&self) -> Result<&str> {
        self.api_key.as_deref().filter(|key| !key.is_empty()).ok_or(Error::MissingConfig { name: "api_key" })
    }

    /// The API secret.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] when there is none, or an empty one.
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
