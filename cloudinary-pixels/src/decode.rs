//! From a file's bytes to pixels.

use crate::codec::{gif, jpeg, png, webp};
use crate::probe::unknown;
use crate::{Error, Format, Limits, Picture};

/// How to decode.
#[derive(Debug, Clone, Copy, Default)]
pub struct Decode {
    /// The size that is needed of the *stored* picture, before it is turned upright. A JPEG is
    /// then decoded at a half, a quarter or an eighth of its size, when that is still at least as
    /// wide and as high; other formats are decoded whole. Default `None`: the whole picture.
    pub at_least: Option<(u32, u32)>,
    /// Only the first frame of an animation. Default `false`.
    pub first_frame_only: bool,
}

/// Decodes a whole picture, as stored: [`Orientation`](crate::Orientation) is not applied.
///
/// # Errors
/// As [`decode_with`].
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, Error> {
    decode_with(bytes, limits, &Decode::default())
}

/// Decodes a picture, as stored: [`Orientation`](crate::Orientation) is not applied.
///
/// # Errors
/// Those of [`probe`](crate::probe()), and [`Error::Truncated`] or [`Error::Corrupt`] when the
/// pixels are incomplete or contradict the format: half a picture is never returned.
pub fn decode_with(bytes: &[u8], limits: &Limits, how: &Decode) -> Result<Picture, Error> {
    match Format::sniff(bytes) {
        Some(Format::Jpeg) => jpeg::decode(bytes, limits, how.at_least).map(Picture::still),
        Some(Format::Png) => png::decode(bytes, limits).map(Picture::still),
        Some(Format::Webp) => webp::decode(bytes, limits, !how.first_frame_only),
        Some(Format::Gif) => gif::decode(bytes, limits, !how.first_frame_only),
        None => Err(unknown(bytes)),
    }
}
