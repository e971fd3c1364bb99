//! No bytes make it panic, and no small file makes it allocate much.

use cloudinary_pixels::{Bitmap, Color, Decode, Encode, Format, Frame, Limits, Picture, decode_with, encode, probe};

/// A small generator of numbers that are the same every time (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// One small file of every kind that is written, and progressive and lossless variants.
fn seeds() -> Vec<Vec<u8>> {
    let shapes =
        Bitmap::from_fn(37, 29, |x, y| [(x * 7) as u8, (y * 9) as u8, (x * y) as u8, if x > y { 255 } else { 90 }]);
    let still = Picture::still(shapes.clone());
    let moving = Picture::animation(
        vec![
            Frame { bitmap: shapes.clone(), delay: 50 },
            Frame { bitmap: Bitmap::filled(37, 29, Color::WHITE), delay: 90 },
        ],
        3,
    )
    .expect("two frames of one size");
    let plain = Encode::default();
    let special = Encode { progressive: true, lossless: true, ..plain };
    let file = |picture: &Picture, format, how| encode(picture, format, how).expect("encodes");
    vec![
        file(&still, Format::Jpeg, &plain),
        file(&still, Format::Jpeg, &special),
        file(&still, Format::Png, &plain),
        file(&still, Format::Webp, &plain),
        file(&still, Format::Webp, &special),
        file(&moving, Format::Gif, &plain),
    ]
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len());
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][random.below(6)],
            2 => bytes[at] = random.next() as u8,
            3 => bytes.truncate(at.max(1)),
            4 => {
                let end = (at + random.below(40)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => {
                let end = (at + random.below(12)).min(bytes.len());
                bytes.drain(at..end);
            }
        }
        if bytes.is_empty() {
            bytes.push(0xFF);
        }
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let rounds = std::env::var("PIXELS_MUTATIONS").ok().and_then(|n| n.parse().ok());
    let rounds: usize = rounds.unwrap_or(1_500);
    let limits = Limits { max_pixels: 300_000, max_frames: 20, max_total_pixels: 600_000, ..Limits::default() };
    let mut decoded = 0;
    for (number, seed) in seeds().into_iter().enumerate() {
        let mut random = Random(number as u64);
        for _ in 0..rounds {
            let mut bytes = seed.clone();
            mutate(&mut bytes, &mut random);
            let info = probe(&bytes, &limits);
            for at_least in [None, Some((5, 4))] {
                let how = Decode { at_least, first_frame_only: at_least.is_some() };
                if let Ok(picture) = decode_with(&bytes, &limits, &how) {
                    decoded += 1;
                    assert!(limits.check_frames(picture.width(), picture.height(), 1).is_ok());
                    // Whatever is decoded, its header must have been readable.
                    assert!(info.is_ok(), "{info:?} but {picture:?}");
                }
            }
        }
    }
    // Damage that is all refused would test little.
    assert!(decoded > rounds / 4, "{decoded}");
}

#[test]
fn random_bytes_behind_a_signature() {
    let mut random = Random(99);
    let signatures: [&[u8]; 4] =
        [b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", b"GIF89a", b"RIFF\xFF\xFF\0\0WEBPVP8X"];
    for signature in signatures {
        for _ in 0..400 {
            let mut bytes = signature.to_vec();
            bytes.extend((0..random.below(300)).map(|_| random.next() as u8));
            let _ = probe(&bytes, &Limits::default());
            let limits = Limits { max_pixels: 100_000, ..Limits::default() };
            let _ = decode_with(&bytes, &limits, &Decode::default());
        }
    }
}
