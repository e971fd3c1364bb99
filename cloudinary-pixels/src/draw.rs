//! One thing on another: round corners, borders, overlays, backgrounds.

use crate::color::{blend, fade};
use crate::{Bitmap, Color, Rect, geometry};

/// How far each corner is rounded: horizontal and vertical half axes, in pixels, clockwise from
/// the top left. Corners that would overlap are made smaller, as CSS does.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Corners(pub [(f32, f32); 4]);

impl Corners {
    /// Circular corners: top left, top right, bottom right, bottom left.
    pub fn circular(radii: [f32; 4]) -> Corners {
        Corners(radii.map(|radius| (radius.max(0.0), radius.max(0.0))))
    }

    /// As round as can be: the ellipse that touches all four sides.
    pub fn ellipse(width: u32, height: u32) -> Corners {
        Corners([(width as f32 / 2.0, height as f32 / 2.0); 4])
    }

    /// The corners of a picture that is larger by `pixels` on every side: what was rounded stays
    /// parallel, what was square stays square.
    #[must_use]
    pub fn grown(self, pixels: u32) -> Corners {
        let more = pixels as f32;
        let grow = |(x, y): (f32, f32)| {
            if x > 0.0 && y > 0.0 { (x + more, y + more) } else { (0.0, 0.0) }
        };
        Corners(self.0.map(grow))
    }

    /// Whether nothing is rounded.
    pub fn are_square(&self) -> bool {
        self.0.iter().all(|&(x, y)| x <= 0.0 || y <= 0.0)
    }

    fn fitted(self, width: f32, height: f32) -> Corners {
        let [top_left, top_right, bottom_right, bottom_left] = self.0;
        let shrink = [
            width / (top_left.0 + top_right.0),
            width / (bottom_left.0 + bottom_right.0),
            height / (top_left.1 + bottom_left.1),
            height / (top_right.1 + bottom_right.1),
        ]
        .into_iter()
        .fold(1.0, f32::min);
        Corners(self.0.map(|(x, y)| (x * shrink, y * shrink)))
    }
}

/// Makes everything outside round corners transparent; the edge is smooth.
pub fn round_corners(bitmap: &mut Bitmap, corners: Corners) {
    if corners.are_square() {
        return;
    }
    let (width, height) = (bitmap.width() as f32, bitmap.height() as f32);
    let Corners([top_left, top_right, bottom_right, bottom_left]) = corners.fitted(width, height);
    for (y, row) in bitmap.rows_mut().enumerate() {
        let from_top = y as f32 + 0.5;
        let from_bottom = height - from_top;
        for (x, pixel) in row.iter_mut().enumerate() {
            let from_left = x as f32 + 0.5;
            let from_right = width - from_left;
            let share = corner_share(top_left, from_left, from_top)
                * corner_share(top_right, from_right, from_top)
                * corner_share(bottom_right, from_right, from_bottom)
                * corner_share(bottom_left, from_left, from_bottom);
            if share < 1.0 {
                pixel[3] = fade(pixel[3], share);
            }
        }
    }
}

/// How much of the pixel at these distances from a corner's two sides is inside.
fn corner_share((rx, ry): (f32, f32), x: f32, y: f32) -> f32 {
    if x >= rx || y >= ry {
        return 1.0;
    }
    let (dx, dy) = ((rx - x) / rx, (ry - y) / ry);
    let value = dx * dx + dy * dy;
    // Distance to the ellipse to first order: its implicit function over the gradient's length.
    let gradient = 2.0 * ((dx / rx).powi(2) + (dy / ry).powi(2)).sqrt();
    if gradient <= f32::EPSILON {
        return 1.0;
    }
    ((1.0 - value) / gradient + 0.5).clamp(0.0, 1.0)
}

