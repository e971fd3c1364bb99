//! Upload parameters signed by the server for a request that the browser makes.

use crate::asset::ResourceType;
use crate::config::Config;
use crate::error::Result;
use crate::upload::UploadOptions;

/// Where a browser posts a file, and the fields it posts with it.
///
/// ```
/// use cloudinary_core::{Config, SignedUpload, UploadOptions};
/// let config = Config::new("demo").credentials("key", "secret");
/// let upload = SignedUpload::new(&config, &UploadOptions::new().tags(["new"]), 1_700_000_000)?;
/// assert_eq!(upload.url, "https://api.cloudinary.com/v1_1/demo/image/upload");
/// assert!(upload.fields.iter().any(|(name, _)| *name == "signature"));
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedUpload {
    /// The address to post to.
    pub url: String,
    /// The form fields, all but the file; sorted by name, then `signature` and `api_key`.
    pub fields: Vec<(&'static str, String)>,
}

impl SignedUpload {
    /// Signs options. `now` is Unix seconds; the service accepts the signature for one hour from then.
    ///
    /// # Errors
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret, and as [`UploadOptions::check`].
    pub fn new(config: &Config, options: &UploadOptions, now: i64) -> Result<Self> {
        let mut upload = Self::unsigned(config, options, now)?;
        let signature = config.sign_params(upload.fields.iter().map(|(name, value)| (*name, value.as_str())))?;
        upload.fields.push(("signature", signature));
        upload.fields.push(("api_key", config.require_api_key()?.to_owned()));
        Ok(upload)
    }

    /// The same without a signature, for a preset that the account allows to be used so.
    ///
    /// # Errors
    /// As [`UploadOptions::check`].
    pub fn unsigned(config: &Config, options: &UploadOptions, now: i64) -> Result<Self> {
        options.check()?;
        let options = options.with_defaults(config);
        let mut fields: Vec<(&'static str, String)> =
            options.params().map(|(name, value)| (name, value.to_owned())).collect();
        if options.get("timestamp").is_none() {
            fields.push(("timestamp", now.to_string()));
            fields.sort_unstable_by_key(|(name, _)| *name);
        }
        Ok(Self { url: upload_url(config, options.kind()), fields })
    }
}

pub(crate) fn upload_url(config: &Config, resource_type: ResourceType) -> String {
    config.api_url(resource_type.as_str(), "upload")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_signed_with_the_timestamp() {
        let config = Config::new("demo").credentials("key", "secret").upload_preset("p");
        let options = UploadOptions::new().public_id("sample_id").resource_type(ResourceType::Auto);
        let upload = SignedUpload::new(&config, &options, 1_700_000_000).unwrap();
        assert_eq!(upload.url, "https://api.cloudinary.com/v1_1/demo/auto/upload");
        let names: Vec<_> = upload.fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["public_id", "timestamp", "upload_preset", "signature", "api_key"]);
        let signature = config
            .sign_params([("public_id", "sample_id"), ("timestamp", "1700000000"), ("upload_preset", "p")])
            .unwrap();
        assert_eq!(upload.fields[3].1, signature);
        assert!(SignedUpload::new(&Config::new("demo"), &options, 0).is_err());
    }
}
