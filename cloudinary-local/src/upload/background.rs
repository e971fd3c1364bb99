//! What an upload or an explicit call leaves to be done after its answer, and who hears of it.

use serde_json::{Map, Value, json};

use super::{request::Eager, response};
use crate::{
    app::App,
    delivery,
    http::ApiError,
    ids,
    store::{Asset, AssetKey},
    webhook::Destinations,
};

/// The answer to a request that is carried out later.
pub(crate) fn pending(key: &AssetKey, batch_id: &str) -> Value {
    json!({
        "status": "pending",
        "resource_type": key.resource_type.as_str(),
        "type": key.delivery_type.as_str(),
        "public_id": key.public_id,
        "batch_id": batch_id,
    })
}

/// Sends an answer as a notification: where it is to go or, if that is nowhere, where triggers point.
pub(crate) fn notify(app: &App, to: &Destinations, kind: &str, answer: &Value) {
    if let Some(answer) = answer.as_object() {
        app.webhooks.notify(to, kind, answer.clone());
    }
}

/// Tells how something went that was done after its answer.
pub(crate) fn tell(
    app: &App,
    to: &Destinations,
    kind: &str,
    key: &AssetKey,
    batch_id: &str,
    done: Result<Value, ApiError>,
) {
    match done {
        Ok(mut answer) => {
            if let Some(answer) = answer.as_object_mut() {
                answer.insert("batch_id".to_owned(), batch_id.into());
            }
            notify(app, to, kind, &answer);
        }
        Err(error) => {
            tracing::warn!(public_id = key.public_id, %error, "what was left for later failed");
            let mut event = pending(key, batch_id);
            event["status"] = "failed".into();
            event["error"] = json!({ "message": error.message });
            notify(app, to, "error", &event);
        }
    }
}

/// Begins to make the eager ones; tells meanwhile where they will be.
pub(crate) fn derive(app: &App, asset: &Asset, eager: Vec<Eager>, to: Destinations) -> Result<Vec<Value>, ApiError> {
    let batch_id = ids::hex_id();
    let told = response::eager_pending(app, asset, &eager, &batch_id);
    let (task_app, asset) = (app.clone(), asset.clone());
    app.background.begin(async move {
        let mut made = Vec::new();
        for one in eager {
            made.push(match delivery::derive(&task_app, &asset, &one.transformation, one.format).await {
                Ok(now) => response::describe_eager(&task_app, &asset, &one, &now.derived),
                Err(error) => {
                    tracing::warn!(public_id = asset.key.public_id, %error, "an eager transformation failed");
                    json!({
                        "transformation": one.transformation.as_str(),
                        "status": "failed",
                        "reason": error.message,
                    })
                }
            });
        }
        notify_eager(&task_app, &asset, &to, Some(&batch_id), made);
    })?;
    Ok(told)
}

pub(crate) fn notify_eager(app: &App, asset: &Asset, to: &Destinations, batch_id: Option<&str>, eager: Vec<Value>) {
    let mut event = Map::from_iter([
        ("eager".to_owned(), eager.into()),
        ("api_key".to_owned(), json!(app.settings.api_key)),
        ("asset_id".to_owned(), json!(asset.asset_id)),
        ("public_id".to_owned(), json!(asset.key.public_id)),
    ]);
    if let Some(batch_id) = batch_id {
        event.insert("batch_id".to_owned(), batch_id.into());
    }
    app.webhooks.notify(to, "eager", event);
}
