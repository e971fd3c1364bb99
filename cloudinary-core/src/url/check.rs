//! What printing a URL would pass over.

use super::{AssetUrl, is_suffix};
use crate::asset::{DeliveryType, ResourceType};
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
        let kind = (self.asset.resource_type, self.asset.delivery_type);
        if let Some(suffix) = &self.suffix {
            if !is_suffix(suffix) {
                let remedy = "it has words only: no . / ? # or spaces, and it is not empty";
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Transformation};

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
            (url("a").transform(Transformation::new().width(f64::NAN)), "w: \"NaN\""),
        ] {
            let error = url.url().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
