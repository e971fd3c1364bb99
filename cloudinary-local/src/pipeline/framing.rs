//! Sizes and crops: which part of the source is shown, at which size, on which canvas.

use super::component::CropMode;

/// A rectangle in the source, with fractions of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// What a crop keeps in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Focus {
    /// A place by its shares of width and height.
    Place(f64, f64),
    /// Something found or told; a thumbnail leaves `margin` times its size around it.
    Target { area: Area, margin: f64 },
}

/// A size and a crop, in pixels of the source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ask {
    pub(crate) crop: CropMode,
    pub(crate) width: Option<f64>,
    pub(crate) height: Option<f64>,
    pub(crate) aspect_ratio: Option<f64>,
    pub(crate) ignore_aspect_ratio: bool,
    pub(crate) focus: Focus,
    /// Offset from the focus, inwards from the edge it names.
    pub(crate) offset: (f64, f64),
    pub(crate) zoom: f64,
}

/// The answer: cut `area` out, scale it to `size`, put it on `canvas`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Framing {
    pub(crate) area: Area,
    pub(crate) size: (u32, u32),
    pub(crate) canvas: Option<Canvas>,
}

/// A larger size, with the picture's place on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Canvas {
    pub(crate) size: (u32, u32),
    pub(crate) at: (i32, i32),
}

/// Half a pixel and more is a whole one; none is one.
fn pixels(length: f64) -> u32 {
    // The conversion saturates, so that a size nobody can make is refused by its limit.
    (length + 0.5).floor().max(1.0) as u32
}

impl Area {
    pub(crate) fn whole(width: f64, height: f64) -> Self {
        Self { x: 0.0, y: 0.0, width, height }
    }

