//! The slower classifiers: gradients of a window, judged by a small neural network.

use super::WINDOW;
use super::gray::Gray;

/// Sums of gradients are kept apart by their signs.
const CHANNELS: usize = 8;
/// Each feature has two by two cells of them.
const VALUES: usize = 4 * CHANNELS;
/// What the last layer tells: whether it is a face, and how the window is to be moved and scaled.
const OUTPUTS: usize = 4;
/// Features are placed at these distances, and have at least this side.
const STEP: usize = 16;
/// Width and height of features, in parts.
const SHAPES: [(usize, usize); 5] = [(1, 1), (1, 2), (2, 1), (2, 3), (3, 2)];

/// One classifier.
#[derive(Debug, Clone)]
pub(super) struct Surf {
    patches: Vec<Patch>,
    threshold: f32,
    layers: Vec<Layer>,
}

/// One layer of the network.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) inputs: usize,
    /// Those of the first output first.
    pub(super) weights: Vec<f32>,
    pub(super) biases: Vec<f32>,
}

/// What the network says of a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verdict {
    pub(super) score: f32,
    /// Where the face is: 0.5 is just here, 0 and 1 are a window's width away.
    pub(super) x: f32,
    pub(super) y: f32,
    /// How large: 0.5 is just so, 1 twice as large.
    pub(super) size: f32,
}

/// Where a feature lies in the window.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Patch {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

impl Surf {
    /// `None` unless the features exist and the layers fit each other.
    pub(super) fn new(features: Vec<usize>, threshold: f32, layers: Vec<Layer>) -> Option<Surf> {
        let pool = pool();
        let patches = features.into_iter().map(|at| pool.get(at).copied()).collect::<Option<Vec<_>>>()?;
        let first = layers.first()?;
        let fits = first.inputs == patches.len() * VALUES
            && layers.last()?.biases.len() == OUTPUTS
            && layers.iter().all(|layer| layer.inputs > 0);
        fits.then_some(Surf { patches, threshold, layers })
    }

    /// What it says of a window that it takes for a face.
    pub(super) fn judge(&self, gradients: &Gradients) -> Option<Verdict> {
        let mut values: Vec<f32> = self.patches.iter().flat_map(|patch| gradients.feature(*patch)).collect();
        let last = self.layers.len() - 1;
        for (at, layer) in self.layers.iter().enumerate() {
            let act: fn(f32) -> f32 = if at == last { sigmoid } else { relu };
            let rows = layer.weights.chunks_exact(layer.inputs).zip(&layer.biases);
            values = rows.map(|(weights, bias)| act(product(weights, &values) + bias)).collect();
        }
        match values[..] {
            [score, x, y, size] if score > self.threshold => Some(Verdict { score, x, y, size }),
            _ => None,
        }
    }
}

fn relu(x: f32) -> f32 {
    x.max(0.0)
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// In eight sums that the compiler can keep side by side.
fn product(a: &[f32], b: &[f32]) -> f32 {
    let (a_eights, a_rest) = a.as_chunks::<8>();
    let (b_eights, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0_f32; 8];
    for (a, b) in a_eights.iter().zip(b_eights) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// All features there are, in the order the model numbers them.
fn pool() -> Vec<Patch> {
    let mut pool = Vec::new();
    for (wide, high) in SHAPES {
        for height in STEP..=WINDOW {
            if height % 2 != 0 || height % high != 0 {
                continue;
            }
            let width = height / high * wide;
            if width % 2 != 0 || !(STEP..=WINDOW).contains(&width) {
                continue;
            }
            for y in (0..=WINDOW - height).step_by(STEP) {
                pool.extend((0..=WINDOW - width).step_by(STEP).map(|x| Patch { x, y, width, height }));
            }
        }
    }
    pool
}

/// Sums of the gradients of a window, above and to the left of every pixel.
pub(super) struct Gradients {
    sums: Vec<[i32; CHANNELS]>,
}

const STRIDE: usize = WINDOW + 1;

impl Gradients {
    /// Of a picture as large as the window.
    pub(super) fn new(window: &Gray) -> Gradients {
        let at = |x: usize, y: usize| window.pixels.get(y * window.width + x).copied().map_or(0, i32::from);
        // At the edges the difference of two neighbours counts twice.
        let slope = |at: usize, value: &dyn Fn(usize) -> i32| match at {
            0 => 2 * (value(1) - value(0)),
            _ if at == WINDOW - 1 => 2 * (value(at) - value(at - 1)),
            _ => value(at + 1) - value(at - 1),
        };
        let mut sums = vec![[0; CHANNELS]; STRIDE * STRIDE];
        for y in 0..WINDOW {
            let mut row = [0; CHANNELS];
            for x in 0..WINDOW {
                let dx = slope(x, &|x| at(x, y));
                let dy = slope(y, &|y| at(x, y));
                let parted = [
                    if dy >= 0 { (dx, dx.abs()) } else { (0, 0) },
                    if dy < 0 { (dx, dx.abs()) } else { (0, 0) },
                    if dx >= 0 { (dy, dy.abs()) } else { (0, 0) },
                    if dx < 0 { (dy, dy.abs()) } else { (0, 0) },
                ];
                for (pair, (signed, plain)) in row.as_chunks_mut::<2>().0.iter_mut().zip(parted) {
                    pair[0] += signed;
                    pair[1] += plain;
                }
                let above = sums[y * STRIDE + x + 1];
                for ((out, above), row) in sums[(y + 1) * STRIDE + x + 1].iter_mut().zip(above).zip(row) {
                    *out = above + row;
                }
            }
        }
        Gradients { sums }
    }

    /// The cells of a feature, scaled to a length of one.
    fn feature(&self, patch: Patch) -> [f32; VALUES] {
        let (width, height) = (patch.width / 2, patch.height / 2);
        let mut cells = [[0_i32; CHANNELS]; 4];
        for (at, cell) in cells.iter_mut().enumerate() {
            let (left, top) = (patch.x + at % 2 * width, patch.y + at / 2 * height);
            let sum = |x: usize, y: usize| self.sums[y * STRIDE + x];
            let (a, b, c, d) =
                (sum(left, top), sum(left + width, top), sum(left, top + height), sum(left + width, top + height));
            *cell = std::array::from_fn(|channel| d[channel] + a[channel] - b[channel] - c[channel]);
        }
        let values = cells.as_flattened();
        let length = values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32;
        std::array::from_fn(|at| if length > 0.0 { values[at] as f32 / length } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_lie_in_the_window() {
        let pool = pool();
        assert!(pool.iter().all(|patch| patch.x + patch.width <= WINDOW && patch.y + patch.height <= WINDOW));
        assert_eq!(pool.first(), Some(&Patch { x: 0, y: 0, width: 16, height: 16 }));
    }

    #[test]
    fn gradients_by_sign() {
        // Brighter to the right by 2, darker downwards by 1.
        let pixels = (0..WINDOW * WINDOW).map(|at| (100 + 2 * (at % WINDOW) - at / WINDOW) as u8).collect();
        let gradients = Gradients::new(&Gray { width: WINDOW, height: WINDOW, pixels });
        let feature = gradients.feature(Patch { x: 0, y: 0, width: 16, height: 16 });
        let cell = &feature[..CHANNELS];
        // dx is 4 everywhere, dy is -2: only the second and third pair hold anything.
        let unit = cell[2] / 4.0;
        let expected = [0.0, 0.0, 4.0, 4.0, -2.0, 2.0, 0.0, 0.0].map(|value| value * unit);
        for (got, expected) in cell.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-5, "{cell:?}");
        }
        let length: f32 = feature.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-4);
    }
}
