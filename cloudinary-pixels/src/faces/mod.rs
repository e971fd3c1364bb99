//! Where faces are.
//!
//! A cascade after "Funnel-structured cascade for multi-view face detection with alignment awareness" (Wu, Kan, He,
//! Shan, Chen), with the model of the `SeetaFace` engine: `boosted` classifiers look at every window of the picture at
//! many sizes, `surf` classifiers judge what those let through and move the window to the face.

mod boosted;
mod cascade;
mod gray;
mod model;
mod surf;

use crate::color::luma;
use crate::{Bitmap, Error, Rect, resize};
use cascade::search;
use gray::Gray;
use model::Model;

/// Side of the window that is looked at, in pixels. The model is made for it.
const WINDOW: usize = 40;
/// Faces are looked for in a copy that is scaled to this many pixels along its longer side: about
/// a tenth of a second's work.
const FIRST_LOOK: u32 = 640;
/// When that shows no face, or only small ones as in a group, the copy is made this large: faces
/// half the size are seen, in about four times the time.
const SECOND_LOOK: u32 = 1280;
/// A face is small when its width is less than this part of the picture's longer side.
const SMALL_FACE: f64 = 1.0 / 8.0;
/// How sure the detector must be. 0.95 finds more and errs more, 4.5 finds few.
const MIN_SCORE: f64 = 2.8;
/// Two finds that share more than this part of the smaller one are the same face.
const SAME_FACE: f64 = 0.5;

/// Finds faces that look more or less at the camera. It holds the model, about a megabyte, read
/// once; share one among threads.
///
/// ```
/// use cloudinary_pixels::{Bitmap, Color, FaceDetector};
///
/// # fn main() -> Result<(), cloudinary_pixels::Error> {
/// let detector = FaceDetector::new()?;
/// assert!(detector.detect(&Bitmap::filled(200, 200, Color::WHITE)).is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct FaceDetector {
    model: Model,
}

impl FaceDetector {
    /// A detector with the model that is built in.
    ///
    /// # Errors
    /// [`Error::FaceModel`] when the model cannot be read, which means a broken build.
    pub fn new() -> Result<FaceDetector, Error> {
        Model::built_in().map(|model| FaceDetector { model })
    }

    /// The faces of an upright picture, largest first, each inside the picture. A face narrower
    /// than 40 pixels, or than about a thirtieth of the longer side, is not seen.
    pub fn detect(&self, bitmap: &Bitmap) -> Vec<Rect> {
        let longer = bitmap.width().max(bitmap.height());
        let faces = self.look(bitmap, FIRST_LOOK);
        let large = |face: &Rect| f64::from(face.width) >= SMALL_FACE * f64::from(longer);
        if longer <= FIRST_LOOK || faces.first().is_some_and(large) {
            return faces;
        }
        self.look(bitmap, SECOND_LOOK)
    }

    /// The faces that are seen in a copy with this longer side.
    fn look(&self, bitmap: &Bitmap, longer_side: u32) -> Vec<Rect> {
        let (width, height) = bitmap.size();
        let scale = (f64::from(longer_side) / f64::from(width.max(height))).min(1.0);
        let side = |length: u32| (f64::from(length) * scale).round() as u32;
        let (search_width, search_height) = (side(width), side(height));
        let small = resize(bitmap, search_width, search_height);
        let gray = Gray {
            width: small.width() as usize,
            height: small.height() as usize,
            pixels: small.pixels().iter().map(|pixel| luma(*pixel)).collect(),
        };
        let back = |length: f64| (length / scale).round();
        let faces = search(&self.model, &gray).into_iter().filter(|find| find.score >= MIN_SCORE).filter_map(|find| {
            let (x, y, side) = (back(find.x as f64), back(find.y as f64), back(find.side as f64));
            Rect::new(x as i32, y as i32, side as u32, side as u32).clipped(width, height)
        });
        merged(faces)
    }
}

/// Keeps the surest of finds that overlap, then sorts by size. Expects the surest first.
fn merged(faces: impl Iterator<Item = Rect>) -> Vec<Rect> {
    let mut kept: Vec<Rect> = Vec::new();
    for face in faces {
        let same = |other: &Rect| {
            let shared = face.intersection(other).map_or(0, |both| both.area()) as f64;
            shared > SAME_FACE * face.area().min(other.area()) as f64
        };
        if !kept.iter().any(same) {
            kept.push(face);
        }
    }
    kept.sort_by_key(|face| std::cmp::Reverse(face.area()));
    kept
}

impl std::fmt::Debug for FaceDetector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FaceDetector")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Color;

    #[test]
    fn same_faces_are_one() {
        let big = Rect::new(0, 0, 100, 100);
        let inside = Rect::new(10, 10, 50, 50);
        let apart = Rect::new(95, 0, 120, 120);
        assert_eq!(merged([big, inside, apart].into_iter()), [apart, big]);
        assert_eq!(merged([inside, big].into_iter()), [inside]);
    }

    #[test]
    fn pictures_of_any_shape() {
        let detector = FaceDetector::new().expect("the built-in model");
        for (width, height) in [(1, 1), (39, 500), (40, 40), (5000, 45), (641, 640)] {
            let bitmap = Bitmap::from_fn(width, height, |x, y| {
                let v = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) as u8;
                [v, v, v, 255]
            });
            for face in detector.detect(&bitmap) {
                assert!(Rect::new(0, 0, width, height).contains(&face));
            }
        }
        assert!(detector.detect(&Bitmap::filled(300, 300, Color::WHITE)).is_empty());
    }
}
