//! Values of options, as text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Map, Value as Json};

use crate::error::{Error, Result};
use crate::transformation::value::float;

pub(super) fn is_unset(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.is_empty(),
        _ => false,
    }
}

pub(super) fn scalar(name: &str, value: &Json) -> Result<String> {
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(match number.as_f64() {
            Some(number) if !value.is_i64() && !value.is_u64() => float(number),
            _ => number.to_string(),
        }),
        other => Err(Error::invalid(name, &other.to_string(), "give a string or a number")),
    }
}

pub(super) fn scalars(name: &str, value: &Json) -> Result<Vec<String>> {
    match value {
        Json::Array(items) => items.iter().map(|item| scalar(name, item)).collect(),
        value => Ok(vec![scalar(name, value)?]),
    }
}

pub(super) fn border(value: &Json) -> Result<String> {
    let Json::Object(border) = value else {
        return scalar("border", value);
    };
    only("border", border, &["width", "color"])?;
    let width = border.get("width").map_or(Ok("2".to_owned()), |width| scalar("border", width))?;
    let color = border.get("color").map_or(Ok("black".to_owned()), |color| scalar("border", color))?;
    Ok(format!("{width}px_solid_{}", color.replace('#', "rgb:")))
}

pub(super) fn custom_function(value: &Json) -> Result<String> {
    let Json::Object(function) = value else {
        return scalar("custom_function", value);
    };
    only("custom_function", function, &["function_type", "source"])?;
    let field = |field: &str| match function.get(field) {
        Some(value) => scalar("custom_function", value),
        None => Err(Error::invalid("custom_function", "", format!("it needs {field}"))),
    };
    let (kind, source) = (field("function_type")?, field("source")?);
    Ok(if kind == "remote" { format!("remote:{}", URL_SAFE.encode(source)) } else { format!("{kind}:{source}") })
}

pub(super) fn video_codec(value: &Json) -> Result<String> {
    let Json::Object(codec) = value else {
        return scalar("video_codec", value);
    };
    only("video_codec", codec, &["codec", "profile", "level", "b_frames"])?;
    let invalid = |remedy: &str| Error::invalid("video_codec", &value.to_string(), remedy);
    let part = |name: &str| {
        codec.get(name).filter(|value| !is_unset(value)).map(|value| scalar("video_codec", value)).transpose()
    };
    let mut text = part("codec")?.ok_or_else(|| invalid("it needs codec"))?;
    let (profile, level) = (part("profile")?, part("level")?);
    let b_frames = match codec.get("b_frames") {
        None | Some(Json::Null | Json::Bool(true)) => true,
        Some(Json::Bool(false)) => false,
        Some(_) => return Err(invalid("b_frames is true or false")),
    };
    if profile.is_none() && level.is_some() {
        return Err(invalid("a level needs a profile"));
    }
    if level.is_none() && !b_frames {
        return Err(invalid("b_frames needs a profile and a level"));
    }
    for part in [profile, level].into_iter().flatten() {
        text = format!("{text}:{part}");
    }
    if !b_frames {
        text.push_str(":bframes_no");
    }
    Ok(text)
}

/// Refuses what a map has beside these keys.
pub(super) fn only(option: &str, map: &Map<String, Json>, known: &[&str]) -> Result<()> {
    match map.iter().find(|(key, value)| !value.is_null() && !known.contains(&key.as_str())) {
        Some((key, _)) => Err(Error::invalid(option, key, format!("here it takes {}", known.join(", ")))),
        None => Ok(()),
    }
}