/// The bitmap with a solid border *around* it: larger by twice `width` in both directions. Where
/// corners of the bitmap are rounded, the border follows them.
pub fn border(bitmap: &Bitmap, width: u32, color: Color, corners: Corners) -> Bitmap {
    if width == 0 {
        return bitmap.clone();
    }
    let (inner_width, inner_height) = bitmap.size();
    let grow = |side: u32| side.saturating_add(width.saturating_mul(2));
    let inner_corners = corners.fitted(inner_width as f32, inner_height as f32);
    let mut frame = Bitmap::filled(grow(inner_width), grow(inner_height), color);
    round_corners(&mut frame, inner_corners.grown(width));
    let at = width as i32;
    // Inside its ring the border must not shine through a transparent picture.
    let mut hole = Bitmap::filled(inner_width, inner_height, Color::BLACK);
    round_corners(&mut hole, inner_corners);
    let holes = hole.rows();
    for (row, hole) in frame.rows_mut().skip(width as usize).zip(holes) {
        for (pixel, hole) in row.iter_mut().skip(width as usize).zip(hole) {
            pixel[3] = fade(pixel[3], 1.0 - f32::from(hole[3]) / 255.0);
        }
    }
    let mut out = geometry::place(bitmap, grow(inner_width), grow(inner_height), at, at, Color::TRANSPARENT);
    for (pixel, frame) in out.pixels_mut().iter_mut().zip(frame.pixels()) {
        *pixel = join(*pixel, *frame);
    }
    out
}

/// Two pieces that share a pixel without overlapping: their alphas add up.
fn join(a: [u8; 4], b: [u8; 4]) -> [u8; 4] {
    let (share_a, share_b) = (u32::from(a[3]), u32::from(b[3]));
    let total = share_a + share_b;
    if total == 0 {
        return [0; 4];
    }
    let mix = |i: usize| ((u32::from(a[i]) * share_a + u32::from(b[i]) * share_b + total / 2) / total) as u8;
    [mix(0), mix(1), mix(2), total.min(255) as u8]
}

/// Lays `over` on `base`, its top left corner at `x`, `y`, with an opacity of 0 to 1. What falls
/// outside is cut off.
pub fn composite(base: &mut Bitmap, over: &Bitmap, x: i32, y: i32, opacity: f32) {
    let (width, height) = base.size();
    let whole = Rect::new(x, y, over.width(), over.height());
    let Some(area) = whole.clipped(width, height) else { return };
    let skip = |base: i32, over: i32| (i64::from(base) - i64::from(over)) as usize;
    let (skip_x, skip_y) = (skip(area.x, x), skip(area.y, y));
    let rows = base.rows_mut().skip(area.y as usize).take(area.height as usize);
    for (under, over) in rows.zip(over.rows().skip(skip_y)) {
        let under = under.iter_mut().skip(area.x as usize).take(area.width as usize);
        for (pixel, &[r, g, b, a]) in under.zip(over.iter().skip(skip_x)) {
            let a = if opacity >= 1.0 { a } else { fade(a, opacity) };
            *pixel = blend(*pixel, [r, g, b, a]);
        }
    }
}

