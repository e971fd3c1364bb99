//! Filters.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::expression;
use super::level::Level;
use super::setting::Given;
use super::value::{Value, text_fault};

/// A filter: `e_`.
///
/// Each has a constructor with its level; [`named`](Self::named) leaves the level to the service's default, and takes what
/// is newer than this crate, as [`with`](Self::with) does. A step has one; the last counts. Two are equal when they print
/// the same.
///
/// ```
/// use cloudinary_core::Effect;
/// assert_eq!(Effect::sepia(50).to_string(), "sepia:50");
/// assert_eq!(Effect::with("vignette", 30), Effect::from("vignette:30"));
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#e_effect>.
#[derive(Debug, Clone)]
pub struct Effect {
    name: Cow<'static, str>,
    level: Option<Value>,
}

impl Effect {
    /// An effect by name, with the service's default for its level; or by the whole text that stands in URLs.
    ///
    /// ```
    /// use cloudinary_core::Effect;
    /// assert_eq!(Effect::named("sepia").to_string(), "sepia");
    /// assert_eq!(Effect::named("preview:duration_8").to_string(), "preview:duration_8");
    /// ```
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned().into(), level: None }
    }

    /// An effect with a level: a number, an expression, or options.
    ///
    /// ```
    /// use cloudinary_core::Effect;
    /// assert_eq!(Effect::with("sepia", 50).to_string(), "sepia:50");
    /// assert_eq!(Effect::with("preview", "duration_8").to_string(), "preview:duration_8");
    /// ```
    pub fn with(name: &str, level: impl Into<Level>) -> Self {
        Self { name: name.to_owned().into(), level: Some(level.into().0) }
    }

    #[inline]
    pub(super) fn leveled(name: &'static str, level: impl Into<Level>) -> Self {
        Self { name: name.into(), level: Some(level.into().0) }
    }

    pub(super) fn plain(name: &'static str) -> Self {
        Self { name: name.into(), level: None }
    }

    /// The form in URLs.
    #[inline(always)]
    pub(super) fn into_given(self) -> Given {
        match (self.name, self.level) {
            (name, None) => name.into(),
            (Cow::Borrowed(name), Some(Value::Int(level))) => Given::Leveled(name, level),
            (name, Some(level)) => level.with_str(|level| [&name, ":", level].concat()).into(),
        }
    }

    /// What is wrong with it, if it can never work.
    #[inline(always)]
    pub(super) fn fault(&self) -> Option<&'static str> {
        let name = match &self.name {
            Cow::Borrowed(_) => None,
            Cow::Owned(name) => text_fault(name),
        };
        name.or_else(|| self.level.as_ref().and_then(Value::fault))
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.level {
            None => Ok(()),
            Some(level) => level.with_str(|level| write!(f, ":{level}")),
        }
    }
}

impl PartialEq for Effect {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Effect {}

impl Hash for Effect {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_string().hash(state);
    }
}

impl From<&str> for Effect {
    /// `sepia:50`; expressions in it are spelled as URLs have them.
    fn from(text: &str) -> Self {
        Self { name: expression::normalize(text).into(), level: None }
    }
}

impl From<String> for Effect {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl<L: Into<Level>> From<(&str, L)> for Effect {
    fn from((name, level): (&str, L)) -> Self {
        Self::with(name, level)
    }
}
