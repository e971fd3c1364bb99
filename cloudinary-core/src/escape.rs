//! Escaping for URLs and HTML. Private: the two grammars everything else is written in.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::short::{self, Short};

/// What may not stand in a delivery URL's path as it is: all but letters, digits and `_.-/:`.
const NOT_IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'/').remove(b':');

/// A short text with room behind it: all of it is copied, which costs less than to copy what counts.
#[derive(Clone, Copy)]
struct Padded {
    bytes: [u8; ESCAPE_BYTES],
    len: u8,
}

impl Padded {
    const fn new(text: &[u8]) -> Self {
        let mut bytes = [0; ESCAPE_BYTES];
        let mut at = 0;
        while at < text.len() {
            bytes[at] = text[at];
            at += 1;
        }
        Self { bytes, len: text.len() as u8 }
    }
}

/// An escaped byte has up to five.
const ESCAPE_BYTES: usize = 8;

/// Each byte of a text as it stands in a path.
type Escapes = [Padded; 256];
static IN_PATH: Escapes = escapes(b"");
/// The same of a layer's text: what would part the URL is escaped twice.
static IN_LAYER_TEXT: Escapes = escapes(b",/");

const fn escapes(twice: &[u8]) -> Escapes {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut all = [Padded::new(b""); 256];
    let mut byte = 0;
    while byte < all.len() {
        let plain = matches!(byte as u8, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'.' | b'-' | b'/' | b':');
        let (mut is_twice, mut at) = (false, 0);
        while at < twice.len() {
            is_twice |= twice[at] == byte as u8;
            at += 1;
        }
        let (high, low) = (DIGITS[byte >> 4], DIGITS[byte & 15]);
        all[byte] = match (is_twice, plain) {
            (true, _) => Padded::new(&[b'%', b'2', b'5', high, low]),
            (false, true) => Padded::new(&[byte as u8]),
            (false, false) => Padded::new(&[b'%', high, low]),
        };
        byte += 1;
    }
    all
}

/// Text percent-escaped as the service's SDKs do it, in pieces.
pub(crate) fn path_pieces(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, NOT_IN_PATH)
}

/// Whether two slashes stand side by side.
pub(crate) fn has_double_slash(text: &str) -> bool {
    Looked::at(text).double_slash
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

/// More than most URLs have.
const GATHERED_BYTES: usize = 320;

/// Gathers what is written in many small pieces, so that a whole URL reaches its destination at once: a formatter is
/// called once, a new string allocates once. It lives on the stack; [`flush`](Self::flush) it at the end.
pub(crate) struct Gather<'a, W: fmt::Write, const N: usize = GATHERED_BYTES> {
    out: &'a mut W,
    bytes: Aligned<N>,
    len: usize,
    flushed: usize,
}

/// Bytes that start where several can be looked at at once.
#[repr(align(16))]
struct Aligned<const N: usize>([u8; N]);

impl<'a, W: fmt::Write> Gather<'a, W> {
    pub(crate) fn new(out: &'a mut W) -> Self {
        Self::sized(out)
    }
}

impl<'a, W: fmt::Write, const N: usize> Gather<'a, W, N> {
    /// One that gathers another number of bytes.
    pub(crate) fn sized(out: &'a mut W) -> Self {
        Self { out, bytes: Aligned([0; N]), len: 0, flushed: 0 }
    }

    /// How many bytes were written so far.
    pub(crate) fn written(&self) -> usize {
        self.flushed + self.len
    }

    /// Writes text; short constants are inlined.
    #[inline]
    pub(crate) fn push(&mut self, text: &str) -> fmt::Result {
        match self.bytes.0.get_mut(self.len..).and_then(|free| free.get_mut(..text.len())) {
            Some(place) => {
                copy(place, text.as_bytes());
                self.len += text.len();
                Ok(())
            }
            None => self.push_past(text),
        }
    }

