//! Configuration built in code.

use std::time::Duration;

use super::{Config, Secret};
use crate::auth_token::AuthToken;
use crate::signing::{SignatureAlgorithm, SignatureVersion};
use crate::srcset::Srcset;
use crate::transformation::{Transformation, Value};

impl Config {
    /// Sets the API key, which is public, and the secret. Default: none, and nothing can be signed.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// let config = Config::new("demo").credentials("key", "secret");
    /// assert_eq!(config.api_key.as_deref(), Some("key"));
    /// ```
    pub fn credentials(mut self, api_key: impl Into<String>, api_secret: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self.api_secret = Some(Secret::from(api_secret.into()));
        self
    }

    /// Sets the scheme and host of the Upload API, as `http://127.0.0.1:8080`. Default:
    /// [`DEFAULT_UPLOAD_PREFIX`](super::DEFAULT_UPLOAD_PREFIX).
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// let config = Config::new("demo").upload_prefix("http://127.0.0.1:8080");
    /// assert_eq!(config.api_url("image", "upload"), "http://127.0.0.1:8080/v1_1/demo/image/upload");
    /// ```
    pub fn upload_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.upload_prefix = Some(prefix.into().trim_end_matches('/').to_owned());
        self
    }

    /// Sets the longest time of one API call. Default: [`DEFAULT_TIMEOUT`](super::DEFAULT_TIMEOUT).
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// use std::time::Duration;
    /// let config = Config::new("demo").timeout(Duration::from_secs(10));
    /// assert_eq!(config, Config::from_url("cloudinary://demo?timeout=10")?);
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets an HTTP proxy for API calls, as `http://host:port`. Default: none.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// let config = Config::new("demo").api_proxy("http://proxy.example.com:3128");
    /// assert_eq!(config, Config::from_url("cloudinary://demo?api_proxy=http://proxy.example.com:3128")?);
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn api_proxy(mut self, proxy: impl Into<Secret>) -> Self {
        self.api_proxy = Some(proxy.into());
        self
    }

    /// Chooses `https` (the default) or `http` delivery URLs.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").secure(false);
    /// assert_eq!(AssetUrl::new(&config, "a").to_string(), "http://res.cloudinary.com/demo/image/upload/a");
    /// ```
    pub fn secure(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// Sets your own host name for `https` URLs, without scheme; maybe with a port. Default: that of the service.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").secure_distribution("img.example.com").private_cdn(true);
    /// assert_eq!(AssetUrl::new(&config, "a").to_string(), "https://img.example.com/image/upload/a");
    /// ```
    pub fn secure_distribution(mut self, host: impl Into<String>) -> Self {
        self.secure_distribution = Some(host.into());
        self
    }

    /// Says that the account has a CDN host of its own, so that no path starts with the cloud's name. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").private_cdn(true);
    /// assert_eq!(AssetUrl::new(&config, "a").to_string(), "https://demo-res.cloudinary.com/image/upload/a");
    /// ```
    pub fn private_cdn(mut self, private: bool) -> Self {
        self.private_cdn = private;
        self
    }

    /// Sets your own host name for `http` URLs, without scheme; it acts only with `secure(false)`. Default: that of the
    /// service.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").secure(false).cname("img.example.com");
    /// assert_eq!(AssetUrl::new(&config, "a").to_string(), "http://img.example.com/demo/image/upload/a");
    /// ```
    pub fn cname(mut self, host: impl Into<String>) -> Self {
        self.cname = Some(host.into());
        self
    }

    /// Spreads URLs over five sub-domains, an asset always on the same. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").cdn_subdomain(true);
    /// assert_eq!(AssetUrl::new(&config, "id").to_string(), "https://res-2.cloudinary.com/demo/image/upload/id");
    /// ```
    pub fn cdn_subdomain(mut self, spread: bool) -> Self {
        self.cdn_subdomain = spread;
        self
    }

    /// Spreads `https` URLs over five sub-domains. Default: as `cdn_subdomain`, where the host is shared.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").secure_cdn_subdomain(true);
    /// assert_eq!(AssetUrl::new(&config, "id").to_string(), "https://res-2.cloudinary.com/demo/image/upload/id");
    /// ```
    pub fn secure_cdn_subdomain(mut self, spread: bool) -> Self {
        self.secure_cdn_subdomain = Some(spread);
        self
    }

    /// Writes `/iu/` for `/image/upload/`. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").shorten(true);
    /// assert_eq!(AssetUrl::new(&config, "a").to_string(), "https://res.cloudinary.com/demo/iu/a");
    /// ```
    pub fn shorten(mut self, shorten: bool) -> Self {
        self.shorten = shorten;
        self
    }

    /// Leaves `/image/upload/` out of URLs; images of type `upload` only. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").use_root_path(true);
    /// assert_eq!(AssetUrl::new(&config, "a").to_string(), "https://res.cloudinary.com/demo/a");
    /// ```
    pub fn use_root_path(mut self, root: bool) -> Self {
        self.use_root_path = root;
        self
    }

    /// Signs every delivery URL, which takes the secret. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("test123").credentials("a", "b").sign_url(true);
    /// assert_eq!(
    ///     AssetUrl::new(&config, "image.jpg").url()?,
    ///     "https://res.cloudinary.com/test123/image/upload/s----SjmNDA--/image.jpg",
    /// );
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn sign_url(mut self, sign: bool) -> Self {
        self.sign_url = sign;
        self
    }

    /// Signs URLs with 32 characters of SHA-256 instead of 8. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("test123").credentials("a", "b").long_url_signature(true);
    /// let url = AssetUrl::new(&config, "sample.jpg").signed_url()?;
    /// assert!(url.ends_with("/s--2hbrSMPOjj5BJ4xV7SgFbRDevFaQNUFf--/sample.jpg"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn long_url_signature(mut self, long: bool) -> Self {
        self.long_url_signature = long;
        self
    }

    /// Writes `/v1/` when an id has folders but no version is known, so that no folder is taken for a step. Default: true.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").force_version(false);
    /// assert_eq!(
    ///     AssetUrl::new(&config, "albums/sea").to_string(),
    ///     "https://res.cloudinary.com/demo/image/upload/albums/sea",
    /// );
    /// ```
    pub fn force_version(mut self, force: bool) -> Self {
        self.force_version = force;
        self
    }

    /// Chooses the digest of every signature, as the account has it. Default: SHA-1.
    ///
    /// ```
    /// use cloudinary_core::{Config, signing::SignatureAlgorithm};
    /// let config = Config::new("demo").credentials("key", "abcd").signature_algorithm(SignatureAlgorithm::Sha256);
    /// assert_eq!(config.sign_params([("public_id", "a")])?.len(), 64);
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn signature_algorithm(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.signature_algorithm = algorithm;
        self
    }

    /// Chooses how request parameters are joined to be signed. Default: version 2.
    ///
    /// ```
    /// use cloudinary_core::{Config, signing::SignatureVersion};
    /// let config = Config::new("demo").signature_version(SignatureVersion::V1);
    /// assert_eq!(config, Config::from_url("cloudinary://demo?signature_version=1")?);
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn signature_version(mut self, version: SignatureVersion) -> Self {
        self.signature_version = version;
        self
    }

    /// Sets the preset sent with every upload that names none. Default: none.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// let config = Config::new("demo").upload_preset("photos");
    /// assert_eq!(config.upload_preset.as_deref(), Some("photos"));
    /// ```
    pub fn upload_preset(mut self, preset: impl Into<String>) -> Self {
        self.upload_preset = Some(preset.into());
        self
    }

    /// Sets a bearer token in place of key and secret. Default: none.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// let config = Config::new("demo").oauth_token("hush");
    /// assert!(!format!("{config:?}").contains("hush"));
    /// ```
    pub fn oauth_token(mut self, token: impl Into<Secret>) -> Self {
        self.oauth_token = Some(token.into());
        self
    }

    /// Sets the token that signed URLs carry in place of a signature. Default: none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, AuthToken, Config};
    /// let config = Config::new("demo").auth_token(AuthToken::new("00112233FF99").expiration(1_700_000_000));
    /// let url = AssetUrl::new(&config, "a").signed_url()?;
    /// assert!(url.starts_with("https://res.cloudinary.com/demo/image/upload/a?__cld_token__=exp=1700000000~hmac="));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn auth_token(mut self, token: AuthToken) -> Self {
        self.auth_token = Some(token);
        self
    }

    /// Sets device pixels for each pixel, a number above 0 or `auto`, for every step of a transformation that names none.
    /// Default: none is written, and the service takes 1.0.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").dpr(2.0);
    /// assert_eq!(AssetUrl::new(&config, "a").to_string(), "https://res.cloudinary.com/demo/image/upload/dpr_2.0/a");
    /// ```
    pub fn dpr(mut self, ratio: impl Into<Value>) -> Self {
        self.dpr = Some(ratio.into().with_str(str::to_owned));
        self
    }

    /// Fits every image to its place in the page, by a last step of its transformation. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").responsive_width(true);
    /// assert_eq!(
    ///     AssetUrl::new(&config, "a").to_string(),
    ///     "https://res.cloudinary.com/demo/image/upload/c_limit,w_auto/a",
    /// );
    /// ```
    pub fn responsive_width(mut self, responsive: bool) -> Self {
        self.responsive_width = responsive;
        self
    }

    /// Sets the step that fits images to their place. Default: `c_limit,w_auto`.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let step = Transformation::new().width("auto").crop("fill");
    /// let config = Config::new("demo").responsive_width(true).responsive_width_transformation(step);
    /// assert_eq!(
    ///     AssetUrl::new(&config, "a").to_string(),
    ///     "https://res.cloudinary.com/demo/image/upload/c_fill,w_auto/a",
    /// );
    /// ```
    pub fn responsive_width_transformation(mut self, step: impl Into<Transformation>) -> Self {
        self.responsive_width_transformation = step.into();
        self
    }

    /// Writes the format as a parameter instead of as an extension. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::new("demo").use_fetch_format(true);
    /// assert_eq!(
    ///     AssetUrl::new(&config, "a").format("jpg").to_string(),
    ///     "https://res.cloudinary.com/demo/image/upload/f_jpg/a",
    /// );
    /// ```
    pub fn use_fetch_format(mut self, parameter: bool) -> Self {
        self.use_fetch_format = parameter;
        self
    }

    /// Says that the browser tells its widths itself, so that no tag waits for a script. Default: false.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let config = Config::new("demo").client_hints(true);
    /// let url = AssetUrl::new(&config, "a").transform(Transformation::new().width("auto"));
    /// assert_eq!(url.img_tag().to_string(), "<img src=\"https://res.cloudinary.com/demo/image/upload/w_auto/a\"/>");
    /// ```
    pub fn client_hints(mut self, hints: bool) -> Self {
        self.client_hints = hints;
        self
    }

    /// Sets what an `img` tag that waits for the responsive script shows meanwhile: an address, or `blank`. Default: nothing.
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

    /// Sets the widths that every `img` tag, and every source of a `picture`, lets the browser choose from. Default: none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Srcset};
    /// let config = Config::new("demo").srcset(Srcset::widths([320]));
    /// let tag = AssetUrl::new(&config, "a").img_tag().to_string();
    /// assert_eq!(
    ///     tag,
    ///     "<img src=\"https://res.cloudinary.com/demo/image/upload/a\" srcset=\"https://res.cloudinary.com/demo/image/upload/c_scale,w_320/a 320w\"/>",
    /// );
    /// ```
    pub fn srcset(mut self, srcset: Srcset) -> Self {
        self.srcset = srcset;
        self
    }

    /// Opens connections to the API without TCP's keep-alive. Default: false.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// let config = Config::new("demo").disable_tcp_keep_alive(true);
    /// assert_eq!(config, Config::from_url("cloudinary://demo?disable_tcp_keep_alive=true")?);
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn disable_tcp_keep_alive(mut self, disable: bool) -> Self {
        self.disable_tcp_keep_alive = disable;
        self
    }
}
