//! A picture: one frame, or several that follow each other.

use crate::{Bitmap, Color};

/// One frame of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What is seen: the whole canvas, already composed with the frames before it.
    pub bitmap: Bitmap,
    /// How long it is seen, in milliseconds; 0 for a still picture.
    pub delay: u32,
}

/// A still picture or an animation. It always has a first frame, and all frames have its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    first: Frame,
    rest: Vec<Frame>,
    /// How often an animation plays; 0 is for ever. Still pictures have 0.
    pub plays: u16,
}

impl Picture {
    /// A picture that does not move.
    pub fn still(bitmap: Bitmap) -> Picture {
        Picture { first: Frame { bitmap, delay: 0 }, rest: Vec::new(), plays: 0 }
    }

    /// A picture of these frames, `None` when there are none or their sizes differ.
    pub fn animation(frames: Vec<Frame>, plays: u16) -> Option<Picture> {
        let mut frames = frames.into_iter();
        let first = frames.next()?;
        let rest: Vec<Frame> = frames.collect();
        let size = first.bitmap.size();
        let same = rest.iter().all(|frame| frame.bitmap.size() == size);
        same.then_some(Picture { first, rest, plays })
    }

    /// What is seen first, or always.
    pub fn bitmap(&self) -> &Bitmap {
        &self.first.bitmap
    }

    /// Every frame in turn.
    pub fn frames(&self) -> impl Iterator<Item = &Frame> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// How many frames there are, at least 1.
    pub fn frame_count(&self) -> usize {
        1 + self.rest.len()
    }

    /// Whether it moves.
    pub fn is_animated(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.bitmap().width()
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.bitmap().height()
    }

    /// Width and height.
    pub fn size(&self) -> (u32, u32) {
        self.bitmap().size()
    }

    /// Every frame changed by `change`, which must treat sizes alike: frames that come out with
    /// another size than the first are put on a transparent canvas of that size.
    #[must_use]
    pub fn map(self, mut change: impl FnMut(Bitmap) -> Bitmap) -> Picture {
        let mut frame = |frame: Frame| Frame { bitmap: change(frame.bitmap), delay: frame.delay };
        let first = frame(self.first);
        let (width, height) = first.bitmap.size();
        let same_size = |mut frame: Frame| {
            if frame.bitmap.size() != (width, height) {
                frame.bitmap = crate::geometry::place(&frame.bitmap, width, height, 0, 0, Color::TRANSPARENT);
            }
            frame
        };
        let rest = self.rest.into_iter().map(|old| same_size(frame(old))).collect();
        Picture { first, rest, plays: self.plays }
    }

    /// Every frame changed in place.
    pub fn for_each(&mut self, mut change: impl FnMut(&mut Bitmap)) {
        change(&mut self.first.bitmap);
        // The size of a bitmap cannot change behind a reference, but a bitmap can be replaced.
        let size = self.first.bitmap.size();
        for frame in &mut self.rest {
            change(&mut frame.bitmap);
            debug_assert_eq!(frame.bitmap.size(), size);
        }
    }

    /// The first frame alone.
    pub fn into_bitmap(self) -> Bitmap {
        self.first.bitmap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(width: u32) -> Frame {
        Frame { bitmap: Bitmap::filled(width, 2, Color::WHITE), delay: 40 }
    }

    #[test]
    fn frames_have_one_size() {
        assert_eq!(Picture::animation(vec![], 0), None);
        assert_eq!(Picture::animation(vec![frame(2), frame(3)], 0), None);
        let picture = Picture::animation(vec![frame(2), frame(2)], 3).expect("same size");
        assert_eq!((picture.frame_count(), picture.plays, picture.size()), (2, 3, (2, 2)));
        let mut side = 0;
        let uneven = picture.map(|_| {
            side += 1;
            Bitmap::filled(side, side, Color::WHITE)
        });
        assert!(uneven.frames().all(|frame| frame.bitmap.size() == (1, 1)));
    }
}
