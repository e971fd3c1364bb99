//! Neighbouring pixels: blur, sharpen, pixelate.

use crate::{Bitmap, Rect, geometry};

/// Blurs with a Gaussian bell of this standard deviation, in pixels. Three box blurs stand for
/// the bell, so the time does not depend on its width. Transparent pixels give no colour; beyond
/// the edge the outermost pixels go on.
pub fn blur(bitmap: &mut Bitmap, sigma: f32) {
    if sigma < 0.1 {
        return;
    }
    let (width, height) = (bitmap.width() as usize, bitmap.height() as usize);
    let mut planes = premultiplied(bitmap);
    let mut spare = vec![[0.0_f32; 4]; planes.len()];
    for radius in box_radii(sigma) {
        if radius == 0 {
            continue;
        }
        // Each pass writes its rows as columns, so two of them blur both ways and every read is
        // along memory.
        box_blur(&planes, &mut spare, width, radius);
        box_blur(&spare, &mut planes, height, radius);
    }
    for (pixel, &[r, g, b, a]) in bitmap.pixels_mut().iter_mut().zip(&planes) {
        *pixel = if a < 0.5 {
            [0; 4]
        } else {
            let color = |v: f32| (v / a).round().clamp(0.0, 255.0) as u8;
            [color(r), color(g), color(b), a.round().min(255.0) as u8]
        };
    }
}

/// Colours multiplied by their alpha (0 to 255), and the alpha.
fn premultiplied(bitmap: &Bitmap) -> Vec<[f32; 4]> {
    let pixels = bitmap.pixels().iter();
    pixels
        .map(|&[r, g, b, a]| {
            let a = f32::from(a);
            [f32::from(r) * a, f32::from(g) * a, f32::from(b) * a, a]
        })
        .collect()
}

/// Three boxes whose variances add up to that of the bell.
fn box_radii(sigma: f32) -> [usize; 3] {
    let variance = f64::from(sigma).powi(2) * 12.0;
    // A box of n pixels has the variance (n² - 1) / 12.
    let ideal = (variance / 3.0 + 1.0).sqrt();
    let small = (((ideal - 1.0) / 2.0).floor() * 2.0 + 1.0).max(1.0);
    let smaller_boxes = (variance - 3.0 * small * small - 12.0 * small - 9.0) / (-4.0 * small - 4.0);
    let smaller_boxes = smaller_boxes.round().clamp(0.0, 3.0) as usize;
    let radius = ((small - 1.0) / 2.0) as usize;
    std::array::from_fn(|at| if at < smaller_boxes { radius } else { radius + 1 })
}

/// Means over `2 * radius + 1` pixels of each row of `from`, written to the columns of `to`.
fn box_blur(from: &[[f32; 4]], to: &mut [[f32; 4]], width: usize, radius: usize) {
    let height = from.len() / width;
    let weight = 1.0 / (2 * radius + 1) as f64;
    for (y, row) in from.chunks_exact(width).enumerate() {
        let (Some(&first), Some(&last)) = (row.first(), row.last()) else { continue };
        let at = |x: isize| match usize::try_from(x) {
            Ok(x) => row.get(x).copied().unwrap_or(last),
            Err(_) => first,
        };
        // Doubles, because what is added and taken away again must cancel out.
        let mut sum = [0.0_f64; 4];
        let reach = radius as isize;
        for x in -reach..=reach {
            let pixel = at(x);
            sum.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += f64::from(value));
        }
        let column = to.iter_mut().skip(y).step_by(height);
        for (x, out) in (0_isize..).zip(column) {
            *out = sum.map(|sum| (sum * weight) as f32);
            let (enters, leaves) = (at(x + reach + 1), at(x - reach));
            for ((sum, enters), leaves) in sum.iter_mut().zip(enters).zip(leaves) {
                *sum += f64::from(enters) - f64::from(leaves);
            }
        }
    }
}

/// Sharpens: adds what a blur of this standard deviation (pixels) takes away, `amount` times
/// (1 is once).
pub fn sharpen(bitmap: &mut Bitmap, sigma: f32, amount: f32) {
    let mut soft = bitmap.clone();
    blur(&mut soft, sigma);
    for (pixel, soft) in bitmap.pixels_mut().iter_mut().zip(soft.pixels()) {
        for (value, soft) in pixel.iter_mut().zip(soft).take(3) {
            let (sharp, soft) = (f32::from(*value), f32::from(*soft));
            *value = (sharp + (sharp - soft) * amount).round().clamp(0.0, 255.0) as u8;
        }
    }
}

