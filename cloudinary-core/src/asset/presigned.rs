//! The value that a form posts after a direct upload: an asset, and the service's signature.

use std::fmt;
use std::str::FromStr;

use super::{AssetRef, DeliveryType, ResourceType};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::signing;

/// What a browser posts after a direct upload: an asset and the service's signature over its id and version.
///
/// `image/upload/v1372180830/sample.jpg#10594f02…`. Until [`PresignedAsset::verify`] it is only a claim. The
/// signature does not cover resource type, delivery type and format: whoever accepts one must check those against
/// what it expects.
///
/// ```
/// use cloudinary_core::{Config, PresignedAsset};
/// let config = Config::new("demo").credentials("key", "secret");
/// let posted = "image/upload/v1372180830/hl22acprlomnycgiudor.jpg#95788e65f86afc361d888637bb465f524901bc2c";
/// assert!(posted.parse::<PresignedAsset>()?.verify(&config).is_ok());
/// assert!(posted.replace("hl22", "hl23").parse::<PresignedAsset>()?.verify(&config).is_err());
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/django_image_and_video_upload>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedAsset {
    asset: AssetRef,
    signature: String,
}

impl AssetRef {
    /// Its column value followed by `#` and a signature, as the hidden input of a direct upload holds it.
    ///
    /// # Errors
    /// [`Error::MissingConfig`] without a secret; [`Error::InvalidAsset`] without a version or an id, which are what is
    /// signed.
    ///
    /// ```
    /// use cloudinary_core::{AssetRef, Config};
    /// let config = Config::new("demo").credentials("key", "secret");
    /// let asset: AssetRef = "image/upload/v1372180830/hl22acprlomnycgiudor.jpg".parse()?;
    /// assert_eq!(asset.presigned(&config)?.to_string(), format!("{asset}#95788e65f86afc361d888637bb465f524901bc2c"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/django_image_and_video_upload>.
    pub fn presigned(&self, config: &Config) -> Result<PresignedAsset> {
        let version = self.version.ok_or_else(|| Error::asset(&self.to_string(), "it has no version to sign"))?;
        if self.public_id.is_empty() {
            return Err(Error::asset(&self.to_string(), "its public id is empty"));
        }
        let signature = signing::sign_response(
            &self.public_id,
            &version.to_string(),
            config.require_api_secret()?,
            config.signature_algorithm,
        );
        Ok(PresignedAsset { asset: self.clone(), signature })
    }
}

impl PresignedAsset {
    /// The asset, if the signature is ours.
    ///
    /// # Errors
    /// [`Error::SignatureMismatch`], or [`Error::MissingConfig`] without a secret.
    ///
    /// ```
    /// use cloudinary_core::{Config, PresignedAsset};
    /// let config = Config::new("demo").credentials("key", "secret");
    /// let posted = "image/upload/v1372180830/hl22acprlomnycgiudor.jpg#95788e65f86afc361d888637bb465f524901bc2c";
    /// let asset = posted.parse::<PresignedAsset>()?.verify(&config)?;
    /// assert_eq!(asset.public_id, "hl22acprlomnycgiudor");
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn verify(self, config: &Config) -> Result<AssetRef> {
        let secret = config.require_api_secret()?;
        let version = self.asset.version.map(|version| version.to_string()).unwrap_or_default();
        if signing::verify_response(&self.asset.public_id, &version, &self.signature, secret) {
            Ok(self.asset)
        } else {
            Err(Error::SignatureMismatch { what: "asset" })
        }
    }
}

impl fmt::Display for PresignedAsset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.asset, self.signature)
    }
}

impl FromStr for PresignedAsset {
    type Err = Error;

