//! Transformations as clients of the Admin API read them: an object a step, by the long names of the parameters.

use serde_json::{Map, Value};

/// Short and long names.
const NAMES: &[(&str, &str)] = &[
    ("a", "angle"),
    ("ac", "audio_codec"),
    ("af", "audio_frequency"),
    ("ar", "aspect_ratio"),
    ("b", "background"),
    ("bo", "border"),
    ("br", "bit_rate"),
    ("c", "crop"),
    ("co", "color"),
    ("cs", "color_space"),
    ("d", "default_image"),
    ("dl", "delay"),
    ("dn", "density"),
    ("dpr", "dpr"),
    ("du", "duration"),
    ("e", "effect"),
    ("eo", "end_offset"),
    ("f", "fetch_format"),
    ("fl", "flags"),
    ("fn", "custom_function"),
    ("fps", "fps"),
    ("g", "gravity"),
    ("h", "height"),
    ("if", "if"),
    ("ki", "keyframe_interval"),
    ("l", "overlay"),
    ("o", "opacity"),
    ("p", "prefix"),
    ("pg", "page"),
    ("q", "quality"),
    ("r", "radius"),
    ("so", "start_offset"),
    ("sp", "streaming_profile"),
    ("t", "transformation"),
    ("u", "underlay"),
    ("vc", "video_codec"),
    ("vs", "video_sampling"),
    ("w", "width"),
    ("x", "x"),
    ("y", "y"),
    ("z", "zoom"),
];

/// `c_scale,w_100/e_sepia` as `[{"crop": "scale", "width": 100}, {"effect": "sepia"}]`; a last part that is no step is
/// the format, and goes into the last step.
pub(super) fn steps(transformation: &str) -> Vec<Value> {
    let mut steps: Vec<Map<String, Value>> = Vec::new();
    for part in transformation.split('/').filter(|part| !part.is_empty()) {
        if cloudinary_core::transformation::is_step(part) {
            steps.push(step(part));
            continue;
        }
        if steps.is_empty() {
            steps.push(Map::new());
        }
        if let Some(last) = steps.last_mut() {
            last.insert("format".to_owned(), part.into());
        }
    }
    steps.into_iter().map(Value::Object).collect()
}

fn step(text: &str) -> Map<String, Value> {
    let mut step = Map::new();
    for param in text.split(',') {
        let (short, value) = param.split_once('_').unwrap_or((param, ""));
        let long = NAMES.iter().find(|(known, _)| *known == short).map_or(short, |(_, long)| long);
        step.insert(long.to_owned(), number(value));
    }
    step
}

/// Whole and decimal numbers are numbers; all else is a text.
fn number(text: &str) -> Value {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    let parsed = if plain { serde_json::from_str::<serde_json::Number>(text).ok() } else { None };
    parsed.map_or_else(|| text.into(), Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn long_names() {
        let table = [
            ("c_scale,w_100", json!([{ "crop": "scale", "width": 100 }])),
            (
                "c_scale,l_text:arial_20:a_b,w_0.5",
                json!([{ "crop": "scale", "overlay": "text:arial_20:a_b", "width": 0.5 }]),
            ),
            ("c_fill,w_5/e_sepia:50", json!([{ "crop": "fill", "width": 5 }, { "effect": "sepia:50" }])),
            ("w_5/png", json!([{ "width": 5, "format": "png" }])),
            ("png", json!([{ "format": "png" }])),
            ("br_5m,c_limit", json!([{ "bit_rate": "5m", "crop": "limit" }])),
            ("t_thumb", json!([{ "transformation": "thumb" }])),
            ("a_-20", json!([{ "angle": -20 }])),
            ("", json!([])),
        ];
        for (text, expected) in table {
            assert_eq!(Value::from(steps(text)), expected, "{text}");
        }
    }
}
