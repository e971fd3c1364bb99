//! Where faces are.

use rustface::{ImageData, Model};

use crate::color::luma;
use crate::{Bitmap, Error, Rect, resize};

/// The cascade of the `SeetaFace` engine; its licence lies beside it.
static MODEL: &[u8] = include_bytes!("../model/seeta_fd_frontal_v1.0.bin");

/// Faces are looked for in a copy that is scaled to this many pixels along its longer side: about
/// a tenth of a second's work.
const FIRST_LOOK: u32 = 640;
/// When that shows no face, or only small ones as in a group, the copy is made this large: faces
/// half the size are seen, in about four times the time.
const SECOND_LOOK: u32 = 1280;
/// A face is small when its width is less than this part of the picture's longer side.
const SMALL_FACE: f64 = 1.0 / 8.0;
/// The smallest picture the detector can look at: the size of its window.
const MIN_SIDE: u32 = 40;
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
        let model = rustface::read_model(MODEL).map_err(|error| Error::FaceModel(error.to_string()))?;
        Ok(FaceDetector { model })
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
        if search_width.min(search_height) < MIN_SIDE {
            return Vec::new();
        }
        let small = resize(bitmap, search_width, search_height);
        let gray: Vec<u8> = small.pixels().iter().map(|pixel| luma(*pixel)).collect();
        let mut detector = rustface::create_detector_with_model(self.model.clone());
        detector.set_min_face_size(20);
        detector.set_score_thresh(MIN_SCORE);
        detector.set_pyramid_scale_factor(0.8);
        detector.set_slide_window_step(4, 4);
        let mut found = detector.detect(&ImageData::new(&gray, search_width, search_height));
        found.sort_by(|a, b| b.score().total_cmp(&a.score()));
        let back = |length: f64| (length / scale).round();
        let faces = found.iter().filter_map(|face| {
            let face = face.bbox();
            let (x, y) = (back(face.x().into()), back(face.y().into()));
            let (w, h) = (back(face.width().into()), back(face.height().into()));
            Rect::new(x as i32, y as i32, w as u32, h as u32).clipped(width, height)
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
