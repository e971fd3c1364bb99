//! Colours of a whole picture, in place. Alpha is kept unless the name says otherwise.
//!
//! Numbers that are out of range are taken as the nearest in range.

use crate::color::{fade, luma};
use crate::{Bitmap, Color};

/// Each new red, green and blue as a sum of the old ones, row by row.
pub type Matrix = [[f32; 3]; 3];

/// How red, green and blue add up to brightness (Rec. 709).
const LIGHT: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// Multiplies every pixel by a matrix.
pub fn recolor(bitmap: &mut Bitmap, matrix: &Matrix) {
    for [r, g, b, _] in bitmap.pixels_mut() {
        let old = [f32::from(*r), f32::from(*g), f32::from(*b)];
        let sum = |row: [f32; 3]| (row[0] * old[0] + row[1] * old[1] + row[2] * old[2]).round().clamp(0.0, 255.0) as u8;
        (*r, *g, *b) = (sum(matrix[0]), sum(matrix[1]), sum(matrix[2]));
    }
}

/// Replaces each red, green and blue value by what `curve` makes of it, both 0 to 1.
fn remap(bitmap: &mut Bitmap, channels: [bool; 3], curve: impl Fn(f32) -> f32) {
    let mut table = [0_u8; 256];
    for (value, out) in table.iter_mut().enumerate() {
        *out = (curve(value as f32 / 255.0) * 255.0).round().clamp(0.0, 255.0) as u8;
    }
    for pixel in bitmap.pixels_mut() {
        for (value, wanted) in pixel.iter_mut().zip(channels) {
            if wanted {
                *value = table[usize::from(*value)];
            }
        }
    }
}

const ALL: [bool; 3] = [true; 3];

/// Shades of gray.
pub fn grayscale(bitmap: &mut Bitmap) {
    for pixel in bitmap.pixels_mut() {
        let gray = luma(*pixel);
        *pixel = [gray, gray, gray, pixel[3]];
    }
}

/// An old photograph's brown, 0 (none) to 100.
pub fn sepia(bitmap: &mut Bitmap, strength: f32) {
    const BROWN: Matrix = [[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]];
    let share = strength.clamp(0.0, 100.0) / 100.0;
    let mut matrix = BROWN.map(|row| row.map(|part| part * share));
    for (at, row) in matrix.iter_mut().enumerate() {
        row[at] += 1.0 - share;
    }
    recolor(bitmap, &matrix);
}

/// Turns the wheel of hues: -100 to 100 is half a turn either way. Brightness is kept.
pub fn hue(bitmap: &mut Bitmap, amount: f32) {
    let (sin, cos) = (amount.clamp(-100.0, 100.0) * 1.8).to_radians().sin_cos();
    let [lr, lg, lb] = LIGHT;
    // The rotation about the gray axis that keeps brightness, as SVG's hueRotate defines it.
    recolor(
        bitmap,
        &[
            [lr + cos * (1.0 - lr) - sin * lr, lg - cos * lg - sin * lg, lb - cos * lb + sin * (1.0 - lb)],
            [lr - cos * lr + sin * 0.143, lg + cos * (1.0 - lg) + sin * 0.140, lb - cos * lb - sin * 0.283],
            [lr - cos * lr - sin * (1.0 - lr), lg - cos * lg + sin * lg, lb + cos * (1.0 - lb) + sin * lb],
        ],
    );
}

/// Colourfulness: -100 is gray, 100 twice as colourful.
pub fn saturation(bitmap: &mut Bitmap, amount: f32) {
    let share = 1.0 + amount.clamp(-100.0, 100.0) / 100.0;
    let [lr, lg, lb] = LIGHT.map(|part| part * (1.0 - share));
    recolor(bitmap, &[[lr + share, lg, lb], [lr, lg + share, lb], [lr, lg, lb + share]]);
}

/// As [`saturation`], but the less a pixel's colour already glows the more it gets.
pub fn vibrance(bitmap: &mut Bitmap, amount: f32) {
    let amount = amount.clamp(-100.0, 100.0) / 100.0;
    for pixel in bitmap.pixels_mut() {
        let [r, g, b, a] = *pixel;
        let glow = f32::from(r.max(g).max(b) - r.min(g).min(b)) / 255.0;
        let share = 1.0 + amount * (1.0 - glow);
        let gray = f32::from(luma(*pixel));
        let mix = |v: u8| (gray + (f32::from(v) - gray) * share).round().clamp(0.0, 255.0) as u8;
        *pixel = [mix(r), mix(g), mix(b), a];
    }
}

/// Brightness: -100 is black, 100 twice as bright.
pub fn brightness(bitmap: &mut Bitmap, amount: f32) {
    let factor = 1.0 + amount.clamp(-100.0, 100.0) / 100.0;
    remap(bitmap, ALL, |value| value * factor);
}

