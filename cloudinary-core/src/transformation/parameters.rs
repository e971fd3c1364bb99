//! The setters, in the order of the transformation reference.

use std::fmt;

use super::key::Key;
use super::layer::Layer;
use super::value::{Value, text_fault};
use super::{Angle, Color, Crop, Effect, Flag, Gravity, Quality, Radius, Transformation};
use crate::escape::escape_unless;

impl Transformation {
    /// `w_`: pixels, a fraction of the original (`0.5`), `auto`, or an expression.
    pub fn width(self, width: impl Into<Value>) -> Self {
        self.value(Key::Width, &width.into())
    }

    /// `h_`: pixels, a fraction of the original, or an expression.
    pub fn height(self, height: impl Into<Value>) -> Self {
        self.value(Key::Height, &height.into())
    }

    /// `ar_`: width by height, as `"16:9"` or `1.5`; for one given side.
    pub fn aspect_ratio(self, ratio: impl Into<Value>) -> Self {
        self.value(Key::AspectRatio, &ratio.into())
    }

    /// `c_`: how the image is fitted to the size.
    pub fn crop(mut self, crop: impl Into<Crop>) -> Self {
        let crop = crop.into();
        self.set_checked(Key::Crop, crop.as_str(), crop.fault());
        self
    }

    /// `g_`: which part matters, or where a layer goes.
    pub fn gravity(mut self, gravity: impl Into<Gravity>) -> Self {
        let gravity = gravity.into();
        self.set_checked(Key::Gravity, gravity.as_str(), gravity.fault());
        self
    }

    /// `x_`: pixels from the left, or from where gravity says.
    pub fn x(self, x: impl Into<Value>) -> Self {
        self.value(Key::X, &x.into())
    }

    /// `y_`: pixels from the top, or from where gravity says.
    pub fn y(self, y: impl Into<Value>) -> Self {
        self.value(Key::Y, &y.into())
    }

    /// `z_`: how close a crop by face goes; 1.0 is the face itself.
    pub fn zoom(self, zoom: impl Into<Value>) -> Self {
        self.value(Key::Zoom, &zoom.into())
    }

    /// `r_`: rounded corners, in pixels; [`Radius::Max`] for an ellipse; up to four, as `[10, 0, 10, 0]`.
    pub fn radius(mut self, radius: impl Into<Radius>) -> Self {
        match radius.into() {
            Radius::Max => self.word(Key::Radius, "max"),
            Radius::All(value) => self.value(Key::Radius, &value),
            Radius::Corners(corners) => {
                let fault = (!(1..=4).contains(&corners.len())).then_some("give one to four corners");
                self.set_list(Key::Radius, &corners, ":", fault);
                self
            }
        }
    }

    /// `a_`: a turn in degrees, clockwise, or a flip.
    pub fn angle(self, angle: impl Into<Angle>) -> Self {
        self.value(Key::Angle, &angle.into().into_value())
    }

    /// `a_`: several turns and flips, one after another.
    pub fn angles(mut self, angles: impl IntoIterator<Item = Angle>) -> Self {
        let angles: Vec<Value> = angles.into_iter().map(Angle::into_value).collect();
        self.set_list(Key::Angle, &angles, ".", None);
        self
    }

    /// `e_`: a filter.
    pub fn effect(mut self, effect: impl Into<Effect>) -> Self {
        let effect = effect.into();
        match effect.fault() {
            None => effect.with_parts(|parts| self.set(Key::Effect, parts)),
            Some(remedy) => self.put_refused(Key::Effect.name(), &effect.to_string(), remedy),
        }
        self
    }

    /// `e_sepia`: brown tones; 1 to 100.
    pub fn sepia(self, level: u8) -> Self {
        self.effect(Effect::sepia(level))
    }

    /// `e_grayscale`: no colours.
    pub fn grayscale(self) -> Self {
        self.effect(Effect::grayscale())
    }

    /// `e_blur`: soft; 1 to 2000.
    pub fn blur(self, strength: u16) -> Self {
        self.effect(Effect::blur(strength))
    }

    /// `o_`: 0 (invisible) to 100.
    pub fn opacity(self, percent: impl Into<Value>) -> Self {
        self.value(Key::Opacity, &percent.into())
    }

    /// `b_`: what fills empty parts: a colour, `auto`, `auto:predominant`, …
    pub fn background(self, color: impl Into<Color>) -> Self {
        self.word(Key::Background, &color.into().0)
    }

