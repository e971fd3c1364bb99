//! Assets brought back from the versions that were kept of them, and those versions removed.

use serde_json::{Map, Value, json};

use super::{check_count, details, key, not_found};
use crate::{
    admin::Asked,
    app::App,
    http::ApiError,
    ids,
    store::{Asset, AssetKey},
};

/// `POST /resources/{resource_type}/{type}/restore`
pub(in crate::admin) async fn by_public_ids(
    app: &App,
    kind: &str,
    delivery: &str,
    asked: &mut Asked,
) -> Result<Value, ApiError> {
    let ids = asked.list("public_ids")?.ok_or_else(|| ApiError::missing("public_ids"))?;
    check_count("public_ids", &ids)?;
    let versions = versions(asked, &ids)?;
    let mut answer = Map::new();
    for (place, id) in ids.iter().enumerate() {
        let key = key(kind, delivery, id)?;
        answer.insert(id.clone(), one(app, Some(key), versions.get(place)).await?);
    }
    Ok(answer.into())
}

/// `POST /resources/restore`
pub(in crate::admin) async fn by_asset_ids(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let missing = || ApiError::bad_request("asset_ids parameter is required");
    let ids = asked.list("asset_ids")?.filter(|ids| !ids.is_empty()).ok_or_else(missing)?;
    check_count("asset_ids", &ids)?;
    let versions = versions(asked, &ids)?;
    let mut answer = Map::new();
    for (place, id) in ids.iter().enumerate() {
        let key = app.store.asset_or_placeholder_by_id(id).await?.map(|asset| asset.key);
        answer.insert(id.clone(), one(app, key, versions.get(place)).await?);
    }
    Ok(answer.into())
}

/// `DELETE /resources/backup/{asset_id}`
pub(in crate::admin) async fn delete_backups(app: &App, asset_id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let wanted = asked.list("version_ids")?.filter(|ids| !ids.is_empty());
    let wanted = wanted.ok_or_else(|| ApiError::missing("version_ids"))?;
    check_count("version_ids", &wanted)?;
    asked.finish()?;
    let asset: Asset = app.store.asset_or_placeholder_by_id(asset_id).await?.ok_or_else(|| not_found(asset_id))?;
    let mut deleted = Map::new();
    for version in wanted {
        let done = app.store.delete_backup(&asset, &version).await?;
        deleted.insert(version, if done { "deleted" } else { "not_found" }.into());
    }
    Ok(json!({ "asset_id": asset_id, "deleted": deleted }))
}

/// One version for each id, or none at all.
fn versions(asked: &mut Asked, ids: &[String]) -> Result<Vec<String>, ApiError> {
    let versions = asked.list("versions")?.unwrap_or_default();
    asked.finish()?;
    if !versions.is_empty() && versions.len() != ids.len() {
        return Err(ApiError::bad_request("versions count must match ids count"));
    }
    Ok(versions)
}

async fn one(app: &App, key: Option<AssetKey>, version: Option<&String>) -> Result<Value, ApiError> {
    let no_backup = || json!({ "error": "no_backup" });
    let Some(key) = key else { return Ok(no_backup()) };
    let version = version.map(String::as_str).filter(|version| !version.is_empty());
    let restored = app.store.restore(&key, version, ids::now()).await?;
    Ok(restored.map_or_else(no_backup, |asset| details::describe(app, &asset).into()))
}
