//! What printing a URL would pass over.

use super::source::is_http;
use super::{AssetUrl, is_suffix};
use crate::asset::{DeliveryType, MAX_PUBLIC_ID_CHARS, ResourceType};
use crate::error::{Error, Result};
use crate::escape::unescape;

impl AssetUrl {
    /// Reports the first thing that is broken or that the service has no URL for.
    pub(super) fn check(&self) -> Result<()> {
        self.config.check()?;
        self.transformation.check()?;
        let id = &self.asset.public_id;
        if id.is_empty() {
            return Err(Error::invalid("public_id", id, "name the asset"));
        }
        // Everything else an id may have is escaped; these would be taken for another path all the same.
        let plain = String::from_utf8_lossy(&unescape(id.as_bytes())).into_owned();
        if plain.chars().any(char::is_control) || plain.split('/').any(|part| part == "." || part == "..") {
            return Err(Error::invalid(
                "public_id",
                id,
                "it may have no control characters and no '.' or '..' segments",
            ));
        }
        if let Some(format) = &self.asset.format
            && !format.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            return Err(Error::invalid("format", format, "a format has letters and digits only"));
        }
        if self.is_foreign() {
            return Ok(());
        }
        // The address of a file elsewhere may be longer.
        let is_address = self.asset.delivery_type == DeliveryType::Fetch || is_http(id, ":/");
        if id.len() > MAX_PUBLIC_ID_CHARS && !is_address && self.chars_of(&plain) > MAX_PUBLIC_ID_CHARS {
            return Err(Error::invalid(
                "public_id",
                id,
                format!("it may have {MAX_PUBLIC_ID_CHARS} characters at most"),
            ));
        }
        if self.asset.resource_type == ResourceType::Auto {
            return Err(Error::invalid("resource_type", "auto", "only uploads have it; name image, video or raw"));
        }
        let kind = (self.asset.resource_type, self.asset.delivery_type);
        if let Some(suffix) = &self.suffix {
            if !is_suffix(suffix) {
                let remedy = "it has words only: no . / ? # % \" < > \\ or spaces, and it is not empty";
                return Err(Error::invalid("url_suffix", suffix, remedy));
            }
            if !self.takes_suffix() {
                return Err(Error::invalid("url_suffix", suffix, "only image/upload and raw/upload have one"));
            }
        }
        if self.config.use_root_path && kind != (ResourceType::Image, DeliveryType::Upload) {
            return Err(Error::invalid("use_root_path", "true", "only image/upload has a root path"));
        }
        Ok(())
    }

    /// How many characters an id has to the service. A format behind it is none of it, but for raw files.
    fn chars_of(&self, id: &str) -> usize {
        let is_format = |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let name = match id.rsplit_once('.') {
            Some((name, end)) if self.asset.resource_type != ResourceType::Raw && is_format(end) => name,
            _ => id,
        };
        name.chars().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthToken, Config, Srcset, Transformation};

    #[test]
    fn faults() {
        let config = Config::new("demo");
        let url = |id: &str| AssetUrl::new(&config, id);
        for (url, expected) in [
            (url(""), "public_id"),
            (url("a\nb"), "public_id"),
            (url("a").format("jpg/../x"), "format"),
            (url("a").suffix("x/y"), "url_suffix"),
            (url("a").suffix("hi there?x#"), "url_suffix"),
            (url("../../other/x"), "public_id"),
            (url("%2e%2e/x"), "public_id"),
            (url("a").suffix("x").resource_type(ResourceType::Video), "url_suffix"),
            (url("a").sign(true), "api_secret"),
            (url("a").sign(true).auth_token(AuthToken::new("00ff").duration(5).with_url_signature(true)), "api_secret"),
            (url(&"é".repeat(256)), "255 characters"),
            (url("a").suffix("a\"b"), "url_suffix"),
            (url("a").suffix("\u{202e}"), "url_suffix"),
            (url("a").resource_type(ResourceType::Auto), "resource_type"),
            (url("a").transform(Transformation::new().raw("e_x?y")), "transformation"),
            (url("a").transform(Transformation::new().raw("e_x#y")), "transformation"),
            (url("a").transform(Transformation::new().raw("e_x\n")), "transformation"),
            (url("a").transform(Transformation::new().param("e", "a/../x")), "transformation"),
            (url("a").transform("w_1/../x".parse::<Transformation>().unwrap()), "transformation"),
            (url("a").transform(Transformation::new().width(f64::NAN)), "w: \"NaN\""),
        ] {
            let error = url.url().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_format_does_not_lengthen_an_id() {
        let config = Config::new("demo");
        let url = |end: &str| AssetUrl::new(&config, "x".repeat(MAX_PUBLIC_ID_CHARS) + end);
        for (url, expected) in [
            (url(""), true),
            (url(".jpg"), true),
            (url("y.jpg"), false),
            (url("./jpg"), false),
            (url(".jpg").resource_type(ResourceType::Video), true),
            (url(".txt").resource_type(ResourceType::Raw), false),
            (
                AssetUrl::new(&config, format!("HTTPS://a.b/{}", "x".repeat(300))).delivery_type(DeliveryType::Fetch),
                true,
            ),
        ] {
            assert_eq!(url.url().is_ok(), expected, "{url}");
        }
    }

    #[test]
    fn what_the_configuration_adds_is_checked_too() {
        let broken = || Transformation::new().width(f64::NAN);
        for config in [
            Config::new("demo").responsive_width(true).responsive_width_transformation(broken()),
            Config::new("demo").srcset(Srcset::widths([9]).transformation(broken())),
        ] {
            let error = AssetUrl::new(&config, "a").url().unwrap_err().to_string();
            assert!(error.starts_with("w: \"NaN\""), "{error}");
        }
        let config = Config::new("demo");
        for (srcset, expected) in [
            (Srcset::widths([9]).transformation(broken()), "w: \"NaN\""),
            (Srcset::widths([9, 0]), "srcset: \"0\""),
            (Srcset::range(9, 1, 3), "srcset: \"\""),
            (Srcset::default(), "srcset: \"\""),
        ] {
            let error = AssetUrl::new(&config, "a").srcset(&srcset).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn suffixes_have_words_of_any_script() {
        let config = Config::new("demo");
        for suffix in ["summer-beach", "हिन्दी", "ไม้", "cafe\u{301}", "rock🐶", "l’été", "a|b", "می\u{200c}خواهم"]
        {
            let url = AssetUrl::new(&config, "a").suffix(suffix).url().unwrap();
            assert!(url.ends_with(&format!("/images/a/{suffix}")), "{url}");
        }
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        let config = Config::new("demo").credentials("key", "");
        let signed = AssetUrl::new(&config, "a").sign(true);
        assert_eq!(signed.to_string(), AssetUrl::new(&config, "a").to_string());
        assert!(signed.url().is_err());
    }
}
