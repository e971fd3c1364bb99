//! One change to many assets at a time.

use serde_json::{Map, Value, json};

use super::action::Action;
use crate::{
    app::App,
    http::ApiError,
    ids,
    store::{Asset, AssetKey, DeliveryType, Details, ResourceType},
};

/// An asset before and after a change.
#[derive(Debug)]
pub(crate) struct Changed {
    pub(crate) before: Details,
    pub(crate) after: Asset,
}

pub(crate) fn keys(resource_type: ResourceType, delivery_type: DeliveryType, public_ids: &[String]) -> Vec<AssetKey> {
    let key = |public_id: &String| AssetKey { resource_type, delivery_type, public_id: public_id.clone() };
    public_ids.iter().map(key).collect()
}

/// Changes those that are there; a change that is refused ends it.
pub(crate) async fn edit(
    app: &App,
    keys: &[AssetKey],
    change: impl Fn(&mut Details) -> Result<(), ApiError> + Send + Sync,
) -> Result<Vec<Changed>, ApiError> {
    // All are asked first: a refusal should leave none changed.
    for key in keys {
        if let Some(mut asset) = app.store.asset(key).await? {
            change(&mut asset.details)?;
        }
    }
    let mut changed = Vec::new();
    for key in keys {
        let mut before = None;
        let mut refused = Ok(());
        let after = app
            .store
            .edit(key, ids::now(), |details| {
                before = Some(details.clone());
                refused = change(details);
                if refused.is_err() {
                    details.clone_from(before.as_ref().unwrap_or(&Details::default()));
                }
            })
            .await?;
        refused?;
        if let Some((before, after)) = before.zip(after) {
            changed.push(Changed { before, after });
        }
    }
    Ok(changed)
}

/// The ids of those that were there.
pub(crate) fn names(changed: &[Changed]) -> Vec<&str> {
    changed.iter().map(|one| one.after.key.public_id.as_str()).collect()
}

/// Tells the URL of the request, if it has one, what was changed.
pub(crate) fn notify(app: &App, action: &Action, kind: &str, changed: &[Changed]) -> Result<(), ApiError> {
    let resources: Vec<Value> = changed.iter().map(|one| told(kind, one)).collect();
    let event = Map::from_iter([("source".to_owned(), json!("api")), ("resources".to_owned(), resources.into())]);
    app.webhooks.notify(&action.notification_url()?, kind, event);
    Ok(())
}

fn told(kind: &str, changed: &Changed) -> Value {
    let Changed { before, after } = changed;
    let mut resource = json!({
        "asset_id": after.asset_id,
        "public_id": after.key.public_id,
        "resource_type": after.key.resource_type.as_str(),
        "type": after.key.delivery_type.as_str(),
    });
    let details = &after.details;
    match kind {
        "resource_tags_changed" => {
            let not_in = |these: &[String], those: &[String]| -> Vec<String> {
                these.iter().filter(|tag| !those.contains(tag)).cloned().collect()
            };
            resource["added"] = json!(not_in(&details.tags, &before.tags));
            resource["removed"] = json!(not_in(&before.tags, &details.tags));
        }
        "resource_context_changed" => {
            resource["previous"] = json!(before.context);
            resource["new"] = json!(details.context);
        }
        _ => {
            resource["previous"] = json!(before.metadata);
            resource["new"] = json!(details.metadata);
        }
    }
    resource
}
