//! Upload options from, and as, the map the other SDKs take.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::UploadOptions;
use super::options::{context_pair, joined};
use crate::error::{Error, Result};
use crate::transformation::{Transformation, Value, is_option};

impl UploadOptions {
    /// Options from the map the other SDKs take: values typed or already in the form they are sent.
    ///
    /// A configured [`responsive_width`](crate::Config::responsive_width) is for what is delivered, and is not added to the incoming
    /// transformation, as some SDKs do; say it in the map where the stored file should be scaled so.
    ///
    /// # Errors
    /// [`Error::UnknownOption`] for a name that is neither an upload parameter nor a transformation option;
    /// [`Error::InvalidParameter`] for a value of the wrong shape.
    ///
    /// ```
    /// use cloudinary_core::UploadOptions;
    /// let map = serde_json::json!({"public_id": "x", "width": 1000, "crop": "limit", "tags": ["a", "b"]});
    /// let options = UploadOptions::from_options(map.as_object().unwrap())?;
    /// assert_eq!(options.get("transformation"), Some("c_limit,w_1000"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn from_options(map: &Map<String, Json>) -> Result<Self> {
        let mut options = Self::new();
        let mut incoming = Map::new();
        for (name, value) in map {
            if value.is_null() {
                continue;
            }
            if is_option(name) {
                incoming.insert(name.clone(), value.clone());
            } else if name == "resource_type" {
                options.resource_type = scalar(name, value)?.parse()?;
            } else if name == "async" {
                options = options.set("async", scalar(name, value)?);
            } else {
                options = options.param(name, wire_form(name, value)?)?;
            }
        }
        if let Some(Json::String(text)) = incoming.get("transformation")
            && incoming.len() == 1
            && text.contains(['/', ',', '_'])
            && text.split('/').all(crate::transformation::is_step)
        {
            return Ok(options.incoming(text.parse::<Transformation>()?));
        }
        Ok(options.incoming(Transformation::from_options(&incoming)?))
    }
}

fn scalar(name: &str, value: &Json) -> Result<String> {
    Ok(match value {
        Json::String(text) => text.clone(),
        Json::Bool(value) => u8::from(*value).to_string(),
        Json::Number(number) if number.is_f64() => {
            Value::from(number.as_f64().unwrap_or_default()).with_str(str::to_owned)
        }
        Json::Number(number) => number.to_string(),
        other => return Err(Error::invalid(name, &other.to_string(), "give a string, a number or a boolean")),
    })
}

fn wire_form(name: &str, value: &Json) -> Result<String> {
    let shape = || Error::invalid(name, &value.to_string(), "it has the wrong shape for this option");
    match (name, value) {
        ("context" | "metadata", Json::Object(pairs)) => Ok(joined(
            pairs
                .iter()
                .map(|(key, value)| {
                    let text = match value {
                        Json::Array(_) => ascii_json(value),
                        value => scalar(name, value)?,
                    };
                    Ok(context_pair(key, &text))
                })
                .collect::<Result<Vec<_>>>()?,
            "|",
        )),
        ("headers", Json::Object(pairs)) => {
            let lines = pairs.iter().map(|(key, value)| Ok(format!("{key}: {}", scalar(name, value)?)));
            Ok(joined(lines.collect::<Result<Vec<_>>>()?, "\n"))
        }
        ("headers", Json::Array(lines)) => {
            Ok(joined(lines.iter().map(|line| scalar(name, line)).collect::<Result<Vec<_>>>()?, "\n"))
        }
        ("eager", eager) => {
            let items = match eager {
                Json::Array(items) => items.iter().collect(),
                one => vec![one],
            };
            Ok(joined(items.into_iter().map(eager_form).collect::<Result<Vec<_>>>()?, "|"))
        }
        ("face_coordinates" | "custom_coordinates", Json::Array(items)) if items.iter().any(Json::is_array) => {
            let rows = items.iter().map(|row| row.as_array().ok_or_else(shape).and_then(|row| comma_list(name, row)));
            Ok(joined(rows.collect::<Result<Vec<_>>>()?, "|"))
        }
        ("responsive_breakpoints", value) => breakpoints(value),
        ("access_control", Json::Object(_)) => Ok(format!("[{}]", ascii_json(value))),
        ("access_control", Json::String(text)) if text.starts_with('{') => Ok(format!("[{text}]")),
        ("access_control" | "regions" | "auto_transcription", Json::Array(_) | Json::Object(_)) => {
            Ok(ascii_json(value))
        }
        ("auto_transcription", Json::Bool(wanted)) => Ok(wanted.to_string()),
        (_, Json::Array(items)) => comma_list(name, items),
        (_, Json::Object(_)) => Err(shape()),
        (_, value) => scalar(name, value),
    }
}

