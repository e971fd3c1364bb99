//! How sharp a picture is.

use cloudinary_pixels::Bitmap;

/// Variance of the edges at which a picture counts as half in focus.
const HALF: f32 = 150.0;

/// From 0, all blurred, to 1: by the variance of what a Laplacian finds in the brightness.
pub(super) fn of(bitmap: &Bitmap) -> f64 {
    let rows: Vec<Vec<f32>> = bitmap
        .rows()
        .map(|row| {
            row.iter()
                .map(|[r, g, b, _]| 0.299 * f32::from(*r) + 0.587 * f32::from(*g) + 0.114 * f32::from(*b))
                .collect()
        })
        .collect();
    let mut edges = Vec::new();
    for window in rows.windows(3) {
        let [above, row, below] = window else { continue };
        for ((near, up), down) in row.windows(3).zip(above.iter().skip(1)).zip(below.iter().skip(1)) {
            if let [left, here, right] = near {
                edges.push(left + right + up + down - 4.0 * here);
            }
        }
    }
    if edges.is_empty() {
        return 0.0;
    }
    let count = edges.len() as f32;
    let mean = edges.iter().sum::<f32>() / count;
    let variance = edges.iter().map(|edge| (edge - mean).powi(2)).sum::<f32>() / count;
    (f64::from(variance / (variance + HALF)) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blur_is_less_focus() {
        let sharp = Bitmap::from_fn(64, 64, |x, y| if (x / 4 + y / 4) % 2 == 0 { [0, 0, 0, 255] } else { [255; 4] });
        let mut blurred = sharp.clone();
        cloudinary_pixels::blur::blur(&mut blurred, 3.0);
        let (sharp, blurred) = (of(&sharp), of(&blurred));
        assert!(sharp > 0.9 && blurred < 0.5, "{sharp} {blurred}");
        assert!(of(&Bitmap::from_fn(2, 2, |_, _| [0; 4])).abs() < f64::EPSILON);
    }
}
