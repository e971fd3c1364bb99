//! A transformation as text: printed, compared, read, serialised.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Transformation, options};
use crate::error::{Error, Result};
use crate::gather::Gather;

/// The most bytes a transformation may have: 16 KiB. A longer one can never be part of a URL.
///
/// ```
/// use cloudinary_core::transformation::{MAX_TRANSFORMATION_BYTES, Transformation};
/// assert!("x".repeat(MAX_TRANSFORMATION_BYTES).parse::<Transformation>().is_ok());
/// assert!("x".repeat(MAX_TRANSFORMATION_BYTES + 1).parse::<Transformation>().is_err());
/// ```
pub const MAX_TRANSFORMATION_BYTES: usize = 16 * 1024;

impl Transformation {
    /// The canonical text, as it stands in a URL. It is made once, and again after a change.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().width(150).crop("fill").as_str(), "c_fill,w_150");
    /// ```
    pub fn as_str(&self) -> &str {
        self.steps.as_ref().map_or(&self.text, |steps| steps.as_str())
    }

    /// Writes the canonical text, which needs no string of its own for that.
    pub(crate) fn write(&self, out: &mut Gather<'_, impl fmt::Write>) -> fmt::Result {
        match &self.steps {
            None => out.push(&self.text),
            Some(steps) => steps.write(out),
        }
    }

    /// Whether two slashes stand side by side.
    pub(crate) fn has_double_slash(&self) -> bool {
        self.steps.as_ref().map_or(self.double_slash, |steps| steps.has_double_slash())
    }
}

impl Clone for Transformation {
    /// Copies the canonical text, which a prepared transformation makes once, for its first copy.
    fn clone(&self) -> Self {
        match &self.steps {
            Some(steps) if !steps.is_text() => {
                let copied = steps.copied_behind(steps.read().to_owned());
                Self { steps: Some(Box::new(copied)), ..Self::new() }
            }
            _ => Self { text: self.as_str().to_owned(), double_slash: self.has_double_slash(), steps: None },
        }
    }
}

impl Default for Transformation {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Transformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gather = Gather::new(f);
        self.write(&mut gather)?;
        gather.flush()
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
        Ok(Self::read(text.to_owned()))
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
