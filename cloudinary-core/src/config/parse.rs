//! Configuration from `CLOUDINARY_URL` and from separate variables.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Config, Secret};
use crate::auth_token::AuthToken;
use crate::error::{Error, Result};

/// Every key that `CLOUDINARY_URL` may carry after its `?`, and, in capitals behind `CLOUDINARY_`, every variable.
const KEYS: [&str; 34] = [
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
    "oauth_token",
    "dpr",
    "responsive_width",
    "responsive_width_transformation",
    "use_fetch_format",
    "client_hints",
    "auth_token[key]",
    "auth_token[token_name]",
    "auth_token[ip]",
    "auth_token[start_time]",
    "auth_token[expiration]",
    "auth_token[duration]",
    "auth_token[acl]",
    "auth_token[set_url_signature]",
];

/// Variables with the prefix that are not configuration: of this workspace's tests, and of other products.
const OTHER_VARIABLES: [&str; 4] = ["url", "live", "vectors", "account_url"];

impl Config {
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
        // Without an `@`, or with a `?` or `/` in the secret, what stands here is a secret and must not be repeated.
        if credentials.is_none() && (rest.contains(':') || query.contains('@')) {
            return Err(Error::Config(
                "CLOUDINARY_URL needs the form cloudinary://api_key:api_secret@cloud_name; \
                 escape ? as %3F, / as %2F and @ as %40 in key and secret"
                    .to_owned(),
            ));
        }
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
            "api_proxy" => self.api_proxy = text().map(Secret::from),
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
            "oauth_token" => self.oauth_token = text().map(Secret::from),
            "dpr" => self.dpr = text(),
            "responsive_width" => self.responsive_width = boolean(name, value)?,
            "responsive_width_transformation" => self.responsive_width_transformation = value.parse()?,
            "use_fetch_format" => self.use_fetch_format = boolean(name, value)?,
            "client_hints" => self.client_hints = boolean(name, value)?,
            name if name.starts_with("auth_token[") => self.set_auth_token(name, value)?,
            other => return Err(Error::unknown_option(other, KEYS)),
        }
        Ok(())
    }
}

impl Config {
    fn set_auth_token(&mut self, name: &str, value: &str) -> Result<()> {
        let token = self.auth_token.take().unwrap_or_else(|| AuthToken::new(""));
        let number = || value.parse().map_err(|_| Error::invalid(name, value, "give whole seconds"));
        self.auth_token = Some(match name {
            "auth_token[key]" => token.key(value),
            "auth_token[token_name]" => token.name(value),
            "auth_token[ip]" => token.ip(value),
            "auth_token[acl]" => token.acl(value),
            "auth_token[start_time]" => token.start_time(number()?),
            "auth_token[expiration]" => token.expiration(number()?),
            "auth_token[duration]" => token.duration(number()?),
            "auth_token[set_url_signature]" => token.with_url_signature(boolean(name, value)?),
            other => return Err(Error::unknown_option(other, KEYS)),
        });
        Ok(())
    }
}

fn checked_cloud_name(name: &str) -> Result<&str> {
    if name.is_empty() {
        return Err(Error::MissingConfig { name: "cloud_name" });
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')) {
        // The value is not shown: a part of a broken CLOUDINARY_URL may have landed here.
        return Err(Error::Config("cloud_name has letters, digits, '-' and '_' only".to_owned()));
    }
    Ok(name)
}

fn checked_prefix(value: &str) -> Result<String> {
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['?', '#', ' ', '@']) => {
            Ok(value.trim_end_matches('/').to_owned())
        }
        // Not shown, since what is wrong may be a password in it.
        _ => Err(Error::Config("upload_prefix: use http://host or https://host, without user and password".to_owned())),
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
            ("cloudinary://k:s@demo?upload_prefix=http://me:hush@x", "without user and password"),
            ("cloudinary://k:hush@de mo", "letters, digits"),
            ("cloudinary://key:hush", "needs the form"),
            ("cloudinary://key:hu?hush@demo", "needs the form"),
            ("cloudinary://key:hush?x@demo", "needs the form"),
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
