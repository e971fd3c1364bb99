//! How large a picture may be, checked before anything is allocated.

use crate::Error;

/// Bounds on what is decoded or made. They are checked against the header, before a decoder
/// allocates, so a small file that claims to be huge costs nothing.
///
/// A pixel takes four bytes, so the default of 50 megapixels bounds one bitmap to 200 MB. Working
/// on it takes more: a change of size or place holds the old and the new bitmap, and a resize
/// also the one between its two passes and, of pictures with transparency, a copy of the old one.
/// Four times a bitmap is the most that one call has in memory.
///
/// ```
/// use cloudinary_pixels::Limits;
///
/// let free_plan = Limits { max_pixels: 25_000_000, ..Limits::default() };
/// assert!(free_plan.check(6000, 4000).is_ok());
/// assert!(free_plan.check(100_000, 100_000).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest width or height, in pixels. Default [`Limits::MAX_SIDE`].
    pub max_side: u32,
    /// Most pixels (width × height) of one frame. Default [`Limits::MAX_PIXELS`].
    pub max_pixels: u64,
    /// Most frames of an animation. Default [`Limits::MAX_FRAMES`].
    pub max_frames: usize,
    /// Most pixels of all frames together. Default [`Limits::MAX_TOTAL_PIXELS`].
    pub max_total_pixels: u64,
}

impl Limits {
    /// Default longest side: 30,000 pixels.
    pub const MAX_SIDE: u32 = 30_000;
    /// Default pixels a frame: 50 megapixels.
    pub const MAX_PIXELS: u64 = 50_000_000;
    /// Default frames: 1,000.
    pub const MAX_FRAMES: usize = 1_000;
    /// Default pixels of all frames together: 100 megapixels.
    pub const MAX_TOTAL_PIXELS: u64 = 100_000_000;

    /// Whether a picture of this size may be decoded or made.
    ///
    /// # Errors
    /// [`Error::BadSide`] when a side is zero or too long, [`Error::TooLarge`] when there are too
    /// many pixels.
    pub fn check(&self, width: u64, height: u64) -> Result<(), Error> {
        let side = 1..=u64::from(self.max_side);
        // A claim of 100000×100000 is better told in pixels than by its sides.
        if width.saturating_mul(height) > self.max_pixels {
            let (width, height) = (width.min(u32::MAX.into()), height.min(u32::MAX.into()));
            return Err(Error::TooLarge { width, height, limit: self.max_pixels });
        }
        if !side.contains(&width) || !side.contains(&height) {
            return Err(Error::BadSide { width, height, limit: self.max_side });
        }
        Ok(())
    }

    /// Whether an animation of this many frames of this size may be decoded or made.
    ///
    /// # Errors
    /// Those of [`Limits::check`], [`Error::TooManyFrames`] and [`Error::TooManyPixels`].
    pub fn check_frames(&self, width: u32, height: u32, frames: usize) -> Result<(), Error> {
        self.check(width.into(), height.into())?;
        if frames > self.max_frames {
            return Err(Error::TooManyFrames { limit: self.max_frames });
        }
        let pixels = (u64::from(width) * u64::from(height)).saturating_mul(frames as u64);
        if frames > 1 && pixels > self.max_total_pixels {
            return Err(Error::TooManyPixels { pixels, limit: self.max_total_pixels });
        }
        Ok(())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_side: Self::MAX_SIDE,
            max_pixels: Self::MAX_PIXELS,
            max_frames: Self::MAX_FRAMES,
            max_total_pixels: Self::MAX_TOTAL_PIXELS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_at_the_edge() {
        let limits = Limits { max_side: 100, max_pixels: 5_000, max_frames: 3, max_total_pixels: 60 };
        let cases = [
            ((1, 1), true),
            ((100, 50), true),
            ((100, 51), false),
            ((101, 1), false),
            ((0, 5), false),
            ((5, 0), false),
            ((u64::MAX, u64::MAX), false),
        ];
        for ((width, height), allowed) in cases {
            assert_eq!(limits.check(width, height).is_ok(), allowed, "{width}x{height}");
        }
        assert!(limits.check_frames(5, 4, 3).is_ok());
        assert_eq!(limits.check_frames(1, 1, 4), Err(Error::TooManyFrames { limit: 3 }));
        assert_eq!(limits.check_frames(7, 5, 2), Err(Error::TooManyPixels { pixels: 70, limit: 60 }));
    }
}
