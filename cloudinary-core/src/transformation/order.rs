//! The order in which the settings of a step print.

use super::key::Key;

/// Which settings a step has, and in which order they print. It fits three registers, so that a setter moves nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    /// A bit for each key; all bits when the settings stand in the order they print.
    present: u64,
    /// A byte for each setting, the first lowest: its key.
    keys: u64,
    len: u8,
}

impl Order {
    pub(super) const EMPTY: Self = Self { present: 0, keys: 0, len: 0 };
    /// Of settings that stand in the order they print.
    pub(super) const AS_PLACED: Self = Self { present: u64::MAX, keys: 0, len: 0 };
    /// As many as an ordinary step has.
    const MAX: u8 = u64::BITS as u8 / 8;
    /// A 1 in each byte.
    const ONES: u64 = u64::MAX / 0xFF;

    pub(super) const fn is_as_placed(self) -> bool {
        self.present == u64::MAX
    }

    /// Takes a setting that stands behind all others; not if its key is there, or if there are too many.
    #[inline(always)]
    pub(super) fn push(&mut self, key: Key) -> bool {
        let takes = self.present & key.bit() == 0 && self.len < Self::MAX;
        if takes {
            self.present |= key.bit();
            self.keys |= (key as u64) << (self.len * 8);
            self.len += 1;
        }
        takes
    }

    /// The places of the settings, in the order they print; nothing if they stand so.
    #[inline]
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        let mut left = if self.is_as_placed() { 0 } else { self.present };
        std::iter::from_fn(move || {
            let key = (left != 0).then(|| left.trailing_zeros())?;
            left &= left - 1;
            // The lowest byte that is zero borrows from none below it.
            let same = self.keys ^ Self::ONES.wrapping_mul(u64::from(key));
            let zeros = same.wrapping_sub(Self::ONES) & !same & (Self::ONES << 7);
            Some(zeros.trailing_zeros() as usize / 8)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_the_keys() {
        use Key::{Angle, Crop, Gravity, Height, If, Width, X, Y, Zoom};
        for (set, expected) in [
            (&[][..], &[][..]),
            (&[Width], &[0]),
            (&[Crop, Width], &[0, 1]),
            (&[Width, Crop], &[1, 0]),
            (&[Zoom, Angle, Y, If, Gravity, X, Crop, Height], &[3, 1, 6, 4, 7, 5, 2, 0]),
        ] {
            let mut order = Order::EMPTY;
            for key in set {
                assert!(order.push(*key) && !order.push(*key));
            }
            assert_eq!(order.places().collect::<Vec<_>>(), expected);
            assert_eq!(order.push(Key::Named), set.len() < 8);
        }
        let mut placed = Order::AS_PLACED;
        assert!(!placed.push(Width) && placed.places().count() == 0);
    }
}
