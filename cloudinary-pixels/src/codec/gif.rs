//! GIF, still and animated.

use std::borrow::Cow;
use std::io::Cursor;

use gif::{ColorOutput, DecodeOptions, DecodingError, DisposalMethod, Encoder, MemoryLimit, Repeat};

use super::{corrupt, io_error, le16};
use crate::{Bitmap, Color, Error, Format, Frame, Info, Limits, Orientation, Picture, Rect};

/// Shorter delays are shown at this one by every browser.
const MIN_DELAY: u32 = 20;
/// What a browser shows when the file asks for less than [`MIN_DELAY`].
const DEFAULT_DELAY: u32 = 100;
/// Of 1 (best colours) to 30 (quickest). The palette is looked for in every tenth pixel.
const QUANTISER_SPEED: i32 = 10;

/// Walks the blocks and counts the frames; nothing is decompressed.
pub(crate) fn probe(bytes: &[u8]) -> Result<Info, Error> {
    let cut_short = || Error::Truncated(Format::Gif);
    let byte = |at: usize| bytes.get(at).copied().ok_or_else(cut_short);
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let skip_blocks = |mut at: usize| loop {
        let length = usize::from(byte(at)?);
        at += 1 + length;
        if length == 0 {
            return Ok(at);
        }
    };
    let mut info = Info {
        format: Format::Gif,
        width: le16(bytes, 6).ok_or_else(cut_short)?.into(),
        height: le16(bytes, 8).ok_or_else(cut_short)?.into(),
        orientation: Orientation::Upright,
        has_alpha: false,
        frames: 0,
    };
    let mut at = 13 + table(byte(10)?);
    loop {
        match byte(at)? {
            0x21 => {
                let control = byte(at + 1)? == 0xF9;
                info.has_alpha |= control && byte(at + 3)? & 1 == 1;
                at = skip_blocks(at + 2)?;
            }
            0x2C => {
                info.frames += 1;
                let colors = table(byte(at + 9)?);
                at = skip_blocks(at + 10 + colors + 1)?;
            }
            0x3B if info.frames > 0 => return Ok(info),
            0x3B => return Err(corrupt(Format::Gif, "it has no frames")),
            _ => return Err(corrupt(Format::Gif, "an unknown kind of block")),
        }
    }
}

/// Decodes, all frames or the first, each composed with those before it.
pub(crate) fn decode(bytes: &[u8], limits: &Limits, all_frames: bool) -> Result<Picture, Error> {
    let info = probe(bytes)?;
    let wanted = if all_frames { info.frames } else { 1 };
    limits.check_frames(info.width, info.height, wanted)?;
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    // A frame may be no larger than the canvas that was just allowed.
    options.check_frame_consistency(true);
    options.set_memory_limit(MemoryLimit::Unlimited);
    let mut decoder = options.read_info(Cursor::new(bytes)).map_err(error)?;
    let mut canvas = Canvas::new(info.width, info.height);
    let mut frames = Vec::new();
    while frames.len() < wanted {
        let Some(frame) = decoder.read_next_frame().map_err(error)? else { break };
        let delay = u32::from(frame.delay) * 10;
        let bitmap = canvas.show(frame);
        frames.push(Frame { bitmap, delay: if delay < MIN_DELAY { DEFAULT_DELAY } else { delay } });
    }
    let plays = match decoder.repeat() {
        Repeat::Infinite => 0,
        Repeat::Finite(again) => again.saturating_add(1),
    };
    if frames.len() == 1 {
        return Ok(Picture::still(frames.remove(0).bitmap));
    }
    Picture::animation(frames, plays).ok_or_else(|| corrupt(Format::Gif, "it has no frames"))
}

/// What is on the screen between two frames.
struct Canvas {
    screen: Bitmap,
}

impl Canvas {
    fn new(width: u32, height: u32) -> Canvas {
        Canvas { screen: Bitmap::filled(width, height, Color::TRANSPARENT) }
    }

    /// Draws a frame, and leaves the screen as the frame wants it left.
    fn show(&mut self, frame: &gif::Frame<'_>) -> Bitmap {
        let (left, top) = (i32::from(frame.left), i32::from(frame.top));
        let area = Rect::new(left, top, frame.width.into(), frame.height.into());
        let before = (frame.dispose == DisposalMethod::Previous).then(|| self.screen.clone());
        let pixels = frame.buffer.as_chunks().0;
        self.draw(area, |index, under| match pixels.get(index) {
            Some(&over) if over[3] > 0 => over,
            _ => under,
        });
        let shown = self.screen.clone();
        match (before, frame.dispose) {
            (Some(before), _) => self.screen = before,
            (None, DisposalMethod::Background) => {
                self.draw(area, |_, _| Color::TRANSPARENT.to_pixel());
            }
            _ => {}
        }
        shown
    }

    /// Sets each pixel of an area; `pixel` gets its number within the area and what is there.
    fn draw(&mut self, area: Rect, pixel: impl Fn(usize, [u8; 4]) -> [u8; 4]) {
        let (left, width) = (area.x as usize, area.width as usize);
        let rows = self.screen.rows_mut().skip(area.y as usize).take(area.height as usize);
        for (y, row) in rows.enumerate() {
            for (x, out) in row.iter_mut().skip(left).take(width).enumerate() {
                *out = pixel(y * width + x, *out);
            }
        }
    }
}

