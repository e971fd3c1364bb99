//! How long thumbnails of a 12-megapixel JPEG take, on one core.
//!
//! `cargo bench -p cloudinary-pixels` prints the best and the median of some runs.

use std::time::{Duration, Instant};

use cloudinary_pixels::{Bitmap, Decode, Encode, FaceDetector, Format, Limits, Picture, decode_with, encode, resize};

const RUNS: usize = 15;

fn main() -> Result<(), cloudinary_pixels::Error> {
    let photo = Picture::still(scene(4000, 3000));
    let jpeg = encode(&photo, Format::Jpeg, &Encode { quality: 85, ..Encode::default() })?;
    println!("12-megapixel JPEG, {} KB", jpeg.len() / 1000);
    println!("{:<34} {:>9} {:>9}", "", "best", "median");

    for (width, height) in [(300, 200), (800, 600), (1600, 1200)] {
        for format in [Format::Jpeg, Format::Webp, Format::Png] {
            let name = format!("decode, {width}x{height}, {format}");
            measure(&name, || {
                let how = Decode { at_least: Some((width, height)), ..Decode::default() };
                let picture = decode_with(&jpeg, &Limits::default(), &how)?;
                let small = picture.map(|bitmap| resize(&bitmap, width, height));
                encode(&small, format, &Encode::default())
            })?;
        }
    }
    measure("decode whole", || decode_with(&jpeg, &Limits::default(), &Decode::default()))?;
    let detector = FaceDetector::new()?;
    let medium = resize(photo.bitmap(), 1000, 750);
    measure("faces in 1000x750", || Ok(detector.detect(&medium)))?;
    Ok(())
}

fn measure<T>(
    name: &str,
    work: impl Fn() -> Result<T, cloudinary_pixels::Error>,
) -> Result<(), cloudinary_pixels::Error> {
    let mut times: Vec<Duration> = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        std::hint::black_box(work()?);
        times.push(start.elapsed());
    }
    times.sort();
    let (best, median) = (times[0], times[RUNS / 2]);
    println!("{name:<34} {:>6.1} ms {:>6.1} ms", millis(best), millis(median));
    Ok(())
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// Something like a photograph: soft shapes, edges and grain.
fn scene(width: u32, height: u32) -> Bitmap {
    let mut seed = 1_u32;
    Bitmap::from_fn(width, height, |x, y| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (seed >> 24) as f32 / 16.0;
        let (x, y) = (x as f32, y as f32);
        let wave = ((x / 90.0).sin() + (y / 70.0).cos()) * 50.0;
        let edge = if ((x / 400.0) as i32 + (y / 300.0) as i32) % 2 == 0 { 40.0 } else { 0.0 };
        let value = |base: f32| (base + wave + edge + grain).clamp(0.0, 255.0) as u8;
        [value(110.0), value(100.0), value(80.0), 255]
    })
}
