//! A rectangle of pixels.

/// A rectangle in pixels from the top left corner. It may lie partly or wholly outside a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Rect {
    /// A rectangle.
    pub const fn new(x: i32, y: i32, width: u32, height: u32) -> Rect {
        Rect { x, y, width, height }
    }

    /// First column to the right of it.
    pub const fn right(&self) -> i64 {
        self.x as i64 + self.width as i64
    }

    /// First row below it.
    pub const fn bottom(&self) -> i64 {
        self.y as i64 + self.height as i64
    }

    /// Width times height.
    pub const fn area(&self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// The point in the middle.
    pub fn center(&self) -> (f64, f64) {
        (f64::from(self.x) + f64::from(self.width) / 2.0, f64::from(self.y) + f64::from(self.height) / 2.0)
    }

    /// The part both have, if any.
    pub fn intersection(&self, other: &Rect) -> Option<Rect> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let width = self.right().min(other.right()) - i64::from(x);
        let height = self.bottom().min(other.bottom()) - i64::from(y);
        (width > 0 && height > 0).then(|| Rect::new(x, y, width as u32, height as u32))
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let width = self.right().max(other.right()) - i64::from(x);
        let height = self.bottom().max(other.bottom()) - i64::from(y);
        let side = |length: i64| u32::try_from(length).unwrap_or(u32::MAX);
        Rect::new(x, y, side(width), side(height))
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(&self, other: &Rect) -> bool {
        self.intersection(other) == Some(*other)
    }

    /// The part inside a picture of this size, if any.
    pub fn clipped(&self, width: u32, height: u32) -> Option<Rect> {
        self.intersection(&Rect::new(0, 0, width, height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meeting_and_joining() {
        let a = Rect::new(0, 0, 10, 10);
        let cases = [
            (Rect::new(5, 5, 10, 10), Some(Rect::new(5, 5, 5, 5)), Rect::new(0, 0, 15, 15)),
            (Rect::new(10, 0, 5, 5), None, Rect::new(0, 0, 15, 10)),
            (Rect::new(-5, -5, 6, 6), Some(Rect::new(0, 0, 1, 1)), Rect::new(-5, -5, 15, 15)),
        ];
        for (b, both, around) in cases {
            assert_eq!(a.intersection(&b), both, "{b:?}");
            assert_eq!(a.union(&b), around, "{b:?}");
        }
        assert!(a.contains(&Rect::new(2, 2, 8, 8)));
        assert!(!a.contains(&Rect::new(2, 2, 9, 8)));
        let everywhere = Rect::new(i32::MIN, i32::MIN, u32::MAX, u32::MAX);
        assert_eq!(everywhere.clipped(4, 4), Some(Rect::new(0, 0, 4, 4)));
    }
}
