//! The attributes of an element.

use std::borrow::Cow;
use std::fmt;

use crate::error::{Error, Result};
use crate::escape::write_html;

/// In the place of a name that cannot be one.
const INVALID: &str = "data-invalid-attribute";

/// Attributes by name; setting one twice replaces it.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes(Vec<(Cow<'static, str>, Option<String>)>);

impl Attributes {
    /// Sets one; `None` is a switch such as `hidden`. A name HTML does not allow becomes the value of
    /// `data-invalid-attribute`, which shows instead of breaking the tag.
    pub(super) fn set(&mut self, name: Cow<'static, str>, value: Option<String>) {
        let (name, value) =
            if is_name(&name) { (name, value) } else { (Cow::Borrowed(INVALID), Some(name.into_owned())) };
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value));
    }

    /// Reports a name that cannot be one.
    pub(super) fn check(&self) -> Result<()> {
        match self.get(INVALID) {
            Some(name) => Err(Error::invalid("attribute", name, "a name has no spaces, quotes or any of < > / = &")),
            None => Ok(()),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name)?.1.as_deref()
    }

    /// Writes them sorted together with those that are made on the spot, which an attribute of the same name replaces.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, made: &[(&str, &dyn fmt::Display)]) -> fmt::Result {
        enum Value<'a> {
            Text(Option<&'a str>),
            Made(&'a dyn fmt::Display),
        }
        let own = self.0.iter().map(|(name, value)| (name.as_ref(), Value::Text(value.as_deref())));
        let made = made.iter().filter(|(name, _)| !self.has(name)).map(|(name, value)| (*name, Value::Made(*value)));
        let mut all: Vec<(&str, Value<'_>)> = own.chain(made).collect();
        // By the text they make, `name="value"`, which is the order of the other SDKs.
        all.sort_by(|(a, _), (b, _)| a.bytes().chain([b'=']).cmp(b.bytes().chain([b'='])));
        for (at, (name, value)) in all.into_iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            match value {
                Value::Text(None) => f.write_str(name)?,
                Value::Text(Some(text)) => {
                    write!(f, "{name}=\"")?;
                    write_html(f, text)?;
                    f.write_str("\"")?;
                }
                Value::Made(value) => write!(f, "{name}=\"{value}\"")?,
            }
        }
        Ok(())
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(['"', '\'', '>', '<', '/', '=', '&'])
        && !name.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// Anything printable, escaped on its way.
pub(super) struct Escaped<T>(pub(super) T);

impl<T: fmt::Display> fmt::Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        write!(crate::escape::HtmlWriter(f), "{}", self.0)
    }
}
