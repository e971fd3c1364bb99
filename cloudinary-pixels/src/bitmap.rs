//! A rectangle of pixels in memory.

use crate::Color;

/// Pixels in rows from the top, each straight RGBA with eight bits a channel. Neither side is
/// ever zero.
///
/// Sizes are not limited here: whoever makes a bitmap larger than its source asks
/// [`Limits::check`](crate::Limits::check) first.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    height: u32,
    pixels: Vec<[u8; 4]>,
}

impl Bitmap {
    /// A bitmap of one colour. A side of zero becomes one.
    pub fn filled(width: u32, height: u32, color: Color) -> Bitmap {
        let (width, height) = (width.max(1), height.max(1));
        let pixels = vec![color.to_pixel(); width as usize * height as usize];
        Bitmap { width, height, pixels }
    }

    /// A bitmap of which `pixel(x, y)` gives every pixel. A side of zero becomes one.
    pub fn from_fn(width: u32, height: u32, mut pixel: impl FnMut(u32, u32) -> [u8; 4]) -> Bitmap {
        let (width, height) = (width.max(1), height.max(1));
        let mut pixels = Vec::with_capacity(width as usize * height as usize);
        for y in 0..height {
            pixels.extend((0..width).map(|x| pixel(x, y)));
        }
        Bitmap { width, height, pixels }
    }

    /// A bitmap of these pixels, row by row from the top; `None` unless there are exactly
    /// `width * height` of them and neither side is zero.
    pub fn from_pixels(width: u32, height: u32, pixels: Vec<[u8; 4]>) -> Option<Bitmap> {
        let expected = (width as usize).checked_mul(height as usize)?;
        (expected > 0 && pixels.len() == expected).then_some(Bitmap { width, height, pixels })
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Width and height.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// All pixels, row by row from the top.
    pub fn pixels(&self) -> &[[u8; 4]] {
        &self.pixels
    }

    /// All pixels, to be changed in place.
    pub fn pixels_mut(&mut self) -> &mut [[u8; 4]] {
        &mut self.pixels
    }

    /// All samples: red, green, blue, alpha, red, …
    pub fn bytes(&self) -> &[u8] {
        self.pixels.as_flattened()
    }

    /// All samples, to be changed in place.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        self.pixels.as_flattened_mut()
    }

    /// The pixel at this place, if it is inside.
    pub fn get(&self, x: u32, y: u32) -> Option<[u8; 4]> {
        if x >= self.width {
            return None;
        }
        self.pixels.get(y as usize * self.width as usize + x as usize).copied()
    }

    /// The rows from the top.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[[u8; 4]]> + DoubleEndedIterator {
        self.pixels.chunks_exact(self.width as usize)
    }

    /// The rows from the top, to be changed in place.
    pub fn rows_mut(&mut self) -> impl ExactSizeIterator<Item = &mut [[u8; 4]]> + DoubleEndedIterator {
        self.pixels.chunks_exact_mut(self.width as usize)
    }

    /// Whether no pixel is even partly transparent.
    pub fn is_opaque(&self) -> bool {
        // Whole rows at a time, so that the inner loop has no exit and is vectorised.
        self.rows().all(|row| row.iter().fold(255, |all, pixel| all & pixel[3]) == 255)
    }
}

impl std::fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bitmap({}x{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let bitmap = Bitmap::from_fn(3, 2, |x, y| [x as u8, y as u8, 0, 255]);
        let cases = [((0, 0), Some([0, 0, 0, 255])), ((2, 1), Some([2, 1, 0, 255])), ((3, 0), None), ((0, 2), None)];
        for ((x, y), expected) in cases {
            assert_eq!(bitmap.get(x, y), expected);
        }
        assert!(bitmap.is_opaque());
        assert!(!Bitmap::filled(2, 2, Color::TRANSPARENT).is_opaque());
    }

    #[test]
    fn never_empty() {
        assert_eq!(Bitmap::filled(0, 0, Color::WHITE).size(), (1, 1));
        assert_eq!(Bitmap::from_pixels(0, 3, vec![]), None);
        assert_eq!(Bitmap::from_pixels(1, 2, vec![[0; 4]]), None);
    }
}
