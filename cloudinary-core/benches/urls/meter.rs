//! Time of several ways to the same text.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::variant::Variant;

/// How long one sample runs, about.
const SAMPLE: Duration = Duration::from_millis(20);
/// How many samples there are of each variant; their median counts.
const SAMPLES: usize = 15;

/// What a variant costs, for each text.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) nanoseconds: f64,
    pub(crate) output: String,
}

/// Measures the variants in turns, so that whatever else the machine does meets all of them.
///
/// # Panics
/// When the variants do not give the same text.
pub(crate) fn measure(job: &str, mut variants: Vec<Variant>) -> Vec<Measured> {
    let mut first = None;
    let mut prepared = Vec::with_capacity(variants.len());
    for variant in &mut variants {
        let mut output = String::new();
        (variant.run)(&mut output);
        let expected = first.get_or_insert_with(|| output.clone());
        assert_eq!(&output, expected, "{job}: {} gives another text", variant.name);
        let text = output.clone();
        prepared.push((text, repetitions(variant, &mut output), Vec::with_capacity(SAMPLES)));
    }
    for _ in 0..SAMPLES {
        for (variant, (_, count, times)) in variants.iter_mut().zip(&mut prepared) {
            let mut out = String::new();
            times.push(time(variant, &mut out, *count).as_secs_f64() * 1e9 / f64::from(*count));
        }
    }
    variants
        .iter()
        .zip(prepared)
        .map(|(variant, (output, _, mut times))| {
            times.sort_by(f64::total_cmp);
            Measured { name: variant.name, nanoseconds: times[SAMPLES / 2], output }
        })
        .collect()
}

/// How often a variant runs in one sample.
fn repetitions(variant: &mut Variant, out: &mut String) -> u32 {
    let mut count = 64;
    while time(variant, out, count) < SAMPLE / 2 {
        count *= 2;
    }
    count
}

fn time(variant: &mut Variant, out: &mut String, count: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..count {
        (variant.run)(black_box(out));
        black_box(&*out);
    }
    start.elapsed()
}
