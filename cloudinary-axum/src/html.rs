//! HTML that is safe to put into a page.

use std::fmt;

use askama::filters::HtmlSafe;
use askama::{FastWritable, Values};

use crate::form::FileField;

/// Escaped HTML. askama prints it as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeHtml(pub(crate) String);

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FastWritable for SafeHtml {
    fn write_into(&self, out: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(out.write_str(&self.0)?)
    }
}

impl HtmlSafe for SafeHtml {}

/// Writes text so that it can stand in an HTML attribute, as `cloudinary-core` does in its tags.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    let is_special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    // Most text has nothing to escape. Without an early exit the compiler looks at many bytes at once.
    if !text.bytes().fold(false, |any, byte| any | is_special(byte)) {
        return out.push_str(text);
    }
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (before, special) = rest.split_at(at);
        out.push_str(before);
        out.push_str(match special.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&quot;",
            _ => "&#39;",
        });
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// The attributes of an element, in the order they were set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Sets one; a second value replaces the first, but that `class` names add up.
    pub(crate) fn set(&mut self, name: &str, value: impl AsRef<str>) {
        let value = value.as_ref();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) if name == "class" => {
                known.push(' ');
                known.push_str(value);
            }
            Some((_, known)) => value.clone_into(known),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    /// What the browser, and the script, check before anything is sent. The server checks again.
    pub(crate) fn set_file_rules(&mut self, field: &FileField) {
        let accept: Vec<String> = field.accepted_formats().into_iter().flat_map(accepted).collect();
        if !accept.is_empty() {
            self.set("accept", accept.join(","));
        }
        if field.many.is_some() {
            self.set("multiple", "multiple");
        }
    }
}

/// MIME types where there is one for an image, which phones need to offer the right photos; else the extension.
fn accepted(format: &str) -> Vec<String> {
    match format {
        "jpg" | "jpeg" => vec!["image/jpeg".to_owned()],
        "png" | "gif" | "webp" | "avif" | "bmp" | "tiff" | "heic" => vec![format!("image/{format}")],
        "svg" => vec!["image/svg+xml".to_owned()],
        other => vec![format!(".{other}")],
    }
}

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use askama::filters::{Html, escape};
        for (name, value) in &self.0 {
            let value = escape(value, Html).map_err(|_| fmt::Error)?;
            write!(f, " {name}=\"{value}\"")?;
        }
        Ok(())
    }
}

impl HtmlSafe for Attributes {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_escaped() {
        let mut attributes = Attributes::new();
        attributes.set("class", "a");
        attributes.set("class", "b");
        attributes.set("data-x", "{\"k\":\"<'&\"}");
        let html = attributes.to_string();
        assert!(
            html.starts_with(" class=\"a b\" data-x=\"") && html.matches('"').count() == 4 && !html.contains('<'),
            "{html}"
        );
    }
}
