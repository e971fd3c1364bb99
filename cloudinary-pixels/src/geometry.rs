//! Where pixels are: crop, canvas, mirror, turn.

use crate::{Bitmap, Color, Rect};

/// The part of a bitmap inside `area`, clipped to the bitmap; an area that misses it altogether
/// gives the nearest single pixel.
pub fn crop(bitmap: &Bitmap, area: Rect) -> Bitmap {
    let (width, height) = bitmap.size();
    let area = area.clipped(width, height).unwrap_or_else(|| {
        let x = i64::from(area.x).clamp(0, i64::from(width) - 1);
        let y = i64::from(area.y).clamp(0, i64::from(height) - 1);
        Rect::new(x as i32, y as i32, 1, 1)
    });
    let mut pixels = Vec::with_capacity(area.area() as usize);
    for row in bitmap.rows().skip(area.y as usize).take(area.height as usize) {
        let from = area.x as usize;
        pixels.extend_from_slice(row.get(from..from + area.width as usize).unwrap_or_default());
    }
    Bitmap::from_pixels(area.width, area.height, pixels).unwrap_or_else(|| bitmap.clone())
}

/// The bitmap on a canvas of this size and colour, its top left corner at `x`, `y`. What falls
/// outside is cut off.
pub fn place(bitmap: &Bitmap, width: u32, height: u32, x: i32, y: i32, color: Color) -> Bitmap {
    let mut canvas = Bitmap::filled(width, height, color);
    crate::draw::composite(&mut canvas, bitmap, x, y, 1.0);
    canvas
}

/// Mirrored left to right.
pub fn mirror(bitmap: &Bitmap) -> Bitmap {
    let mut out = bitmap.clone();
    out.rows_mut().for_each(<[_]>::reverse);
    out
}

/// Mirrored top to bottom.
pub fn flip(bitmap: &Bitmap) -> Bitmap {
    let pixels = bitmap.rows().rev().flatten().copied().collect();
    rebuilt(bitmap, bitmap.size(), pixels)
}

/// Turned by 180 degrees.
pub fn rotate_half(bitmap: &Bitmap) -> Bitmap {
    let mut out = bitmap.clone();
    out.pixels_mut().reverse();
    out
}

/// Turned clockwise by 90 degrees.
pub fn rotate_clockwise(bitmap: &Bitmap) -> Bitmap {
    let (width, height) = bitmap.size();
    let columns = (0..width).flat_map(|x| {
        let column = bitmap.pixels().iter().skip(x as usize).step_by(width as usize);
        column.rev().copied()
    });
    rebuilt(bitmap, (height, width), columns.collect())
}

/// Turned counterclockwise by 90 degrees.
pub fn rotate_counterclockwise(bitmap: &Bitmap) -> Bitmap {
    let (width, height) = bitmap.size();
    let columns = (0..width).rev().flat_map(|x| {
        let column = bitmap.pixels().iter().skip(x as usize).step_by(width as usize);
        column.copied()
    });
    rebuilt(bitmap, (height, width), columns.collect())
}

/// The same pixels in another order.
fn rebuilt(bitmap: &Bitmap, (width, height): (u32, u32), pixels: Vec<[u8; 4]>) -> Bitmap {
    debug_assert_eq!(pixels.len(), bitmap.pixels().len());
    Bitmap::from_pixels(width, height, pixels).unwrap_or_else(|| bitmap.clone())
}

/// The size of the box around a picture of this size turned by this many degrees.
pub fn rotated_size(width: u32, height: u32, degrees: f64) -> (u32, u32) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (f64::from(width), f64::from(height));
    // What is less than a thousandth of a pixel is a rounding error of the sine.
    let side = |length: f64| (length - 1e-3).ceil().max(1.0) as u32;
    (side(width * cos.abs() + height * sin.abs()), side(width * sin.abs() + height * cos.abs()))
}

/// Turned clockwise by any angle, grown to the box around it; the corners are transparent and the
/// edges smooth. Multiples of 90 degrees move pixels without changing any.
pub fn rotate(bitmap: &Bitmap, degrees: f64) -> Bitmap {
    let degrees = degrees.rem_euclid(360.0);
    match degrees {
        0.0 => return bitmap.clone(),
        90.0 => return rotate_clockwise(bitmap),
        180.0 => return rotate_half(bitmap),
        270.0 => return rotate_counterclockwise(bitmap),
        _ => {}
    }
    let (width, height) = rotated_size(bitmap.width(), bitmap.height(), degrees);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = |length: u32| f64::from(length) / 2.0;
    Bitmap::from_fn(width, height, |x, y| {
        let dx = f64::from(x) + 0.5 - middle(width);
        let dy = f64::from(y) + 0.5 - middle(height);
        let source_x = dx * cos + dy * sin + middle(bitmap.width()) - 0.5;
        let source_y = dy * cos - dx * sin + middle(bitmap.height()) - 0.5;
        sample(bitmap, source_x, source_y)
    })
}

