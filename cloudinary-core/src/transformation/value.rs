//! Numbers and expressions, as most parameters take them.

use std::fmt::Write as _;

use super::expression;

/// A number, or an expression such as `iw_div_2`, `auto` or `$size * 2`.
///
/// Setters take anything that converts into it: `width(400)`, `width(0.5)`, `width("auto")`, `width("$w * 2")`.
///
/// ```
/// use cloudinary_core::{Transformation, Value};
/// assert_eq!(Value::from(400), Value::Int(400));
/// assert_eq!(Value::from("initial_width / 2"), Value::Text("iw_div_2".to_owned()));
/// assert_eq!(Transformation::new().width(2.0).to_string(), "w_2.0");
/// ```
///
/// Follows <https://cloudinary.com/documentation/user_defined_variables#arithmetic_expressions>.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number: mostly pixels.
    Int(i64),
    /// A fraction: mostly of the original's size.
    Float(f64),
    /// An expression, already in the URL's form.
    Text(String),
}

impl Value {
    /// The form in URLs. Floats keep their point, `2.0`, as in the other SDKs.
    pub(crate) fn with_str<R>(&self, then: impl FnOnce(&str) -> R) -> R {
        match self {
            Self::Int(number) => then(itoa::Buffer::new().format(*number)),
            Self::Float(number) => then(&float(*number)),
            Self::Text(text) => then(text),
        }
    }

    /// What is wrong with it, if it can never work.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        match self {
            Self::Float(number) if !number.is_finite() => Some("use a finite number"),
            Self::Text(text) => text_fault(text),
            _ => None,
        }
    }
}

/// Text that would end its parameter, its step or the whole path.
pub(crate) fn text_fault(text: &str) -> Option<&'static str> {
    let seen = text.bytes().fold(0, |seen, byte| seen | CLASSES[usize::from(byte)]);
    if text.is_empty() {
        Some("it is empty; leave the parameter out instead")
    } else if seen & ENDS != 0 || (seen & NOT_ASCII != 0 && text.contains(char::is_control)) {
        Some("it may not contain , / ? # spaces or control characters; use raw() for text that is already escaped")
    } else {
        None
    }
}

const ENDS: u8 = 1;
const NOT_ASCII: u8 = 2;
/// What each byte is.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b',' | b'/' | b'?' | b'#' | b' ' | 0..0x20 | 0x7f => ENDS,
            0x80.. => NOT_ASCII,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// A float as Python prints it, which is what every official test expects: `2.0`, `1e-05`, `1e+16`.
pub(crate) fn float(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude != 0.0 && magnitude.is_finite() && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{number:e}");
        if let Some((mantissa, exponent)) = text.split_once('e')
            && let Ok(exponent) = exponent.parse::<i32>()
        {
            let sign = if exponent < 0 { '-' } else { '+' };
            let mut out = String::from(mantissa);
            let _ = write!(out, "e{sign}{:02}", exponent.unsigned_abs());
            return out;
        }
    }
    format!("{number:?}")
}

macro_rules! from_ints {
    ($($int:ty),*) => {$(
        impl From<$int> for Value {
            fn from(number: $int) -> Self {
                Self::Int(i64::from(number))
            }
        }
    )*};
}

from_ints!(i8, i16, i32, i64, u8, u16, u32);

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f32> for Value {
    fn from(number: f32) -> Self {
        // By way of text, so that 0.1_f32 is 0.1 and not 0.10000000149011612.
        Self::Float(number.to_string().parse().unwrap_or(f64::from(number)))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(expression::normalize(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_in_python() {
        for (number, expected) in [
            (2.0, "2.0"),
            (0.5, "0.5"),
            (0.1, "0.1"),
            (-1.25, "-1.25"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (123_456_789.125, "123456789.125"),
            (0.0, "0.0"),
        ] {
            assert_eq!(float(number), expected);
        }
        assert_eq!(Value::from(0.1_f32), Value::Float(0.1));
    }
}
