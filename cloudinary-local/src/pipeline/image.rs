//! The picture on its way through the steps.

use cloudinary_pixels::{Color, FaceDetector, Picture, Rect, geometry, resize};

use super::framing::{Area, Canvas, Framing};

/// The picture, and what is known of it.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) picture: Picture,
    /// The size the transformation reckons with. Up to the first step the picture itself may be smaller, when it was
    /// decoded at a reduced scale.
    size: (u32, u32),
    regions: Regions,
}

/// What was found in the picture, or told by its uploader; in pixels of [`Image::size`].
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Regions {
    /// `None` until somebody asks.
    pub(crate) faces: Option<Vec<Rect>>,
    pub(crate) custom: Option<Rect>,
}

impl Regions {
    /// What the uploader told. No faces told means: look for them.
    pub(crate) fn told(faces: Vec<Rect>, custom: Option<Rect>) -> Self {
        Self { faces: (!faces.is_empty()).then_some(faces), custom }
    }

    /// Where they are after a framing; what fell outside is forgotten.
    fn reframed(&self, framing: &Framing) -> Self {
        let (width, height) = framing.output();
        let at = framing.canvas.map_or((0, 0), |canvas| canvas.at);
        let across = f64::from(framing.size.0) / framing.area.width;
        let down = f64::from(framing.size.1) / framing.area.height;
        let move_one = |rect: &Rect| {
            let x = (f64::from(rect.x) - framing.area.x) * across + f64::from(at.0);
            let y = (f64::from(rect.y) - framing.area.y) * down + f64::from(at.1);
            let (w, h) = (f64::from(rect.width) * across, f64::from(rect.height) * down);
            Rect::new(x.round() as i32, y.round() as i32, w.round() as u32, h.round() as u32).clipped(width, height)
        };
        Self {
            faces: self.faces.as_ref().map(|faces| faces.iter().filter_map(move_one).collect()),
            custom: self.custom.as_ref().and_then(move_one),
        }
    }
}

impl Image {
    /// A picture that stands for one of this size.
    pub(crate) fn new(picture: Picture, size: (u32, u32), regions: Regions) -> Self {
        Self { picture, size, regions }
    }

    /// Width and height.
    pub(crate) fn size(&self) -> (u32, u32) {
        self.size
    }

    /// What is known, without looking.
    pub(crate) fn regions(&self) -> &Regions {
        &self.regions
    }

    /// Makes sure that faces are known, largest first.
    pub(crate) fn find_faces(&mut self, detector: &FaceDetector) -> &[Rect] {
        let (picture, size) = (&self.picture, self.size);
        let faces = self.regions.faces.get_or_insert_with(|| {
            let scale = f64::from(size.0) / f64::from(picture.width());
            let grow = |length: f64| (length * scale).round();
            let found = detector.detect(picture.bitmap()).into_iter();
            found
                .map(|face| {
                    let (x, y) = (grow(face.x.into()) as i32, grow(face.y.into()) as i32);
                    Rect::new(x, y, grow(face.width.into()) as u32, grow(face.height.into()) as u32)
                })
                .collect()
        });
        faces.sort_by_key(|face| std::cmp::Reverse(face.area()));
        faces
    }

    /// Cuts, scales and puts on a canvas.
    pub(crate) fn reframe(&mut self, framing: &Framing, background: Color) {
        let (full, size) = (self.size, framing.size);
        let area = framing.area;
        self.change(|picture| {
            picture.map(|bitmap| {
                // The area is told in pixels of the full size.
                let across = f64::from(bitmap.width()) / f64::from(full.0);
                let down = f64::from(bitmap.height()) / f64::from(full.1);
                let cut = cut_of(area, (across, down));
                let whole = (cut.x, cut.y) == (0, 0) && (cut.width, cut.height) == bitmap.size();
                let part = if whole { bitmap } else { geometry::crop(&bitmap, cut) };
                let scaled = if part.size() == size { part } else { resize(&part, size.0, size.1) };
                match framing.canvas {
                    Some(canvas) if canvas.size != size || canvas.at != (0, 0) => {
                        let ((width, height), (x, y)) = (canvas.size, canvas.at);
                        geometry::place(&scaled, width, height, x, y, background)
                    }
                    _ => scaled,
                }
            })
        });
        self.regions = self.regions.reframed(framing);
    }

    /// Any change after which nobody knows where things are.
    pub(crate) fn reshape(&mut self, change: impl FnOnce(Picture) -> Picture) {
        self.change(change);
        self.regions = Regions::default();
    }

    fn change(&mut self, change: impl FnOnce(Picture) -> Picture) {
        let nothing = Picture::still(cloudinary_pixels::Bitmap::filled(1, 1, Color::TRANSPARENT));
        self.picture = change(std::mem::replace(&mut self.picture, nothing));
        self.size = self.picture.size();
    }

    /// A change that puts the picture, as it is, at `x`, `y` of a larger one.
    pub(crate) fn enlarge(&mut self, (x, y): (i32, i32), change: impl FnOnce(Picture) -> Picture) {
        let size = self.size;
        self.change(change);
        let canvas = Canvas { size: self.size, at: (x, y) };
        let area = Area::whole(size.0.into(), size.1.into());
        self.regions = self.regions.reframed(&Framing { area, size, canvas: Some(canvas) });
    }
}

/// An area in pixels of a bitmap that is `scale` times the size it is told in.
fn cut_of(area: Area, scale: (f64, f64)) -> Rect {
    let left = (area.x * scale.0).round();
    let top = (area.y * scale.1).round();
    let width = ((area.x + area.width) * scale.0).round() - left;
    let height = ((area.y + area.height) * scale.1).round() - top;
    Rect::new(left as i32, top as i32, width.max(1.0) as u32, height.max(1.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloudinary_pixels::Bitmap;

    #[test]
    fn regions_follow() {
        let bitmap = Bitmap::filled(200, 100, Color::WHITE);
        let regions = Regions { faces: Some(vec![Rect::new(100, 40, 20, 20), Rect::new(0, 0, 10, 10)]), custom: None };
        // Decoded at half the size it stands for.
        let mut image = Image::new(Picture::still(bitmap), (400, 200), regions);
        let framing = Framing {
            area: Area { x: 50.0, y: 20.0, width: 200.0, height: 100.0 },
            size: (100, 50),
            canvas: Some(Canvas { size: (120, 50), at: (10, 0) }),
        };
        image.reframe(&framing, Color::BLACK);
        assert_eq!((image.size(), image.picture.size()), ((120, 50), (120, 50)));
        assert_eq!(image.regions().faces, Some(vec![Rect::new(35, 10, 10, 10)]));
        assert_eq!(image.picture.bitmap().get(5, 5), Some([0, 0, 0, 255]));
        assert_eq!(image.picture.bitmap().get(50, 25), Some([255, 255, 255, 255]));
    }
}