/// The colour between four pixels, those outside being transparent.
fn sample(bitmap: &Bitmap, x: f64, y: f64) -> [u8; 4] {
    let (left, top) = (x.floor(), y.floor());
    let (right_share, bottom_share) = ((x - left) as f32, (y - top) as f32);
    let mut sum = [0.0_f32; 4];
    for (down, row_share) in [(0.0, 1.0 - bottom_share), (1.0, bottom_share)] {
        for (across, column_share) in [(0.0, 1.0 - right_share), (1.0, right_share)] {
            let (at_x, at_y) = (left + across, top + down);
            if at_x < 0.0 || at_y < 0.0 {
                continue;
            }
            let Some([r, g, b, a]) = bitmap.get(at_x as u32, at_y as u32) else { continue };
            let share = row_share * column_share * f32::from(a);
            for (sum, value) in sum.iter_mut().zip([r, g, b]) {
                *sum += f32::from(value) * share;
            }
            sum[3] += share;
        }
    }
    let [r, g, b, a] = sum;
    if a <= 0.0 {
        return [0; 4];
    }
    [(r / a).round() as u8, (g / a).round() as u8, (b / a).round() as u8, a.round() as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters in rows.
    fn letters(rows: &[&str]) -> Bitmap {
        let bytes: Vec<&[u8]> = rows.iter().map(|row| row.as_bytes()).collect();
        let size = (bytes[0].len() as u32, bytes.len() as u32);
        Bitmap::from_fn(size.0, size.1, |x, y| [bytes[y as usize][x as usize], 0, 0, 255])
    }

    fn read(bitmap: &Bitmap) -> Vec<String> {
        let letter = |pixel: &[u8; 4]| if pixel[3] == 0 { '-' } else { pixel[0] as char };
        bitmap.rows().map(|row| row.iter().map(letter).collect()).collect()
    }

    #[test]
    fn crops_are_clipped() {
        let bitmap = letters(&["abc", "def"]);
        let cases = [
            (Rect::new(1, 0, 2, 2), vec!["bc", "ef"]),
            (Rect::new(-1, -1, 3, 2), vec!["ab"]),
            (Rect::new(2, 1, 99, 99), vec!["f"]),
            (Rect::new(50, -9, 3, 3), vec!["c"]),
            (Rect::new(i32::MIN, i32::MAX, 1, 1), vec!["d"]),
        ];
        for (area, expected) in cases {
            assert_eq!(read(&crop(&bitmap, area)), expected, "{area:?}");
        }
    }

    #[test]
    fn turning_moves_pixels() {
        let bitmap = letters(&["abc", "def"]);
        assert_eq!(read(&mirror(&bitmap)), ["cba", "fed"]);
        assert_eq!(read(&flip(&bitmap)), ["def", "abc"]);
        let cases: [(f64, &[&str]); 6] = [
            (0.0, &["abc", "def"]),
            (90.0, &["da", "eb", "fc"]),
            (180.0, &["fed", "cba"]),
            (270.0, &["cf", "be", "ad"]),
            (-90.0, &["cf", "be", "ad"]),
            (720.0, &["abc", "def"]),
        ];
        for (degrees, expected) in cases {
            assert_eq!(read(&rotate(&bitmap, degrees)), expected, "{degrees}");
        }
    }

    #[test]
    fn canvas() {
        let bitmap = letters(&["ab"]);
        let cases = [
            ((1, 1), vec!["----", "-ab-", "----"]),
            ((-1, 0), vec!["b---", "----", "----"]),
            ((3, 2), vec!["----", "----", "---a"]),
            ((9, 9), vec!["----", "----", "----"]),
        ];
        for ((x, y), expected) in cases {
            assert_eq!(read(&place(&bitmap, 4, 3, x, y, Color::TRANSPARENT)), expected);
        }
    }

    #[test]
    fn any_angle_grows_to_its_box() {
        let bitmap = Bitmap::filled(100, 50, Color::rgb(10, 200, 10));
        for (degrees, size) in [(30.0, (112, 94)), (45.0, (107, 107)), (-30.0, (112, 94)), (10.0, (108, 67))] {
            let out = rotate(&bitmap, degrees);
            assert_eq!(out.size(), size, "{degrees}");
            assert_eq!(out.size(), rotated_size(100, 50, degrees));
            assert_eq!(out.get(size.0 / 2, size.1 / 2), Some([10, 200, 10, 255]));
            assert_eq!(out.get(0, 0).map(|pixel| pixel[3]), Some(0));
            assert!(out.pixels().iter().any(|p| p[3] > 20 && p[3] < 235), "edges are smooth");
            let area: u64 = out.pixels().iter().map(|pixel| u64::from(pixel[3])).sum();
            assert!((area / 255).abs_diff(5000) < 50, "nothing lost: {area}");
        }
    }
}
