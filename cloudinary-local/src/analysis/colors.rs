//! The colours a picture is made of, and what they are called.

use cloudinary_pixels::{Bitmap, resize};
use serde_json::{Value, json};

/// The most colours that are told.
const MOST: usize = 32;
/// Side of the picture they are counted in.
const SIDE: u32 = 128;
/// What is less opaque than this does not count.
const OPAQUE: u8 = 128;
/// Shares below this are not told, in percent.
const LEAST: f64 = 0.1;

/// Google's colour names.
const GOOGLE: &[(&str, [u8; 3])] = &[
    ("black", [0, 0, 0]),
    ("blue", [40, 70, 200]),
    ("brown", [120, 75, 35]),
    ("gray", [128, 128, 128]),
    ("green", [40, 160, 40]),
    ("orange", [250, 140, 20]),
    ("pink", [250, 150, 190]),
    ("purple", [130, 40, 160]),
    ("red", [210, 30, 30]),
    ("teal", [20, 150, 150]),
    ("white", [255, 255, 255]),
    ("yellow", [250, 230, 40]),
];

/// The service's own names.
const CLOUDINARY: &[(&str, [u8; 3])] = &[
    ("black", [0, 0, 0]),
    ("blue", [0, 0, 255]),
    ("brown", [165, 42, 42]),
    ("cyan", [0, 255, 255]),
    ("gray", [128, 128, 128]),
    ("green", [0, 128, 0]),
    ("lightblue", [173, 216, 230]),
    ("lime", [0, 255, 0]),
    ("magenta", [255, 0, 255]),
    ("olive", [128, 128, 0]),
    ("orange", [255, 165, 0]),
    ("pink", [255, 192, 203]),
    ("purple", [128, 0, 128]),
    ("red", [255, 0, 0]),
    ("teal", [0, 128, 128]),
    ("white", [255, 255, 255]),
    ("yellow", [255, 255, 0]),
];

/// Colours and their shares in percent, most first.
#[derive(Debug)]
pub(super) struct Colors(Vec<([u8; 3], f64)>);

impl Colors {
    pub(super) fn of(bitmap: &Bitmap) -> Self {
        let (width, height) = bitmap.size();
        let small = resize(bitmap, width.min(SIDE), height.min(SIDE));
        let pixels: Vec<[u8; 3]> =
            small.pixels().iter().filter(|[.., a]| *a >= OPAQUE).map(|[r, g, b, _]| [*r, *g, *b]).collect();
        let total = pixels.len() as f64;
        let mut boxes = vec![pixels];
        boxes.retain(|pixels| !pixels.is_empty());
        while boxes.len() < MOST {
            let widest = boxes.iter().enumerate().filter_map(|(index, pixels)| {
                let (channel, range) = widest_channel(pixels);
                (range > 0).then_some((usize::from(range) * pixels.len(), index, channel))
            });
            let Some((_, index, channel)) = widest.max() else { break };
            let mut pixels = boxes.swap_remove(index);
            pixels.sort_unstable_by_key(|pixel| pixel.get(channel).copied());
            let upper = pixels.split_off(split(&pixels, channel));
            boxes.extend([pixels, upper]);
        }
        let mut shares: Vec<([u8; 3], f64)> =
            boxes.iter().map(|pixels| (average(pixels), percent(pixels.len() as f64 / total))).collect();
        shares.retain(|(_, share)| *share >= LEAST);
        shares.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        Self(shares)
    }

    /// `[["#C7C6C5", 11.7], …]`
    pub(super) fn told(&self) -> Value {
        self.0.iter().map(|([r, g, b], share)| json!([format!("#{r:02X}{g:02X}{b:02X}"), share])).collect()
    }

    /// `{"google": [["yellow", 52.9], …], "cloudinary": […]}`
    pub(super) fn predominant(&self) -> Value {
        json!({ "google": self.named(GOOGLE), "cloudinary": self.named(CLOUDINARY) })
    }

