//! How a camera was held: the EXIF orientation.

use crate::{Bitmap, geometry};

/// How the stored pixels must be turned to be seen upright: the EXIF values 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Orientation {
    /// 1: as stored.
    #[default]
    Upright,
    /// 2: mirrored left to right.
    Mirrored,
    /// 3: upside down.
    UpsideDown,
    /// 4: mirrored top to bottom.
    Flipped,
    /// 5: mirrored along the diagonal from the top left.
    Transposed,
    /// 6: to be turned clockwise by 90 degrees.
    Clockwise,
    /// 7: mirrored along the other diagonal.
    Transversed,
    /// 8: to be turned counterclockwise by 90 degrees.
    Counterclockwise,
}

impl Orientation {
    /// The orientation of an EXIF value, `None` for other numbers than 1 to 8.
    pub const fn from_exif(value: u16) -> Option<Orientation> {
        Some(match value {
            1 => Orientation::Upright,
            2 => Orientation::Mirrored,
            3 => Orientation::UpsideDown,
            4 => Orientation::Flipped,
            5 => Orientation::Transposed,
            6 => Orientation::Clockwise,
            7 => Orientation::Transversed,
            8 => Orientation::Counterclockwise,
            _ => return None,
        })
    }

    /// The EXIF value, 1 to 8.
    pub const fn to_exif(self) -> u16 {
        match self {
            Orientation::Upright => 1,
            Orientation::Mirrored => 2,
            Orientation::UpsideDown => 3,
            Orientation::Flipped => 4,
            Orientation::Transposed => 5,
            Orientation::Clockwise => 6,
            Orientation::Transversed => 7,
            Orientation::Counterclockwise => 8,
        }
    }

    /// Whether width and height change places.
    pub const fn swaps_sides(self) -> bool {
        self.to_exif() >= 5
    }

    /// The size seen, of a stored size; and the other way round.
    pub const fn oriented(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.swaps_sides() { (height, width) } else { (width, height) }
    }

    /// The picture as it is to be seen.
    pub fn apply(self, bitmap: Bitmap) -> Bitmap {
        match self {
            Orientation::Upright => bitmap,
            Orientation::Mirrored => geometry::mirror(&bitmap),
            Orientation::UpsideDown => geometry::rotate_half(&bitmap),
            Orientation::Flipped => geometry::flip(&bitmap),
            Orientation::Transposed => geometry::mirror(&geometry::rotate_clockwise(&bitmap)),
            Orientation::Clockwise => geometry::rotate_clockwise(&bitmap),
            Orientation::Transversed => geometry::flip(&geometry::rotate_clockwise(&bitmap)),
            Orientation::Counterclockwise => geometry::rotate_counterclockwise(&bitmap),
        }
    }

    /// The orientation noted in an EXIF block (a TIFF structure); upright when there is none or
    /// it makes no sense, since a wrong note must not cost the picture.
    pub(crate) fn from_tiff(tiff: &[u8]) -> Orientation {
        read_orientation(tiff).and_then(Orientation::from_exif).unwrap_or_default()
    }
}

fn read_orientation(tiff: &[u8]) -> Option<u16> {
    const ORIENTATION: u16 = 0x0112;
    const SHORT: u16 = 3;
    let little = match tiff.get(..4)? {
        b"II\x2A\0" => true,
        b"MM\0\x2A" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = long(4)? as usize;
    let entries = usize::from(short(directory)?);
    (0..entries)
        .map_while(|entry| directory.checked_add(2 + 12 * entry))
        .find(|&at| short(at) == Some(ORIENTATION) && short(at + 2) == Some(SHORT))
        .and_then(|at| short(at + 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A TIFF structure with one entry.
    pub(crate) fn tiff(orientation: u16, little: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let short = |v: u16| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let long = |v: u32| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        out.extend(if little { b"II" } else { b"MM" });
        out.extend(short(42));
        out.extend(long(8));
        out.extend(short(1));
        out.extend(short(0x0112));
        out.extend(short(3));
        out.extend(long(1));
        out.extend(short(orientation));
        out.extend([0; 6]);
        out
    }

    #[test]
    fn notes_of_cameras() {
        for little in [true, false] {
            for value in 1..=8 {
                let orientation = Orientation::from_tiff(&tiff(value, little));
                assert_eq!(orientation.to_exif(), value);
            }
            for value in [0, 9, 65535] {
                assert_eq!(Orientation::from_tiff(&tiff(value, little)), Orientation::Upright);
            }
        }
        let whole = tiff(6, true);
        for cut in 0..whole.len() - 8 {
            assert_eq!(Orientation::from_tiff(&whole[..cut]), Orientation::Upright, "cut {cut}");
        }
    }

    #[test]
    fn turned_to_be_seen() {
        // a b
        // c d
        // e f
        let stored = Bitmap::from_fn(2, 3, |x, y| [b'a' + (2 * y + x) as u8, 0, 0, 255]);
        let cases = [
            (1, "abcdef"),
            (2, "badcfe"),
            (3, "fedcba"),
            (4, "efcdab"),
            (5, "acebdf"),
            (6, "ecafdb"),
            (7, "fdbeca"),
            (8, "bdface"),
        ];
        for (exif, expected) in cases {
            let orientation = Orientation::from_exif(exif).expect("1 to 8");
            let seen = orientation.apply(stored.clone());
            let letters: String = seen.pixels().iter().map(|pixel| pixel[0] as char).collect();
            assert_eq!(letters, expected, "orientation {exif}");
            assert_eq!(seen.size(), orientation.oriented((2, 3)));
        }
    }
}
