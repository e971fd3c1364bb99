//! Secrets.

use std::fmt;

/// A secret that never prints and never serialises: `Debug` shows `[redacted]`, and there is no `Display`.
///
/// ```
/// let secret = cloudinary_core::Secret::from("abcd");
/// assert_eq!(format!("{secret:?}"), "[redacted]");
/// ```
///
/// Follows <https://cloudinary.com/documentation/authentication_signatures>.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, to sign with. Never log it.
    ///
    /// ```
    /// use cloudinary_core::Secret;
    /// assert_eq!(Secret::from("abcd").expose(), "abcd");
    /// ```
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