    fn named(&self, names: &[(&str, [u8; 3])]) -> Value {
        let mut shares: Vec<(&str, f64)> = Vec::new();
        for (color, share) in &self.0 {
            let lab = lab(*color);
            let nearest = names.iter().min_by(|one, other| distance(lab, one.1).total_cmp(&distance(lab, other.1)));
            let Some((name, _)) = nearest else { continue };
            match shares.iter_mut().find(|(known, _)| known == name) {
                Some((_, sum)) => *sum += share,
                None => shares.push((name, *share)),
            }
        }
        shares.sort_by(|one, other| other.1.total_cmp(&one.1));
        shares.iter().map(|(name, share)| json!([name, (share * 10.0).round() / 10.0])).collect()
    }
}

/// Where a box is cut: at its median, but never between two that are the same.
fn split(sorted: &[[u8; 3]], channel: usize) -> usize {
    let value = |index: usize| sorted.get(index).and_then(|pixel| pixel.get(channel)).copied();
    let middle = sorted.len() / 2;
    let below = sorted.partition_point(|pixel| pixel.get(channel).copied() < value(middle));
    if below > 0 { below } else { sorted.partition_point(|pixel| pixel.get(channel).copied() <= value(middle)) }
}

fn widest_channel(pixels: &[[u8; 3]]) -> (usize, u8) {
    let range = |channel: usize| {
        let values = || pixels.iter().filter_map(move |pixel| pixel.get(channel).copied());
        values().max().unwrap_or(0) - values().min().unwrap_or(0)
    };
    (0..3).map(|channel| (channel, range(channel))).max_by_key(|(_, range)| *range).unwrap_or((0, 0))
}

fn average(pixels: &[[u8; 3]]) -> [u8; 3] {
    let mut sums = [0_u64; 3];
    for pixel in pixels {
        for (sum, value) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(*value);
        }
    }
    let count = (pixels.len() as u64).max(1);
    sums.map(|sum| ((sum + count / 2) / count) as u8)
}

fn percent(share: f64) -> f64 {
    (share * 1000.0).round() / 10.0
}

/// CIE L*a*b*, where distances are as they are seen.
fn lab(color: [u8; 3]) -> [f64; 3] {
    let [r, g, b] = color.map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    let curve = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
    let y = curve(0.2126 * r + 0.7152 * g + 0.0722 * b);
    let z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(one: [f64; 3], other: [u8; 3]) -> f64 {
    one.iter().zip(lab(other)).map(|(a, b)| (a - b).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_names() {
        let bitmap = Bitmap::from_fn(100, 100, |x, y| match (x, y) {
            (0..75, _) => [250, 240, 10, 255],
            (_, 0..50) => [0, 0, 0, 255],
            _ => [0, 0, 0, 0],
        });
        let colors = Colors::of(&bitmap);
        assert_eq!(colors.told(), json!([["#FAF00A", 85.7], ["#000000", 14.3]]));
        assert_eq!(colors.predominant()["google"], json!([["yellow", 85.7], ["black", 14.3]]));
        assert_eq!(colors.predominant()["cloudinary"], json!([["yellow", 85.7], ["black", 14.3]]));
    }

    #[test]
    fn at_most_so_many() {
        let bitmap = Bitmap::from_fn(128, 128, |x, y| [(x * 2) as u8, (y * 2) as u8, (x ^ y) as u8, 255]);
        let colors = Colors::of(&bitmap);
        assert_eq!(colors.0.len(), MOST);
        assert!(colors.0.is_sorted_by(|one, other| one.1 >= other.1));
        let sum: f64 = colors.0.iter().map(|(_, share)| share).sum();
        assert!((sum - 100.0).abs() < 2.0, "{sum}");
    }

    #[test]
    fn nothing_to_see() {
        let clear = Colors::of(&Bitmap::from_fn(4, 4, |_, _| [9, 9, 9, 0]));
        assert_eq!(clear.told(), json!([]));
    }
}
