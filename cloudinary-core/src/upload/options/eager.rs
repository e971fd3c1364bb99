//! Derived images that are made while uploading.

use super::Invalid;
use crate::transformation::Transformation;

/// A derived image to make while uploading: a transformation, and a format if it is not the original's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eager {
    pub(super) text: String,
    pub(super) invalid: Option<Box<Invalid>>,
}

impl Eager {
    /// A transformation in another format: `c_fill,w_150/png`.
    pub fn with_format(transformation: &Transformation, format: &str) -> Self {
        Self { text: format!("{transformation}/{format}"), invalid: Invalid::of(transformation) }
    }

    /// The form that is sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<Transformation> for Eager {
    fn from(transformation: Transformation) -> Self {
        Self::from(&transformation)
    }
}

impl From<&Transformation> for Eager {
    fn from(transformation: &Transformation) -> Self {
        Self { text: transformation.to_string(), invalid: Invalid::of(transformation) }
    }
}