    fn from_str(value: &str) -> Result<Self> {
        let (asset, signature) =
            value.rsplit_once('#').ok_or_else(|| Error::asset(value, "it has no '#' before a signature"))?;
        let full_form = asset.splitn(3, '/').count() == 3
            && asset.split('/').zip([0, 1]).all(|(part, at)| match at {
                0 => part.parse::<ResourceType>().is_ok(),
                _ => part.parse::<DeliveryType>().is_ok(),
            });
        if !full_form {
            return Err(Error::asset(value, "it does not start with a resource type and a delivery type"));
        }
        let asset: AssetRef = asset.parse()?;
        if asset.version.is_none() {
            return Err(Error::asset(value, "it has no version"));
        }
        Ok(Self { asset, signature: signature.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presigned_values() {
        let config = Config::new("demo").credentials("key", "secret");
        let good = "image/upload/v1372180830/hl22acprlomnycgiudor.jpg#95788e65f86afc361d888637bb465f524901bc2c";
        assert_eq!(good.parse::<PresignedAsset>().unwrap().to_string(), good);
        assert!(good.parse::<PresignedAsset>().unwrap().verify(&config).is_ok());
        for altered in [
            good.replace("hl22", "hl23"),
            good.replace("v1372180830", "v1372180831"),
            good.replace("95788", "95789"),
            good.replace("#9578", "#957"),
        ] {
            assert!(altered.parse::<PresignedAsset>().unwrap().verify(&config).is_err(), "{altered}");
        }
        for (malformed, reason) in [
            ("", "no '#'"),
            ("#", "resource type"),
            ("sample.jpg#00", "resource type"),
            ("image/upload/sample.jpg#00", "no version"),
            ("image/upload/v1/a.jpg", "no '#'"),
            ("image/upload/v1/a.jpg?#00", "letters and digits"),
            ("auto/upload/v1/a#0", "no version"),
            ("image/nowhere/v1/a#0", "delivery type"),
            ("image/upload/v99999999999999999999/a#0", "no version"),
            ("image/upload/v-1/a#0", "no version"),
            ("image/upload/v1/../a#0", "segment"),
            ("image/upload/v1/%2e%2e/a#0", "segment"),
            ("image/upload/v1/a#b.jpg#0", "#"),
            ("image/upload/v1/a\0#0", "control"),
        ] {
            let error = malformed.parse::<PresignedAsset>().unwrap_err().to_string();
            assert!(error.contains(reason), "{malformed:?}: {error}");
        }
        let long = format!("image/upload/v1/{}#00", "x".repeat(300));
        assert!(long.parse::<PresignedAsset>().unwrap_err().to_string().contains("longer than 255"));
        for signature in
            ["", "#", "é", "\u{202e}", "\0", " 95788e65f86afc361d888637bb465f524901bc2c", &"0".repeat(100_000)]
        {
            let posted = format!("image/upload/v1372180830/hl22acprlomnycgiudor.jpg#{signature}");
            assert!(
                posted.parse::<PresignedAsset>().is_ok_and(|posted| posted.verify(&config).is_err())
                    || signature == "#"
            );
        }
    }

    #[test]
    fn without_a_secret_nothing_is_signed_or_believed() {
        let asset: AssetRef = "image/upload/v1/a.jpg".parse().unwrap();
        for config in [Config::new("demo"), Config::new("demo").credentials("key", "")] {
            let posted = asset.presigned(&Config::new("demo").credentials("key", "s")).unwrap();
            for error in [asset.presigned(&config).unwrap_err(), posted.verify(&config).unwrap_err()] {
                assert!(error.to_string().contains("no api_secret is configured; set it"), "{error}");
            }
        }
        let config = Config::new("demo").credentials("key", "s");
        for value in [AssetRef { version: None, ..asset.clone() }, AssetRef { public_id: String::new(), ..asset }] {
            assert!(matches!(value.presigned(&config), Err(Error::InvalidAsset { .. })), "{value}");
        }
    }

    #[test]
    fn raw_assets_keep_their_extension_when_verified() {
        let config = Config::new("demo").credentials("key", "secret");
        let asset: AssetRef = "raw/upload/v1372186255/sample_spreadsheet.xls".parse().unwrap();
        let signature = signing::sign_response(
            "sample_spreadsheet.xls",
            "1372186255",
            config.require_api_secret().unwrap(),
            config.signature_algorithm,
        );
        assert_eq!(asset.presigned(&config).unwrap().to_string(), format!("{asset}#{signature}"));
    }
}