fn comma_list(name: &str, items: &[Json]) -> Result<String> {
    Ok(joined(items.iter().map(|item| scalar(name, item)).collect::<Result<Vec<_>>>()?, ","))
}

/// A transformation, and behind a slash its format; `""` for a format says the original's.
fn eager_form(value: &Json) -> Result<String> {
    let Json::Object(map) = value else {
        return scalar("eager", value);
    };
    let mut options = map.clone();
    let format = options.shift_remove("format").filter(|format| !format.is_null());
    let transformation = Transformation::from_options(&options)?;
    match format {
        Some(format) if !transformation.is_empty() => Ok(format!("{transformation}/{}", scalar("eager", &format)?)),
        _ => Ok(transformation.to_string()),
    }
}

fn breakpoints(value: &Json) -> Result<String> {
    let items = match value {
        Json::Array(items) => items.clone(),
        Json::String(text) => return Ok(text.clone()),
        one => vec![one.clone()],
    };
    let settings = items.into_iter().map(|mut item| {
        if let Some(transformation) = item.get_mut("transformation")
            && let Json::Object(map) = transformation
        {
            *transformation = Json::String(Transformation::from_options(map)?.to_string());
        }
        Ok(item)
    });
    Ok(spaced_json(&Json::Array(settings.collect::<Result<_>>()?)))
}

/// JSON with every other character than ASCII as `\u…`, the form of the other SDKs, so that signatures are the same.
pub(crate) fn ascii_json(value: &Json) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        if c <= '~' {
            text.push(c);
        } else {
            text.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

/// JSON with a space after commas and colons: the form that the signatures of other SDKs are made over.
pub(super) fn spaced_json(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", joined(items.iter().map(spaced_json), ", ")),
        Json::Object(map) => {
            let pairs = map
                .iter()
                .map(|(key, value)| format!("{}: {}", ascii_json(&Json::from(key.as_str())), spaced_json(value)));
            format!("{{{}}}", joined(pairs, ", "))
        }
        scalar => ascii_json(scalar),
    }
}

impl Serialize for UploadOptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let resource_type = ("resource_type", self.resource_type.as_str());
        serializer.collect_map(std::iter::once(resource_type).chain(self.params()))
    }
}

impl<'de> Deserialize<'de> for UploadOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self::from_options(&Map::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::ResourceType;

    #[test]
    fn maps_are_sent_as_json() {
        for (map, name, expected) in [
            (r#"{"context": {"l": ["ü😀", "a=b"]}}"#, "context", r#"l=["\u00fc\ud83d\ude00","a\=b"]"#),
            (r#"{"access_control": {"access_type": "é"}}"#, "access_control", r#"[{"access_type":"\u00e9"}]"#),
            (r#"{"auto_transcription": true}"#, "auto_transcription", "true"),
            (r#"{"responsive_breakpoints": {"min_width": 5}}"#, "responsive_breakpoints", r#"[{"min_width": 5}]"#),
        ] {
            let map: Map<String, Json> = serde_json::from_str(map).unwrap();
            assert_eq!(UploadOptions::from_options(&map).unwrap().get(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn serde_round_trip() {
        let options = UploadOptions::new()
            .resource_type(ResourceType::Auto)
            .tags(["a"])
            .incoming(Transformation::new().width(5).then().sepia(50))
            .context([("k", "v=1")]);
        let json = serde_json::to_string(&options).unwrap();
        assert_eq!(serde_json::from_str::<UploadOptions>(&json).unwrap(), options, "{json}");
    }
}
