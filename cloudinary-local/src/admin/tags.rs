//! The tags in use.

use serde_json::{Value, json};

use super::{Asked, cursor, resources::listed_type};
use crate::{app::App, http::ApiError};

/// `GET /tags/{resource_type}`
pub(super) async fn list(app: &App, kind: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let (most, after) = (asked.max_results()?, asked.given("next_cursor")?);
    let prefix = asked.given("prefix")?.unwrap_or_default();
    asked.finish()?;
    let name = format!("tags {kind} {prefix}");
    let after: Option<String> = after.map(|text| cursor::read(&name, &text)).transpose()?;
    let after = after.unwrap_or_default();
    let mut tags = match listed_type(kind)? {
        Some(resource_type) => app.store.list_tags(resource_type, &prefix, &after, most + 1).await?,
        None => Vec::new(),
    };
    let more = tags.len() > most as usize;
    tags.truncate(most as usize);
    let mut answer = json!({ "tags": tags });
    if let Some(last) = tags.last().filter(|_| more) {
        answer["next_cursor"] = cursor::write(&name, last)?.into();
    }
    Ok(answer)
}
