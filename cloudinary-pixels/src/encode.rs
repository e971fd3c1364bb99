//! From pixels to a file's bytes.

use crate::codec::{gif, jpeg, png, webp};
use crate::{Color, Error, Format, Picture, draw};

/// How to encode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encode {
    /// Quality of lossy formats, 1 to 100. Default [`Encode::QUALITY`].
    pub quality: u8,
    /// A JPEG that appears coarse first and then finer. Default `false`.
    pub progressive: bool,
    /// A JPEG whose colours are as fine as its brightness (4:4:4) or half as fine (4:2:0). Default
    /// `None`: fine from a quality of 90 on.
    pub full_chroma: Option<bool>,
    /// A WebP that keeps every pixel as it is. Default `false`.
    pub lossless: bool,
    /// What transparent pixels lie on in a format without transparency. Default white.
    pub background: Color,
}

impl Encode {
    /// Default quality: 80.
    pub const QUALITY: u8 = 80;
}

impl Default for Encode {
    fn default() -> Self {
        Encode {
            quality: Self::QUALITY,
            progressive: false,
            full_chroma: None,
            lossless: false,
            background: Color::WHITE,
        }
    }
}

/// Encodes a picture without any metadata. GIF keeps all frames, the others show the first.
///
/// # Errors
/// [`Error::Encode`], when the format cannot hold a picture of this size.
pub fn encode(picture: &Picture, format: Format, options: &Encode) -> Result<Vec<u8>, Error> {
    match format {
        Format::Jpeg if picture.bitmap().is_opaque() => jpeg::encode(picture.bitmap(), *options),
        Format::Jpeg => {
            let mut flat = picture.bitmap().clone();
            draw::flatten(&mut flat, options.background);
            jpeg::encode(&flat, *options)
        }
        Format::Png => png::encode(picture.bitmap()),
        Format::Webp => webp::encode(picture.bitmap(), *options),
        Format::Gif => gif::encode(picture),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bitmap, Limits, decode, probe};

    #[test]
    fn round_trips() {
        let bitmap = Bitmap::from_fn(33, 17, |x, y| [(x * 7) as u8, (y * 15) as u8, 128, 255]);
        let picture = Picture::still(bitmap);
        for format in Format::ALL {
            for progressive in [false, true] {
                let options = Encode { progressive, quality: 95, ..Encode::default() };
                let bytes = encode(&picture, format, &options).expect("encodes");
                let info = probe(&bytes, &Limits::default()).expect("a header");
                assert_eq!((info.format, info.width, info.height), (format, 33, 17));
                let back = decode(&bytes, &Limits::default()).expect("decodes");
                let worst = back.bitmap().bytes().iter().zip(picture.bitmap().bytes());
                let worst = worst.map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
                let slack = match format {
                    Format::Png => 0,
                    Format::Jpeg | Format::Webp => 40,
                    // 561 colours were squeezed into 256.
                    Format::Gif => 80,
                };
                assert!(worst <= slack, "{format}: off by {worst}");
            }
        }
    }

    #[test]
    fn transparency_lies_on_the_background() {
        let clear = Picture::still(Bitmap::filled(16, 16, Color::TRANSPARENT));
        let options = Encode { background: Color::rgb(0, 128, 0), ..Encode::default() };
        let bytes = encode(&clear, Format::Jpeg, &options).expect("encodes");
        let back = decode(&bytes, &Limits::default()).expect("decodes");
        let [r, g, b, _] = back.bitmap().get(8, 8).expect("inside");
        assert!(r < 4 && g.abs_diff(128) < 4 && b < 4, "{r} {g} {b}");
        for format in [Format::Png, Format::Webp, Format::Gif] {
            let bytes = encode(&clear, format, &options).expect("encodes");
            let back = decode(&bytes, &Limits::default()).expect("decodes");
            assert_eq!(back.bitmap().get(8, 8).map(|pixel| pixel[3]), Some(0), "{format}");
        }
    }

    #[test]
    fn too_large_for_the_format() {
        let wide = Picture::still(Bitmap::filled(70_000, 1, Color::WHITE));
        for format in [Format::Jpeg, Format::Webp, Format::Gif] {
            let error = encode(&wide, format, &Encode::default()).expect_err("too wide");
            assert!(error.to_string().contains("a side may have"), "{error}");
        }
        assert!(encode(&wide, Format::Png, &Encode::default()).is_ok());
    }
}
