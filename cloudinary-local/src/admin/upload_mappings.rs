//! Upload mappings: folders whose files are fetched from elsewhere when they are first asked for. They are kept and
//! told; nothing is fetched.

use serde_json::{Value, json};

use super::{Asked, conflict, cursor};
use crate::{
    app::App,
    http::ApiError,
    ids,
    store::{Definition, Kind},
};

/// `GET /upload_mappings`, with `folder` the one of that folder
pub(super) async fn list_or_details(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let folder = asked.given("folder")?;
    let (most, after) = (asked.max_results()?, asked.given("next_cursor")?);
    asked.finish()?;
    if let Some(folder) = folder {
        let found = app.store.definition(Kind::UploadMapping, &folder).await?.ok_or_else(|| missing(&folder))?;
        return Ok(told(&found));
    }
    let all = app.store.definitions(Kind::UploadMapping).await?;
    let (page, next) = cursor::page("upload_mappings", all, after.as_deref(), most, |one| format!("{:020}", one.id))?;
    let mut answer = json!({ "mappings": page.iter().map(told).collect::<Vec<_>>() });
    if let Some(next) = next {
        answer["next_cursor"] = next.into();
    }
    Ok(answer)
}

/// `POST /upload_mappings`
pub(super) async fn create(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let (folder, body) = mapping(asked)?;
    if !app.store.define(Kind::UploadMapping, &folder, &body, ids::now()).await? {
        return Err(conflict(format!("Upload mapping {folder} already exists")));
    }
    Ok(json!({ "message": "created", "folder": folder }))
}

/// `PUT /upload_mappings`
pub(super) async fn update(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let (folder, body) = mapping(asked)?;
    if !app.store.redefine(Kind::UploadMapping, &folder, &body).await? {
        return Err(missing(&folder));
    }
    Ok(json!({ "message": "updated", "folder": folder }))
}

/// `DELETE /upload_mappings`
pub(super) async fn delete(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let folder = asked.required("folder")?;
    asked.finish()?;
    if !app.store.undefine(Kind::UploadMapping, &folder).await? {
        return Err(missing(&folder));
    }
    Ok(json!({ "message": "deleted" }))
}

fn mapping(asked: &mut Asked) -> Result<(String, Value), ApiError> {
    let (folder, template) = (asked.required("folder")?, asked.required("template")?);
    asked.finish()?;
    let scheme = url::Url::parse(&template).map(|url| url.scheme().to_owned()).unwrap_or_default();
    if !matches!(scheme.as_str(), "http" | "https" | "s3" | "gs" | "ftp") {
        return Err(ApiError::invalid("template", format_args!("{template} is no URL")));
    }
    Ok((folder, json!({ "template": template })))
}

fn told(mapping: &Definition) -> Value {
    json!({ "folder": mapping.name, "template": mapping.body["template"], "external_id": format!("{:032x}", mapping.id) })
}

fn missing(folder: &str) -> ApiError {
    ApiError::not_found(format!("Can't find upload mapping for folder {folder}"))
}
