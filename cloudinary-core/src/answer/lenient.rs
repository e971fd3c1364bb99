//! Reading what the service writes: it leaves out, writes null or an empty text for the same thing, and numbers as text.
//!
//! For `#[serde(default, deserialize_with = "lenient::…")]`.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Null stands for the default.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A number, or a text that is one; null and an empty text stand for none.
pub(crate) fn number<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + FromStr<Err: Display>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written<T> {
        Number(T),
        Text(String),
    }
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Written::Number(number)) => Ok(Some(number)),
        Some(Written::Text(text)) if text.is_empty() => Ok(None),
        Some(Written::Text(text)) => text.parse().map(Some).map_err(D::Error::custom),
    }
}

/// A text; null and an empty one stand for none.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (json, expected) in [
            ("7", Some(Some(7))),
            ("\"7\"", Some(Some(7))),
            ("null", Some(None)),
            ("\"\"", Some(None)),
            ("\"x\"", None),
        ] {
            let found: Option<Option<u64>> = number(&mut serde_json::Deserializer::from_str(json)).ok();
            assert_eq!(found, expected, "{json}");
        }
    }

    #[test]
    fn nothing_in_its_forms() {
        for (json, expected) in [("\"a\"", Some("a")), ("\"\"", None), ("null", None)] {
            let found = text(&mut serde_json::Deserializer::from_str(json)).unwrap();
            assert_eq!(found.as_deref(), expected, "{json}");
        }
        let list: Vec<u8> = or_default(&mut serde_json::Deserializer::from_str("null")).unwrap();
        assert!(list.is_empty());
    }
}
