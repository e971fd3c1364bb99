//! Numbers as they are written in transformations.

use super::error::PipelineError;

/// A length: pixels, or a share of the source's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Length {
    /// `150`
    Pixels(f64),
    /// `0.5`: anything with a decimal point.
    Share(f64),
}

impl Length {
    /// In pixels, of a source this long.
    pub(crate) fn of(self, source: u32) -> f64 {
        match self {
            Self::Pixels(pixels) => pixels,
            Self::Share(share) => share * f64::from(source),
        }
    }

    /// Any length, also negative.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, PipelineError> {
        let number = number(text).ok_or_else(|| refusal(name, text))?;
        Ok(if text.contains('.') { Self::Share(number) } else { Self::Pixels(number) })
    }

    /// A length above zero.
    pub(crate) fn parse_side(name: &str, text: &str) -> Result<Self, PipelineError> {
        match Self::parse(name, text)? {
            Self::Pixels(value) | Self::Share(value) if value <= 0.0 => Err(refusal(name, text)),
            length => Ok(length),
        }
    }
}

/// Refuses a value, as an expression when it is one.
pub(crate) fn refusal(name: &str, text: &str) -> PipelineError {
    const VARIABLES: [&str; 12] = ["iw", "ih", "w", "h", "ar", "iar", "ow", "oh", "cp", "fc", "pc", "tar"];
    let first = text.split('_').next().unwrap_or(text);
    if text.starts_with('$') || VARIABLES.contains(&first) || text.contains("_mul_") || text.contains("_div_") {
        return PipelineError::Unsupported(format!("The expression {text} as {name}"));
    }
    PipelineError::invalid(name, text)
}

/// A decimal number: digits, perhaps a sign and a point. No exponents, infinities or the like.
pub(crate) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let any = digits.bytes().any(|byte| byte.is_ascii_digit());
    // Longer ones are no sizes; and they stay exact.
    (plain && any && digits.len() <= 12).then(|| text.parse().ok()).flatten()
}

/// A number within a range.
pub(crate) fn number_in(name: &str, text: &str, low: f64, high: f64) -> Result<f64, PipelineError> {
    number(text).filter(|value| (low..=high).contains(value)).ok_or_else(|| refusal(name, text))
}

/// `16:9` or `1.5`, above zero.
pub(crate) fn aspect_ratio(text: &str) -> Result<f64, PipelineError> {
    let ratio = match text.split_once(':') {
        Some((width, height)) => number(width).zip(number(height)).map(|(width, height)| width / height),
        None => number(text),
    };
    ratio.filter(|ratio| *ratio > 0.0 && ratio.is_finite()).ok_or_else(|| refusal("aspect_ratio", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (text, expected) in [
            ("150", Some(150.0)),
            ("0.5", Some(200.0)),
            ("1.0", Some(400.0)),
            (".25", Some(100.0)),
            ("-20", Some(-20.0)),
            ("", None),
            (".", None),
            ("-", None),
            ("abc", None),
            ("1e9", None),
            ("NaN", None),
            ("inf", None),
            ("+5", None),
            ("1.2.3", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(Length::parse("x", text).ok().map(|length| length.of(400)), expected, "{text}");
        }
        for (text, message) in [
            ("0", "Invalid width in transformation: 0"),
            ("0.0", "Invalid width in transformation: 0.0"),
            ("-3", "Invalid width in transformation: -3"),
            ("iw_div_2", "The expression iw_div_2 as width is not supported by the local media server"),
            ("$size", "The expression $size as width is not supported by the local media server"),
        ] {
            assert_eq!(Length::parse_side("width", text).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn ratios() {
        for (text, expected) in
            [("16:9", Some(16.0 / 9.0)), ("1.5", Some(1.5)), ("4:0", None), ("0", None), ("0:0", None), ("a:b", None)]
        {
            assert_eq!(aspect_ratio(text).ok(), expected, "{text}");
        }
    }
}
