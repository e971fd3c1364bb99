//! JPEG.

use std::io::Cursor;

use jpeg_decoder::{Decoder, PixelFormat, UnsupportedFeature};
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};

use super::{be16, bitmap_of, corrupt, io_error};
use crate::{Bitmap, Encode, Error, Format, Info, Limits, Orientation};

/// A progressive file has some ten scans. A crafted one can have thousands, each a few bytes long
/// and each costing a walk over the whole picture.
const MAX_SCANS: usize = 100;

/// Reads up to the frame header; nothing is decoded.
pub(crate) fn probe(bytes: &[u8]) -> Result<Info, Error> {
    let cut_short = || Error::Truncated(Format::Jpeg);
    let mut orientation = Orientation::Upright;
    let mut at = 2;
    loop {
        // Some cameras leave rubbish between segments; every decoder skips it.
        let marker = loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(0xFF), Some(&marker)) if marker != 0 && marker != 0xFF => break marker,
                (_, Some(_)) => at += 1,
                _ => return Err(cut_short()),
            }
        };
        at += 2;
        match marker {
            0x01 | 0xD0..=0xD8 => continue,
            0xD9 | 0xDA => return Err(corrupt(Format::Jpeg, "there is no frame header")),
            _ => {}
        }
        let length = usize::from(be16(bytes, at).ok_or_else(cut_short)?);
        if length < 2 {
            return Err(corrupt(Format::Jpeg, "a segment is shorter than its length"));
        }
        let segment = bytes.get(at + 2..at + length).ok_or_else(cut_short)?;
        match marker {
            0xE1 => {
                if let Some(tiff) = segment.strip_prefix(b"Exif\0\0") {
                    orientation = Orientation::from_tiff(tiff);
                }
            }
            // Frame headers: all of C0 to CF but the Huffman, arithmetic and extension tables.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let side = |at| be16(segment, at).map(u32::from).ok_or_else(cut_short);
                return Ok(Info {
                    format: Format::Jpeg,
                    width: side(3)?,
                    height: side(1)?,
                    orientation,
                    has_alpha: false,
                    frames: 1,
                });
            }
            _ => {}
        }
        at += length;
    }
}

/// Decodes, at a half, a quarter or an eighth of the size when that is still at least as wide and
/// as high as `at_least`: far quicker than decoding all and throwing most of it away.
pub(crate) fn decode(bytes: &[u8], limits: &Limits, at_least: Option<(u32, u32)>) -> Result<Bitmap, Error> {
    let info = probe(bytes)?;
    limits.check(info.width.into(), info.height.into())?;
    let scans = bytes.array_windows().filter(|pair| **pair == [0xFF, 0xDA]).count();
    if scans > MAX_SCANS {
        return Err(corrupt(Format::Jpeg, format!("it has more than {MAX_SCANS} scans")));
    }
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.read_info().map_err(error)?;
    if let Some(request) = at_least.and_then(|least| reduced((info.width, info.height), least)) {
        decoder.scale(request.0, request.1).map_err(error)?;
    }
    let samples = decoder.decode().map_err(error)?;
    let decoded = decoder.info().ok_or_else(|| corrupt(Format::Jpeg, "there is no frame header"))?;
    let size = (u32::from(decoded.width), u32::from(decoded.height));
    match decoded.pixel_format {
        PixelFormat::L8 => bitmap_of(Format::Jpeg, size, 1, &samples),
        PixelFormat::RGB24 => bitmap_of(Format::Jpeg, size, 3, &samples),
        PixelFormat::CMYK32 => {
            let samples: Vec<u8> = samples.as_chunks().0.iter().flat_map(|&inks| rgb_of_cmyk(inks)).collect();
            bitmap_of(Format::Jpeg, size, 3, &samples)
        }
        PixelFormat::L16 => Err(Error::Unsupported("16-bit JPEG".into())),
    }
}

/// What to ask the decoder for so that it picks the smallest eighths that cover `least`.
fn reduced(full: (u32, u32), least: (u32, u32)) -> Option<(u16, u16)> {
    // The decoder is content when one side is large enough, so it is asked for a size that it can
    // give exactly; on tiny pictures several scales round to the same size.
    if full.0.min(full.1) < 16 {
        return None;
    }
    [1, 2, 4]
        .map(|eighths| ((full.0 * eighths).div_ceil(8), (full.1 * eighths).div_ceil(8)))
        .into_iter()
        .find(|size| size.0 >= least.0 && size.1 >= least.1)
        .and_then(|(width, height)| Some((width.try_into().ok()?, height.try_into().ok()?)))
}

