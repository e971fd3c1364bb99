//! A text that is written in many small pieces. Private: every URL is put together here.

use std::fmt;

use crate::short::Short;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