fn error(error: DecodingError) -> Error {
    match error {
        DecodingError::Io(error) => io_error(Format::Gif, &error),
        other => corrupt(Format::Gif, other),
    }
}

/// Encodes every frame whole, with a palette of its own; pixels less than half opaque become
/// transparent, others opaque.
pub(crate) fn encode(picture: &Picture) -> Result<Vec<u8>, Error> {
    let failed = |reason: &dyn ToString| Error::Encode { format: Format::Gif, reason: reason.to_string() };
    let side = |length: u32| {
        u16::try_from(length).map_err(|_| failed(&format!("a side may have {} pixels", Format::Gif.max_side())))
    };
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, height, &[]).map_err(|error| failed(&error))?;
    if picture.is_animated() {
        let repeat = match picture.plays {
            0 => Some(Repeat::Infinite),
            // The file counts repetitions after the first play.
            1 => None,
            plays => Some(Repeat::Finite(plays - 1)),
        };
        if let Some(repeat) = repeat {
            encoder.set_repeat(repeat).map_err(|error| failed(&error))?;
        }
    }
    for frame in picture.frames() {
        let mut indexed = quantise(&frame.bitmap, width, height);
        indexed.delay = u16::try_from(frame.delay.div_ceil(10)).unwrap_or(u16::MAX);
        // Each frame is whole: what was there before must not shine through its holes.
        indexed.dispose = if picture.is_animated() { DisposalMethod::Background } else { DisposalMethod::Any };
        encoder.write_frame(&indexed).map_err(|error| failed(&error))?;
    }
    drop(encoder);
    Ok(out)
}

fn quantise(bitmap: &Bitmap, width: u16, height: u16) -> gif::Frame<'static> {
    let mut pixels: Vec<u8> =
        bitmap.pixels().iter().flat_map(|&[r, g, b, a]| if a < 128 { [0; 4] } else { [r, g, b, 255] }).collect();
    let mut frame = gif::Frame::from_rgba_speed(width, height, &mut pixels, QUANTISER_SPEED);
    frame.buffer = Cow::Owned(frame.buffer.into_owned());
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blinking() -> Picture {
        let frame = |color| Frame { bitmap: Bitmap::filled(8, 6, color), delay: 70 };
        let holes = Bitmap::from_fn(8, 6, |x, _| if x < 4 { [0, 0, 255, 255] } else { [0; 4] });
        let frames = vec![frame(Color::rgb(255, 0, 0)), Frame { bitmap: holes, delay: 250 }];
        Picture::animation(frames, 0).expect("two frames")
    }

    #[test]
    fn animation_round_trip() {
        let bytes = encode(&blinking()).expect("encodes");
        let info = probe(&bytes).expect("a header");
        assert_eq!((info.width, info.height, info.frames, info.has_alpha), (8, 6, 2, true));
        let back = decode(&bytes, &Limits::default(), true).expect("decodes");
        assert_eq!(back, blinking());
        let still = decode(&bytes, &Limits::default(), false).expect("decodes");
        assert_eq!(still.frame_count(), 1);
        assert_eq!(still.bitmap().get(7, 5), Some([255, 0, 0, 255]));
    }

    #[test]
    fn frames_are_composed() {
        let frame = |dispose, left, index| gif::Frame {
            dispose,
            left,
            width: 1,
            height: 1,
            delay: 1,
            buffer: Cow::Owned(vec![index]),
            ..gif::Frame::default()
        };
        let mut bytes = Vec::new();
        let palette = [b'a', 0, 0, b'b', 0, 0, b'c', 0, 0, b'd', 0, 0];
        let mut encoder = Encoder::new(&mut bytes, 3, 1, &palette).expect("header");
        for frame in [
            frame(DisposalMethod::Keep, 0, 0),
            frame(DisposalMethod::Background, 1, 1),
            frame(DisposalMethod::Previous, 0, 2),
            frame(DisposalMethod::Keep, 2, 3),
        ] {
            encoder.write_frame(&frame).expect("frame");
        }
        drop(encoder);
        let picture = decode(&bytes, &Limits::default(), true).expect("decodes");
        let seen: Vec<String> = picture
            .frames()
            .map(|frame| {
                let letter = |p: &[u8; 4]| if p[3] == 0 { '-' } else { p[0] as char };
                frame.bitmap.pixels().iter().map(letter).collect()
            })
            .collect();
        assert_eq!(seen, ["a--", "ab-", "c--", "a-d"]);
        assert!(picture.frames().all(|frame| frame.delay == DEFAULT_DELAY));
    }

    #[test]
    fn cut_short_anywhere() {
        let bytes = encode(&blinking()).expect("encodes");
        for length in 6..bytes.len() {
            assert_eq!(probe(&bytes[..length]).expect_err("cut"), Error::Truncated(Format::Gif), "{length}");
        }
    }
}
