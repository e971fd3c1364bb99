//! Configuration from variables of the environment.

use std::collections::BTreeMap;

use super::Config;
use super::keys::Reader;
use crate::error::{Error, Result};

/// Variables with the prefix that are not configuration: of this workspace's tests, and of other products.
const OTHER_VARIABLES: [&str; 4] = ["url", "live", "vectors", "account_url"];

impl Config {
    /// Reads `CLOUDINARY_URL`; or, when `CLOUDINARY_CLOUD_NAME` is set, one variable for each option
    /// (`CLOUDINARY_API_KEY`, `CLOUDINARY_API_SECRET`, `CLOUDINARY_SECURE`, …), which win over it. Empty variables count as
    /// unset.
    ///
    /// ```no_run
    /// let config = cloudinary_core::Config::from_env()?;
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Config`] when neither is set, and as [`Config::from_url`].
    pub fn from_env() -> Result<Self> {
        let mut variables = Vec::new();
        for (name, value) in std::env::vars_os() {
            let Some(name) = name.into_string().ok().filter(|name| name.starts_with("CLOUDINARY_")) else {
                continue;
            };
            // The value is not shown, since it may be a secret.
            let value = value.into_string().map_err(|_| Error::Config(format!("{name} is not UTF-8; write it so")))?;
            variables.push((name, value));
        }
        Self::from_variables(variables)
    }

    /// As [`Config::from_env`], from variables that are given.
    ///
    /// ```
    /// use cloudinary_core::Config;
    /// let variables = [("CLOUDINARY_CLOUD_NAME", "demo"), ("CLOUDINARY_CNAME", "img.example.com")];
    /// let config = Config::from_variables(variables.map(|(name, value)| (name.to_owned(), value.to_owned())))?;
    /// assert_eq!(config, Config::new("demo").cname("img.example.com"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
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
            let mut reader = Reader::new(&cloud_name)?;
            for (name, value) in options.iter().filter(|(name, _)| !OTHER_VARIABLES.contains(&name.as_str())) {
                reader.set(name, value)?;
            }
            return reader.finish();
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
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
