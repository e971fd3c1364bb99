//! Configuration: which cloud, with which credentials, and how its URLs look.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::signing::{SignatureAlgorithm, SignatureVersion};

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
    /// An HTTP proxy for API calls, as `http://host:port`.
    pub api_proxy: Option<String>,
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
}

/// Every key that `CLOUDINARY_URL` may carry after its `?`, and, in capitals behind `CLOUDINARY_`, every variable.
const KEYS: [&str; 20] = [
    "cloud_name",
    "api_key",
    "api_secret",
    "upload_prefix",
    "timeout",
    "api_proxy",
    "secure",
    "secure_distribution",
    "private_cdn",
    "cname",
    "cdn_subdomain",
    "secure_cdn_subdomain",
    "shorten",
    "use_root_path",
    "sign_url",
    "long_url_signature",
    "force_version",
    "signature_algorithm",
    "signature_version",
    "upload_preset",
];

/// Variables with the prefix that are not configuration: of this workspace's tests, and of other products.
const OTHER_VARIABLES: [&str; 4] = ["url", "live", "vectors", "account_url"];

impl Config {
    /// A configuration for one cloud, without credentials: enough for unsigned delivery URLs.
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
        }
    }

    /// Reads `CLOUDINARY_URL`; or, when `CLOUDINARY_CLOUD_NAME` is set, one variable for each option
    /// (`CLOUDINARY_API_KEY`, `CLOUDINARY_API_SECRET`, `CLOUDINARY_SECURE`, …), which win over it.
    ///
    /// # Errors
    /// [`Error::Config`] when neither is set, and as [`Config::from_url`].
    pub fn from_env() -> Result<Self> {
        Self::from_variables(
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))),
        )
    }

    /// As [`Config::from_env`], from variables that are given.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let mut options: BTreeMap<String, String> = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.strip_prefix("CLOUDINARY_")?.to_ascii_lowercase(), value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        if let Some(cloud_name) = options.remove("cloud_name") {
            let mut config = Self::new(checked_cloud_name(&cloud_name)?);
            for (name, value) in options.iter().filter(|(name, _)| !OTHER_VARIABLES.contains(&name.as_str())) {
                config.set(name, value)?;
            }
            config.follow_prefix(options.contains_key("secure"));
            return Ok(config);
        }
        match options.get("url") {
            Some(url) => Self::from_url(url),
            None => Err(Error::Config(
                "CLOUDINARY_URL is not set; set it to cloudinary://api_key:api_secret@cloud_name, \
                 or build a Config in code"
                    .to_owned(),
            )),
        }
    }

    /// Reads a `cloudinary://api_key:api_secret@cloud_name?option=value` URL.
    ///
    /// Keys and values are percent-decoded. Booleans are `true`, `false`, `1` or `0`; `timeout` is in seconds.
    /// A path, `…@cloud_name/img.example.com`, names a private CDN's host, as in the other SDKs.
    ///
    /// # Errors
    /// [`Error::Config`] for another scheme or a missing cloud name, [`Error::UnknownOption`] for an unknown key and
    /// [`Error::InvalidParameter`] for a bad value. No message repeats the URL, since it carries the secret.
    pub fn from_url(url: &str) -> Result<Self> {
        let scheme = "cloudinary://";
        let rest = match url.trim().split_at_checked(scheme.len()) {
            Some((head, rest)) if head.eq_ignore_ascii_case(scheme) => rest,
            _ => {
                return Err(Error::Config(
                    "CLOUDINARY_URL must start with cloudinary://, as in cloudinary://api_key:api_secret@cloud_name"
                        .to_owned(),
                ));
            }
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (credentials, rest) = match rest.rsplit_once('@') {
            Some((credentials, rest)) => (Some(credentials), rest),
            None => (None, rest),
        };
        let (cloud_name, path) = rest.split_once('/').unwrap_or((rest, ""));
        let mut config = Self::new(checked_cloud_name(&cloud_name.to_ascii_lowercase())?);
        if let Some(credentials) = credentials {
            let (key, secret) = credentials.split_once(':').unwrap_or((credentials, ""));
            config.api_key = Some(percent_decoded(key)?).filter(|key| !key.is_empty());
            config.api_secret = Some(percent_decoded(secret)?).filter(|secret| !secret.is_empty()).map(Secret::from);
        }
        if !path.is_empty() {
            config.private_cdn = true;
            config.secure_distribution = Some(percent_decoded(path)?);
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            config.set(&percent_decoded(name)?, &percent_decoded(&value.replace('+', " "))?)?;
        }
        config.follow_prefix(query.split('&').any(|pair| pair.starts_with("secure=")));
        Ok(config)
    }

    /// A service that is reached by plain `http`, as one on this machine, delivers so too unless `secure` is given.
    fn follow_prefix(&mut self, secure_is_given: bool) {
        if !secure_is_given && self.upload_prefix.as_deref().is_some_and(|prefix| prefix.starts_with("http://")) {
            self.secure = false;
        }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let text = || Some(value.to_owned()).filter(|text| !text.is_empty());
        match name {
            "cloud_name" => checked_cloud_name(value)?.clone_into(&mut self.cloud_name),
            "api_key" => self.api_key = text(),
            "api_secret" => self.api_secret = text().map(Secret::from),
            "upload_prefix" => self.upload_prefix = Some(checked_prefix(value)?),
            "timeout" => self.timeout = seconds(value)?,
            "api_proxy" => self.api_proxy = text(),
            "secure" => self.secure = boolean(name, value)?,
            "secure_distribution" => self.secure_distribution = text(),
            "private_cdn" => self.private_cdn = boolean(name, value)?,
            "cname" => self.cname = text(),
            "cdn_subdomain" => self.cdn_subdomain = boolean(name, value)?,
            "secure_cdn_subdomain" => self.secure_cdn_subdomain = Some(boolean(name, value)?),
            "shorten" => self.shorten = boolean(name, value)?,
            "use_root_path" => self.use_root_path = boolean(name, value)?,
            "sign_url" => self.sign_url = boolean(name, value)?,
            "long_url_signature" => self.long_url_signature = boolean(name, value)?,
            "force_version" => self.force_version = boolean(name, value)?,
            "signature_algorithm" => self.signature_algorithm = value.parse()?,
            "signature_version" => self.signature_version = value.parse()?,
            "upload_preset" => self.upload_preset = text(),
            other => return Err(Error::unknown_option(other, KEYS)),
        }
        Ok(())
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

    /// Sets the longest time of one API call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets an HTTP proxy for API calls.
    pub fn api_proxy(mut self, proxy: impl Into<String>) -> Self {
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

    /// Says that the account has a CDN host of its own.
    pub fn private_cdn(mut self, private: bool) -> Self {
        self.private_cdn = private;
        self
    }

    /// Sets your own host name for `http` URLs; it acts only with `secure(false)`.
    pub fn cname(mut self, host: impl Into<String>) -> Self {
        self.cname = Some(host.into());
        self
    }

    /// Spreads URLs over five sub-domains.
    pub fn cdn_subdomain(mut self, spread: bool) -> Self {
        self.cdn_subdomain = spread;
        self
    }

    /// Spreads `https` URLs over five sub-domains.
    pub fn secure_cdn_subdomain(mut self, spread: bool) -> Self {
        self.secure_cdn_subdomain = Some(spread);
        self
    }

    /// Writes `/iu/` for `/image/upload/`.
    pub fn shorten(mut self, shorten: bool) -> Self {
        self.shorten = shorten;
        self
    }

    /// Leaves `/image/upload/` out of URLs.
    pub fn use_root_path(mut self, root: bool) -> Self {
        self.use_root_path = root;
        self
    }

    /// Signs every delivery URL.
    pub fn sign_url(mut self, sign: bool) -> Self {
        self.sign_url = sign;
        self
    }

    /// Signs URLs with 32 characters of SHA-256 instead of 8.
    pub fn long_url_signature(mut self, long: bool) -> Self {
        self.long_url_signature = long;
        self
    }

    /// Writes `/v1/` when an id has folders but no version is known.
    pub fn force_version(mut self, force: bool) -> Self {
        self.force_version = force;
        self
    }

    /// Chooses the digest of every signature.
    pub fn signature_algorithm(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.signature_algorithm = algorithm;
        self
    }

    /// Chooses how request parameters are joined to be signed.
    pub fn signature_version(mut self, version: SignatureVersion) -> Self {
        self.signature_version = version;
        self
    }

    /// Sets the preset sent with every upload that names none.
    pub fn upload_preset(mut self, preset: impl Into<String>) -> Self {
        self.upload_preset = Some(preset.into());
        self
    }

    /// The API key.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] when there is none.
    pub fn require_api_key(&self) -> Result<&str> {
        self.api_key.as_deref().ok_or(Error::MissingConfig { name: "api_key" })
    }

    /// The API secret.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] when there is none.
    pub fn require_api_secret(&self) -> Result<&Secret> {
        self.api_secret.as_ref().ok_or(Error::MissingConfig { name: "api_secret" })
    }

    /// Signs request parameters with this configuration's secret, algorithm and version.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] without a secret.
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

fn checked_cloud_name(name: &str) -> Result<&str> {
    if name.is_empty() {
        return Err(Error::MissingConfig { name: "cloud_name" });
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')) {
        return Err(Error::invalid("cloud_name", name, "it has letters, digits, '-' and '_' only"));
    }
    Ok(name)
}

fn checked_prefix(value: &str) -> Result<String> {
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['?', '#', ' ']) => Ok(value.trim_end_matches('/').to_owned()),
        _ => Err(Error::invalid("upload_prefix", value, "use http://host or https://host")),
    }
}

fn seconds(value: &str) -> Result<Duration> {
    value
        .parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| Error::invalid("timeout", value, "use a number of seconds above 0"))
}

