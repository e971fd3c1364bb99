//! The quick classifiers: they compare the brightness of neighbouring squares.

use super::gray::Gray;

/// Side of the squares that are compared, in pixels; nine of them make a feature.
const SQUARE: usize = 3;
/// Side of a feature.
const FEATURE: usize = 3 * SQUARE;
/// After so many features a window that does not look like a face is dropped.
const GROUP: usize = 10;
/// A window with less contrast than this (standard deviation of its pixels) is no face.
const MIN_DEVIATION: f64 = 10.0;
/// Values of a feature.
const BINS: usize = 256;

/// The eight neighbours clockwise from the top left, and the bit that says the middle is at least as bright.
const NEIGHBOURS: [(usize, usize, u8); 8] =
    [(0, 0, 0x80), (3, 0, 0x40), (6, 0, 0x20), (6, 3, 0x08), (6, 6, 0x01), (3, 6, 0x02), (0, 6, 0x04), (0, 3, 0x10)];

/// A sum of weights, one for each feature's value.
#[derive(Debug, Clone)]
pub(super) struct Boosted {
    groups: Vec<Group>,
}

#[derive(Debug, Clone)]
struct Group {
    features: Vec<Feature>,
    threshold: f32,
}

#[derive(Debug, Clone)]
struct Feature {
    x: usize,
    y: usize,
    weights: Box<[f32; BINS]>,
}

impl Boosted {
    /// `None` unless each feature lies in the window and has a weight for every value.
    pub(super) fn new(places: &[(usize, usize)], thresholds: &[f32], weights: Vec<Vec<f32>>) -> Option<Boosted> {
        let limit = super::WINDOW - FEATURE;
        let features = places
            .iter()
            .zip(weights)
            .map(|(&(x, y), weights)| {
                let weights: Box<[f32; BINS]> = weights.into_boxed_slice().try_into().ok()?;
                (x <= limit && y <= limit).then_some(Feature { x, y, weights })
            })
            .collect::<Option<Vec<_>>>()?;
        let whole = !features.is_empty() && features.len().is_multiple_of(GROUP);
        let groups = features.chunks(GROUP).zip(thresholds.chunks(GROUP));
        whole.then(|| Boosted {
            groups: groups
                .map(|(features, thresholds)| Group {
                    features: features.to_vec(),
                    threshold: thresholds.last().copied().unwrap_or(f32::INFINITY),
                })
                .collect(),
        })
    }

    /// How much the window at `x`, `y` looks like a face; `None` when it does not.
    pub(super) fn score(&self, map: &Map, x: usize, y: usize) -> Option<f32> {
        let mut score = 0.0;
        for group in &self.groups {
            for feature in &group.features {
                score += feature.weights[usize::from(map.value(x + feature.x, y + feature.y))];
            }
            if score < group.threshold {
                return None;
            }
        }
        (map.deviation(x, y) > MIN_DEVIATION).then_some(score)
    }
}

/// The value of the feature at every place of a picture.
pub(super) struct Map {
    width: usize,
    values: Vec<u8>,
    sums: Integral,
    squares: Integral,
}

impl Map {
    /// `None` for a picture smaller than a feature.
    pub(super) fn new(gray: &Gray) -> Option<Map> {
        let sums = Integral::new(gray, |value| value);
        let squares = Integral::new(gray, |value| value * value);
        let columns = (gray.width + 1).checked_sub(FEATURE).filter(|columns| *columns > 0)?;
        let rows = (gray.height + 1).checked_sub(FEATURE).filter(|rows| *rows > 0)?;
        let (across, down) = (gray.width + 1 - SQUARE, gray.height + 1 - SQUARE);
        let squares_of_three: Vec<u32> =
            (0..down).flat_map(|y| (0..across).map(move |x| (x, y))).map(|(x, y)| sums.sum(x, y, SQUARE)).collect();
        let at = |x: usize, y: usize| squares_of_three.get(y * across + x).copied().unwrap_or(0);
        let mut values = Vec::with_capacity(columns * rows);
        for y in 0..rows {
            for x in 0..columns {
                let middle = at(x + SQUARE, y + SQUARE);
                let bits = NEIGHBOURS.iter().filter(|(dx, dy, _)| middle >= at(x + dx, y + dy));
                values.push(bits.fold(0, |value, (_, _, bit)| value | bit));
            }
        }
        Some(Map { width: columns, values, sums, squares })
    }

    fn value(&self, x: usize, y: usize) -> u8 {
        self.values.get(y * self.width + x).copied().unwrap_or(0)
    }

    /// Standard deviation of the pixels of the window.
    fn deviation(&self, x: usize, y: usize) -> f64 {
        let area = (super::WINDOW * super::WINDOW) as f64;
        let mean = f64::from(self.sums.sum(x, y, super::WINDOW)) / area;
        let mean_square = f64::from(self.squares.sum(x, y, super::WINDOW)) / area;
        (mean_square - mean * mean).max(0.0).sqrt()
    }
}

/// Sums of all pixels above and to the left, from which any square's sum is four look-ups. They wrap around; the
/// differences do not mind.
struct Integral {
    stride: usize,
    sums: Vec<u32>,
}

impl Integral {
    fn new(gray: &Gray, value: impl Fn(u32) -> u32) -> Integral {
        let stride = gray.width + 1;
        let mut sums = vec![0_u32; stride];
        sums.reserve(stride * gray.height);
        for (y, row) in gray.pixels.chunks_exact(gray.width).enumerate() {
            let mut sum = 0_u32;
            sums.push(0);
            for (x, pixel) in row.iter().enumerate() {
                sum = sum.wrapping_add(value(u32::from(*pixel)));
                let above = sums.get(y * stride + x + 1).copied().unwrap_or(0);
                sums.push(above.wrapping_add(sum));
            }
        }
        Integral { stride, sums }
    }

    fn sum(&self, x: usize, y: usize, side: usize) -> u32 {
        let at = |x: usize, y: usize| self.sums.get(y * self.stride + x).copied().unwrap_or(0);
        at(x + side, y + side).wrapping_add(at(x, y)).wrapping_sub(at(x + side, y)).wrapping_sub(at(x, y + side))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_squares() {
        let gray = Gray { width: 4, height: 3, pixels: (1..=12).collect() };
        let integral = Integral::new(&gray, |value| value);
        assert_eq!(integral.sum(0, 0, 1), 1);
        assert_eq!(integral.sum(1, 1, 2), 6 + 7 + 10 + 11);
        assert_eq!(integral.sum(1, 0, 3), 2 + 3 + 4 + 6 + 7 + 8 + 10 + 11 + 12);
    }

    #[test]
    fn features_compare_with_the_middle() {
        // Darker to the right: the middle outshines the three on the right and equals those above and below.
        let pixels = (0..81).map(|at| 90 - 30 * (at % 9 / 3)).collect();
        let map = Map::new(&Gray { width: 9, height: 9, pixels }).expect("large enough");
        assert_eq!(map.value(0, 0), 0x40 | 0x20 | 0x08 | 0x01 | 0x02);
        assert!(Map::new(&Gray { width: 8, height: 90, pixels: vec![0; 720] }).is_none());
    }
}
