//! PNG.

use std::io::Cursor;

use png::{ColorType, Compression, DecodingError, Transformations};

use super::{be32, bitmap_of, corrupt, io_error};
use crate::{Bitmap, Error, Format, Info, Limits, Orientation};

/// What the decoder may allocate besides the pixels: a row or two, the palette, the text it skips.
const WORKING_MEMORY: usize = 64 << 20;

/// Walks the chunks before the pixels; nothing is decompressed.
pub(crate) fn probe(bytes: &[u8]) -> Result<Info, Error> {
    let cut_short = || Error::Truncated(Format::Png);
    if bytes.get(12..16).ok_or_else(cut_short)? != b"IHDR" {
        return Err(corrupt(Format::Png, "the first chunk is not IHDR"));
    }
    let color_type = *bytes.get(25).ok_or_else(cut_short)?;
    let mut info = Info {
        format: Format::Png,
        width: be32(bytes, 16).ok_or_else(cut_short)?,
        height: be32(bytes, 20).ok_or_else(cut_short)?,
        orientation: Orientation::Upright,
        has_alpha: matches!(color_type, 4 | 6),
        frames: 1,
    };
    let mut at = 8;
    loop {
        let length = be32(bytes, at).ok_or_else(cut_short)? as usize;
        let kind = bytes.get(at + 4..at + 8).ok_or_else(cut_short)?;
        let data = at + 8;
        match kind {
            b"IDAT" | b"IEND" => return Ok(info),
            b"tRNS" => info.has_alpha = true,
            b"eXIf" => {
                let tiff = bytes.get(data..data.saturating_add(length)).ok_or_else(cut_short)?;
                info.orientation = Orientation::from_tiff(tiff);
            }
            _ => {}
        }
        at = data.saturating_add(length).saturating_add(4);
    }
}

/// Decodes; of an animated PNG, the still image that other programs show.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Bitmap, Error> {
    let info = probe(bytes)?;
    limits.check(info.width.into(), info.height.into())?;
    let pixels = info.width as usize * info.height as usize;
    let memory = png::Limits { bytes: WORKING_MEMORY + pixels * 8 };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), memory);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(error)?;
    let size = reader.output_buffer_size().ok_or_else(|| corrupt(Format::Png, "the image is too large"))?;
    let mut samples = vec![0; size];
    let output = reader.next_frame(&mut samples).map_err(error)?;
    reader.finish().map_err(error)?;
    let channels = match output.color_type {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        ColorType::Indexed => return Err(corrupt(Format::Png, "the palette is missing")),
    };
    let samples = samples.get(..output.buffer_size()).unwrap_or_default();
    bitmap_of(Format::Png, (output.width, output.height), channels, samples)
}

fn error(error: DecodingError) -> Error {
    match error {
        DecodingError::IoError(error) => io_error(Format::Png, &error),
        other => corrupt(Format::Png, other),
    }
}

/// Encodes at the fast level, without an alpha channel when nothing is transparent.
pub(crate) fn encode(bitmap: &Bitmap) -> Result<Vec<u8>, Error> {
    let failed = |error: png::EncodingError| Error::Encode { format: Format::Png, reason: error.to_string() };
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, bitmap.width(), bitmap.height());
    encoder.set_compression(Compression::Fast);
    let opaque = bitmap.is_opaque();
    encoder.set_color(if opaque { ColorType::Rgb } else { ColorType::Rgba });
    let mut writer = encoder.write_header().map_err(failed)?;
    if opaque {
        let rgb: Vec<u8> = bitmap.pixels().iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
        writer.write_image_data(&rgb).map_err(failed)?;
    } else {
        writer.write_image_data(bitmap.bytes()).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use png::BitDepth;

    fn file(color: ColorType, depth: BitDepth, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, 2, 1);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == ColorType::Indexed {
            encoder.set_palette(vec![10, 20, 30, 40, 50, 60]);
            encoder.set_trns(vec![255, 7]);
        }
        let mut writer = encoder.write_header().expect("header");
        writer.write_image_data(data).expect("data");
        writer.finish().expect("end");
        out
    }

    #[test]
    fn every_kind_of_sample() {
        let cases = [
            (ColorType::Grayscale, BitDepth::One, vec![0b0100_0000], [[0, 0, 0, 255], [255; 4]]),
            (ColorType::Grayscale, BitDepth::Eight, vec![9, 8], [[9, 9, 9, 255], [8, 8, 8, 255]]),
            (ColorType::GrayscaleAlpha, BitDepth::Eight, vec![9, 1, 8, 2], [[9, 9, 9, 1], [8, 8, 8, 2]]),
            (
                ColorType::Rgb,
                BitDepth::Sixteen,
                vec![1, 99, 2, 99, 3, 99, 4, 99, 5, 99, 6, 99],
                [[1, 2, 3, 255], [4, 5, 6, 255]],
            ),
            (ColorType::Rgba, BitDepth::Eight, vec![1, 2, 3, 4, 5, 6, 7, 8], [[1, 2, 3, 4], [5, 6, 7, 8]]),
            (ColorType::Indexed, BitDepth::Four, vec![0x01], [[10, 20, 30, 255], [40, 50, 60, 7]]),
        ];
        for (color, depth, data, expected) in cases {
            let bytes = file(color, depth, &data);
            let bitmap = decode(&bytes, &Limits::default()).expect("decodes");
            assert_eq!(bitmap.pixels(), expected, "{color:?} {depth:?}");
            assert_eq!(
                probe(&bytes).expect("a header").has_alpha,
                expected.iter().any(|pixel| pixel[3] < 255),
                "{color:?}"
            );
        }
    }

    #[test]
    fn no_alpha_channel_for_opaque_pictures() {
        for (alpha, has_alpha) in [(255, false), (254, true)] {
            let bytes = encode(&Bitmap::from_fn(3, 3, |_, _| [1, 2, 3, alpha])).expect("encodes");
            assert_eq!(probe(&bytes).expect("a header").has_alpha, has_alpha);
        }
    }
}
