//! How much of an effect.

use super::expression;
use super::value::Value;

/// How much of an effect: a number, an expression, or several of them with colons between.
///
/// As a [`Value`], but that a name at its beginning is no variable's, since it stands behind a colon:
///
/// ```
/// use cloudinary_core::Effect;
/// assert_eq!(Effect::with("preview", "duration_8").to_string(), "preview:duration_8");
/// assert_eq!(Effect::with("blur", "$strength * 2").to_string(), "blur:$strength_mul_2");
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#e_effect>.
#[derive(Debug, Clone, PartialEq)]
pub struct Level(pub(super) Value);

impl From<Value> for Level {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl From<&str> for Level {
    fn from(text: &str) -> Self {
        Self(Value::Text(expression::normalize_behind_colon(text)))
    }
}

impl From<String> for Level {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

macro_rules! from_numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for Level {
            fn from(number: $number) -> Self {
                Self(number.into())
            }
        }
    )*};
}

from_numbers!(i8, i16, i32, i64, u8, u16, u32, usize, f32, f64);

#[cfg(test)]
mod tests {
    use crate::{Effect, Transformation};

    #[test]
    fn levels_are_written_as_in_option_maps() {
        for (name, level, expected) in [
            ("preview", serde_json::json!("duration_8"), "e_preview:duration_8"),
            ("progressbar", serde_json::json!("width_6:color_red"), "e_progressbar:width_6:color_red"),
            ("blur", serde_json::json!("$width * 2"), "e_blur:$width_mul_2"),
            ("blur", serde_json::json!("initial_width / 2"), "e_blur:initial_w_div_2"),
            ("sepia", serde_json::json!(50), "e_sepia:50"),
            ("fade", serde_json::json!(-2.0), "e_fade:-2.0"),
        ] {
            let options = serde_json::json!({"effect": [name, level]});
            let read = Transformation::from_options(options.as_object().unwrap()).unwrap();
            let effect = match (level.as_i64(), level.as_f64(), level.as_str()) {
                (Some(number), ..) => Effect::with(name, number),
                (_, Some(number), _) => (name, number).into(),
                (.., text) => (name, text.unwrap()).into(),
            };
            let made = Transformation::new().effect(effect);
            assert_eq!((made.as_str(), read.as_str()), (expected, expected));
        }
    }
}