    /// `bo_`: a solid border, in pixels and a colour.
    pub fn border(mut self, pixels: impl Into<Value>, color: impl Into<Color>) -> Self {
        let (pixels, color) = (pixels.into(), color.into().0);
        let text = pixels.with_str(|pixels| format!("{pixels}px_solid_{color}"));
        match pixels.fault().or_else(|| text_fault(&color)) {
            None => self.set(Key::Border, [&text]),
            Some(remedy) => self.put_refused("bo", &text, remedy),
        }
        self
    }

    /// `co_`: the colour of text and of some effects.
    pub fn color(self, color: impl Into<Color>) -> Self {
        self.word(Key::Color, &color.into().0)
    }

    /// `l_`: puts an image or a text over this one; gravity, `x`, `y`, `width`, … of the same step are the layer's.
    pub fn overlay(mut self, layer: impl Into<Layer>) -> Self {
        let layer = layer.into();
        self.set_checked(Key::Overlay, layer.as_str(), layer.fault());
        self
    }

    /// `u_`: puts an image or a text under this one.
    pub fn underlay(mut self, layer: impl Into<Layer>) -> Self {
        let layer = layer.into();
        self.set_checked(Key::Underlay, layer.as_str(), layer.fault());
        self
    }

    /// `q_`: 1 (smallest file) to 100 (best), or automatic.
    pub fn quality(self, quality: impl Into<Quality>) -> Self {
        match quality.into() {
            Quality::Level(level) => self.value(Key::Quality, &level.into()),
            word => self.word(Key::Quality, word.as_str()),
        }
    }

    /// `f_`: the format to deliver, or `auto` for the best the browser takes.
    pub fn fetch_format(self, format: impl AsRef<str>) -> Self {
        self.word(Key::Format, format.as_ref())
    }

    /// `dpr_`: device pixels for each pixel, or `auto`.
    pub fn dpr(self, ratio: impl Into<Value>) -> Self {
        self.value(Key::Dpr, &ratio.into())
    }

    /// `dn_`: dots per inch when a document is turned into an image.
    pub fn density(self, dots: impl Into<Value>) -> Self {
        self.value(Key::Density, &dots.into())
    }

    /// `pg_`: a page of a document, a frame of an animation, or a layer by name.
    pub fn page(self, page: impl Into<Value>) -> Self {
        self.value(Key::Page, &page.into())
    }

    /// `dl_`: milliseconds between the frames of an animation.
    pub fn delay(self, milliseconds: impl Into<Value>) -> Self {
        self.value(Key::Delay, &milliseconds.into())
    }

    /// `d_`: the image to deliver when this one does not exist.
    pub fn default_image(self, public_id: impl AsRef<str>) -> Self {
        self.word(Key::DefaultImage, public_id.as_ref())
    }

    /// `p_`: prefix of the class names in a sprite's style sheet.
    pub fn prefix(self, prefix: impl AsRef<str>) -> Self {
        self.word(Key::Prefix, prefix.as_ref())
    }

    /// `fl_`: switches.
    pub fn flags<F: Into<Flag>>(mut self, flags: impl IntoIterator<Item = F>) -> Self {
        let mut names = String::new();
        let mut fault = None;
        for flag in flags {
            let flag = flag.into();
            if !names.is_empty() {
                names.push('.');
            }
            names.push_str(flag.as_str());
            fault = fault.or_else(|| flag.fault());
        }
        if names.is_empty() {
            fault = fault.or_else(|| text_fault(&names));
        }
        self.set_checked(Key::Flag, &names, fault);
        self
    }

    /// `t_`: a transformation that is defined under a name in the account.
    pub fn named_transformation(self, name: impl AsRef<str>) -> Self {
        self.word(Key::Named, name.as_ref())
    }

    /// `$name_`: sets a variable.
    pub fn variable(mut self, name: &str, value: impl Into<Value>) -> Self {
        let (key, value) = (format!("${}", name.trim_start_matches('$')), value.into());
        value.with_str(|text| match value.fault() {
            None => self.put(&key, &[text]),
            Some(remedy) => self.put_refused(&key, text, remedy),
        });
        self
    }

    /// Any parameter by its URL key, for what has no setter. The value is written as it prints; no expression in it is
    /// spelled out, and nothing is escaped.
    pub fn param(mut self, key: &str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        let plain = key.strip_prefix('$').unwrap_or(key);
        if plain.is_empty() || !plain.bytes().all(|b| b.is_ascii_alphanumeric()) {
            self.refuse(key, key, "a parameter's key has letters only");
        }
        if ["NaN", "inf", "-inf", ""].contains(&value.as_str()) {
            self.refuse(key, &value, "use a finite number, or a text");
        }
        self.put(key, &[&value]);
        self
    }