/// Squares of this side, in pixels, each of one colour: the mean of what was there.
pub fn pixelate(bitmap: &mut Bitmap, side: u32) {
    let side = side.max(1) as usize;
    let (width, height) = (bitmap.width() as usize, bitmap.height() as usize);
    for top in (0..height).step_by(side) {
        for left in (0..width).step_by(side) {
            let mut sum = [0_u64; 4];
            let mut count = 0;
            for row in bitmap.rows().skip(top).take(side) {
                for &[r, g, b, a] in row.iter().skip(left).take(side) {
                    let weight = u64::from(a);
                    sum[0] += u64::from(r) * weight;
                    sum[1] += u64::from(g) * weight;
                    sum[2] += u64::from(b) * weight;
                    sum[3] += weight;
                    count += 1;
                }
            }
            let [r, g, b, a] = sum;
            let mean = |sum: u64| (sum + a / 2).checked_div(a).unwrap_or(0) as u8;
            let color = [mean(r), mean(g), mean(b), (a / count.max(1)) as u8];
            for row in bitmap.rows_mut().skip(top).take(side) {
                row.iter_mut().skip(left).take(side).for_each(|pixel| *pixel = color);
            }
        }
    }
}

/// Changes only the part of a bitmap inside `area`, as if it were a picture of its own.
pub fn within(bitmap: &mut Bitmap, area: Rect, change: impl FnOnce(&mut Bitmap)) {
    let Some(area) = area.clipped(bitmap.width(), bitmap.height()) else { return };
    let mut part = geometry::crop(bitmap, area);
    change(&mut part);
    let rows = bitmap.rows_mut().skip(area.y as usize);
    for (row, part) in rows.zip(part.rows()) {
        for (pixel, part) in row.iter_mut().skip(area.x as usize).zip(part) {
            *pixel = *part;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Color;

    #[test]
    fn a_dot_becomes_a_bell() {
        for sigma in [1.0_f32, 2.5, 7.5, 12.0] {
            let side = 161;
            let mut bitmap =
                Bitmap::from_fn(side, side, |x, y| [255, 255, 255, if (x, y) == (80, 80) { 255 } else { 0 }]);
            // One pixel spread wide is below one step of alpha: look at the planes.
            let mut planes = premultiplied(&bitmap);
            let mut spare = planes.clone();
            for radius in box_radii(sigma) {
                box_blur(&planes, &mut spare, side as usize, radius);
                box_blur(&spare, &mut planes, side as usize, radius);
            }
            let total: f32 = planes.iter().map(|p| p[3]).sum();
            assert!((total - 255.0).abs() < 0.5, "nothing is lost: {total}");
            let variance: f32 = planes
                .iter()
                .enumerate()
                .map(|(at, p)| ((at % side as usize) as f32 - 80.0).powi(2) * p[3])
                .sum::<f32>()
                / total;
            let slack = 0.12 * sigma.powi(2) + 0.35;
            assert!((variance - sigma * sigma).abs() < slack, "{sigma}: {variance}");
            blur(&mut bitmap, sigma);
        }
    }

    #[test]
    fn flat_stays_flat() {
        for (width, height) in [(1, 1), (3, 50), (64, 2)] {
            for sigma in [0.0, 0.5, 3.0, 500.0] {
                let mut bitmap = Bitmap::filled(width, height, Color::rgb(7, 80, 200));
                blur(&mut bitmap, sigma);
                let same = |pixel: &[u8; 4]| *pixel == [7, 80, 200, 255];
                assert!(bitmap.pixels().iter().all(same), "{width}x{height} {sigma}");
            }
        }
    }

    #[test]
    fn transparent_pixels_give_no_colour() {
        let mut bitmap = Bitmap::from_fn(40, 40, |x, _| if x < 20 { [255, 0, 0, 255] } else { [0, 255, 0, 0] });
        blur(&mut bitmap, 4.0);
        assert!(bitmap.pixels().iter().all(|p| p[3] == 0 || (p[0] == 255 && p[1] == 0)));
    }

    #[test]
    fn edges_get_sharper() {
        let edge = Bitmap::from_fn(40, 8, |x, _| {
            let v = if x < 20 { 100 } else { 150 };
            [v, v, v, 255]
        });
        let mut sharp = edge.clone();
        sharpen(&mut sharp, 2.0, 1.0);
        let at = |x| sharp.get(x, 4).expect("inside")[0];
        assert!(at(19) < 95 && at(20) > 155, "{} {}", at(19), at(20));
        assert_eq!((at(0), at(39)), (100, 150));
    }

    #[test]
    fn squares() {
        let mut bitmap = Bitmap::from_fn(5, 5, |x, y| [(x * 50) as u8, (y * 50) as u8, 0, 255]);
        pixelate(&mut bitmap, 2);
        assert_eq!(bitmap.get(0, 0), Some([25, 25, 0, 255]));
        assert_eq!(bitmap.get(1, 1), bitmap.get(0, 0));
        assert_eq!(bitmap.get(4, 4), Some([200, 200, 0, 255]));
    }

    #[test]
    fn only_inside() {
        let mut bitmap = Bitmap::filled(10, 10, Color::WHITE);
        within(&mut bitmap, Rect::new(8, -2, 50, 4), crate::adjust::negate);
        let black = bitmap.pixels().iter().filter(|pixel| pixel[0] == 0).count();
        assert_eq!(black, 4);
        assert_eq!(bitmap.get(9, 1), Some([0, 0, 0, 255]));
    }
}
