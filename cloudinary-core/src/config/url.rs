//! Configuration from `CLOUDINARY_URL`.

use super::check::{host, printable};
use super::keys::Reader;
use super::{Config, Secret};
use crate::error::{Error, Result};

impl Config {
    /// Reads a `cloudinary://api_key:api_secret@cloud_name?option=value` URL.
    ///
    /// Keys and values are percent-decoded. Booleans are `true`, `false`, `1` or `0`; `timeout` is in seconds.
    /// A path, `…@cloud_name/img.example.com`, names a private CDN's host, as in the other SDKs. Keys with parts have them
    /// in brackets: `auth_token[key]`, `srcset[breakpoints]` (or `min_width`, `max_width` and `max_images`; `sizes`,
    /// `transformation`), `responsive_width_transformation[crop]`. Every field of [`Config`] is a key.
    ///
    /// ```
    /// use cloudinary_core::{Config, Srcset};
    /// let config = Config::from_url("cloudinary://key:secret@demo?secure=false&dpr=2.0&srcset[breakpoints]=320,640")?;
    /// let same = Config::new("demo").credentials("key", "secret").secure(false).dpr(2.0).srcset(Srcset::widths([320, 640]));
    /// assert_eq!(config, same);
    /// let error = Config::from_url("cloudinary://key:secret@demo?cname=https://img.example.com").unwrap_err();
    /// assert!(error.to_string().starts_with("cname: \"https://img.example.com\" cannot be used"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
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
        let mut reader = Reader::new(&cloud_name.to_ascii_lowercase())?;
        let config = &mut reader.config;
        if let Some(credentials) = credentials {
            let (key, secret) = credentials.split_once(':').unwrap_or((credentials, ""));
            for (name, value) in [("api_key", key), ("api_secret", secret)] {
                printable(name, &percent_decoded(value)?)?;
            }
            config.api_key = Some(percent_decoded(key)?).filter(|key| !key.is_empty());
            config.api_secret = Some(percent_decoded(secret)?).filter(|secret| !secret.is_empty()).map(Secret::from);
        }
        if !path.is_empty() {
            config.private_cdn = true;
            config.secure_distribution = Some(host("secure_distribution", &percent_decoded(path)?)?.to_owned());
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            reader.set(&percent_decoded(name)?, &percent_decoded(&value.replace('+', " "))?)?;
        }
        reader.finish()
    }
}

fn percent_decoded(text: &str) -> Result<String> {
    String::from_utf8(crate::escape::unescape(text.as_bytes()))
        .map_err(|_| Error::Config("CLOUDINARY_URL has percent-escapes that are not UTF-8".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
            ("cloudinary://k:hush%0D@demo", "\"api_secret\" has a control character"),
            ("cloudinary://k%00:hush@demo", "\"api_key\" has a control character"),
            ("cloudinary://k:hush@..", "letters, digits"),
            ("cloudinary://k:hush@de%2Fmo", "letters, digits"),
            ("cloudinary://k:hush@😀", "letters, digits"),
            ("cloudinary://k:hush@\u{202e}demo", "letters, digits"),
            ("cloudinary://k:hush@demo/a%20b", "secure_distribution"),
            ("cloudinary://k:hush@demo#hush", "letters, digits"),
        ] {
            let error = Config::from_url(url).unwrap_err().to_string();
            assert!(error.contains(expected), "{url}: {error}");
            assert!(!error.contains("hush"), "{url}: {error}");
        }
    }

    #[test]
    fn secrets_do_not_print() {
        let config = Config::new("demo").credentials("key", "hush-hush");
        assert!(!format!("{config:?}").contains("hush"));
    }
}
