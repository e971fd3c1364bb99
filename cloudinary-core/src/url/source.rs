//! The last part of a delivery URL's path: the id, escaped.

use std::borrow::Cow;
use std::fmt;

use crate::escape::{Looked, has_double_slash, path_pieces, unescape};
use crate::gather::Gather;

/// An id with what follows it in a path. It is escaped piece by piece, so that an ordinary id needs no copy.
pub(super) struct Source<'a> {
    id: Cow<'a, str>,
    pub(super) suffix: Option<&'a str>,
    pub(super) format: Option<&'a str>,
}

impl<'a> Source<'a> {
    /// The id is unescaped once, so that an escaped id is not escaped again.
    pub(super) fn new(public_id: &'a str) -> Self {
        let looked = Looked::at(public_id);
        let id = if looked.double_slash { single_slashes(public_id) } else { Cow::Borrowed(public_id) };
        let id = if !looked.percent || is_http(&id, ":/") {
            id
        } else {
            Cow::Owned(String::from_utf8_lossy(&unescape(id.as_bytes())).into_owned())
        };
        Self { id, suffix: None, format: None }
    }

    /// Whether the id is the address of a file elsewhere.
    pub(super) fn is_remote(&self) -> bool {
        is_http(&self.id, ":/")
    }

    /// Without a version, the first folder of an id could be taken for a step of the transformation.
    pub(super) fn needs_version(&self) -> bool {
        let versioned = self.id.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        self.id.contains('/') && !self.is_remote() && !versioned
    }

    /// Writes the path's end.
    pub(super) fn write(&self, out: &mut Gather<'_, impl fmt::Write>) -> fmt::Result {
        out.push_path(&self.id)?;
        if let Some(suffix) = self.suffix {
            out.push("/")?;
            out.push(suffix)?;
        }
        self.extension().try_for_each(|piece| out.push(piece))
    }

    /// The path's end.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        let suffix = self.suffix.into_iter().flat_map(|suffix| ["/", suffix]);
        path_pieces(&self.id).chain(suffix).chain(self.extension())
    }

    /// Writes what a signature covers: the path's end without the suffix.
    pub(super) fn write_signed(&self, out: &mut Gather<'_, impl fmt::Write>) -> fmt::Result {
        out.push_path(&self.id)?;
        self.extension().try_for_each(|piece| out.push(piece))
    }

    fn extension(&self) -> impl Iterator<Item = &str> {
        self.format.into_iter().flat_map(|format| [".", format])
    }
}

pub(super) fn is_http(text: &str, then: &str) -> bool {
    text.strip_prefix("https").or_else(|| text.strip_prefix("http")).is_some_and(|rest| rest.starts_with(then))
}

/// Runs of slashes become one, and two after a colon and at the start.
pub(super) fn single_slashes(text: &str) -> Cow<'_, str> {
    if !has_double_slash(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let (mut run_starts_after, mut is_second) = (None, false);
    for c in text.chars() {
        let last = out.chars().next_back();
        if c == '/' && last == Some('/') {
            if is_second && matches!(run_starts_after, Some(':') | None) {
                out.push(c);
            }
            is_second = false;
        } else {
            if c == '/' {
                (run_starts_after, is_second) = (last, true);
            }
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_side_by_side() {
        for (given, expected) in [
            ("a/b", "a/b"),
            ("a//b///c", "a/b/c"),
            ("/x", "/x"),
            ("//x", "//x"),
            ("////x", "//x"),
            ("http:/x", "http:/x"),
            ("http://x//y", "http://x/y"),
            ("http:////x", "http://x"),
            ("//", "//"),
            ("a//", "a/"),
        ] {
            assert_eq!(single_slashes(given), expected, "{given}");
        }
    }
}
