//! How assets go: by a signed request, or by a token its uploader was given.

use std::sync::Arc;

use axum::{Json, body::Body, extract::State};
use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::{
    action::{Action, Named, stored_type},
    response::{self, Extras},
};
use crate::{
    app::App,
    http::{ApiError, Form, Gate, Segments},
    ids,
    store::{AssetKey, ResourceType},
};

const PARAMETERS: Named =
    Named { done: &["asset_id", "invalidate", "notification_url", "public_id", "type"], refused: &[] };

/// `POST /v1_1/{cloud}/{resource_type}/destroy`, by `public_id` and `type`, or by `asset_id`.
pub(crate) async fn destroy(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let action = Action::read(&app, &cloud, &resource_type, &headers, body, PARAMETERS).await?;
    destroy_named(&app, &action, stored_type(&resource_type)?).await
}

/// `POST /v1_1/{cloud}/asset/destroy`, by `asset_id`: it tells the resource type, too.
pub(crate) async fn destroy_by_asset_id(
    State(app): State<App>,
    Segments(cloud): Segments<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let action = Action::read(&app, &cloud, "asset", &headers, body, PARAMETERS).await?;
    action.required("asset_id")?;
    destroy_named(&app, &action, ResourceType::Image).await
}

async fn destroy_named(app: &App, action: &Action, resource_type: ResourceType) -> Result<Json<Value>, ApiError> {
    let destinations = action.notification_url()?;
    let asset = match (action.given("asset_id"), action.given("public_id")) {
        (Some(_), Some(_)) => return Err(ApiError::bad_request("Either public_id or asset_id is given, not both")),
        (Some(asset_id), None) => {
            if asset_id.len() != 32 || !asset_id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(ApiError::bad_request(format!("Invalid asset_id: {asset_id}")));
            }
            app.store.asset_by_id(asset_id).await?
        }
        (None, Some(public_id)) => {
            let delivery_type = action.delivery_type("type")?;
            app.store.asset(&AssetKey { resource_type, delivery_type, public_id: public_id.to_owned() }).await?
        }
        (None, None) => return Err(ApiError::missing("public_id")),
    };
    let Some(asset) = asset else { return Ok(Json(json!({ "result": "not found" }))) };
    if !destroy_whole(app, asset.key.clone()).await? {
        return Ok(Json(json!({ "result": "not found" })));
    }
    let told = response::describe(app, &asset, Extras::default());
    let resource: Map<String, Value> =
        ["resource_type", "type", "asset_id", "public_id", "version", "asset_folder", "display_name"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), told.get(name)?.clone())))
            .collect();
    app.webhooks.notify(&destinations, "delete", Map::from_iter([("resources".to_owned(), json!([resource]))]));
    Ok(Json(json!({ "result": "ok" })))
}

/// Once begun it is done whole, even when the client is gone.
async fn destroy_whole(app: &App, key: AssetKey) -> Result<bool, ApiError> {
    let store = Arc::clone(&app.store);
    let destroying = tokio::spawn(async move { store.destroy(&key).await });
    Ok(destroying.await.map_err(std::io::Error::other)??)
}

/// `POST /v1_1/{cloud}/delete_by_token`
pub(crate) async fn delete_by_token(
    State(app): State<App>,
    Segments(cloud): Segments<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let known = |name: &str| matches!(name, "token" | "cloud_name");
    let gate = Gate { settings: &app.settings, cloud: &cloud, credentials: false, known };
    let form = Form::read(&headers, body, app.store.blobs(), &gate).await?;
    let token = form.params.get("token").ok_or_else(|| ApiError::missing("token"))?;
    let invalid = || ApiError::bad_request("Invalid token");
    let key = app.store.delete_token_asset(token, ids::now()).await?.ok_or_else(invalid)?;
    if destroy_whole(&app, key).await? { Ok(Json(json!({ "result": "ok" }))) } else { Err(invalid()) }
}
