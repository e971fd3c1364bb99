//! Times of a video: seconds, percentages, and from when until when.

use serde_json::Value as Json;

use super::value::scalar;
use crate::error::{Error, Result};
use crate::transformation::expression;

pub(super) fn range(name: &str, value: &Json) -> Result<String> {
    range_text(name, &scalar(name, value)?)
}

/// `3.5`, `35p` and `35%`; the last is written `35p`.
pub(super) fn range_text(name: &str, text: &str) -> Result<String> {
    if name == "offset" && text == "auto" {
        return Ok(text.to_owned());
    }
    parse_range(text).ok_or_else(|| Error::invalid(name, text, "give seconds, as 3.5, or a percentage, as 35p"))
}

fn parse_range(text: &str) -> Option<String> {
    let (number, percent) = match text.strip_suffix(['%', 'p', 'P']) {
        Some(number) => (number, "p"),
        None => (text, ""),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && digits(fraction)).then(|| format!("{number}{percent}"))
}

pub(super) fn offset(name: &str, value: &Json) -> Result<String> {
    let text = scalar(name, value)?;
    Ok(expression::normalize(&parse_range(&text).unwrap_or(text)))
}

pub(super) fn split_range(value: &Json) -> Result<(String, String)> {
    match (value, value.as_array().map(Vec::as_slice)) {
        (_, Some([start, .., end])) => Ok((scalar("offset", start)?, scalar("offset", end)?)),
        (Json::String(text), _) => text
            .split_once("..")
            .map(|(start, end)| (start.to_owned(), end.to_owned()))
            .ok_or_else(|| Error::invalid("offset", text, "write it as 3..10")),
        (other, _) => Err(Error::invalid("offset", &other.to_string(), "give [start, end] or \"start..end\"")),
    }
}
