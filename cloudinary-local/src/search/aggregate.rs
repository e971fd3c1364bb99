//! How many of what was found have each value of a field, or a value in each of some ranges.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::condition::{Held, Record};
use crate::http::ApiError;

/// Fields that are counted by value.
const BY_VALUE: &[&str] = &["format", "resource_type", "type"];
/// Fields that are counted by range.
const BY_RANGE: &[&str] = &["bytes", "pixels"];
/// The ranges the service has for those that name none.
const MEGAPIXELS: &[(&str, f64, f64)] = &[
    ("tiny", 0.0, 250_000.0),
    ("small", 250_000.0, 500_000.0),
    ("medium", 500_000.0, 1_000_000.0),
    ("large", 1_000_000.0, 4_000_000.0),
    ("huge", 4_000_000.0, f64::INFINITY),
];

/// One field to be counted.
#[derive(Debug)]
pub(super) struct Aggregate {
    field: String,
    /// Name, from, and to (not with it); none means by value.
    ranges: Vec<(String, f64, f64)>,
    counts: BTreeMap<String, u64>,
}

impl Aggregate {
    /// Reads `["format", {"type": "bytes", "ranges": [{"key": "tiny", "to": 500}]}]`.
    pub(super) fn read(value: Option<Value>) -> Result<Vec<Self>, ApiError> {
        match value {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(Self::one).collect(),
            Some(one) => Ok(vec![Self::one(&one)?]),
        }
    }

    fn one(value: &Value) -> Result<Self, ApiError> {
        let invalid = |reason: String| ApiError::invalid("aggregate", reason);
        let field = value.as_str().or_else(|| value["type"].as_str());
        let field = field.ok_or_else(|| invalid(format!("{value} names no field")))?;
        let mut ranges = Vec::new();
        for range in value["ranges"].as_array().into_iter().flatten() {
            let key = range["key"].as_str().ok_or_else(|| invalid(format!("{range} has no key")))?;
            let bound = |name: &str, or: f64| match &range[name] {
                Value::Null => Ok(or),
                value => value.as_f64().ok_or_else(|| invalid(format!("{name} of {key} is no number"))),
            };
            ranges.push((key.to_owned(), bound("from", f64::NEG_INFINITY)?, bound("to", f64::INFINITY)?));
        }
        match field {
            field if BY_VALUE.contains(&field) && ranges.is_empty() => {}
            field if BY_RANGE.contains(&field) && !ranges.is_empty() => {}
            "pixels" => ranges.extend(MEGAPIXELS.iter().map(|(key, from, to)| ((*key).to_owned(), *from, *to))),
            field if BY_VALUE.contains(&field) => return Err(invalid(format!("{field} has no ranges"))),
            field if BY_RANGE.contains(&field) => return Err(invalid(format!("{field} needs ranges"))),
            other => {
                let known = [BY_VALUE, BY_RANGE].concat().join(", ");
                return Err(invalid(format!("{other} cannot be counted; use {known}")));
            }
        }
        let counts = ranges.iter().map(|(key, ..)| (key.clone(), 0)).collect();
        Ok(Self { field: field.to_owned(), ranges, counts })
    }

    pub(super) fn count(&mut self, record: &impl Record) {
        for held in record.held(&self.field) {
            match held {
                Held::Text(text) => *self.counts.entry(text).or_default() += 1,
                Held::Number(number) => {
                    let inside = self.ranges.iter().filter(|(_, from, to)| number >= *from && number < *to);
                    for (key, ..) in inside {
                        *self.counts.entry(key.clone()).or_default() += 1;
                    }
                }
            }
        }
    }

    /// `{"format": {"jpg": 2}}`
    pub(super) fn told(all: Vec<Self>) -> Map<String, Value> {
        let counts = |one: Self| one.counts.into_iter().map(|(key, count)| (key, count.into())).collect::<Map<_, _>>();
        all.into_iter().map(|one| (one.field.clone(), Value::Object(counts(one)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn aggregates() {
        let table = [
            (json!(["format", "type"]), None),
            (json!("resource_type"), None),
            (json!(["pixels"]), None),
            (json!([{ "type": "bytes", "ranges": [{ "key": "a", "from": 1 }] }]), None),
            (json!(["bytes"]), Some("bytes needs ranges")),
            (json!(["duration"]), Some("duration cannot be counted; use format, resource_type, type, bytes, pixels")),
            (json!([{ "type": "format", "ranges": [{ "key": "a" }] }]), Some("format has no ranges")),
            (json!([{ "type": "bytes", "ranges": [{ "from": 1 }] }]), Some("{\"from\":1} has no key")),
            (json!([3]), Some("3 names no field")),
        ];
        for (value, refused) in table {
            let expected = refused.map(|reason| format!("Invalid value for parameter aggregate: {reason}"));
            assert_eq!(Aggregate::read(Some(value.clone())).err().map(|error| error.message), expected, "{value}");
        }
    }
}
