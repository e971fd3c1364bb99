//! Cursors: where the next page of a list begins. A client hands them back as they are.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::http::ApiError;

/// A cursor for the list of that name, which no other list takes.
pub(crate) fn write(list: &str, position: &impl Serialize) -> Result<String, ApiError> {
    let json = serde_json::to_vec(&(list, position)).map_err(crate::store::StoreError::from)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// The position a cursor of that list stands for.
pub(crate) fn read<T: DeserializeOwned>(list: &str, cursor: &str) -> Result<T, ApiError> {
    let invalid = || ApiError::bad_request("Invalid next_cursor: it is not of this list");
    let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    let (of, position): (String, T) = serde_json::from_slice(&json).map_err(|_| invalid())?;
    if of == list { Ok(position) } else { Err(invalid()) }
}

/// One page of things in the order of their keys, and the cursor of the next.
pub(crate) fn page<T>(
    list: &str,
    mut things: Vec<T>,
    after: Option<&str>,
    most: u32,
    key: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    if let Some(cursor) = after {
        let after: String = read(list, cursor)?;
        things.retain(|thing| key(thing) > after);
    }
    let most = most as usize;
    let next = if things.len() > most { things.get(most - 1).map(|last| write(list, &key(last))) } else { None };
    things.truncate(most);
    Ok((things, next.transpose()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other() {
        let things = || vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let (first, next) = page("x", things(), None, 2, Clone::clone).unwrap();
        assert_eq!(first, ["a", "b"]);
        let (second, end) = page("x", things(), next.as_deref(), 2, Clone::clone).unwrap();
        assert_eq!((second, end), (vec!["c".to_owned()], None));
        for (list, cursor) in [("y", next.as_deref().unwrap()), ("x", "nonsense"), ("x", "")] {
            assert_eq!(
                page(list, things(), Some(cursor), 2, Clone::clone).unwrap_err().message,
                "Invalid next_cursor: it is not of this list"
            );
        }
    }
}
