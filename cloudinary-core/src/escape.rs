//! Escaping for URLs and HTML. Private: the two grammars everything else is written in.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::short;

/// What may not stand in a delivery URL's path as it is: all but letters, digits and `_.-/:`.
const NOT_IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'/').remove(b':');

/// Text percent-escaped as the service's SDKs do it, in pieces.
pub(crate) fn path_pieces(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, NOT_IN_PATH)
}

/// Whether two slashes stand side by side.
pub(crate) fn has_double_slash(text: &str) -> bool {
    Looked::at(text).double_slash
}

/// Whether a byte of ASCII stands in a text, which is mostly too short for a search that has to be set up.
#[inline]
pub(crate) fn has(text: &str, byte: u8) -> bool {
    let mut rest = text.as_bytes();
    let mut found = 0;
    while let Some(eight) = rest.first_chunk() {
        found |= Looked::equal(u64::from_le_bytes(*eight), byte);
        rest = rest.get(8..).unwrap_or_default();
    }
    // Fewer are padded with what is not sought.
    let padding = if byte == 0 { u64::MAX << (8 * rest.len()) } else { 0 };
    found | Looked::equal(short::word(rest) | padding, byte) != 0
}

/// What a text has that has to be looked at again.
#[derive(Clone, Copy, Default)]
pub(crate) struct Looked {
    /// Two slashes side by side.
    pub(crate) double_slash: bool,
    pub(crate) percent: bool,
}

impl Looked {
    /// Looks at eight bytes at a time, which for short texts costs less than to set up a search.
    #[inline]
    pub(crate) fn at(text: &str) -> Self {
        let mut looked = Self::default();
        let mut rest = text.as_bytes();
        while let Some(eight) = rest.first_chunk() {
            looked.add(u64::from_le_bytes(*eight));
            // The last byte again, since a pair may begin there.
            rest = rest.get(7..).unwrap_or_default();
        }
        looked.add(short::word(rest));
        looked
    }

    #[inline]
    fn add(&mut self, bytes: u64) {
        let slashes = Self::equal(bytes, b'/');
        self.double_slash |= slashes & (slashes << 8) != 0;
        self.percent |= Self::equal(bytes, b'%') != 0;
    }

    /// The highest bit of each byte that is this one.
    fn equal(bytes: u64, byte: u8) -> u64 {
        const LOW: u64 = u64::MAX / 0xFF * 0x7F;
        let other = bytes ^ (u64::MAX / 0xFF * u64::from(byte));
        !(((other & LOW) + LOW) | other | LOW)
    }
}

/// Writes text with every byte escaped that `plain` does not keep.
pub(crate) fn escape_unless(out: &mut String, text: &str, plain: impl Fn(u8) -> bool) {
    let bytes = text.as_bytes();
    let mut rest = 0;
    for (at, byte) in bytes.iter().enumerate() {
        // Non-ASCII bytes are never plain, so that every cut falls on a character boundary.
        if byte.is_ascii() && plain(*byte) {
            continue;
        }
        out.push_str(text.get(rest..at).unwrap_or_default());
        push_escaped(out, *byte);
        rest = at + 1;
    }
    out.push_str(text.get(rest..).unwrap_or_default());
}

fn push_escaped(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// Percent-decodes; a `%` that starts no escape stays as it is.
pub(crate) fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let escape = match tail {
            [high, low, after @ ..] if *first == b'%' => {
                hex_digit(*high).zip(hex_digit(*low)).map(|(h, l)| (h << 4 | l, after))
            }
            _ => None,
        };
        let (byte, after) = escape.unwrap_or((*first, tail));
        out.push(byte);
        rest = after;
    }
    out
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

/// Writes text so that it can stand in an HTML attribute or between tags.
pub(crate) fn write_html(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    // Most text, and every URL, has nothing to escape. Without an early exit the compiler looks at many bytes at once.
    let special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    if !text.bytes().fold(false, |any, byte| any | special(byte)) {
        return out.write_str(text);
    }
    let mut rest = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.write_str(text.get(rest..at).unwrap_or_default())?;
        out.write_str(entity)?;
        rest = at + 1;
    }
    out.write_str(text.get(rest..).unwrap_or_default())
}

/// A `fmt::Write` that escapes HTML on its way, so that a URL needs no string of its own inside a tag.
pub(crate) struct HtmlWriter<'a, W: fmt::Write>(pub(crate) &'a mut W);

impl<W: fmt::Write> fmt::Write for HtmlWriter<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write_html(self.0, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gather::Gather;

    #[test]
    fn bytes_that_a_text_has() {
        for len in 0..40 {
            let plain = "ü".repeat(len / 2) + &"x".repeat(len % 2);
            for sought in ['$', '\0', '\u{7f}'] {
                assert!(!has(&plain, sought as u8), "{plain} {sought:?}");
                for (at, _) in plain.char_indices() {
                    let (before, after) = plain.split_at(at);
                    assert!(has(&format!("{before}{sought}{after}"), sought as u8), "{plain} {sought:?} {at}");
                }
            }
        }
    }

    #[test]
    fn what_has_to_be_looked_at_again() {
        for len in 0..40 {
            let plain: String = "a/.".chars().cycle().take(len).collect();
            let looked = Looked::at(&plain);
            assert!(!looked.double_slash && !looked.percent, "{plain}");
            for at in 0..len {
                let (before, after) = plain.split_at(at);
                let looked = Looked::at(&format!("{before}%{after}"));
                assert!(looked.percent && !looked.double_slash, "{plain} {at}");
                let looked = Looked::at(&format!("{before}//{after}"));
                assert!(looked.double_slash && !looked.percent, "{plain} {at}");
            }
        }
        assert!(!Looked::at("\u{2f2f}\u{afaf}\u{a5a5}").double_slash);
    }

    #[test]
    fn paths() {
        for (given, expected) in [
            ("folder/a-b_c.d:1", "folder/a-b_c.d:1"),
            ("a b", "a%20b"),
            ("ünï", "%C3%BCn%C3%AF"),
            ("a,b|c~d'e\"f", "a%2Cb%7Cc%7Ed%27e%22f"),
            ("100%", "100%25"),
            ("", ""),
        ] {
            let out: String = path_pieces(given).collect();
            assert_eq!(out, expected);
            let mut gathered = String::new();
            let mut gather = Gather::new(&mut gathered);
            gather.push_path(given).unwrap();
            gather.flush().unwrap();
            assert_eq!(gathered, expected);
            assert_eq!(unescape(out.as_bytes()), given.as_bytes());
        }
    }

    #[test]
    fn broken_escapes_stay() {
        for text in ["%", "%2", "%zz", "a%"] {
            assert_eq!(unescape(text.as_bytes()), text.as_bytes());
        }
    }

    #[test]
    fn html() {
        let mut out = String::new();
        write_html(&mut out, "<a href=\"x\">'é'&").unwrap();
        assert_eq!(out, "&lt;a href=&quot;x&quot;&gt;&#39;é&#39;&amp;");
    }
}