fn boolean(name: &str, value: &str) -> Result<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Error::invalid(name, value, "use true or false")),
    }
}

fn percent_decoded(text: &str) -> Result<String> {
    String::from_utf8(crate::escape::unescape(text.as_bytes()))
        .map_err(|_| Error::Config("CLOUDINARY_URL has percent-escapes that are not UTF-8".to_owned()))
}

/// A secret that never prints and never serialises: `Debug` shows `[redacted]`, and there is no `Display`.
///
/// ```
/// let secret = cloudinary_core::Secret::from("abcd");
/// assert_eq!(format!("{secret:?}"), "[redacted]");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, to sign with. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let config = Config::from_url(
            "cloudinary://a%40b:s%2Fs@Demo?upload_prefix=http://127.0.0.1:8080/&cname=127.0.0.1:8080&timeout=1.5",
        )
        .unwrap();
        assert_eq!(config.cloud_name, "demo");
        assert_eq!(config.api_key.as_deref(), Some("a@b"));
        assert_eq!(config.require_api_secret().unwrap().expose(), "s/s");
        assert_eq!(config.upload_prefix.as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(config.cname.as_deref(), Some("127.0.0.1:8080"));
        assert!(!config.secure);
        assert_eq!(config.timeout, Duration::from_millis(1500));

        assert!(Config::from_url("cloudinary://k:s@demo?upload_prefix=http://a&secure=true").unwrap().secure);
        assert!(Config::from_url("cloudinary://k:s@demo?upload_prefix=https://a").unwrap().secure);

        let private = Config::from_url("cloudinary://k:s@demo/img.example.com").unwrap();
        assert!(private.private_cdn);
        assert_eq!(private.secure_distribution.as_deref(), Some("img.example.com"));
    }

    #[test]
    fn refusals_name_the_trouble_and_not_the_secret() {
        for (url, expected) in [
            ("https://k:hush@demo", "must start with cloudinary://"),
            ("", "must start with cloudinary://"),
            ("cloudinary://k:hush@", "no cloud_name is configured"),
            ("cloudinary://k:hush@demo?cnmae=x", "did you mean \"cname\""),
            ("cloudinary://k:hush@demo?secure=maybe", "use true or false"),
            ("cloudinary://k:hush@demo?timeout=NaN", "above 0"),
            ("cloudinary://k:hush@demo?signature_version=3", "use 1 or 2"),
            ("cloudinary://k:hush@demo?upload_prefix=ftp://x", "use http://host"),
            ("cloudinary://k:hush@de mo", "letters, digits"),
            ("cloudinary://k:hush%FF@demo", "not UTF-8"),
        ] {
            let error = Config::from_url(url).unwrap_err().to_string();
            assert!(error.contains(expected), "{url}: {error}");
            assert!(!error.contains("hush"), "{url}: {error}");
        }
    }

    #[test]
    fn variables() {
        let set = |pairs: &[(&str, &str)]| {
            Config::from_variables(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
        };
        let separate = set(&[
            ("CLOUDINARY_CLOUD_NAME", "demo"),
            ("CLOUDINARY_API_KEY", "k"),
            ("CLOUDINARY_SECURE", "false"),
            ("CLOUDINARY_URL", "cloudinary://x:y@other"),
            ("PATH", "/bin"),
        ])
        .unwrap();
        assert_eq!((separate.cloud_name.as_str(), separate.secure), ("demo", false));
        assert_eq!(set(&[("CLOUDINARY_URL", "cloudinary://x:y@other")]).unwrap().cloud_name, "other");
        assert!(set(&[]).unwrap_err().to_string().contains("CLOUDINARY_URL is not set"));
        assert!(set(&[("CLOUDINARY_CLOUD_NAME", "demo"), ("CLOUDINARY_API_SERCET", "x")]).is_err());
    }

    #[test]
    fn secrets_do_not_print() {
        let config = Config::new("demo").credentials("key", "hush-hush");
        assert!(!format!("{config:?}").contains("hush"));
    }
}
