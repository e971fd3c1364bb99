//! A text so short that it needs no memory. Private: most parameters of a transformation are one.

/// A text of up to [`CAPACITY`](Self::CAPACITY) bytes, or the sign that one was longer.
///
/// It is put together in registers: what was just written to memory in small pieces can only be read as a whole once all
/// of it has arrived there, which takes longer than all else that a setter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Short(
    /// The first byte of the text lowest, then zeros, and its length highest.
    u128,
);

/// In the place of a length: the text is kept elsewhere.
const MARK: u8 = u8::MAX;
/// Where the length stands.
const LEN_AT: u32 = u128::BITS - u8::BITS;

impl Short {
    pub(crate) const CAPACITY: usize = (LEN_AT / u8::BITS) as usize;
    /// What has no room.
    const TOO_LONG: Self = Self::made(0, MARK - 1);

    #[inline(always)]
    const fn made(bytes: u128, len: u8) -> Self {
        Self(bytes | (len as u128) << LEN_AT)
    }

    /// A constant.
    pub(crate) const fn new(text: &str) -> Self {
        assert!(text.len() <= Self::CAPACITY);
        let (mut bytes, mut at) = (0, 0);
        while at < text.len() {
            bytes |= (text.as_bytes()[at] as u128) << (8 * at);
            at += 1;
        }
        Self::made(bytes, text.len() as u8)
    }

    /// That text.
    #[inline(always)]
    pub(crate) fn of(text: &str) -> Self {
        let (text, len) = (text.as_bytes(), text.len());
        let bytes = if len > Self::CAPACITY {
            return Self::TOO_LONG;
        } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            // Both halves may overlap, where they are equal.
            u128::from(u64::from_le_bytes(*first)) | u128::from(u64::from_le_bytes(*last)) << (8 * (len - 8))
        } else {
            u128::from(word(text))
        };
        Self::made(bytes, len as u8)
    }

    /// A number.
    #[inline(always)]
    pub(crate) fn number(number: i64) -> Self {
        match usize::try_from(number).ok().and_then(|small| DIGITS.get(small)) {
            Some(digits) => {
                let len = 1 + u8::from(number >= 10) + u8::from(number >= 100);
                Self::made(u128::from(digits >> (8 * (3 - len))), len)
            }
            None => Self::large_number(number),
        }
    }

    #[cold]
    fn large_number(number: i64) -> Self {
        Self::of(itoa::Buffer::new().format(number))
    }

    #[inline(always)]
    const fn len(self) -> usize {
        (self.0 >> LEN_AT) as usize
    }

    #[inline(always)]
    const fn bytes(self) -> u128 {
        self.0 & !(0xFF << LEN_AT)
    }

    /// This text and then that one.
    #[inline(always)]
    pub(crate) fn then(self, next: Self) -> Self {
        let len = self.len() + next.len();
        if len > Self::CAPACITY {
            return Self::TOO_LONG;
        }
        Self::made(self.bytes() | next.bytes() << (8 * self.len()), len as u8)
    }

    /// No text, but the sign that it is kept elsewhere, with two numbers.
    pub(crate) fn mark(kind: u8, at: u64) -> Self {
        Self::made(u128::from(at) << u8::BITS | u128::from(kind), MARK)
    }

    /// The numbers of the sign that a text is kept elsewhere.
    #[inline(always)]
    pub(crate) fn marked(self) -> Option<(u8, u64)> {
        (self.len() == usize::from(MARK)).then_some((self.0 as u8, (self.bytes() >> u8::BITS) as u64))
    }

    /// Whether it was too long.
    #[inline(always)]
    pub(crate) fn is_too_long(self) -> bool {
        self.len() > Self::CAPACITY
    }

    /// All but its first byte.
    #[inline(always)]
    pub(crate) fn tail(self) -> Self {
        Self::made(self.bytes() >> 8, self.len().saturating_sub(1) as u8)
    }

    /// Its bytes, and how many of them count.
    #[inline(always)]
    pub(crate) fn padded(self) -> ([u8; 16], usize) {
        (self.0.to_le_bytes(), self.len())
    }
}

/// Up to seven bytes, the first lowest, and zeros.
#[inline(always)]
pub(crate) fn word(text: &[u8]) -> u64 {
    // Both halves of each may overlap, where they are equal.
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk()) {
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (text.len() - 4))
    } else if let (Some(first), Some(last)) = (text.first_chunk::<2>(), text.last_chunk()) {
        u64::from(u16::from_le_bytes(*first)) | u64::from(u16::from_le_bytes(*last)) << (8 * (text.len() - 2))
    } else {
        text.first().copied().map_or(0, u64::from)
    }
}

/// The numbers of three digits, zeros before them included: most sizes and places.
static DIGITS: [u32; 1000] = {
    const fn digit(number: u32, divisor: u32) -> u32 {
        b'0' as u32 + number / divisor % 10
    }
    let mut all = [0; 1000];
    let mut number = 0;
    while number < 1000 {
        all[number as usize] = digit(number, 100) | digit(number, 10) << 8 | digit(number, 1) << 16;
        number += 1;
    }
    all
};

#[cfg(test)]
mod tests {
    use super::*;

    fn text(short: Short) -> Option<String> {
        if short.is_too_long() {
            return None;
        }
        let (bytes, len) = short.padded();
        Some(String::from_utf8(bytes[..len].to_vec()).unwrap())
    }

    #[test]
    fn texts_of_every_length() {
        let letters = "abcdefghijklmnopqrst";
        for len in 0..letters.len() {
            let given = &letters[..len];
            let expected = (len <= Short::CAPACITY).then(|| given.to_owned());
            assert_eq!(text(Short::of(given)), expected);
            for cut in 0..=len {
                let (first, second) = given.split_at(cut);
                assert_eq!(text(Short::of(first).then(Short::of(second))), expected, "{first:?} and {second:?}");
            }
            if expected.is_some() {
                assert_eq!(Short::of(given), Short::new(given));
                assert_eq!(text(Short::of(given).tail()).unwrap(), given.get(1..).unwrap_or_default());
            }
        }
        assert_eq!(text(Short::of("ünï")), Some("ünï".to_owned()));
    }

    #[test]
    fn numbers() {
        for number in (-1_100..1_100).chain([i64::MIN, i64::MAX, 123_456, 999_999_999_999_999, -99_999_999_999_999]) {
            let expected = number.to_string();
            let expected = (expected.len() <= Short::CAPACITY).then_some(expected);
            assert_eq!(text(Short::number(number)), expected);
        }
    }
}
