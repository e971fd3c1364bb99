//! Neighbouring pixels: blur, sharpen, pixelate.

use crate::{Bitmap, Rect, geometry};

/// Columns that are blurred together: what a line of the processor's cache holds.
const STRIP: usize = 16;

/// Blurs with a Gaussian bell of this standard deviation, in pixels. Three box blurs stand for
/// the bell, so the time does not depend on its width, and no second copy of the picture is made.
/// Transparent pixels give no colour; beyond the edge the outermost pixels go on.
pub fn blur(bitmap: &mut Bitmap, sigma: f32) {
    if sigma < 0.1 {
        return;
    }
    let radii = box_radii(sigma);
    let opaque = bitmap.is_opaque();
    if !opaque {
        bitmap.pixels_mut().iter_mut().for_each(premultiply);
    }
    let mut spare = Vec::new();
    let mut line: Line = Vec::new();
    for row in bitmap.rows_mut() {
        line.clear();
        line.extend(row.iter().map(|pixel| pixel.map(f32::from)));
        blur_line(&mut line, &mut spare, radii);
        row.iter_mut().zip(&line).for_each(|(pixel, value)| *pixel = value.map(rounded));
    }
    let width = bitmap.width() as usize;
    let mut columns: [Line; STRIP] = Default::default();
    for left in (0..width).step_by(STRIP) {
        columns.iter_mut().for_each(Vec::clear);
        for row in bitmap.rows() {
            for (column, pixel) in columns.iter_mut().zip(row.iter().skip(left)) {
                column.push(pixel.map(f32::from));
            }
        }
        for column in &mut columns {
            blur_line(column, &mut spare, radii);
        }
        for (y, row) in bitmap.rows_mut().enumerate() {
            for (column, pixel) in columns.iter().zip(row.iter_mut().skip(left)) {
                if let Some(value) = column.get(y) {
                    *pixel = value.map(rounded);
                }
            }
        }
    }
    if !opaque {
        bitmap.pixels_mut().iter_mut().for_each(divide_by_alpha);
    }
}

/// A row or a column, colours multiplied by their alpha.
type Line = Vec<[f32; 4]>;

fn rounded(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

fn premultiply([r, g, b, a]: &mut [u8; 4]) {
    for value in [r, g, b] {
        *value = ((u32::from(*value) * u32::from(*a) + 127) / 255) as u8;
    }
}

fn divide_by_alpha([r, g, b, a]: &mut [u8; 4]) {
    let alpha = u32::from(*a);
    for value in [r, g, b] {
        *value = (u32::from(*value) * 255 + alpha / 2).checked_div(alpha).unwrap_or(0).min(255) as u8;
    }
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

fn blur_line(line: &mut Line, spare: &mut Line, radii: [usize; 3]) {
    for radius in radii {
        if radius > 0 {
            box_blur(line, spare, radius);
            std::mem::swap(line, spare);
        }
    }
}

/// Means over `2 * radius + 1` neighbours.
fn box_blur(from: &[[f32; 4]], to: &mut Line, radius: usize) {
    to.clear();
    let (Some(&first), Some(&last)) = (from.first(), from.last()) else { return };
    let at = |x: isize| match usize::try_from(x) {
        Ok(x) => from.get(x).copied().unwrap_or(last),
        Err(_) => first,
    };
    let weight = 1.0 / (2 * radius + 1) as f64;
    // Doubles, because what is added and taken away again must cancel out.
    let mut sum = [0.0_f64; 4];
    let reach = radius as isize;
    for x in -reach..=reach {
        sum.iter_mut().zip(at(x)).for_each(|(sum, value)| *sum += f64::from(value));
    }
    for x in 0..from.len() as isize {
        to.push(sum.map(|sum| (sum * weight) as f32));
        let (enters, leaves) = (at(x + reach + 1), at(x - reach));
        for ((sum, enters), leaves) in sum.iter_mut().zip(enters).zip(leaves) {
            *sum += f64::from(enters) - f64::from(leaves);
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
            let mut line: Line = vec![[0.0; 4]; 161];
            line[80] = [255.0; 4];
            blur_line(&mut line, &mut Vec::new(), box_radii(sigma));
            let total: f32 = line.iter().map(|pixel| pixel[0]).sum();
            assert!((total - 255.0).abs() < 0.5, "nothing is lost: {total}");
            let spread = |(at, pixel): (usize, &[f32; 4])| (at as f32 - 80.0).powi(2) * pixel[0];
            let variance: f32 = line.iter().enumerate().map(spread).sum::<f32>() / total;
            let slack = 0.12 * sigma.powi(2) + 0.35;
            assert!((variance - sigma * sigma).abs() < slack, "{sigma}: {variance}");
        }
    }

    #[test]
    fn both_ways_alike() {
        let square = |x: u32, y: u32| if x.abs_diff(30) < 5 && y.abs_diff(30) < 5 { 255 } else { 0 };
        let mut bitmap = Bitmap::from_fn(61, 61, |x, y| [square(x, y), 0, 0, 255]);
        blur(&mut bitmap, 4.0);
        for (x, y) in [(30, 24), (37, 30), (22, 33), (20, 20), (0, 30)] {
            let at = |x, y| bitmap.get(x, y).expect("inside")[0];
            assert!(at(x, y).abs_diff(at(y, x)) <= 1, "{x},{y}");
            assert!(at(x, y).abs_diff(at(60 - x, y)) <= 1, "{x},{y}");
        }
        assert!(bitmap.get(30, 30) > bitmap.get(35, 30) && bitmap.get(35, 30) > bitmap.get(40, 30));
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
