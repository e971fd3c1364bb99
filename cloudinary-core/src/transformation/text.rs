//! A transformation as text: printed, compared, read, serialised.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Transformation, options};
use crate::error::{Error, Result};

/// The most bytes a transformation may have; a longer one can never be part of a URL.
pub const MAX_TRANSFORMATION_BYTES: usize = 16 * 1024;

impl Default for Transformation {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Transformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Transformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transformation").field(&self.as_str()).finish()
    }
}

impl PartialEq for Transformation {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Transformation {}

impl std::hash::Hash for Transformation {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl From<&Self> for Transformation {
    fn from(transformation: &Self) -> Self {
        transformation.clone()
    }
}

impl FromStr for Transformation {
    type Err = Error;

    /// Keeps the text as it is, to the byte, but for slashes at either end.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for text that can never be part of a URL's path: with `?`, `#`, or a control
    /// character, or longer than [`MAX_TRANSFORMATION_BYTES`].
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim_matches('/');
        if text.len() > MAX_TRANSFORMATION_BYTES {
            return Err(Error::invalid("transformation", text, "it may have 16384 bytes at most"));
        }
        if text.contains(['?', '#']) || text.chars().any(char::is_control) {
            return Err(Error::invalid("transformation", text, "escape ?, # and control characters"));
        }
        let step = text.rfind('/').map_or(0, |slash| slash + 1);
        Ok(Self::read(text.to_owned(), step))
    }
}

impl Serialize for Transformation {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Transformation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        options::from_json(&value).map_err(serde::de::Error::custom)
    }
}