/// Contrast along an S-shaped curve around the middle gray: -100 to 100, 0 changes nothing.
pub fn contrast(bitmap: &mut Bitmap, amount: f32) {
    let steepness = amount.clamp(-100.0, 100.0) / 10.0;
    if steepness.abs() < 0.01 {
        return;
    }
    let sigmoid = |value: f32| 1.0 / (1.0 + (-steepness.abs() * (value - 0.5)).exp());
    let (low, high) = (sigmoid(0.0), sigmoid(1.0));
    if steepness > 0.0 {
        remap(bitmap, ALL, |value| (sigmoid(value) - low) / (high - low));
    } else {
        // The same curve read the other way.
        remap(bitmap, ALL, |value| {
            let inside = (low + value * (high - low)).clamp(1e-6, 1.0 - 1e-6);
            0.5 - ((1.0 - inside) / inside).ln() / steepness.abs()
        });
    }
}

/// Contrast in a straight line around the middle gray: -100 is all gray, 100 twice as steep.
pub fn contrast_linear(bitmap: &mut Bitmap, amount: f32) {
    let factor = 1.0 + amount.clamp(-100.0, 100.0) / 100.0;
    remap(bitmap, ALL, |value| 0.5 + (value - 0.5) * factor);
}

/// Gamma: -50 to 150; 0 changes nothing, more is brighter in the middle.
pub fn gamma(bitmap: &mut Bitmap, amount: f32) {
    let exponent = 100.0 / (100.0 + amount.clamp(-50.0, 150.0));
    remap(bitmap, ALL, |value| value.powf(exponent));
}

/// Less or more of red, green and blue: -100 is none, 100 twice as much.
pub fn channels(bitmap: &mut Bitmap, red: f32, green: f32, blue: f32) {
    for (at, amount) in [red, green, blue].into_iter().enumerate() {
        let factor = 1.0 + amount.clamp(-100.0, 100.0) / 100.0;
        let mut only = [false; 3];
        only[at] = true;
        if amount.abs() > f32::EPSILON {
            remap(bitmap, only, |value| value * factor);
        }
    }
}

/// A photographic negative.
pub fn negate(bitmap: &mut Bitmap) {
    remap(bitmap, ALL, |value| 1.0 - value);
}

/// White where brightness is at least `threshold` (0 to 100), black elsewhere.
pub fn black_and_white(bitmap: &mut Bitmap, threshold: f32) {
    let threshold = threshold.clamp(0.0, 100.0) * 2.55;
    for pixel in bitmap.pixels_mut() {
        let value = if f32::from(luma(*pixel)) >= threshold { 255 } else { 0 };
        *pixel = [value, value, value, pixel[3]];
    }
}

/// Paints a colour over what is seen: 0 is nothing of it, 100 nothing but it. The shape is kept.
pub fn colorize(bitmap: &mut Bitmap, color: Color, strength: f32) {
    let share = strength.clamp(0.0, 100.0) / 100.0;
    let mix = |old: u8, new: u8| (f32::from(old) + (f32::from(new) - f32::from(old)) * share).round() as u8;
    for pixel in bitmap.pixels_mut() {
        let [r, g, b, a] = *pixel;
        *pixel = [mix(r, color.r), mix(g, color.g), mix(b, color.b), a];
    }
}

/// Fades to black towards the corners, 0 (not at all) to 100.
pub fn vignette(bitmap: &mut Bitmap, strength: f32) {
    let strength = strength.clamp(0.0, 100.0) / 100.0;
    let (half_width, half_height) = (bitmap.width() as f32 / 2.0, bitmap.height() as f32 / 2.0);
    for (y, row) in bitmap.rows_mut().enumerate() {
        let dy = (y as f32 + 0.5) / half_height - 1.0;
        for (x, pixel) in row.iter_mut().enumerate() {
            let dx = (x as f32 + 0.5) / half_width - 1.0;
            // 0 in the middle, 1 in the corners; nothing happens in the inner half.
            let far = f32::midpoint(dx * dx, dy * dy).sqrt();
            let dark = ((far - 0.5) * 2.0).clamp(0.0, 1.0).powi(2) * strength;
            let [r, g, b, a] = *pixel;
            let shade = |value: u8| (f32::from(value) * (1.0 - dark)).round() as u8;
            *pixel = [shade(r), shade(g), shade(b), a];
        }
    }
}

/// Multiplies alpha: 0 is invisible, 100 as it was.
pub fn opacity(bitmap: &mut Bitmap, percent: f32) {
    let share = percent.clamp(0.0, 100.0) / 100.0;
    for pixel in bitmap.pixels_mut() {
        pixel[3] = fade(pixel[3], share);
    }
}

