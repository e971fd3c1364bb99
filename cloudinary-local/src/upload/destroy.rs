//! How assets go: by a signed request, or by a token its uploader was given.

use std::sync::Arc;

use axum::{Json, body::Body, extract::State};
use http::HeaderMap;
use serde_json::{Value, json};

use crate::{
    app::App,
    http::{ApiError, Form, Gate, Segments, auth},
    ids,
    store::{AssetKey, DeliveryType, ResourceType},
};

const PARAMETERS: &[&str] =
    &["api_key", "cloud_name", "invalidate", "public_id", "resource_type", "signature", "timestamp", "type"];

/// Parameters of the service that are refused here.
const NOT_CARRIED_OUT: &[&str] = &["asset_id", "notification_url"];

/// `POST /v1_1/{cloud}/{resource_type}/destroy`
pub(crate) async fn destroy(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let known = |name: &str| PARAMETERS.contains(&name) || NOT_CARRIED_OUT.contains(&name);
    let gate = Gate { settings: &app.settings, cloud: &cloud, credentials: true, known };
    let form = Form::read(&headers, body, app.store.blobs(), &gate).await?;
    if let auth::Caller::Unsigned(_) = auth::authorize(&app.settings, &cloud, &headers, &form.params)? {
        return Err(ApiError::missing("api_key"));
    }
    for (name, value) in &form.params {
        if !PARAMETERS.contains(&name.as_str()) && !value.is_empty() {
            return Err(ApiError::bad_request(format!("Parameter {name} is not carried out by cloudinary-local")));
        }
    }
    let given = |name: &str| form.params.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let delivery_type = given("type").unwrap_or("upload");
    let key = AssetKey {
        resource_type: ResourceType::parse(&resource_type)
            .ok_or_else(|| ApiError::bad_request(format!("Invalid resource type {resource_type}")))?,
        delivery_type: DeliveryType::parse(delivery_type).ok_or_else(|| {
            ApiError::invalid("type", format_args!("{delivery_type}; use upload, private or authenticated"))
        })?,
        public_id: given("public_id").ok_or_else(|| ApiError::missing("public_id"))?.to_owned(),
    };
    let result = if destroy_whole(&app, key).await? { "ok" } else { "not found" };
    Ok(Json(json!({ "result": result })))
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