    fn center(&self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

impl Framing {
    /// The whole source at another size.
    fn scaled(source: (f64, f64), width: f64, height: f64) -> Self {
        Self { area: Area::whole(source.0, source.1), size: (pixels(width), pixels(height)), canvas: None }
    }

    /// The source as it is.
    fn unchanged(source: (f64, f64)) -> Self {
        Self::scaled(source, source.0, source.1)
    }

    /// The final size.
    pub(crate) fn output(&self) -> (u32, u32) {
        self.canvas.map_or(self.size, |canvas| canvas.size)
    }
}

/// How the picture is framed, by the rules of its crop mode.
pub(crate) fn frame(source: (u32, u32), ask: &Ask) -> Framing {
    let (source_width, source_height) = (f64::from(source.0), f64::from(source.1));
    let source = (source_width, source_height);
    let Some((width, height)) = ask.size(source) else {
        return ask.cut_to_target(source);
    };
    let shrink = (width / source_width).min(height / source_height);
    let cover = (width / source_width).max(height / source_height);
    match ask.crop {
        CropMode::Scale => Framing::scaled(source, width, height),
        CropMode::Fit => Framing::scaled(source, source_width * shrink, source_height * shrink),
        CropMode::Limit if shrink < 1.0 => Framing::scaled(source, source_width * shrink, source_height * shrink),
        CropMode::Mfit if shrink > 1.0 => Framing::scaled(source, source_width * shrink, source_height * shrink),
        CropMode::Lfill if width > source_width || height > source_height => Framing::unchanged(source),
        CropMode::Fill | CropMode::Lfill => {
            let area = ask.window(source, (width / cover, height / cover), cover);
            Framing { area, size: (pixels(width), pixels(height)), canvas: None }
        }
        CropMode::Pad => ask.padded(source, (width, height), shrink),
        CropMode::Lpad => ask.padded(source, (width, height), shrink.min(1.0)),
        CropMode::Mpad if source_width <= width && source_height <= height => ask.padded(source, (width, height), 1.0),
        CropMode::Limit | CropMode::Mfit | CropMode::Mpad => Framing::unchanged(source),
        CropMode::Crop => {
            let (width, height) = (width.min(source_width), height.min(source_height));
            let area = ask.window(source, (width / ask.zoom, height / ask.zoom), 1.0);
            // Without zoom, pixels are moved and none is changed.
            let area = if (ask.zoom - 1.0).abs() < f64::EPSILON { area.on_pixels(source) } else { area };
            Framing { area, size: (pixels(width), pixels(height)), canvas: None }
        }
        CropMode::Thumb => {
            let (window_width, window_height) = ask.thumbnail(source, width / height);
            let area = ask.window(source, (window_width, window_height), width / window_width);
            Framing { area, size: (pixels(width), pixels(height)), canvas: None }
        }
    }
}

impl Ask {
    /// Both dimensions asked for; one that is not given follows from the ratio. `None`: neither is given.
    fn size(&self, source: (f64, f64)) -> Option<(f64, f64)> {
        let ratio = self.aspect_ratio.unwrap_or(source.0 / source.1);
        let keeps = self.ignore_aspect_ratio && self.aspect_ratio.is_none();
        let (width, height) = match (self.width, self.height) {
            (Some(width), Some(height)) => (width, height),
            (Some(width), None) if keeps => (width, source.1),
            (None, Some(height)) if keeps => (source.0, height),
            (Some(width), None) => (width, width / ratio),
            (None, Some(height)) => (height * ratio, height),
            (None, None) => {
                let ratio = self.aspect_ratio?;
                let grows = matches!(self.crop, CropMode::Pad | CropMode::Lpad | CropMode::Mpad);
                // A canvas goes around the source, everything else is cut out of it.
                if grows == (ratio > source.0 / source.1) {
                    (source.1 * ratio, source.1)
                } else {
                    (source.0, source.0 / ratio)
                }
            }
        };
        // Sizes are whole before anything is derived from them.
        Some((f64::from(pixels(width)), f64::from(pixels(height))))
    }

    /// A crop without a size shows just what the gravity names.
    fn cut_to_target(&self, source: (f64, f64)) -> Framing {
        match (self.crop, self.focus) {
            (CropMode::Crop | CropMode::Thumb, Focus::Target { area, margin })
                if area.width > 0.0 && area.height > 0.0 =>
            {
                let margin = if self.crop == CropMode::Thumb { margin } else { 1.0 };
                let side = |length: f64, most: f64| (length * margin / self.zoom).min(most);
                let size = (side(area.width, source.0), side(area.height, source.1));
                let area = self.window(source, size, 1.0).on_pixels(source);
                Framing { area, size: (pixels(area.width), pixels(area.height)), canvas: None }
            }
            _ => Framing::unchanged(source),
        }
    }

    /// A window of this size where the focus wants it, inside the source. Offsets are pixels of a result that is
    /// `scale` times as large.
    fn window(&self, source: (f64, f64), size: (f64, f64), scale: f64) -> Area {
        let (width, height) = (size.0.min(source.0), size.1.min(source.1));
        let (dx, dy) = (self.offset.0 / scale, self.offset.1 / scale);
        let (x, y) = match self.focus {
            Focus::Place(across, down) => {
                ((source.0 - width) * across + inwards(across, dx), (source.1 - height) * down + inwards(down, dy))
            }
            Focus::Target { area, .. } => {
                let (x, y) = area.center();
                (x - width / 2.0 + dx, y - height / 2.0 + dy)
            }
        };
        Area { x: x.clamp(0.0, source.0 - width), y: y.clamp(0.0, source.1 - height), width, height }
    }

    /// How much of the source a thumbnail of this ratio shows.
    fn thumbnail(&self, source: (f64, f64), ratio: f64) -> (f64, f64) {
        let largest = (source.0.min(source.1 * ratio), source.1.min(source.0 / ratio));
        let width = match self.focus {
            Focus::Target { area, margin } if area.width > 0.0 && area.height > 0.0 => {
                area.width.max(area.height * ratio) * margin
            }
            _ => largest.0,
        };
        let width = (width / self.zoom).clamp(1.0_f64.min(largest.0), largest.0);
        (width, width / ratio)
    }

    /// The source, `scale` times as large, on a canvas of this size.
    fn padded(&self, source: (f64, f64), size: (f64, f64), scale: f64) -> Framing {
        let inner = (pixels(source.0 * scale), pixels(source.1 * scale));
        let size = (pixels(size.0), pixels(size.1));
        let place = |outer: u32, inner: u32, share: f64, offset: f64| {
            ((f64::from(outer) - f64::from(inner)) * share + inwards(share, offset)).round() as i32
        };
        let (across, down) = match self.focus {
            Focus::Place(across, down) => (across, down),
            Focus::Target { .. } => (0.5, 0.5),
        };
        let at = (place(size.0, inner.0, across, self.offset.0), place(size.1, inner.1, down, self.offset.1));
        Framing { area: Area::whole(source.0, source.1), size: inner, canvas: Some(Canvas { size, at }) }
    }
}

/// An offset from the far edge goes back.
fn inwards(share: f64, offset: f64) -> f64 {
    if share > 0.9 { -offset } else { offset }
}

impl Area {
    /// On whole pixels of the source.
    fn on_pixels(self, source: (f64, f64)) -> Self {
        let (width, height) = (f64::from(pixels(self.width)), f64::from(pixels(self.height)));
        let within = |at: f64, length: f64, all: f64| at.round().clamp(0.0, (all - length).max(0.0));
        Self { x: within(self.x, width, source.0), y: within(self.y, height, source.1), width, height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(crop: CropMode, width: f64, height: f64) -> Ask {
        let side = |length: f64| (length > 0.0).then_some(length);
        Ask {
            crop,
            width: side(width),
            height: side(height),
            aspect_ratio: None,
            ignore_aspect_ratio: false,
            focus: Focus::Place(0.5, 0.5),
            offset: (0.0, 0.0),
            zoom: 1.0,
        }
    }

    #[test]
    fn sizes_by_crop_mode() {
        const SOURCE: (u32, u32) = (400, 200);
        for (crop, width, height, expected) in [
            (CropMode::Scale, 100.0, 0.0, (100, 50)),
            (CropMode::Scale, 0.0, 100.0, (200, 100)),
            (CropMode::Scale, 100.0, 100.0, (100, 100)),
            (CropMode::Scale, 800.0, 0.0, (800, 400)),
            (CropMode::Fit, 100.0, 100.0, (100, 50)),
            (CropMode::Fit, 1000.0, 1000.0, (1000, 500)),
            (CropMode::Limit, 100.0, 100.0, (100, 50)),
            (CropMode::Limit, 1000.0, 1000.0, (400, 200)),
            (CropMode::Limit, 1000.0, 100.0, (200, 100)),
            (CropMode::Mfit, 20.0, 20.0, (400, 200)),
            (CropMode::Mfit, 800.0, 1000.0, (800, 400)),
            (CropMode::Mfit, 800.0, 100.0, (400, 200)),
            (CropMode::Fill, 100.0, 100.0, (100, 100)),
            (CropMode::Fill, 900.0, 900.0, (900, 900)),
            (CropMode::Fill, 100.0, 0.0, (100, 50)),
            (CropMode::Lfill, 100.0, 100.0, (100, 100)),
            (CropMode::Lfill, 900.0, 900.0, (400, 200)),
            (CropMode::Lfill, 100.0, 300.0, (400, 200)),
            (CropMode::Pad, 100.0, 100.0, (100, 100)),
            (CropMode::Pad, 900.0, 900.0, (900, 900)),
            (CropMode::Lpad, 900.0, 900.0, (900, 900)),
            (CropMode::Mpad, 100.0, 100.0, (400, 200)),
            (CropMode::Mpad, 500.0, 300.0, (500, 300)),
            (CropMode::Crop, 100.0, 100.0, (100, 100)),
            (CropMode::Crop, 900.0, 100.0, (400, 100)),
            (CropMode::Thumb, 100.0, 100.0, (100, 100)),
            (CropMode::Scale, 3.0, 0.0, (3, 2)),
            (CropMode::Scale, 1.0, 0.0, (1, 1)),
        ] {
            let framing = frame(SOURCE, &ask(crop, width, height));
            assert_eq!(framing.output(), expected, "{crop:?} {width}x{height}");
            let Area { x, y, width, height } = framing.area;
            assert!(x >= 0.0 && y >= 0.0 && x + width <= 400.0 && y + height <= 200.0, "{framing:?}");
        }
    }

    #[test]
    fn what_is_cut_away() {
        let place = |across, down| Focus::Place(across, down);
        let face = Focus::Target { area: Area { x: 300.0, y: 20.0, width: 40.0, height: 40.0 }, margin: 1.5 };
        for (crop, size, focus, offset, expected) in [
            (CropMode::Fill, (100.0, 100.0), place(0.5, 0.5), (0.0, 0.0), (100.0, 0.0, 200.0, 200.0)),
            (CropMode::Fill, (100.0, 100.0), place(0.0, 0.0), (0.0, 0.0), (0.0, 0.0, 200.0, 200.0)),
            (CropMode::Fill, (100.0, 100.0), place(1.0, 1.0), (0.0, 0.0), (200.0, 0.0, 200.0, 200.0)),
            (CropMode::Fill, (100.0, 100.0), face, (0.0, 0.0), (200.0, 0.0, 200.0, 200.0)),
            (CropMode::Fill, (400.0, 100.0), face, (0.0, 0.0), (0.0, 0.0, 400.0, 100.0)),
            (CropMode::Fill, (100.0, 100.0), place(0.0, 0.0), (10.0, 0.0), (20.0, 0.0, 200.0, 200.0)),
            (CropMode::Crop, (100.0, 50.0), place(0.0, 0.0), (30.0, 20.0), (30.0, 20.0, 100.0, 50.0)),
            (CropMode::Crop, (100.0, 50.0), place(1.0, 1.0), (30.0, 20.0), (270.0, 130.0, 100.0, 50.0)),
            (CropMode::Crop, (100.0, 50.0), place(0.0, 0.0), (999.0, -9.0), (300.0, 0.0, 100.0, 50.0)),
            (CropMode::Crop, (100.0, 60.0), face, (0.0, 0.0), (270.0, 10.0, 100.0, 60.0)),
            (CropMode::Crop, (0.0, 0.0), face, (0.0, 0.0), (300.0, 20.0, 40.0, 40.0)),
            (CropMode::Thumb, (90.0, 90.0), face, (0.0, 0.0), (290.0, 10.0, 60.0, 60.0)),
            (CropMode::Thumb, (90.0, 45.0), face, (0.0, 0.0), (260.0, 10.0, 120.0, 60.0)),
            (CropMode::Thumb, (0.0, 0.0), face, (0.0, 0.0), (290.0, 10.0, 60.0, 60.0)),
        ] {
            let ask = Ask { focus, offset, ..ask(crop, size.0, size.1) };
            let Area { x, y, width, height } = frame((400, 200), &ask).area;
            assert_eq!((x, y, width, height), expected, "{crop:?} {size:?} {focus:?} {offset:?}");
        }
    }

    #[test]
    fn ratios_zoom_and_canvas() {
        let wide = Ask { aspect_ratio: Some(4.0), ..ask(CropMode::Fill, 0.0, 0.0) };
        assert_eq!(frame((400, 200), &wide).output(), (400, 100));
        let square = Ask { aspect_ratio: Some(1.0), ..ask(CropMode::Fill, 0.0, 0.0) };
        assert_eq!(frame((400, 200), &square).output(), (200, 200));
        let canvas = Ask { aspect_ratio: Some(1.0), ..ask(CropMode::Pad, 0.0, 0.0) };
        assert_eq!(frame((400, 200), &canvas).output(), (400, 400));
        let by_height = Ask { aspect_ratio: Some(0.5), ..ask(CropMode::Fill, 0.0, 100.0) };
        assert_eq!(frame((400, 200), &by_height).output(), (50, 100));
        let stretched = Ask { ignore_aspect_ratio: true, ..ask(CropMode::Scale, 100.0, 0.0) };
        assert_eq!(frame((400, 200), &stretched).output(), (100, 200));

        let face = Focus::Target { area: Area { x: 300.0, y: 20.0, width: 40.0, height: 40.0 }, margin: 1.5 };
        let near = Ask { focus: face, zoom: 1.5, ..ask(CropMode::Thumb, 90.0, 90.0) };
        assert_eq!(pixels(frame((400, 200), &near).area.width), 40);
        let far = Ask { focus: face, zoom: 0.05, ..ask(CropMode::Thumb, 90.0, 90.0) };
        assert_eq!(pixels(frame((400, 200), &far).area.width), 200);
        let closer = Ask { zoom: 2.0, ..ask(CropMode::Crop, 100.0, 100.0) };
        assert_eq!(pixels(frame((400, 200), &closer).area.width), 50);

        for (focus, at) in
            [(Focus::Place(0.5, 0.5), (0, 25)), (Focus::Place(0.0, 0.0), (0, 0)), (Focus::Place(0.5, 1.0), (0, 50))]
        {
            let framing = frame((400, 200), &Ask { focus, ..ask(CropMode::Pad, 100.0, 100.0) });
            assert_eq!(framing.size, (100, 50));
            assert_eq!(framing.canvas, Some(Canvas { size: (100, 100), at }));
        }
    }

    #[test]
    fn sizes_nobody_can_make_do_not_overflow() {
        for crop in [CropMode::Scale, CropMode::Pad, CropMode::Fill, CropMode::Thumb, CropMode::Crop, CropMode::Mpad] {
            let (width, height) = frame((1, 30_000), &ask(crop, 999_999_999_999.0, 0.0)).output();
            assert!(width >= 1 && height >= 1);
        }
    }
}
