//! What this crate does otherwise on purpose.

use serde_json::{Map, Value as Json};

use super::request::{Body, Fields};

/// A field of a call's query or body that is not compared: call, field, reason.
const FIELDS: &[(&str, &str, &str)] = &[
    ("uploader.unsigned_upload", "timestamp", "what is not signed needs no time"),
    ("api.create_upload_preset", "timestamp", "a preset has no time of its own"),
    ("api.update_upload_preset", "timestamp", "a preset has no time of its own"),
    ("api.create_upload_preset", "upload_preset", "the configured preset is for uploads, not for presets"),
    ("api.update_upload_preset", "upload_preset", "the configured preset is for uploads, not for presets"),
];

/// Fields that hold JSON as a text, whose spaces say nothing.
const JSON_TEXTS: &[&str] = &["representations"];

/// Whole cases: call, an argument or option that marks it or `""`, reason.
const CASES: &[(&str, &str, &str)] = &[];

/// Takes the excepted fields out, and gives the reasons.
pub(crate) fn except(call: &str, body: &mut Body, query: &mut Fields) -> Vec<&'static str> {
    let mut reasons = Vec::new();
    // Upload is what the service takes when no type is said, which the other client does only if told to.
    if call.starts_with("uploader.")
        && let Body::Form(fields) = body
        && fields.get("type").is_some_and(|values| values == &["upload"])
    {
        fields.remove("type");
        reasons.push("the delivery type is always said");
    }
    if let Body::Json(object) = body {
        for (name, value) in object.iter_mut() {
            if call.ends_with("_upload_preset") && value.is_number() {
                *value = value.to_string().into();
                reasons.push("a preset has its numbers as texts, like an upload");
            }
            if let Json::String(text) = value
                && JSON_TEXTS.contains(&name.as_str())
                && let Ok(parsed) = serde_json::from_str(text)
            {
                *value = parsed;
            }
        }
    }
    for (of, field, reason) in FIELDS {
        if *of != call {
            continue;
        }
        let in_body = match body {
            Body::Json(object) => object.shift_remove(*field).is_some(),
            Body::Form(fields) => fields.remove(*field).is_some(),
            Body::Nothing | Body::Other(_) => false,
        };
        if query.remove(*field).is_some() || in_body {
            reasons.push(*reason);
        }
    }
    reasons
}

/// Why a case is not compared at all.
pub(crate) fn whole_case(call: &str, args: &[Json], kwargs: &Map<String, Json>) -> Option<&'static str> {
    let marked = |mark: &str| {
        mark.is_empty() || kwargs.contains_key(mark) || args.iter().any(|argument| argument.as_str() == Some(mark))
    };
    CASES.iter().find(|(of, mark, _)| *of == call && marked(mark)).map(|(_, _, reason)| *reason)
}
