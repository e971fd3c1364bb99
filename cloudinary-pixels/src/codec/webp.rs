//! WebP. Read by a decoder in Rust, written (lossy or lossless) by the bundled libwebp.

use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder};

use super::{bitmap_of, corrupt, io_error, le32};
use crate::{Bitmap, Encode, Error, Format, Frame, Info, Limits, Orientation, Picture};

/// Reads the chunk headers; nothing is decoded.
pub(crate) fn probe(bytes: &[u8]) -> Result<Info, Error> {
    let mut decoder = open(bytes)?;
    let (width, height) = decoder.dimensions();
    let exif = decoder.exif_metadata().ok().flatten().unwrap_or_default();
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
    Ok(Info {
        format: Format::Webp,
        width,
        height,
        orientation: Orientation::from_tiff(tiff),
        has_alpha: decoder.has_alpha(),
        frames: if decoder.is_animated() { decoder.num_frames().max(1) as usize } else { 1 },
    })
}

/// Decodes, all frames or the first.
pub(crate) fn decode(bytes: &[u8], limits: &Limits, all_frames: bool) -> Result<Picture, Error> {
    let mut decoder = open(bytes)?;
    let (width, height) = decoder.dimensions();
    let frames = if decoder.is_animated() && all_frames { decoder.num_frames() as usize } else { 1 };
    limits.check_frames(width, height, frames)?;
    // A lossy picture is walked to its end even when bytes are missing, and would come out with a
    // gray rest.
    let claimed = u64::from(le32(bytes, 4).unwrap_or(0)) + 8;
    if (bytes.len() as u64) < claimed {
        return Err(Error::Truncated(Format::Webp));
    }
    let size = decoder.output_buffer_size().ok_or_else(|| corrupt(Format::Webp, "the image is too large"))?;
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut samples = vec![0; size];
    if !decoder.is_animated() || !all_frames {
        decoder.read_image(&mut samples).map_err(error)?;
        return bitmap_of(Format::Webp, (width, height), channels, &samples).map(Picture::still);
    }
    let mut out = Vec::new();
    for _ in 0..frames {
        let delay = decoder.read_frame(&mut samples).map_err(error)?;
        let bitmap = bitmap_of(Format::Webp, (width, height), channels, &samples)?;
        out.push(Frame { bitmap, delay });
    }
    let plays = match decoder.loop_count() {
        image_webp::LoopCount::Forever => 0,
        image_webp::LoopCount::Times(times) => times.get(),
    };
    Picture::animation(out, plays).ok_or_else(|| corrupt(Format::Webp, "the animation has no frames"))
}

fn open(bytes: &[u8]) -> Result<WebPDecoder<Cursor<&[u8]>>, Error> {
    WebPDecoder::new(Cursor::new(bytes)).map_err(error)
}

fn error(error: DecodingError) -> Error {
    match error {
        DecodingError::IoError(error) => io_error(Format::Webp, &error),
        DecodingError::UnsupportedFeature(feature) => Error::Unsupported(format!("WebP ({feature})")),
        other => corrupt(Format::Webp, other),
    }
}

/// Encodes as lossy, or lossless when asked.
pub(crate) fn encode(bitmap: &Bitmap, options: Encode) -> Result<Vec<u8>, Error> {
    let failed = |reason: String| Error::Encode { format: Format::Webp, reason };
    let limit = Format::Webp.max_side();
    if bitmap.width() > limit || bitmap.height() > limit {
        return Err(failed(format!("a side may have {limit} pixels")));
    }
    let quality = f32::from(options.quality.clamp(1, 100));
    webp::Encoder::from_rgba(bitmap.bytes(), bitmap.width(), bitmap.height())
        .encode_simple(options.lossless, quality)
        .map(|memory| memory.to_vec())
        .map_err(|error| failed(format!("{error:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let bitmap = Bitmap::from_fn(40, 30, |x, y| [(x * 6) as u8, (y * 8) as u8, 50, if x < 20 { 255 } else { 0 }]);
        for (lossless, slack) in [(true, 0), (false, 24)] {
            let options = Encode { lossless, quality: 90, ..Encode::default() };
            let bytes = encode(&bitmap, options).expect("encodes");
            let info = probe(&bytes).expect("a header");
            assert_eq!((info.width, info.height, info.has_alpha), (40, 30, true));
            let back = decode(&bytes, &Limits::default(), true).expect("decodes").into_bitmap();
            for (new, old) in back.pixels().iter().zip(bitmap.pixels()) {
                assert_eq!(new[3], old[3]);
                if old[3] == 255 {
                    assert!(new.iter().zip(old).all(|(a, b)| a.abs_diff(*b) <= slack), "{new:?}");
                }
            }
        }
    }
}
