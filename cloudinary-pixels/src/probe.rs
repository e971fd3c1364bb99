//! What a file is, told by its header.

use crate::codec::{gif, jpeg, png, webp};
use crate::{Error, Format, Limits, Orientation};

/// What the header of an image file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Info {
    /// The format, by content, whatever the file was called.
    pub format: Format,
    /// Width in pixels, as stored: see [`Info::oriented_size`].
    pub width: u32,
    /// Height in pixels, as stored.
    pub height: u32,
    /// How the stored pixels are to be turned (EXIF).
    pub orientation: Orientation,
    /// Whether the file can have transparent pixels.
    pub has_alpha: bool,
    /// How many frames it has; 1 for a still picture.
    pub frames: usize,
}

impl Info {
    /// Width and height as they are to be seen.
    pub const fn oriented_size(&self) -> (u32, u32) {
        self.orientation.oriented((self.width, self.height))
    }
}

/// Reads the header of an image. No pixels are decoded, so a file may still turn out to be
/// damaged when it is.
///
/// # Errors
/// [`Error::NotAnImage`], [`Error::Unsupported`] for image formats that are not read here,
/// [`Error::Truncated`] or [`Error::Corrupt`] when the header is, and those of
/// [`Limits::check_frames`] when it claims too much.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Info, Error> {
    let info = match Format::sniff(bytes) {
        Some(Format::Jpeg) => jpeg::probe(bytes)?,
        Some(Format::Png) => png::probe(bytes)?,
        Some(Format::Webp) => webp::probe(bytes)?,
        Some(Format::Gif) => gif::probe(bytes)?,
        None => return Err(unknown(bytes)),
    };
    limits.check_frames(info.width, info.height, info.frames)?;
    Ok(info)
}

/// Why bytes that are none of our formats are refused.
pub(crate) fn unknown(bytes: &[u8]) -> Error {
    match Format::sniff_unsupported(bytes) {
        Some(name) => Error::Unsupported(name.into()),
        None => Error::NotAnImage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG header that claims a size and ends.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(b"\0\0\0\0IDAT");
        bytes
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([1, 1, 0x11, 0]);
        bytes
    }

    #[test]
    fn claims_are_checked_before_decoding() {
        let mut gif = b"GIF89a\xFF\xFF\xFF\xFF\0\0\0".to_vec();
        gif.extend(b"\x2C\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\0\x3B");
        let webp = b"RIFF\x1A\0\0\0WEBPVP8L\x0D\0\0\0\x2F\xFE\xBF\xFF\x0F\0\0\0\0\0\0\0\0\0";
        let limits = Limits::default();
        for (bytes, name) in [
            (png(100_000, 100_000), "png"),
            (png(u32::MAX, u32::MAX), "png"),
            (jpeg(65_000, 65_000), "jpeg"),
            (gif, "gif"),
            (webp.to_vec(), "webp"),
        ] {
            let error = probe(&bytes, &limits).expect_err(name);
            assert!(matches!(error, Error::TooLarge { .. }), "{name}: {error:?}");
            let error = crate::decode(&bytes, &limits).expect_err(name);
            assert!(matches!(error, Error::TooLarge { .. }), "{name}: {error:?}");
        }
        assert_eq!(probe(&png(0, 7), &limits), Err(Error::BadSide { width: 0, height: 7, limit: Limits::MAX_SIDE }));
    }

    #[test]
    fn what_is_no_image() {
        let cases: [(&[u8], Error); 5] = [
            (b"", Error::NotAnImage),
            (b"title,price\nBeach,3\n", Error::NotAnImage),
            (b"II*\0", Error::Unsupported("tiff".into())),
            (b"\xFF\xD8\xFF", Error::Truncated(Format::Jpeg)),
            (b"GIF89a", Error::Truncated(Format::Gif)),
        ];
        for (bytes, expected) in cases {
            assert_eq!(probe(bytes, &Limits::default()), Err(expected), "{bytes:?}");
        }
    }
}
