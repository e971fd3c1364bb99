//! What a request asks for: parameters of a query or of a body, taken one by one. What is left in the end is refused by
//! name.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::http::ApiError;

/// Parameters not looked at yet.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    values: Map<String, Value>,
}

impl Asked {
    /// Those of a JSON object; `null` is as good as absent.
    pub(crate) fn new(mut values: Map<String, Value>) -> Self {
        values.retain(|_, value| !value.is_null());
        Self { values }
    }

    /// Those of a query or a form: `tags[]=a` and `tags[0]=a` are pieces of a list.
    pub(crate) fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, ApiError> {
        let mut values = Map::new();
        for (name, value) in pairs {
            let twice = |name: &str| ApiError::bad_request(format!("Parameter {name} is given more than once"));
            match name.split_once('[') {
                Some((list, index)) if is_index(index) => {
                    match values.entry(list).or_insert_with(|| Value::Array(Vec::new())) {
                        Value::Array(items) => items.push(value.into()),
                        _ => return Err(twice(list)),
                    }
                }
                _ => {
                    if values.contains_key(&name) {
                        return Err(twice(&name));
                    }
                    values.insert(name, value.into());
                }
            }
        }
        Ok(Self { values })
    }

    /// As it came.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.values.remove(name)
    }

    /// Everything that is left.
    pub(crate) fn rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.values)
    }

    /// A text, also an empty one; numbers and switches are written out.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        self.take(name).map(|value| text_of(name, &value)).transpose()
    }

    /// A text that says something.
    pub(crate) fn given(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()))
    }

    /// A text that must be there.
    pub(crate) fn required(&mut self, name: &str) -> Result<String, ApiError> {
        self.given(name)?.ok_or_else(|| ApiError::missing(name))
    }

    pub(crate) fn switch(&mut self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.given(name)?.as_deref() {
            None => Ok(None),
            Some("1" | "true") => Ok(Some(true)),
            Some("0" | "false") => Ok(Some(false)),
            Some(other) => Err(ApiError::invalid(name, format_args!("{other} is neither true nor false"))),
        }
    }

    /// A switch that is off unless it is on.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, ApiError> {
        Ok(self.switch(name)?.unwrap_or(false))
    }

    pub(crate) fn number(&mut self, name: &str, allowed: RangeInclusive<u32>) -> Result<Option<u32>, ApiError> {
        let Some(text) = self.given(name)? else { return Ok(None) };
        let number = text.parse().ok().filter(|number| allowed.contains(number));
        number.map(Some).ok_or_else(|| {
            let (least, most) = allowed.into_inner();
            ApiError::invalid(name, format_args!("{text} is no number from {least} to {most}"))
        })
    }

    /// How many results are wanted: 10 unless told, 500 at most, as with the service.
    pub(crate) fn max_results(&mut self) -> Result<u32, ApiError> {
        Ok(self.number("max_results", 1..=500)?.unwrap_or(10))
    }

    /// A list, or one text that stands for a list of one.
    pub(crate) fn list(&mut self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Array(items)) => {
                items.iter().map(|item| text_of(name, item)).collect::<Result<_, _>>().map(Some)
            }
            Some(value) => Ok(Some(vec![text_of(name, &value)?])),
        }
    }

    /// A list, or one text with commas.
    pub(crate) fn comma_list(&mut self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        let Some(items) = self.list(name)? else { return Ok(None) };
        let parts = items.iter().flat_map(|item| item.split(',')).map(|item| item.trim().to_owned());
        Ok(Some(parts.filter(|part| !part.is_empty()).collect()))
    }

    /// Accepts what does nothing here.
    pub(crate) fn ignore(&mut self, names: &[&str]) {
        for name in names {
            self.values.remove(*name);
        }
    }

    /// Refuses what nobody took.
    pub(crate) fn finish(&self) -> Result<(), ApiError> {
        match self.values.keys().next() {
            None => Ok(()),
            Some(name) => Err(ApiError::bad_request(format!("Unknown parameter - {name}"))),
        }
    }
}

fn is_index(index: &str) -> bool {
    index.strip_suffix(']').is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
}

fn text_of(name: &str, value: &Value) -> Result<String, ApiError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        _ => Err(ApiError::invalid(name, "it must be a text")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(value: Value) -> Asked {
        let Value::Object(map) = value else { panic!("an object") };
        Asked::new(map)
    }

    #[test]
    fn queries_and_bodies_say_the_same() {
        let pairs = [("ids[]", "a"), ("ids[1]", "b"), ("tags", "true"), ("max_results", "3")];
        let query = Asked::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
        let body = asked(json!({ "ids": ["a", "b"], "tags": true, "max_results": 3, "next_cursor": null }));
        for mut asked in [query, body] {
            assert_eq!(asked.list("ids").unwrap().unwrap(), ["a", "b"]);
            assert!(asked.flag("tags").unwrap() && !asked.flag("context").unwrap());
            assert_eq!(asked.max_results().unwrap(), 3);
            assert_eq!(asked.finish(), Ok(()));
        }
        assert!(Asked::from_pairs([("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())]).is_err());
    }

    #[test]
    fn refusals_name_the_parameter() {
        type Take = fn(&mut Asked) -> Result<(), ApiError>;
        let table: [(Value, Take, &str); 6] = [
            (json!({ "a": 1 }), |_| Ok(()), "Unknown parameter - a"),
            (json!({}), |asked| asked.required("a").map(drop), "Missing required parameter - a"),
            (json!({ "a": "" }), |asked| asked.required("a").map(drop), "Missing required parameter - a"),
            (
                json!({ "a": "maybe" }),
                |asked| asked.flag("a").map(drop),
                "Invalid value for parameter a: maybe is neither true nor false",
            ),
            (json!({ "a": {} }), |asked| asked.text("a").map(drop), "Invalid value for parameter a: it must be a text"),
            (
                json!({ "max_results": 501 }),
                |asked| asked.max_results().map(drop),
                "Invalid value for parameter max_results: 501 is no number from 1 to 500",
            ),
        ];
        for (body, take, expected) in table {
            let mut asked = asked(body.clone());
            let refused = take(&mut asked).and_then(|()| asked.finish()).unwrap_err();
            assert_eq!(refused.message, expected, "{body}");
        }
    }
}
