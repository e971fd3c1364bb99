//! One file a format: its header, its decoder, its encoder.

pub(crate) mod gif;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod webp;

use crate::{Bitmap, Error, Format};

/// A big-endian number at this place.
fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// A big-endian number at this place.
fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A little-endian number at this place.
fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// A little-endian number at this place.
fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn corrupt(format: Format, reason: impl std::fmt::Display) -> Error {
    Error::Corrupt { format, reason: format!("{reason}") }
}

fn io_error(format: Format, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Error::Truncated(format),
        _ => corrupt(format, error),
    }
}

/// The samples of a decoder, `channels` to a pixel (gray, gray and alpha, RGB or RGBA), as a
/// bitmap.
fn bitmap_of(format: Format, (width, height): (u32, u32), channels: usize, samples: &[u8]) -> Result<Bitmap, Error> {
    let pixels: Vec<[u8; 4]> = match channels {
        1 => samples.iter().map(|&gray| [gray, gray, gray, 255]).collect(),
        2 => samples.as_chunks().0.iter().map(|&[gray, a]| [gray, gray, gray, a]).collect(),
        3 => samples.as_chunks().0.iter().map(|&[r, g, b]| [r, g, b, 255]).collect(),
        _ => samples.as_chunks().0.to_vec(),
    };
    Bitmap::from_pixels(width, height, pixels)
        .ok_or_else(|| corrupt(format, "the decoder gave another number of pixels than the header"))
}
