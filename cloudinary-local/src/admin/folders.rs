//! Folders: listed, made, renamed and removed.

use serde_json::{Value, json};

use super::{Asked, cursor, not_carried_out};
use crate::{
    app::App,
    http::ApiError,
    ids,
    store::{AssetFolder, FolderDeleted, FolderMoved},
    upload,
};

/// `GET /folders`, `GET /folders/{parent}`
pub(super) async fn list(app: &App, parent: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let (most, after) = (asked.max_results()?, asked.given("next_cursor")?);
    asked.finish()?;
    let all = app.store.asset_folders().await?;
    if !parent.is_empty() && !all.iter().any(|folder| folder.path == parent) {
        return Err(missing(parent));
    }
    let inside: Vec<AssetFolder> = all.into_iter().filter(|folder| folder.parent() == parent).collect();
    let total = inside.len();
    let list = format!("folders {parent}");
    let (page, next) = cursor::page(&list, inside, after.as_deref(), most, |folder| folder.path.clone())?;
    let folders: Vec<Value> = page
        .iter()
        .map(|folder| json!({ "name": folder.name(), "path": folder.path, "external_id": folder.external_id }))
        .collect();
    Ok(json!({ "folders": folders, "next_cursor": next, "total_count": total }))
}

/// `POST /folders/{path}`
pub(super) async fn create(app: &App, path: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    check(path)?;
    app.store.make_folder(path, ids::now()).await?;
    let name = path.rsplit('/').next().unwrap_or_default();
    Ok(json!({ "success": true, "path": path, "name": name }))
}

/// `PUT /folders/{path}` with `to_folder`
pub(super) async fn rename(app: &App, from: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let to = asked.required("to_folder")?;
    asked.finish()?;
    let to = to.trim_matches('/');
    check(to)?;
    if to.strip_prefix(from).is_some_and(|rest| rest.starts_with('/')) {
        return Err(ApiError::invalid("to_folder", format_args!("{to} lies in {from} itself")));
    }
    match app.store.rename_folder(from, to, ids::now()).await? {
        FolderMoved::Missing => Err(missing(from)),
        FolderMoved::Taken => Err(super::conflict(format!("Folder {to} already exists"))),
        FolderMoved::Done => {
            let told = |path: &str| json!({ "name": path.rsplit('/').next().unwrap_or_default(), "path": path });
            Ok(json!({ "from": told(from), "to": told(to) }))
        }
    }
}

/// `DELETE /folders/{path}`
pub(super) async fn delete(app: &App, path: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    if asked.flag("skip_backup")? {
        return Err(not_carried_out("skip_backup: backups of a folder's assets are kept"));
    }
    asked.finish()?;
    match app.store.delete_folder(path).await? {
        FolderDeleted::Missing => Err(missing(path)),
        FolderDeleted::NotEmpty => Err(ApiError::bad_request("Folder is not empty")),
        FolderDeleted::Done(deleted) => Ok(json!({ "deleted": deleted })),
    }
}

fn missing(path: &str) -> ApiError {
    ApiError::not_found(format!("Can't find folder with path {path}"))
}

/// A folder may be named as a `public_id` may.
fn check(path: &str) -> Result<(), ApiError> {
    if path.is_empty() {
        return Err(ApiError::missing("path"));
    }
    upload::check_public_id(path)
        .map_err(|error| ApiError::bad_request(error.message.replacen("public_id", "folder", 1)))
}
