//! The setters of what is drawn: shape, filters, colours and layers.

use std::borrow::Cow;

use super::key::Key;
use super::layer::Layer;
use super::value::{Value, text_fault};
use super::{Angle, Color, Effect, Radius, Transformation};

impl Transformation {
    /// `r_`: rounded corners, in pixels; [`Radius::Max`] for an ellipse; up to four, as `[10, 0, 10, 0]`, clockwise from
    /// the top left. Default: square ones.
    ///
    /// ```
    /// use cloudinary_core::{Radius, Transformation};
    /// assert_eq!(Transformation::new().radius(20).to_string(), "r_20");
    /// assert_eq!(Transformation::new().radius(Radius::Max).to_string(), "r_max");
    /// assert_eq!(Transformation::new().radius([20, 0, 40, 60]).to_string(), "r_20:0:40:60");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#r_round_corners>.
    #[inline(always)]
    pub fn radius(mut self, radius: impl Into<Radius>) -> Self {
        match radius.into() {
            Radius::Max => self.set(Key::Radius, Cow::Borrowed("max")),
            Radius::All(value) => self.value(Key::Radius, value),
            Radius::Corners(corners) => {
                let fault = (!(1..=4).contains(&corners.len())).then_some("give one to four corners");
                self.set_list(Key::Radius, &corners, ":", fault);
            }
        }
        self
    }

    /// `a_`: a turn in degrees, clockwise or, below 0, the other way; or a flip. Default: only what the camera recorded.
    ///
    /// ```
    /// use cloudinary_core::{Angle, Transformation};
    /// assert_eq!(Transformation::new().angle(-20).to_string(), "a_-20");
    /// assert_eq!(Transformation::new().angle(Angle::VerticalFlip).to_string(), "a_vflip");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#a_angle>.
    pub fn angle(mut self, angle: impl Into<Angle>) -> Self {
        self.value(Key::Angle, angle.into().into_value());
        self
    }

    /// `a_`: several turns and flips, one after another; at least one.
    ///
    /// ```
    /// use cloudinary_core::{Angle, Transformation};
    /// let turned = Transformation::new().angles([Angle::HorizontalFlip, 45.into()]);
    /// assert_eq!(turned.to_string(), "a_hflip.45");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#a_angle>.
    pub fn angles(mut self, angles: impl IntoIterator<Item = Angle>) -> Self {
        let angles: Vec<Value> = angles.into_iter().map(Angle::into_value).collect();
        self.set_list(Key::Angle, &angles, ".", None);
        self
    }

    /// `e_`: a filter. A step has one; give each its own step.
    ///
    /// ```
    /// use cloudinary_core::{Effect, Transformation};
    /// let two = Transformation::new().effect(Effect::sharpen(400)).then().effect(("vignette", 30));
    /// assert_eq!(two.to_string(), "e_sharpen:400/e_vignette:30");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#e_effect>.
    #[inline(always)]
    pub fn effect(mut self, effect: impl Into<Effect>) -> Self {
        let effect = effect.into();
        match effect.fault() {
            None => self.set(Key::Effect, effect.into_given()),
            Some(remedy) => self.put_refused(Key::Effect.name(), &effect.to_string(), remedy),
        }
        self
    }

    /// `e_sepia`: brown tones; 1 to 100.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().sepia(50).to_string(), "e_sepia:50");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#e_sepia>.
    pub fn sepia(self, level: u8) -> Self {
        self.effect(Effect::sepia(level))
    }

    /// `e_grayscale`: no colours, only shades of grey.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().grayscale().to_string(), "e_grayscale");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#e_grayscale>.
    pub fn grayscale(self) -> Self {
        self.effect(Effect::grayscale())
    }

    /// `e_blur`: soft; 1 to 2000.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().blur(300).to_string(), "e_blur:300");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#e_blur>.
    pub fn blur(self, strength: u16) -> Self {
        self.effect(Effect::blur(strength))
    }

    /// `o_`: how opaque it is, in percent: 0 is invisible, 100 opaque. Default: as the original is.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().overlay("badge").opacity(60).to_string(), "l_badge,o_60");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#o_opacity>.
    #[inline(always)]
    pub fn opacity(mut self, percent: impl Into<Value>) -> Self {
        self.value(Key::Opacity, percent.into());
        self
    }

    /// `b_`: what fills empty and transparent parts: a colour, `auto`, `auto:predominant`, …, of a video `blurred`, or what a
    /// model paints there, as `gen_fill:prompt_flowers`. Default: nothing, or white where the format has no transparency.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Transformation};
    /// let padded = Transformation::new().width(150).height(150).crop(Crop::Pad).background("#eee");
    /// assert_eq!(padded.to_string(), "b_rgb:eee,c_pad,h_150,w_150");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#b_background>.
    pub fn background(mut self, color: impl Into<Color>) -> Self {
        self.word(Key::Background, color.into().0);
        self
    }

    /// `bo_`: a solid border, in pixels and a colour. Default: none.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().border(5, "#00390b60").to_string(), "bo_5px_solid_rgb:00390b60");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#bo_border>.
    pub fn border(mut self, pixels: impl Into<Value>, color: impl Into<Color>) -> Self {
        let (pixels, color) = (pixels.into(), color.into().0);
        let text = pixels.with_str(|pixels| format!("{pixels}px_solid_{color}"));
        match pixels.fault().or_else(|| text_fault(&color)) {
            None => self.set(Key::Border, text),
            Some(remedy) => self.put_refused("bo", &text, remedy),
        }
        self
    }

    /// `co_`: the colour of text and of some effects. The default is theirs: grey of `colorize`, black of `outline`.
    ///
    /// ```
    /// use cloudinary_core::{Effect, Transformation};
    /// let outlined = Transformation::new().color("orange").effect(Effect::outline("outer:15:200"));
    /// assert_eq!(outlined.to_string(), "co_orange,e_outline:outer:15:200");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#co_color>.
    pub fn color(mut self, color: impl Into<Color>) -> Self {
        self.word(Key::Color, color.into().0);
        self
    }

    /// `l_`: puts an image or a text over this one; gravity, `x`, `y`, `width`, … of the same step are the layer's.
    ///
    /// ```
    /// use cloudinary_core::{Gravity, Layer, Transformation};
    /// let logo = Transformation::new().overlay(Layer::image("logos/small")).gravity(Gravity::NorthEast).x(10).y(10);
    /// assert_eq!(logo.to_string(), "g_north_east,l_logos:small,x_10,y_10");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#l_layer>.
    #[inline(always)]
    pub fn overlay(mut self, layer: impl Into<Layer>) -> Self {
        let layer = layer.into();
        let fault = layer.fault();
        self.set_checked(Key::Overlay, layer.into_text(), fault);
        self
    }

    /// `u_`: puts an image under this one, as a background behind what is transparent.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Flag, Layer, Transformation};
    /// let behind = Transformation::new().underlay(Layer::image("sky")).crop(Crop::Fill).width(1.0).flags([Flag::Relative]);
    /// assert_eq!(behind.to_string(), "c_fill,fl_relative,u_sky,w_1.0");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#u_underlay>.
    #[inline(always)]
    pub fn underlay(mut self, layer: impl Into<Layer>) -> Self {
        let layer = layer.into();
        let fault = layer.fault();
        self.set_checked(Key::Underlay, layer.into_text(), fault);
        self
    }
}