/// Puts a colour behind everything; an opaque one leaves nothing transparent.
pub fn flatten(bitmap: &mut Bitmap, color: Color) {
    let under = color.to_pixel();
    for pixel in bitmap.pixels_mut() {
        if pixel[3] < 255 {
            *pixel = blend(under, *pixel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Color = Color::rgb(255, 0, 0);

    fn alpha(bitmap: &Bitmap, x: u32, y: u32) -> u8 {
        bitmap.get(x, y).expect("inside")[3]
    }

    #[test]
    fn rounded() {
        let cases = [
            // corners, then alpha of: top left, top right, bottom right, bottom left, middle
            (Corners::circular([20.0; 4]), [0, 0, 0, 0, 255]),
            (Corners::circular([20.0, 0.0, 20.0, 0.0]), [0, 255, 0, 255, 255]),
            (Corners::circular([0.0; 4]), [255; 5]),
            (Corners::ellipse(100, 60), [0, 0, 0, 0, 255]),
            (Corners::circular([9999.0; 4]), [0, 0, 0, 0, 255]),
        ];
        for (corners, expected) in cases {
            let mut bitmap = Bitmap::filled(100, 60, RED);
            round_corners(&mut bitmap, corners);
            let places = [(0, 0), (99, 0), (99, 59), (0, 59), (50, 30)];
            assert_eq!(places.map(|(x, y)| alpha(&bitmap, x, y)), expected, "{corners:?}");
        }
    }

    #[test]
    fn areas_are_those_of_the_shapes() {
        let pi = std::f64::consts::PI;
        let cases = [
            (Corners::ellipse(100, 60), pi * 50.0 * 30.0),
            (Corners::circular([30.0; 4]), 6000.0 - (4.0 - pi) * 900.0),
            (Corners::circular([10.0, 0.0, 0.0, 0.0]), 6000.0 - (1.0 - pi / 4.0) * 100.0),
        ];
        for (corners, expected) in cases {
            let mut bitmap = Bitmap::filled(100, 60, RED);
            round_corners(&mut bitmap, corners);
            let sum: f64 = bitmap.pixels().iter().map(|pixel| f64::from(pixel[3]) / 255.0).sum();
            assert!((sum - expected).abs() < expected * 0.005, "{corners:?}: {sum} {expected}");
            assert!(bitmap.pixels().iter().any(|p| p[3] > 0 && p[3] < 255), "smooth");
        }
    }

    #[test]
    fn borders_go_around() {
        let picture = Bitmap::filled(40, 20, RED);
        let blue = Color::rgb(0, 0, 255);
        let square = border(&picture, 4, blue, Corners::default());
        assert_eq!(square.size(), (48, 28));
        assert_eq!(square.get(0, 0), Some(blue.to_pixel()));
        assert_eq!(square.get(3, 14), Some(blue.to_pixel()));
        assert_eq!(square.get(4, 4), Some(RED.to_pixel()));

        let corners = Corners::circular([10.0; 4]);
        let mut rounded = picture.clone();
        round_corners(&mut rounded, corners);
        let rounded = border(&rounded, 4, blue, corners);
        assert_eq!(alpha(&rounded, 0, 0), 0);
        assert_eq!(rounded.get(24, 0), Some(blue.to_pixel()));
        assert_eq!(rounded.get(24, 14), Some(RED.to_pixel()));
        // On the diagonal, between the two arcs, there is border and no gap.
        assert_eq!(rounded.get(5, 5).map(|pixel| (pixel[2], pixel[3])), Some((255, 255)));

        let clear = border(&Bitmap::filled(9, 9, Color::TRANSPARENT), 2, blue, Corners::default());
        assert_eq!((alpha(&clear, 6, 6), alpha(&clear, 1, 6)), (0, 255));
    }

    #[test]
    fn laid_on() {
        let places = [(0, 0), (-3, 2), (8, 8), (100, 0), (i32::MIN, i32::MAX)];
        let expected = [16, 4, 4, 0, 0];
        for ((x, y), count) in places.into_iter().zip(expected) {
            let mut base = Bitmap::filled(10, 10, Color::WHITE);
            composite(&mut base, &Bitmap::filled(4, 4, RED), x, y, 1.0);
            let red = base.pixels().iter().filter(|pixel| **pixel == RED.to_pixel()).count();
            assert_eq!(red, count, "at {x},{y}");
        }
        let mut base = Bitmap::filled(2, 2, Color::WHITE);
        composite(&mut base, &Bitmap::filled(1, 1, RED), 1, 1, 0.5);
        assert_eq!(base.get(1, 1), Some([255, 127, 127, 255]));
    }

    #[test]
    fn backgrounds() {
        let mut bitmap = Bitmap::from_fn(2, 1, |x, _| [255, 0, 0, if x == 0 { 0 } else { 128 }]);
        flatten(&mut bitmap, Color::WHITE);
        assert_eq!(bitmap.pixels(), [[255, 255, 255, 255], [255, 127, 127, 255]]);
        assert!(bitmap.is_opaque());
    }
}
