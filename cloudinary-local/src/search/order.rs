//! The order of what was found, and where the next page begins.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::condition::{Held, Record};
use crate::http::ApiError;

/// Fields to sort by, the first one first; `true` for descending.
pub(super) type SortBy = Vec<(String, bool)>;

/// What one thing is sorted by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum SortKey {
    Number(f64),
    Text(String),
    /// It has nothing there, and comes last.
    Nothing,
}

/// What a thing is sorted by, and its row, which no two have in common.
pub(super) type Place = (Vec<SortKey>, i64);

/// What a kind of things can be sorted by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sortable {
    pub(super) fields: &'static [&'static str],
    /// Also by `context.{key}` and `metadata.{external_id}`.
    pub(super) dotted: bool,
    /// The field that counts when none is named, and whether it descends.
    pub(super) or: (&'static str, bool),
}

/// Reads `[{"public_id": "asc"}]`; texts of the same, as queries have them, too.
pub(super) fn read(value: Option<&Value>, sortable: Sortable) -> Result<SortBy, ApiError> {
    let invalid = |reason: String| ApiError::invalid("sort_by", reason);
    let items = match value {
        None => return Ok(vec![(sortable.or.0.to_owned(), sortable.or.1)]),
        Some(Value::Array(items)) => items.clone(),
        Some(one) => vec![one.clone()],
    };
    let mut sort_by = SortBy::new();
    for item in items {
        let item = match item {
            Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            item => item,
        };
        let pairs = item.as_object().filter(|pairs| pairs.len() == 1);
        let pairs = pairs.ok_or_else(|| invalid(format!("{item} is not {{\"field\": \"asc\"}}")))?;
        for (field, direction) in pairs {
            let dotted = field.strip_prefix("context.").or_else(|| field.strip_prefix("metadata."));
            let dotted = sortable.dotted && dotted.is_some_and(|key| !key.is_empty());
            if !sortable.fields.contains(&field.as_str()) && !dotted {
                return Err(invalid(format!("nothing can be sorted by {field}; use {}", sortable.fields.join(", "))));
            }
            let descending = match direction.as_str() {
                Some("asc") => false,
                Some("desc") => true,
                _ => return Err(invalid(format!("{direction} is neither asc nor desc"))),
            };
            sort_by.push((field.clone(), descending));
        }
    }
    Ok(sort_by)
}

pub(super) fn keys(record: &impl Record, sort_by: &SortBy) -> Vec<SortKey> {
    sort_by
        .iter()
        .map(|(field, _)| match record.held(field).into_iter().next() {
            None => SortKey::Nothing,
            Some(Held::Number(number)) => SortKey::Number(number),
            Some(Held::Text(text)) => SortKey::Text(text),
        })
        .collect()
}

/// The later row first where all else is the same and the first field descends.
pub(super) fn compare(a: &Place, b: &Place, sort_by: &SortBy) -> Ordering {
    let mut ordered = a.0.iter().zip(&b.0).zip(sort_by).map(|((a, b), (_, descending))| match (a, b) {
        (SortKey::Nothing, SortKey::Nothing) => Ordering::Equal,
        (SortKey::Nothing, _) => Ordering::Greater,
        (_, SortKey::Nothing) => Ordering::Less,
        (a, b) if *descending => of_values(b, a),
        (a, b) => of_values(a, b),
    });
    let first = ordered.find(|order| order.is_ne());
    let descending = sort_by.first().is_some_and(|(_, descending)| *descending);
    first.unwrap_or_else(|| if descending { b.1.cmp(&a.1) } else { a.1.cmp(&b.1) })
}

fn of_values(a: &SortKey, b: &SortKey) -> Ordering {
    match (a, b) {
        (SortKey::Number(a), SortKey::Number(b)) => a.total_cmp(b),
        (SortKey::Text(a), SortKey::Text(b)) => a.cmp(b),
        (SortKey::Number(_), _) => Ordering::Less,
        (_, SortKey::Number(_)) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

/// The places of one page, and whether there are more.
pub(super) fn page(mut places: Vec<Place>, sort_by: &SortBy, after: Option<&Place>, most: usize) -> (Vec<Place>, bool) {
    places.sort_by(|a, b| compare(a, b, sort_by));
    if let Some(after) = after {
        places.retain(|place| compare(place, after, sort_by).is_gt());
    }
    let more = places.len() > most;
    places.truncate(most);
    (places, more)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages_follow_the_order() {
        let place = |key: SortKey, row| (vec![key], row);
        let (n, t) = (SortKey::Number, |text: &str| SortKey::Text(text.to_owned()));
        let places = vec![place(n(2.0), 1), place(SortKey::Nothing, 2), place(n(1.0), 3), place(n(2.0), 4)];
        let rows = |descending: bool, after: Option<&Place>| {
            let sort_by = vec![("width".to_owned(), descending)];
            let (page, more) = page(places.clone(), &sort_by, after, 2);
            (page.iter().map(|place| place.1).collect::<Vec<_>>(), more)
        };
        assert_eq!(rows(false, None), (vec![3, 1], true));
        assert_eq!(rows(false, Some(&place(n(2.0), 1))), (vec![4, 2], false));
        assert_eq!(rows(true, None), (vec![4, 1], true));
        assert_eq!(rows(true, Some(&place(n(2.0), 1))), (vec![3, 2], false));
        assert!(of_values(&t("a"), &t("b")).is_lt());
    }

    #[test]
    fn orders() {
        let sortable = Sortable { fields: &["a", "b"], dotted: true, or: ("a", true) };
        let table = [
            (json!([{ "a": "asc" }, { "b": "desc" }]), Some(vec![("a", false), ("b", true)])),
            (json!(["{\"a\":\"desc\"}"]), Some(vec![("a", true)])),
            (json!([{ "context.x": "asc" }]), Some(vec![("context.x", false)])),
            (json!([{ "z": "asc" }]), None),
            (json!([{ "a": "up" }]), None),
            (json!(["a"]), None),
            (json!([{}]), None),
        ];
        for (value, expected) in table {
            let expected = expected.map(|pairs| pairs.into_iter().map(|(f, d)| (f.to_owned(), d)).collect::<SortBy>());
            assert_eq!(read(Some(&value), sortable).ok(), expected, "{value}");
        }
    }
}
