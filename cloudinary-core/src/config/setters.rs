//! Configuration built in code.

use std::time::Duration;

use super::{Config, Secret};
use crate::auth_token::AuthToken;
use crate::signing::{SignatureAlgorithm, SignatureVersion};
use crate::srcset::Srcset;
use crate::transformation::{Transformation, Value};

impl Config {
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

    /// Sets the longest time of one API call. Default: [`DEFAULT_TIMEOUT`](super::DEFAULT_TIMEOUT).
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
}