/// Makes every pixel opaque or invisible: opaque from this opacity on (1 to 100).
pub fn opacity_threshold(bitmap: &mut Bitmap, percent: f32) {
    let threshold = percent.clamp(1.0, 100.0) * 2.55;
    for pixel in bitmap.pixels_mut() {
        pixel[3] = if f32::from(pixel[3]) >= threshold { 255 } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut Bitmap);

    #[test]
    fn one_pixel() {
        let brick = [200, 100, 50, 128];
        let cases: [(&str, Change, [u8; 4]); 24] = [
            ("grayscale", grayscale, [124, 124, 124, 128]),
            ("sepia 100", |b| sepia(b, 100.0), [165, 147, 114, 128]),
            ("sepia 50", |b| sepia(b, 50.0), [182, 123, 82, 128]),
            ("sepia 0", |b| sepia(b, 0.0), brick),
            ("hue 0", |b| hue(b, 0.0), brick),
            ("hue ±100 meet", |b| hue(b, 100.0), [35, 135, 185, 128]),
            ("hue ±100 meet", |b| hue(b, -100.0), [35, 135, 185, 128]),
            ("saturation -100", |b| saturation(b, -100.0), [118, 118, 118, 128]),
            ("saturation 0", |b| saturation(b, 0.0), brick),
            ("saturation 100", |b| saturation(b, 100.0), [255, 82, 0, 128]),
            ("brightness 50", |b| brightness(b, 50.0), [255, 150, 75, 128]),
            ("brightness -99", |b| brightness(b, -99.0), [2, 1, 1, 128]),
            ("contrast 0", |b| contrast(b, 0.0), brick),
            ("linear contrast -100", |b| contrast_linear(b, -100.0), [128, 128, 128, 128]),
            ("gamma 0", |b| gamma(b, 0.0), brick),
            ("gamma 100", |b| gamma(b, 100.0), [226, 160, 113, 128]),
            ("red -100", |b| channels(b, -100.0, 0.0, 0.0), [0, 100, 50, 128]),
            ("negate", negate, [55, 155, 205, 128]),
            ("blackwhite 50", |b| black_and_white(b, 50.0), [0, 0, 0, 128]),
            ("blackwhite 40", |b| black_and_white(b, 40.0), [255, 255, 255, 128]),
            ("colorize", |b| colorize(b, Color::rgb(0, 0, 250), 50.0), [100, 50, 150, 128]),
            ("opacity", |b| opacity(b, 50.0), [200, 100, 50, 64]),
            ("opacity threshold 50", |b| opacity_threshold(b, 50.0), [200, 100, 50, 255]),
            ("opacity threshold 51", |b| opacity_threshold(b, 51.0), [200, 100, 50, 0]),
        ];
        for (name, change, expected) in cases {
            let mut bitmap = Bitmap::from_fn(1, 1, |_, _| brick);
            change(&mut bitmap);
            let got = bitmap.pixels()[0];
            let close = got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(close, "{name}: {got:?}, expected {expected:?}");
        }
    }

    #[test]
    fn contrast_spreads_and_undoes() {
        let ramp = Bitmap::from_fn(256, 1, |x, _| [x as u8, x as u8, x as u8, 255]);
        let mut steep = ramp.clone();
        contrast(&mut steep, 50.0);
        let at = |bitmap: &Bitmap, x: u32| bitmap.get(x, 0).expect("inside")[0];
        assert!(at(&steep, 64) < 50 && at(&steep, 191) > 205);
        assert_eq!((at(&steep, 0), at(&steep, 255)), (0, 255));
        contrast(&mut steep, -50.0);
        for x in 30..226 {
            assert!(u32::from(at(&steep, x)).abs_diff(x) <= 3, "{x}: {}", at(&steep, x));
        }
    }

    #[test]
    fn vignette_keeps_the_middle() {
        let mut bitmap = Bitmap::filled(99, 99, Color::WHITE);
        vignette(&mut bitmap, 100.0);
        assert_eq!(bitmap.get(49, 49), Some([255; 4]));
        assert!(bitmap.get(0, 0).expect("inside")[0] < 20);
    }

    #[test]
    fn gray_stays_gray_when_colours_change() {
        for change in
            [|b: &mut Bitmap| hue(b, 37.0), |b: &mut Bitmap| saturation(b, 80.0), |b: &mut Bitmap| vibrance(b, 80.0)]
        {
            let mut bitmap = Bitmap::filled(1, 1, Color::rgb(90, 90, 90));
            change(&mut bitmap);
            assert!(bitmap.pixels()[0][..3].iter().all(|v| v.abs_diff(90) <= 1), "{bitmap:?}");
        }
    }
}
