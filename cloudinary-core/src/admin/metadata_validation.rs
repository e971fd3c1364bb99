//! What values a structured metadata field takes.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value as Json};

use crate::answer::tolerant;

/// What values a structured metadata field takes, beside those its type allows.
///
/// Follows <https://cloudinary.com/documentation/metadata_api#validating_data>.
///
/// ```
/// use cloudinary_core::admin::Validation;
/// let validation = Validation::all([Validation::at_least(1), Validation::less_than(10)]);
/// assert_eq!(
///     serde_json::to_string(&validation).unwrap(),
///     r#"{"type":"and","rules":[{"type":"greater_than","value":1,"equals":true},{"type":"less_than","value":10,"equals":false}]}"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Validation {
    /// More, or later, than a value.
    GreaterThan {
        /// A number, or a day as `2026-01-31`.
        value: Json,
        /// Whether the value itself is taken too.
        #[serde(default)]
        equals: bool,
    },
    /// Less, or earlier, than a value.
    LessThan {
        /// A number, or a day as `2026-01-31`.
        value: Json,
        /// Whether the value itself is taken too.
        #[serde(default)]
        equals: bool,
    },
    /// Texts by their length in characters.
    Strlen {
        /// The fewest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<Number>,
        /// The most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<Number>,
    },
    /// Values that pass all of several.
    And {
        /// The several.
        rules: Vec<Validation>,
    },
    /// One that this crate does not know, as the service writes it.
    #[serde(untagged)]
    Other(Json),
}

tolerant!(Validation);

impl Validation {
    /// More, or later, than a number or day.
    pub fn greater_than(value: impl Into<Json>) -> Self {
        Self::GreaterThan { value: value.into(), equals: false }
    }

    /// A number or day, or what is more or later.
    pub fn at_least(value: impl Into<Json>) -> Self {
        Self::GreaterThan { value: value.into(), equals: true }
    }

    /// Less, or earlier, than a number or day.
    pub fn less_than(value: impl Into<Json>) -> Self {
        Self::LessThan { value: value.into(), equals: false }
    }

    /// A number or day, or what is less or earlier.
    pub fn at_most(value: impl Into<Json>) -> Self {
        Self::LessThan { value: value.into(), equals: true }
    }

    /// Texts of so many characters.
    pub fn length(range: std::ops::RangeInclusive<u32>) -> Self {
        Self::Strlen { min: Some((*range.start()).into()), max: Some((*range.end()).into()) }
    }

    /// What passes all of these.
    pub fn all(rules: impl IntoIterator<Item = Self>) -> Self {
        Self::And { rules: rules.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms() {
        for (validation, expected) in [
            (
                Validation::greater_than("2026-01-31"),
                json!({"type": "greater_than", "value": "2026-01-31", "equals": false}),
            ),
            (Validation::at_most(5), json!({"type": "less_than", "value": 5, "equals": true})),
            (Validation::length(2..=4), json!({"type": "strlen", "min": 2, "max": 4})),
            (
                Validation::all([Validation::at_least(0.5)]),
                json!({"type": "and", "rules": [{"type": "greater_than", "value": 0.5, "equals": true}]}),
            ),
        ] {
            assert_eq!(serde_json::to_value(&validation).unwrap(), expected);
            assert_eq!(serde_json::from_value::<Validation>(expected).unwrap(), validation);
        }
        let unknown = json!({"type": "regex", "pattern": "x"});
        let read: Validation = serde_json::from_value(unknown.clone()).unwrap();
        assert_eq!(read, Validation::Other(unknown.clone()));
        assert_eq!(serde_json::to_value(read).unwrap(), unknown);
    }
}
