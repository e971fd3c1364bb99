//! Variables from option maps.

use serde_json::{Map, Value as Json};

use super::value::{is_unset, scalar};
use crate::error::{Error, Result};
use crate::transformation::{Transformation, expression};

/// Sets the `$name` options by name, then those of `variables` in their order. One that is set again keeps both
/// places, since another may be made from its first value.
pub(super) fn with_variables(mut step: Transformation, options: &Map<String, Json>) -> Result<Transformation> {
    let mut all: Vec<String> = Vec::new();
    for (name, value) in options.iter().filter(|(name, value)| name.starts_with('$') && !is_unset(value)) {
        all.push(format!("{}_{}", checked(name)?, expression::normalize(&scalar(name, value)?)));
    }
    all.sort_unstable();
    let pairs = match options.get("variables") {
        Some(Json::Array(pairs)) => pairs.as_slice(),
        Some(value) if !is_unset(value) => {
            return Err(Error::invalid("variables", &value.to_string(), "give a list of [\"$name\", value]"));
        }
        _ => &[],
    };
    for pair in pairs {
        match pair.as_array().map(Vec::as_slice) {
            Some([Json::String(name), value]) if name.starts_with('$') => {
                all.push(format!("{}_{}", checked(name)?, expression::normalize(&scalar("variables", value)?)));
            }
            _ => return Err(Error::invalid("variables", &pair.to_string(), "give [\"$name\", value]")),
        }
    }
    let text = all.join(",");
    if let Some((first, rest)) = text.split_once('_') {
        step.put(first, rest);
    }
    Ok(step)
}

/// A name that ends where its value begins.
fn checked(name: &str) -> Result<&str> {
    let is_name = name
        .strip_prefix('$')
        .is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
    if is_name { Ok(name) } else { Err(Error::invalid("variable", name, "its name is $ and letters and digits")) }
}
