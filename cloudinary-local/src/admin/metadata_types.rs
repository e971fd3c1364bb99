//! Structured metadata: what a field is, and which values it takes.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::{Date, macros::format_description};

use crate::http::ApiError;

/// The five kinds of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FieldType {
    String,
    Integer,
    Date,
    Enum,
    Set,
}

/// A field's definition, in the service's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Field {
    pub(crate) external_id: String,
    #[serde(rename = "type")]
    pub(crate) kind: FieldType,
    pub(crate) label: String,
    pub(crate) mandatory: bool,
    #[serde(default)]
    pub(crate) default_value: Value,
    #[serde(default)]
    pub(crate) default_disabled: bool,
    #[serde(default)]
    pub(crate) validation: Value,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) restrictions: Map<String, Value>,
    #[serde(default)]
    pub(crate) allow_dynamic_list_values: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) datasource: Option<Datasource>,
    /// Unix seconds; told nowhere, but fields can be ordered by it.
    #[serde(default)]
    pub(crate) created_at: i64,
    /// Its place in the list.
    #[serde(default)]
    pub(crate) position: i64,
}

/// The values an `enum` or a `set` chooses from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Datasource {
    pub(crate) values: Vec<Entry>,
}

/// One value to choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) external_id: String,
    pub(crate) value: String,
    #[serde(default)]
    pub(crate) state: EntryState,
}

/// Whether a value can be chosen; a deleted one can be restored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EntryState {
    #[default]
    Active,
    Inactive,
}

impl FieldType {
    pub(crate) fn parse(name: &str) -> Result<Self, ApiError> {
        serde_json::from_value(name.into())
            .map_err(|_| ApiError::invalid("type", format_args!("{name}; use string, integer, date, enum or set")))
    }

    pub(crate) fn has_datasource(self) -> bool {
        matches!(self, Self::Enum | Self::Set)
    }
}

impl Datasource {
    pub(crate) fn active(&self) -> impl Iterator<Item = &Entry> {
        self.values.iter().filter(|entry| entry.state == EntryState::Active)
    }
}

impl Field {
    /// The value, if the field takes it; a text is read as what the field holds.
    pub(crate) fn checked(&self, value: &Value) -> Result<Value, ApiError> {
        let invalid = |reason: String| {
            ApiError::bad_request(format!("Value {value} is invalid for field {}: {reason}", self.external_id))
        };
        let read = match self.kind {
            FieldType::String => Value::from(value.as_str().ok_or_else(|| invalid("it is no text".to_owned()))?),
            FieldType::Integer => {
                let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
                number.ok_or_else(|| invalid("it is no whole number".to_owned()))?.into()
            }
            FieldType::Date => {
                let text = value.as_str().filter(|text| date(text).is_some());
                text.ok_or_else(|| invalid("it is no date as 2024-12-31".to_owned()))?.into()
            }
            FieldType::Enum => {
                let text = value.as_str().ok_or_else(|| invalid("it is no text".to_owned()))?;
                self.entry(text).ok_or_else(|| invalid("the field has no such value".to_owned()))?.into()
            }
            FieldType::Set => {
                let parsed = value.as_str().map(|text| {
                    serde_json::from_str(text)
                        .unwrap_or_else(|_| text.split(',').map(|one| Value::from(one.trim())).collect())
                });
                let list = parsed.unwrap_or_else(|| value.clone());
                let items = list.as_array().ok_or_else(|| invalid("it is no list".to_owned()))?;
                let chosen = items.iter().map(|item| {
                    item.as_str()
                        .and_then(|item| self.entry(item))
                        .ok_or_else(|| invalid(format!("the field has no value {item}")))
                });
                let mut chosen = chosen.collect::<Result<Vec<_>, _>>()?;
                let mut seen = std::collections::BTreeSet::new();
                chosen.retain(|one| seen.insert(one.clone()));
                chosen.into()
            }
        };
        match violated(&self.validation, &read) {
            Some(rule) => Err(invalid(rule)),
            None => Ok(read),
        }
    }

    /// The external id of a value to choose, by that id.
    fn entry(&self, id: &str) -> Option<String> {
        let entry = self.datasource.as_ref()?.active().find(|entry| entry.external_id == id)?;
        Some(entry.external_id.clone())
    }

    /// Checks that the validation can be carried out for this type.
    pub(crate) fn check_validation(&self) -> Result<(), ApiError> {
        check_rule(self.kind, &self.validation)
    }
}

fn check_rule(kind: FieldType, rule: &Value) -> Result<(), ApiError> {
    let invalid = |reason: &str| ApiError::invalid("validation", reason);
    if rule.is_null() {
        return Ok(());
    }
    match rule["type"].as_str().ok_or_else(|| invalid("it has no type"))? {
        "and" => {
            let rules = rule["rules"].as_array().ok_or_else(|| invalid("and needs rules"))?;
            rules.iter().try_for_each(|rule| check_rule(kind, rule))
        }
        "greater_than" | "less_than" => match kind {
            FieldType::Integer if rule["value"].is_i64() => Ok(()),
            FieldType::Date if rule["value"].as_str().and_then(date).is_some() => Ok(()),
            FieldType::Integer | FieldType::Date => Err(invalid("its value is not of the field's type")),
            _ => Err(invalid("only integers and dates are greater or less")),
        },
        "strlen" => {
            let bounded = rule["min"].is_u64() || rule["max"].is_u64();
            if kind == FieldType::String && bounded {
                Ok(())
            } else {
                Err(invalid("strlen is for strings and needs min or max"))
            }
        }
        other => Err(invalid(&format!("{other} is none of greater_than, less_than, strlen and and"))),
    }
}