    /// Text that is written at the end of this step as it is.
    pub fn raw(mut self, text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        if text.is_empty() {
            return self;
        }
        self.put_raw(text);
        self
    }

    #[inline]
    pub(super) fn value(mut self, key: Key, value: &Value) -> Self {
        match value {
            Value::Int(number) => self.set(key, [itoa::Buffer::new().format(*number)]),
            value => value.with_str(|text| self.set_checked(key, text, value.fault())),
        }
        self
    }

    pub(super) fn word(mut self, key: Key, word: &str) -> Self {
        self.set_checked(key, word, text_fault(word));
        self
    }

    pub(super) fn set_checked(&mut self, key: Key, value: &str, fault: Option<&'static str>) {
        match fault {
            None => self.set(key, [value]),
            Some(remedy) => self.put_refused(key.name(), value, remedy),
        }
    }

    fn set_list(&mut self, key: Key, values: &[Value], separator: &str, fault: Option<&'static str>) {
        let mut text = String::new();
        for value in values {
            if !text.is_empty() {
                text.push_str(separator);
            }
            value.with_str(|piece| text.push_str(piece));
        }
        let fault = fault.or_else(|| values.iter().find_map(Value::fault)).or_else(|| text_fault(&text));
        self.set_checked(key, &text, fault);
    }

    /// Keeps the fault, and writes the value so that it stays one value, which the service refuses.
    fn put_refused(&mut self, key: &str, value: &str, remedy: &'static str) {
        self.refuse(key, value, remedy);
        let mut escaped = String::with_capacity(value.len() + 8);
        escape_unless(&mut escaped, value, |byte| {
            !matches!(byte, b',' | b'/' | b'?' | b'#' | b' ') && !byte.is_ascii_control()
        });
        self.put(key, &[&escaped]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_never_makes_two_parameters() {
        let t = Transformation::new;
        for (transformation, expected) in [
            (t().effect("sepia/l_text:Arial_99:x"), "e_sepia%2Fl_text:Arial_99:x"),
            (t().gravity("a,w_1"), "g_a%2Cw_1"),
            (t().width("1?x"), "w_1%3Fx"),
            (t().overlay("logos/small"), "l_logos%2Fsmall"),
            (t().overlay(Layer::text("x", "Arial", 5).style("bold,w_1")), "l_text:Arial_5_bold%2Cw_1:x"),
            (t().border(1, "red/x"), "bo_1px_solid_red%2Fx"),
        ] {
            assert_eq!(transformation.to_string(), expected);
            assert!(transformation.check().is_err(), "{expected}");
        }
        assert_eq!(t().param("d", "image_width.png").to_string(), "d_image_width.png");
    }

    #[test]
    fn setters() {
        let t = Transformation::new;
        for (transformation, expected) in [
            (t().width(0.5), "w_0.5"),
            (t().width("iw / 2"), "w_iw_div_2"),
            (t().radius("max"), "r_max"),
            (t().radius(Radius::Max), "r_max"),
            (t().radius([10, 0, 10, 0]), "r_10:0:10:0"),
            (t().angle(-20), "a_-20"),
            (t().angles([Angle::HorizontalFlip, 90.into()]), "a_hflip.90"),
            (t().border(2, "#ff0000"), "bo_2px_solid_rgb:ff0000"),
            (t().background("#eee"), "b_rgb:eee"),
            (t().color(Color::rgb(255, 0, 16)), "co_rgb:ff0010"),
            (t().effect(("sepia", 50)), "e_sepia:50"),
            (t().effect("hue:30"), "e_hue:30"),
            (t().grayscale(), "e_grayscale"),
            (t().blur(300), "e_blur:300"),
            (t().quality(80), "q_80"),
            (t().quality(Quality::AutoLow), "q_auto:low"),
            (t().flags([Flag::Relative, Flag::LayerApply]), "fl_relative.layer_apply"),
            (t().overlay("my_watermark").width(0.5), "l_my_watermark,w_0.5"),
            (t().dpr(2.0), "dpr_2.0"),
            (t().gravity("north"), "g_north"),
            (t().param("e", "sepia:50"), "e_sepia:50"),
        ] {
            assert!(transformation.check().is_ok(), "{expected}");
            assert_eq!(transformation.to_string(), expected);
        }
    }
}
