//! Layers from option maps.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Map, Value as Json};

use super::value::{only, scalar};
use crate::error::{Error, Result};
use crate::transformation::layer_text::escaped_text;

/// A layer from text, kept but for `fetch:URL`, or from a map.
pub(super) fn layer(name: &str, value: &Json) -> Result<String> {
    let map = match value {
        Json::String(text) => return Ok(text_layer(text)),
        Json::Object(map) => map,
        other => return Err(Error::invalid(name, &other.to_string(), "give a string or a map")),
    };
    let field = |field: &str| match map.get(field) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => scalar(name, value).map(Some),
    };
    let (text, url) = (field("text")?, field("url")?);
    let mut resource_type = field("resource_type")?;
    let mut delivery_type = field("type")?;
    if text.is_some() && resource_type.is_none() {
        resource_type = Some("text".to_owned());
    }
    if url.is_some() && delivery_type.is_none() {
        delivery_type = Some("fetch".to_owned());
    }
    let is_text = resource_type.as_deref() == Some("text");
    let is_fetch = delivery_type.as_deref() == Some("fetch");
    let takes_text = is_text || resource_type.as_deref() == Some("subtitles");
    let public_id = match (field("public_id")?, field("format")?) {
        (Some(id), Some(format)) => Some(format!("{id}.{format}")),
        (id, _) => id,
    };
    if public_id.is_none() && !is_text && !is_fetch {
        return Err(Error::invalid(name, &value.to_string(), "it needs a public_id"));
    }
    only_of_kind(name, map, takes_text, is_fetch)?;
    let mut parts = Vec::new();
    parts.extend(resource_type.clone().filter(|kind| kind != "image"));
    parts.extend(delivery_type.filter(|kind| kind != "upload"));
    if takes_text {
        if public_id.is_none() && text.is_none() {
            return Err(Error::invalid(name, &value.to_string(), "it needs a text or a public_id"));
        }
        parts.extend(text_style(name, map)?);
        parts.extend(public_id.map(|id| id.replace('/', ":")));
        parts.extend(text.map(|text| escaped_text(&text)));
    } else if is_fetch {
        parts.push(URL_SAFE.encode(url.unwrap_or_default()));
    } else {
        parts.extend(public_id.map(|id| id.replace('/', ":")));
    }
    Ok(parts.join(":"))
}

fn text_layer(text: &str) -> String {
    if let Some(url) = text.strip_prefix("fetch:") {
        return format!("fetch:{}", URL_SAFE.encode(url));
    }
    let head = text.char_indices().nth(12).map_or(text, |(end, _)| &text[..end]);
    match head.find(":fetch:") {
        Some(at) => {
            let mut parts = text.splitn(3, ':');
            let kind = parts.next().unwrap_or_default();
            let url = parts.nth(1).unwrap_or(&text[at..]);
            if kind == "image" {
                format!("fetch:{}", URL_SAFE.encode(url))
            } else {
                format!("{kind}:fetch:{}", URL_SAFE.encode(url))
            }
        }
        None => text.to_owned(),
    }
}

/// `Arial_20_bold`, or the style given whole as `text_style`.
fn text_style(name: &str, map: &Map<String, Json>) -> Result<Option<String>> {
    let field = |field: &str| match map.get(field) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => scalar(name, value).map(Some),
    };
    if let Some(style) = field("text_style")?
        && !style.trim().is_empty()
    {
        return Ok(Some(style));
    }
    let mut words = Vec::new();
    for (option, default) in [
        ("font_weight", "normal"),
        ("font_style", "normal"),
        ("text_decoration", "none"),
        ("text_align", ""),
        ("stroke", "none"),
    ] {
        words.extend(field(option)?.filter(|word| word != default));
    }
    for (option, prefix) in [
        ("letter_spacing", "letter_spacing"),
        ("line_spacing", "line_spacing"),
        ("font_antialiasing", "antialias"),
        ("font_hinting", "hinting"),
    ] {
        words.extend(field(option)?.map(|value| format!("{prefix}_{value}")));
    }
    match (field("font_family")?, field("font_size")?) {
        (Some(family), Some(size)) => {
            words.insert(0, format!("{family}_{size}"));
            Ok(Some(words.join("_")))
        }
        (None, None) if words.is_empty() => Ok(None),
        (None, _) => Err(Error::invalid(name, "text", "it needs font_family")),
        (_, None) => Err(Error::invalid(name, "text", "it needs font_size")),
    }
}

/// Refuses what has no place in a layer of its kind.
fn only_of_kind(name: &str, map: &Map<String, Json>, takes_text: bool, is_fetch: bool) -> Result<()> {
    const FONT: [&str; 11] = [
        "font_family",
        "font_size",
        "font_weight",
        "font_style",
        "text_decoration",
        "text_align",
        "stroke",
        "letter_spacing",
        "line_spacing",
        "font_antialiasing",
        "font_hinting",
    ];
    let mut known = vec!["resource_type", "type"];
    if takes_text {
        known.extend(["text", "text_style", "public_id"]);
        // A style that is given whole has all of the font.
        if map.get("text_style").and_then(Json::as_str).is_none_or(|style| style.trim().is_empty()) {
            known.extend(FONT);
        }
        if map.contains_key("public_id") {
            known.push("format");
        }
    } else if is_fetch {
        known.push("url");
    } else {
        known.extend(["public_id", "format"]);
    }
    only(name, map, &known)
}