/// What a value does not keep to, if there is something.
fn violated(rule: &Value, value: &Value) -> Option<String> {
    let compared = || match (value.as_i64().zip(rule["value"].as_i64()), value.as_str().zip(rule["value"].as_str())) {
        (Some((value, bound)), _) => Some(value.cmp(&bound)),
        (_, Some((value, bound))) => Some(date(value)?.cmp(&date(bound)?)),
        _ => None,
    };
    let equals = rule["equals"] == true;
    let or_equal = if equals { " or equal to" } else { "" };
    match rule["type"].as_str()? {
        "and" => rule["rules"].as_array()?.iter().find_map(|rule| violated(rule, value)),
        "greater_than" => {
            let kept = compared().is_some_and(|order| order.is_gt() || equals && order.is_eq());
            (!kept).then(|| format!("it must be greater than{or_equal} {}", rule["value"]))
        }
        "less_than" => {
            let kept = compared().is_some_and(|order| order.is_lt() || equals && order.is_eq());
            (!kept).then(|| format!("it must be less than{or_equal} {}", rule["value"]))
        }
        "strlen" => {
            let length = value.as_str().map_or(0, |text| text.chars().count() as u64);
            let kept = rule["min"].as_u64().is_none_or(|min| length >= min)
                && rule["max"].as_u64().is_none_or(|max| length <= max);
            (!kept).then(|| format!("its length must be from {} to {}", rule["min"], rule["max"]))
        }
        _ => None,
    }
}

pub(crate) fn date(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(kind: &str, validation: &Value) -> Field {
        let values = json!({ "values": [
            { "external_id": "r", "value": "red" }, { "external_id": "g", "value": "green" },
            { "external_id": "b", "value": "blue", "state": "inactive" },
        ] });
        serde_json::from_value(json!({
            "external_id": "f", "type": kind, "label": "F", "mandatory": false, "validation": validation,
            "datasource": values,
        }))
        .unwrap()
    }

    #[test]
    fn values() {
        let none = json!(null);
        let up_to_5 = json!({ "type": "less_than", "value": 5, "equals": true });
        let between = json!({ "type": "and", "rules": [
            { "type": "greater_than", "value": "2024-01-01" }, { "type": "less_than", "value": "2024-02-01" },
        ] });
        let short = json!({ "type": "strlen", "min": 2, "max": 3 });
        let table = [
            ("string", &none, json!("a"), Some(json!("a"))),
            ("string", &short, json!("abc"), Some(json!("abc"))),
            ("string", &short, json!("a"), None),
            ("string", &none, json!(1), None),
            ("integer", &none, json!("7"), Some(json!(7))),
            ("integer", &up_to_5, json!(5), Some(json!(5))),
            ("integer", &up_to_5, json!(6), None),
            ("integer", &none, json!("x"), None),
            ("date", &none, json!("2024-01-31"), Some(json!("2024-01-31"))),
            ("date", &none, json!("2024-13-31"), None),
            ("date", &between, json!("2024-01-31"), Some(json!("2024-01-31"))),
            ("date", &between, json!("2024-01-01"), None),
            ("enum", &none, json!("r"), Some(json!("r"))),
            ("enum", &none, json!("red"), None),
            ("enum", &none, json!("b"), None),
            ("set", &none, json!(["r", "g", "r"]), Some(json!(["r", "g"]))),
            ("set", &none, json!("[\"r\"]"), Some(json!(["r"]))),
            ("set", &none, json!("r,g"), Some(json!(["r", "g"]))),
            ("set", &none, json!(["r", "x"]), None),
        ];
        for (kind, validation, value, expected) in table {
            assert_eq!(field(kind, validation).checked(&value).ok(), expected, "{kind} {value}");
        }
    }

    #[test]
    fn validations() {
        let table = [
            ("integer", json!(null), true),
            ("integer", json!({ "type": "less_than", "value": 5 }), true),
            ("integer", json!({ "type": "less_than", "value": "5" }), false),
            ("string", json!({ "type": "less_than", "value": 5 }), false),
            ("string", json!({ "type": "strlen", "max": 5 }), true),
            ("string", json!({ "type": "strlen" }), false),
            ("date", json!({ "type": "and", "rules": [{ "type": "less_than", "value": "2024-01-01" }] }), true),
            ("date", json!({ "type": "and", "rules": [{ "type": "like", "value": "2024-01-01" }] }), false),
            ("date", json!({}), false),
        ];
        for (kind, validation, fine) in table {
            assert_eq!(field(kind, &validation).check_validation().is_ok(), fine, "{kind} {validation}");
        }
    }
}