/// The decoder gives inks as 0 for none after undoing the inversion that Adobe writes.
fn rgb_of_cmyk([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let light = u32::from(255 - k);
    [c, m, y].map(|ink| ((u32::from(255 - ink) * light + 127) / 255) as u8)
}

fn error(error: jpeg_decoder::Error) -> Error {
    match error {
        jpeg_decoder::Error::Format(reason) => corrupt(Format::Jpeg, reason),
        jpeg_decoder::Error::Unsupported(feature) => Error::Unsupported(unsupported(&feature)),
        jpeg_decoder::Error::Io(error) => io_error(Format::Jpeg, &error),
        jpeg_decoder::Error::Internal(error) => corrupt(Format::Jpeg, error),
    }
}

fn unsupported(feature: &UnsupportedFeature) -> String {
    match feature {
        UnsupportedFeature::Hierarchical => "hierarchical JPEG".into(),
        UnsupportedFeature::ArithmeticEntropyCoding => "arithmetic coded JPEG".into(),
        UnsupportedFeature::SamplePrecision(bits) => format!("{bits}-bit JPEG"),
        UnsupportedFeature::ComponentCount(count) => format!("JPEG with {count} components"),
        other => format!("JPEG with {other:?}"),
    }
}

/// Encodes an opaque bitmap; the caller has put transparent ones on a background.
pub(crate) fn encode(bitmap: &Bitmap, options: Encode) -> Result<Vec<u8>, Error> {
    let side = |length: u32| {
        u16::try_from(length).map_err(|_| Error::Encode {
            format: Format::Jpeg,
            reason: format!("a side may have {} pixels", Format::Jpeg.max_side()),
        })
    };
    let (width, height) = (side(bitmap.width())?, side(bitmap.height())?);
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, options.quality.clamp(1, 100));
    encoder.set_progressive(options.progressive);
    // Taking one pixel of four for all would colour thin lines at random.
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    if let Some(full) = options.full_chroma {
        encoder.set_sampling_factor(if full { SamplingFactor::F_1_1 } else { SamplingFactor::F_2_2 });
    }
    encoder
        .encode(bitmap.bytes(), width, height, ColorType::Rgba)
        .map_err(|error| Error::Encode { format: Format::Jpeg, reason: error.to_string() })?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smallest_scale_that_covers_both_sides() {
        let cases = [
            ((4000, 3000), (300, 200), Some((500, 375))),
            ((4000, 3000), (501, 10), Some((1000, 750))),
            ((4000, 3000), (10, 376), Some((1000, 750))),
            ((4000, 3000), (1600, 1200), Some((2000, 1500))),
            ((4000, 3000), (2001, 1), None),
            ((8, 3000), (1, 1), None),
        ];
        for (full, least, expected) in cases {
            assert_eq!(reduced(full, least), expected, "{least:?} of {full:?}");
        }
    }

    #[test]
    fn decoded_at_reduced_scale() {
        let full = Bitmap::from_fn(161, 83, |x, y| [(x + 40) as u8, (y * 2) as u8, 90, 255]);
        let bytes = encode(&full, Encode::default()).expect("encodes");
        for (least, size) in [((20, 10), (21, 11)), ((22, 5), (41, 21)), ((161, 1), (161, 83))] {
            let bitmap = decode(&bytes, &Limits::default(), Some(least)).expect("decodes");
            assert_eq!(bitmap.size(), size, "{least:?}");
            let [r, g, b, a] = bitmap.get(size.0 / 2, size.1 / 2).expect("inside");
            assert!(r.abs_diff(120) < 8 && g.abs_diff(83) < 8 && b.abs_diff(90) < 8, "{r} {g} {b}");
            assert_eq!(a, 255);
        }
    }

    #[test]
    fn fine_and_coarse_colours() {
        let stripes = Bitmap::from_fn(64, 64, |x, _| if x % 2 == 0 { [255, 0, 0, 255] } else { [0, 0, 255, 255] });
        let red = |full_chroma| {
            let bytes = encode(&stripes, Encode { quality: 85, full_chroma, ..Encode::default() }).expect("encodes");
            decode(&bytes, &Limits::default(), None).expect("decodes").get(32, 32).expect("inside")[0]
        };
        assert!(red(Some(true)) > 220 && red(Some(false)) < 200, "{} {}", red(Some(true)), red(Some(false)));
        assert_eq!(red(None), red(Some(false)));
    }

    #[test]
    fn too_many_scans() {
        let mut bytes = encode(&Bitmap::filled(32, 32, crate::Color::WHITE), Encode::default()).expect("ok");
        bytes.extend([0xFF, 0xDA].repeat(MAX_SCANS));
        let error = decode(&bytes, &Limits::default(), None).expect_err("refused");
        assert!(error.to_string().contains("100 scans"), "{error}");
    }

    #[test]
    fn inks() {
        let cases = [
            ([0, 0, 0, 0], [255, 255, 255]),
            ([255, 0, 0, 0], [0, 255, 255]),
            ([0, 0, 0, 255], [0, 0, 0]),
            ([0, 255, 255, 128], [127, 0, 0]),
        ];
        for (inks, rgb) in cases {
            assert_eq!(rgb_of_cmyk(inks), rgb);
        }
    }
}
