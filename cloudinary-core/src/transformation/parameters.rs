//! The setters of any parameter, and what all setters are made of.

use std::borrow::Cow;
use std::fmt;

use super::Transformation;
use super::key::Key;
use super::setting::Given;
use super::value::{Value, text_fault};
use crate::escape::escape_unless;

impl Transformation {
    /// `t_`: a transformation that is defined under a name in the account.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().named_transformation("thumb").to_string(), "t_thumb");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#t_named_transformation>.
    pub fn named_transformation(mut self, name: impl AsRef<str>) -> Self {
        self.word(Key::Named, name.as_ref().to_owned());
        self
    }

    /// `bl_`: a transformation that is defined under a name in the account, as what all else begins with: its result is kept,
    /// and steps behind it begin there. It is the first step, with nothing beside it, and its definition has a format that is
    /// not automatic.
    ///
    /// ```
    /// use cloudinary_core::{Effect, Transformation};
    /// let from_cutout = Transformation::new().baseline("cutout-jxl").then().effect(Effect::grayscale());
    /// assert_eq!(from_cutout.to_string(), "bl_cutout-jxl/e_grayscale");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#bl_baseline>.
    pub fn baseline(mut self, name: impl AsRef<str>) -> Self {
        self.word(Key::Baseline, name.as_ref().to_owned());
        self
    }

    /// `$name_`: sets a variable, for the expressions of this step and of those after it. Its name has letters and digits;
    /// its value is a number, an expression, or a text between exclamation marks.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let square = Transformation::new().variable("side", 300).width("$side").height("$side * 2");
    /// assert_eq!(square.to_string(), "$side_300,h_$side_mul_2,w_$side");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/user_defined_variables>.
    pub fn variable(mut self, name: &str, value: impl Into<Value>) -> Self {
        let (key, value) = (format!("${}", name.trim_start_matches('$')), value.into());
        let name = key.trim_start_matches('$');
        if !(name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|b| b.is_ascii_alphanumeric())) {
            self.refuse(&key, &key, "its name is a letter, and letters and digits behind it");
            let mut escaped = "$".to_owned();
            escape_unless(&mut escaped, name, |byte| byte.is_ascii_alphanumeric());
            value.with_str(|text| self.put_refused(&escaped, text, ""));
            return self;
        }
        value.with_str(|text| match value.fault() {
            None => self.put(&key, text),
            Some(remedy) => self.put_refused(&key, text, remedy),
        });
        self
    }

    /// Any parameter by its URL key, for what has no setter. The value is written as it prints; no expression in it is
    /// spelled out, and nothing is escaped.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let newer = Transformation::new().width(150).param("zz", "new");
    /// assert_eq!(newer.to_string(), "w_150,zz_new");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference>.
    pub fn param(mut self, key: &str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        let plain = key.strip_prefix('$').unwrap_or(key);
        if plain.is_empty() || !plain.bytes().all(|b| b.is_ascii_alphanumeric()) {
            self.refuse(key, key, "a parameter's key has letters only");
        }
        if value.is_empty() || is_no_number(&value) {
            self.refuse(key, &value, "use a finite number, or a text");
        }
        self.put(key, &value);
        self
    }

    /// Text that is written at the end of this step as it is. Of no text nothing is written.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().raw("e_sepia:50").width(150).to_string(), "w_150,e_sepia:50");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference>.
    pub fn raw(mut self, text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        if text.is_empty() {
            return self;
        }
        self.opened().put_raw(text);
        self
    }

    #[inline(always)]
    pub(super) fn value(&mut self, key: Key, value: Value) {
        match value {
            Value::Int(number) if key.takes(number) => self.set(key, Given::Int(number)),
            value => self.other_value(key, value),
        }
    }

    /// Apart, so that nothing of it stands between the setters of a chain.
    #[inline(never)]
    fn other_value(&mut self, key: Key, value: Value) {
        match key.fault(&value) {
            None => self.set(key, value),
            Some(remedy) => value.with_str(|text| self.put_refused(key.name(), text, remedy)),
        }
    }

    pub(super) fn word(&mut self, key: Key, word: impl Into<Cow<'static, str>>) {
        let word = word.into();
        let fault = text_fault(&word);
        self.set_checked(key, word, fault);
    }

    #[inline(always)]
    pub(super) fn set_checked(&mut self, key: Key, value: impl Into<Cow<'static, str>>, fault: Option<&'static str>) {
        match fault {
            None => self.set(key, value.into()),
            Some(remedy) => self.put_refused(key.name(), &value.into(), remedy),
        }
    }

    pub(super) fn set_list(&mut self, key: Key, values: &[Value], separator: &str, fault: Option<&'static str>) {
        let mut text = String::new();
        for value in values {
            if !text.is_empty() {
                text.push_str(separator);
            }
            value.with_str(|piece| text.push_str(piece));
        }
        let fault = fault.or_else(|| values.iter().find_map(|value| key.fault(value))).or_else(|| text_fault(&text));
        self.set_checked(key, text, fault);
    }

    /// Keeps the fault, and writes the value so that it stays one value, which the service refuses.
    #[cold]
    pub(super) fn put_refused(&mut self, key: &str, value: &str, remedy: &'static str) {
        self.refuse(key, value, remedy);
        let mut escaped = String::with_capacity(value.len() + 8);
        escape_unless(&mut escaped, value, |byte| {
            !matches!(byte, b',' | b'/' | b'?' | b'#' | b' ') && !byte.is_ascii_control()
        });
        self.put(key, &escaped);
    }
}

impl Key {
    /// Whether numbers below 0 mean something there.
    #[inline(always)]
    const fn may_be_negative(self) -> bool {
        matches!(self, Self::Angle | Self::X | Self::Y)
    }

    #[inline(always)]
    const fn is_percentage(self) -> bool {
        matches!(self, Self::Opacity | Self::Quality)
    }

    /// Whether a number means something there.
    #[inline(always)]
    const fn takes(self, number: i64) -> bool {
        (number >= 0 || self.may_be_negative()) && !(number > 100 && self.is_percentage())
    }

    /// What is wrong with a value there, if it can never work.
    fn fault(self, value: &Value) -> Option<&'static str> {
        let number = match value {
            Value::Int(number) => *number as f64,
            Value::Float(number) => *number,
            Value::Text(_) => 0.0,
        };
        if self.is_percentage() && !number.is_nan() && !(0.0..=100.0).contains(&number) {
            Some("give 0 to 100")
        } else if number < 0.0 && number.is_finite() && !self.may_be_negative() {
            Some("give 0 or more")
        } else {
            value.fault()
        }
    }
}

/// How floats print that are none the service could take.
pub(super) fn is_no_number(text: &str) -> bool {
    matches!(text, "NaN" | "inf" | "-inf")
}

#[cfg(test)]
mod tests {
    use crate::{Angle, Color, Flag, Layer, Quality, Radius, Transformation};

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
            (t().baseline("cutout-jxl").then().dpr(2.0), "bl_cutout-jxl/dpr_2.0"),
            (t().gravity("north"), "g_north"),
            (t().param("e", "sepia:50"), "e_sepia:50"),
        ] {
            assert!(transformation.check().is_ok(), "{expected}");
            assert_eq!(transformation.to_string(), expected);
        }
    }
}