    /// Writes a short text.
    #[inline]
    pub(crate) fn push_short(&mut self, text: Short) -> fmt::Result {
        if self.len > N - 16 {
            self.flush()?;
        }
        let (bytes, len) = text.padded();
        if let Some(place) = self.bytes.0.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut) {
            *place = bytes;
            self.len += len;
        }
        Ok(())
    }

    /// Writes a number.
    #[inline]
    pub(crate) fn push_number(&mut self, number: impl itoa::Integer) -> fmt::Result {
        self.push(itoa::Buffer::new().format(number))
    }

    /// Writes text percent-escaped, as [`path_pieces`] gives it.
    pub(crate) fn push_path(&mut self, text: &str) -> fmt::Result {
        self.push_escaped(text, &IN_PATH)
    }

    /// Writes a layer's text.
    pub(crate) fn push_layer_text(&mut self, text: &str) -> fmt::Result {
        self.push_escaped(text, &IN_LAYER_TEXT)
    }

    fn push_escaped(&mut self, text: &str, escapes: &Escapes) -> fmt::Result {
        const CHUNK: usize = 8;
        for chunk in text.as_bytes().chunks(CHUNK) {
            if self.len > N - CHUNK * ESCAPE_BYTES {
                self.flush()?;
            }
            let mut len = self.len;
            for byte in chunk {
                let escape = &escapes[usize::from(*byte)];
                if let Some(place) = self.bytes.0.get_mut(len..).and_then(<[u8]>::first_chunk_mut) {
                    *place = escape.bytes;
                    len += usize::from(escape.len);
                }
            }
            self.len = len;
        }
        Ok(())
    }

    #[cold]
    fn push_past(&mut self, text: &str) -> fmt::Result {
        self.flush()?;
        if let Some(place) = self.bytes.0.get_mut(..text.len()) {
            copy(place, text.as_bytes());
            self.len = text.len();
            return Ok(());
        }
        self.flushed += text.len();
        self.out.write_str(text)
    }

    pub(crate) fn flush(&mut self) -> fmt::Result {
        let text = std::str::from_utf8(&self.bytes.0[..self.len]).map_err(|_| fmt::Error)?;
        self.out.write_str(text)?;
        self.flushed += self.len;
        self.len = 0;
        Ok(())
    }
}

/// Copies to a place of the same length. Most pieces are so short that a call costs more than the copy.
#[inline]
fn copy(to: &mut [u8], from: &[u8]) {
    const LONG: usize = 16;
    if from.len() > LONG {
        to.copy_from_slice(from);
    } else if let (Some(first), Some(last)) = (from.first_chunk::<8>(), from.last_chunk::<8>()) {
        copy_ends(to, first, last);
    } else if let (Some(first), Some(last)) = (from.first_chunk::<4>(), from.last_chunk::<4>()) {
        copy_ends(to, first, last);
    } else {
        // A loop would be turned into a call.
        if let (Some(first), Some(last)) = (from.first_chunk::<2>(), from.last_chunk::<2>()) {
            copy_ends(to, first, last);
        } else if let (Some(to), Some(from)) = (to.first_mut(), from.first()) {
            *to = *from;
        }
    }
}

/// Copies what is no longer than two pieces, which may overlap.
#[inline]
fn copy_ends<const N: usize>(to: &mut [u8], first: &[u8; N], last: &[u8; N]) {
    if let Some(start) = to.first_chunk_mut() {
        *start = *first;
    }
    if let Some(end) = to.last_chunk_mut() {
        *end = *last;
    }
}

impl<W: fmt::Write, const N: usize> fmt::Write for Gather<'_, W, N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn gathered_text_is_the_same_however_long() {
        use fmt::Write as _;
        for lengths in [vec![], vec![1, 2], vec![511, 1, 1], vec![512, 512], vec![513], vec![3, 600, 3], vec![256; 9]] {
            let mut out = String::new();
            let mut gather = Gather::new(&mut out);
            for length in &lengths {
                gather.write_str(&"ü".repeat(*length)).unwrap();
                gather.push_path(&" x".repeat(*length)).unwrap();
            }
            gather.flush().unwrap();
            let expected: String = lengths.iter().map(|n| "ü".repeat(*n) + &"%20x".repeat(*n)).collect();
            assert_eq!(out, expected, "{lengths:?}");
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
