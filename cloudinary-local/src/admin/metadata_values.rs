//! Values for the fields of structured metadata, as uploads and updates give them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{metadata_fields, metadata_types::Field};
use crate::{app::App, http::ApiError};

/// The values as the fields want them; `null` for one that is to be taken away. Unknown fields are refused.
pub(crate) async fn checked(app: &App, given: &BTreeMap<String, String>) -> Result<BTreeMap<String, Value>, ApiError> {
    if given.is_empty() {
        return Ok(BTreeMap::new());
    }
    let fields = metadata_fields::all(app).await?;
    let find = |id: &str| fields.iter().find(|field| field.external_id == id);
    let unknown: Vec<&String> = given.keys().filter(|id| find(id).is_none()).collect();
    if !unknown.is_empty() {
        return Err(ApiError::bad_request(format!("Metadata External IDs do not exist: {unknown:?}")));
    }
    let mut values = BTreeMap::new();
    for (id, text) in given {
        let Some(field) = find(id) else { continue };
        let value = if text.is_empty() || text == "[]" {
            if field.mandatory {
                return Err(missing(field));
            }
            Value::Null
        } else {
            field.checked(&Value::from(text.as_str()))?
        };
        values.insert(id.clone(), value);
    }
    Ok(values)
}

/// What a new asset has: the values given, and the defaults of the fields nobody spoke of. A mandatory field needs the
/// one or the other.
pub(crate) async fn of_new_asset(
    app: &App,
    given: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, ApiError> {
    let mut values = given;
    for field in metadata_fields::all(app).await? {
        if values.contains_key(&field.external_id) {
            continue;
        }
        if !field.default_value.is_null() && !field.default_disabled {
            values.insert(field.external_id, field.default_value);
        } else if field.mandatory {
            return Err(missing(&field));
        }
    }
    values.retain(|_, value| !value.is_null());
    Ok(values)
}

fn missing(field: &Field) -> ApiError {
    ApiError::bad_request(format!("Metadata field {} is mandatory: give it a value", field.external_id))
}
