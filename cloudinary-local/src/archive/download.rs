//! Signed URLs of the API that answer with one asset, or with a kept version of one.

use axum::{extract::State, response::Response};
use http::{HeaderMap, Method, Uri};

use crate::{
    app::App,
    delivery::{self, Attachment},
    http::{ApiError, Segments},
    store::AssetKey,
    upload::{
        action::{Action, Named, missing, stored_type},
        request::image_format,
    },
};

const PRIVATE: Named = Named { done: &["attachment", "expires_at", "format", "public_id", "type"], refused: &[] };
const BACKUP: Named = Named { done: &["asset_id", "expires_at", "version_id"], refused: &[] };

/// `GET /v1_1/{cloud}/{resource_type}/download`: an asset, whoever may see it otherwise.
pub(crate) async fn private(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let query = uri.query().unwrap_or_default();
    let action = Action::read_query(&app, &cloud, &resource_type, &headers, query, PRIVATE)?;
    let key = AssetKey {
        resource_type: stored_type(&resource_type)?,
        delivery_type: action.delivery_type("type")?,
        public_id: action.required("public_id")?.to_owned(),
    };
    let asset = app.store.asset(&key).await?.ok_or_else(|| missing(&key))?;
    let own = asset.file.format.as_deref();
    let format = match action.given("format") {
        Some(format) if own.is_some() => Some(image_format("format", format)?).filter(|f| own != Some(f.extension())),
        _ => None,
    };
    let attachment = match action.given("attachment") {
        None | Some("0" | "false") => None,
        Some("1" | "true") => Some(Attachment::named(None)),
        Some(name) => Some(Attachment::named(Some(name))),
    };
    delivery::send_asset(&app, &asset, format, attachment, &method, &headers).await
}

/// `GET /v1_1/{cloud}/download_backup`: a kept version.
pub(crate) async fn backup(
    State(app): State<App>,
    Segments(cloud): Segments<String>,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let query = uri.query().unwrap_or_default();
    let action = Action::read_query(&app, &cloud, "backup", &headers, query, BACKUP)?;
    let (asset_id, version_id) = (action.required("asset_id")?, action.required("version_id")?);
    let found = app.store.backup(asset_id, version_id).await?;
    let (mut asset, backup) = found.ok_or_else(|| ApiError::not_found(format!("Resource not found - {asset_id}")))?;
    asset.file = backup.file;
    asset.version = backup.version;
    delivery::send_asset(&app, &asset, None, Some(Attachment::named(None)), &method, &headers).await
}
