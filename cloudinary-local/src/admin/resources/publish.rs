//! Private and authenticated assets made open to all.

use serde_json::{Value, json};

use super::{check_count, delivery_type, resource_type, told};
use crate::{
    admin::Asked,
    app::App,
    http::ApiError,
    ids,
    store::{AssetKey, DeliveryType, Only, Page, Renamed, Wanted},
};

/// The most assets one call publishes of those that have a prefix or tag in common.
const MOST: u32 = 1000;

/// `POST /resources/{resource_type}/publish_resources` with `public_ids`, `prefix` or `tag`
pub(in crate::admin) async fn publish(app: &App, kind: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let only = match (asked.list("public_ids")?, asked.given("prefix")?, asked.given("tag")?) {
        (Some(ids), None, None) => {
            check_count("public_ids", &ids)?;
            Only::PublicIds(ids)
        }
        (None, Some(prefix), None) => Only::Prefix(prefix),
        (None, None, Some(tag)) => Only::Tag(tag),
        (None, None, None) => return Err(ApiError::missing("public_ids")),
        _ => return Err(ApiError::bad_request("Only one of public_ids, prefix and tag can be given")),
    };
    let from = asked.given("type")?.map(|name| delivery_type(&name)).transpose()?;
    let overwrite = asked.flag("overwrite")?;
    // There is no CDN.
    asked.ignore(&["invalidate"]);
    asked.finish()?;
    let named = match &only {
        Only::PublicIds(ids) => ids.clone(),
        _ => Vec::new(),
    };
    let wanted = Wanted { resource_type: Some(resource_type(kind)?), delivery_type: from, only, start_at: None };
    let mut found = app.store.list_assets(&wanted, Page { descending: false, after: None, most: MOST }).await?;
    found.retain(|asset| matches!(asset.key.delivery_type, DeliveryType::Private | DeliveryType::Authenticated));
    let (mut published, mut failed) = (Vec::new(), Vec::new());
    for id in named.iter().filter(|id| !found.iter().any(|asset| asset.key.public_id == **id)) {
        failed.push(json!({ "public_id": id, "error": format!("Resource not found - {id}") }));
    }
    for asset in found {
        let to = AssetKey { delivery_type: DeliveryType::Upload, ..asset.key.clone() };
        let id = &asset.key.public_id;
        match app.store.rename(&asset.key, &to, overwrite, ids::now()).await? {
            Renamed::Done(open) => published.push(Value::Object(told::base(app, &open))),
            Renamed::Missing => {
                failed.push(json!({ "public_id": id, "error": format!("Resource not found - {id}") }));
            }
            Renamed::Taken => failed.push(json!({ "public_id": id, "error": format!("{id} already exists") })),
        }
    }
    Ok(json!({ "published": published, "failed": failed }))
}
