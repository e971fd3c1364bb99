//! What searches for assets and for folders share: order, counts and fields.

use serde_json::{Value as Json, json};

use crate::admin::Direction;
use crate::client::{Call, Params};
use crate::error::{Error, Result};

/// The most results of one page.
pub const MAX_RESULTS: u32 = 500;

/// Counts of the assets found, by a field: each of its values, or ranges of them.
///
/// ```
/// use cloudinary_core::search::Aggregation;
/// let by_format = Aggregation::from("format");
/// let by_size = Aggregation::ranges("bytes").range("small", None, Some(500)).range("big", Some(501), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregation(Json);

impl Aggregation {
    /// Counts by ranges of a number, which [`range`](Self::range) adds.
    pub fn ranges(field: impl Into<String>) -> Self {
        Self(json!({"type": field.into(), "ranges": []}))
    }

    /// A range with a name: from the first number, up to and without the last; `None` for open.
    pub fn range(mut self, key: impl Into<String>, from: Option<i64>, to: Option<i64>) -> Self {
        let mut range = json!({"key": key.into()});
        if let Some(from) = from {
            range["from"] = from.into();
        }
        if let Some(to) = to {
            range["to"] = to.into();
        }
        match self.0.get_mut("ranges").and_then(Json::as_array_mut) {
            Some(ranges) => ranges.push(range),
            None => self.0 = json!({"type": self.0, "ranges": [range]}),
        }
        self
    }
}

impl From<&str> for Aggregation {
    fn from(field: &str) -> Self {
        Self(field.into())
    }
}

impl From<String> for Aggregation {
    fn from(field: String) -> Self {
        Self(field.into())
    }
}

pub(super) fn add_order(call: &mut Call, field: String, direction: Direction) {
    let entry = json!({field: direction.as_str()});
    add(call, "sort_by", entry, |entry| entry.as_object().and_then(|entry| entry.keys().next()).map(String::as_str));
}

pub(super) fn add_aggregation(call: &mut Call, aggregation: Aggregation) {
    add(call, "aggregate", aggregation.0, |entry| entry.get("type").unwrap_or(entry).as_str());
}

pub(super) fn add_name(call: &mut Call, list: &str, name: String) {
    add(call, list, name.into(), Json::as_str);
}

/// Adds to a list, in place of an entry for the same.
fn add(call: &mut Call, list: &str, entry: Json, key: impl Fn(&Json) -> Option<&str>) {
    let entries = call.params.entry(list).or_insert_with(|| json!([]));
    let Some(entries) = entries.as_array_mut() else { return };
    match entries.iter_mut().find(|there| key(there) == key(&entry)) {
        Some(there) => *there = entry,
        None => entries.push(entry),
    }
}

/// Whether the parameters can be sent.
pub(super) fn check(params: &Params) -> Result<()> {
    match params.get("max_results").and_then(Json::as_u64) {
        Some(count) if count == 0 || count > u64::from(MAX_RESULTS) => {
            let remedy = format!("a page has 1 to {MAX_RESULTS} results; `stream` gives all");
            Err(Error::invalid("max_results", &count.to_string(), remedy))
        }
        _ => Ok(()),
    }
}

/// The setters of a search, beside those that [`request!`](crate::client::request) declares.
macro_rules! query {
    ($name:ident) => {
        impl $name {
            /// Orders by this field, after those named before. Default: by relevance, then by time, the newest first.
            pub fn sort_by(self, field: impl Into<String>, direction: $crate::admin::Direction) -> Self {
                Self(self.0.edit(|call| $crate::search::query::add_order(call, field.into(), direction)))
            }

            /// Adds counts by a field.
            pub fn aggregate(self, aggregation: impl Into<$crate::search::Aggregation>) -> Self {
                Self(self.0.edit(|call| $crate::search::query::add_aggregation(call, aggregation.into())))
            }

            /// Tells this too of each result, as `tags`, `context` or `metadata`.
            pub fn with_field(self, field: impl Into<String>) -> Self {
                Self(self.0.edit(|call| $crate::search::query::add_name(call, "with_field", field.into())))
            }

            /// Tells only these of each result, beside the ids. Default: all but those of [`with_field`](Self::with_field).
            pub fn fields(self, fields: impl IntoIterator<Item: Into<String>>) -> Self {
                Self(self.0.edit(|call| {
                    for field in fields {
                        $crate::search::query::add_name(call, "fields", field.into());
                    }
                }))
            }

            /// How many results a page has: 1 to [`MAX_RESULTS`](crate::search::MAX_RESULTS). Default: 50.
            pub fn max_results(self, count: u32) -> Self {
                Self(self.0.set("max_results", count).try_edit(|call| $crate::search::query::check(&call.params)))
            }
        }
    };
}

pub(super) use query;

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    #[test]
    fn lists_name_each_thing_once() {
        let mut call = Call::admin_api(Method::POST, ["resources", "search"]);
        add_order(&mut call, "a".to_owned(), Direction::Asc);
        add_order(&mut call, "b".to_owned(), Direction::Asc);
        add_order(&mut call, "a".to_owned(), Direction::Desc);
        add_name(&mut call, "fields", "tags".to_owned());
        add_name(&mut call, "fields", "tags".to_owned());
        add_aggregation(&mut call, "bytes".into());
        add_aggregation(&mut call, "format".into());
        add_aggregation(&mut call, Aggregation::ranges("bytes").range("s", None, Some(5)));
        let expected = r#"{"sort_by":[{"a":"desc"},{"b":"asc"}],"fields":["tags"],"#.to_owned()
            + r#""aggregate":[{"type":"bytes","ranges":[{"key":"s","to":5}]},"format"]}"#;
        assert_eq!(serde_json::to_string(&call.params).unwrap(), expected);
        assert_eq!(
            Aggregation::from("bytes").range("s", Some(1), None).0,
            json!({"type": "bytes", "ranges": [{"key": "s", "from": 1}]})
        );
    }

    #[test]
    fn pages() {
        for (count, fits) in [(0, false), (1, true), (500, true), (501, false)] {
            assert_eq!(check(&Params::from_iter([("max_results".to_owned(), count.into())])).is_ok(), fits, "{count}");
        }
    }
}
