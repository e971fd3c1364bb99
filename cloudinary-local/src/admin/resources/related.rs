//! Assets that belong together: related in both directions.

use http::StatusCode;
use serde_json::json;

use super::{full_id, key, not_found};
use crate::{
    admin::{Answer, Asked},
    app::App,
    http::ApiError,
    store::Asset,
    webhook::Destinations,
};

/// The most assets one call relates, as with the service.
const MOST: usize = 10;

/// What the caller names assets by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// `image/upload/sample`
    FullId,
    AssetId,
}

/// `POST` and `DELETE /resources/related_assets/{asset_id}` or `…/{resource_type}/{type}/{public_id}`
pub(in crate::admin) async fn change(
    app: &App,
    add: bool,
    target: &[&str],
    asked: &mut Asked,
) -> Result<Answer, ApiError> {
    let name = if add { "assets_to_relate" } else { "assets_to_unrelate" };
    let others = asked.list(name)?.filter(|others| !others.is_empty()).ok_or_else(|| ApiError::missing(name))?;
    asked.finish()?;
    if others.len() > MOST {
        return Err(ApiError::invalid(name, format_args!("at most {MOST} at a time")));
    }
    let (by, named) = if target.len() == 1 { (By::AssetId, target.concat()) } else { (By::FullId, target.join("/")) };
    let asset = find(app, by, &named).await?.ok_or_else(|| not_found(&named))?;
    let (mut success, mut failed) = (Vec::new(), Vec::new());
    for other in others {
        let told = |status: u16, code: &str, message: &str| json!({ "asset": other, "message": message, "code": code, "status": status });
        let found = match find(app, by, &other).await {
            Ok(found) => found,
            // A name that cannot be read names nothing.
            Err(error) if error.status == StatusCode::BAD_REQUEST => None,
            Err(error) => return Err(error),
        };
        match found {
            None => failed.push(told(404, "non_existing_ids", "resource does not exist")),
            Some(other) if other.row == asset.row => {
                failed.push(told(400, "same_ids", "resource cannot be related to itself"));
            }
            Some(other) if add => {
                if app.store.relate(&asset, &other).await? {
                    success.push(told(200, "success_ids", "success"));
                } else {
                    failed.push(told(409, "already_related_ids", "resource already related"));
                }
            }
            Some(other) => {
                if app.store.unrelate(&asset, &other).await? {
                    success.push(told(200, "success_ids", "success"));
                } else {
                    failed.push(told(404, "not_related_ids", "resource is not related"));
                }
            }
        }
    }
    if !success.is_empty() {
        let event = [
            ("asset".to_owned(), full_id(&asset).into()),
            ("action".to_owned(), if add { "add" } else { "delete" }.into()),
            ("related_assets".to_owned(), success.iter().map(|one| one["asset"].clone()).collect()),
        ];
        app.webhooks.notify(&Destinations::default(), "related_assets", event.into_iter().collect());
    }
    let status = if failed.is_empty() { StatusCode::OK } else { StatusCode::MULTI_STATUS };
    Ok(Answer { status, body: json!({ "failed": failed, "success": success }) })
}

async fn find(app: &App, by: By, name: &str) -> Result<Option<Asset>, ApiError> {
    if by == By::AssetId {
        return Ok(app.store.asset_by_id(name).await?);
    }
    let mut parts = name.splitn(3, '/');
    let (Some(kind), Some(delivery), Some(public_id)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(ApiError::bad_request(format!("Illegal id {name}; write it as image/upload/sample")));
    };
    let key = key(kind, delivery, public_id)?;
    Ok(app.store.asset(&key).await?)
}
