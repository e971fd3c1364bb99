//! The jobs that the crate `cloudinary` can do, as lines of
//! `implementation, job, nanoseconds, output`.
//!
//! It has resize, crop and pad, no version, no signed URL, no tag, and signs only inside of its own requests.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cloudinary::transformation::Transformations::{Crop, Resize};
use cloudinary::transformation::crop_mode::CropMode;
use cloudinary::transformation::resize_mode::ResizeMode;
use cloudinary::transformation::{Image, Transformations, gravity::Gravity};

const SAMPLES: usize = 15;
const SAMPLE: Duration = Duration::from_millis(20);

fn main() {
    let cloud: Arc<str> = "demo".into();
    let image = |id: &str| Image::new(Arc::clone(black_box(&cloud)), black_box(id).into());
    let fill = || -> Transformations {
        Crop(CropMode::Fill { width: black_box(400), height: black_box(300), gravity: Some(Gravity::NorthEast) })
    };
    // Nothing else than a second step of what it has can stand for the text.
    let second =
        || -> Transformations { Resize(ResizeMode::ScaleByWidth { width: black_box(5), ar: None, liquid: None }) };
    let id = "summer photos/beach house";
    report("plain", || image(id).to_string());
    report("two_steps", || image(id).add_transformation(fill()).add_transformation(second()).to_string());
    let (one, two) = (fill(), second());
    report("prepared", || {
        image("summer photos/beach house 1").add_transformation(one.clone()).add_transformation(two.clone()).to_string()
    });
}

fn report(job: &str, make: impl Fn() -> String) {
    let time = |count: u32| {
        let start = Instant::now();
        for _ in 0..count {
            black_box(make());
        }
        start.elapsed()
    };
    let mut count = 64;
    while time(count) < SAMPLE / 2 {
        count *= 2;
    }
    let mut times: Vec<f64> = (0..SAMPLES).map(|_| time(count).as_secs_f64() * 1e9 / f64::from(count)).collect();
    times.sort_by(f64::total_cmp);
    println!("crate cloudinary\t{job}\t{:.1}\t{}", times[SAMPLES / 2], make());
}
