//! Derived images, removed by their ids.

use serde_json::{Map, Value, json};

use super::{Asked, resources::told::derived_row};
use crate::{app::App, http::ApiError};

/// The most one call removes, as with the service.
const MOST: usize = 100;

/// `DELETE /derived_resources`
pub(super) async fn delete(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let name = "derived_resource_ids";
    let ids = asked.list(name)?.filter(|ids| !ids.is_empty()).ok_or_else(|| ApiError::missing(name))?;
    let invalidate = asked.flag("invalidate")?;
    asked.finish()?;
    if ids.len() > MOST {
        return Err(ApiError::invalid(name, format_args!("at most {MOST} at a time")));
    }
    let mut deleted = Map::new();
    for id in ids {
        let done = match derived_row(&id) {
            Some(row) => app.store.delete_derived(row).await?.is_some(),
            None => false,
        };
        deleted.insert(id, if done { "deleted" } else { "not_found" }.into());
    }
    let mut answer = json!({ "deleted": deleted });
    if invalidate {
        // There is no CDN, and so no URL to be taken from it.
        answer["invalidation"] = json!({ "took": 0, "urls": [] });
    }
    Ok(answer)
}
