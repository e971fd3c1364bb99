//! Assets and what was derived from them, in the words of the Admin API.

use serde_json::{Map, Value, json};

use crate::{
    admin::account::iso,
    app::App,
    pipeline::Plan,
    store::{Asset, DerivedAsset},
    urls,
};

/// What a list tells beside what it always does.
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of its own")]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shown {
    pub(crate) tags: bool,
    pub(crate) context: bool,
    pub(crate) metadata: bool,
    pub(crate) moderation: bool,
}

/// What every answer tells of an asset.
pub(crate) fn base(app: &App, asset: &Asset) -> Map<String, Value> {
    let format = asset.file.format.as_deref();
    let url = urls::delivery(&app.config, asset, None, format);
    let (folder, name) = asset.key.public_id.rsplit_once('/').unwrap_or(("", &asset.key.public_id));
    let details = &asset.details;
    let mut told = Map::new();
    let mut put = |name: &str, value: Value| told.insert(name.to_owned(), value);
    put("asset_id", asset.asset_id.clone().into());
    put("public_id", asset.key.public_id.clone().into());
    if let Some(format) = format {
        put("format", format.into());
    }
    put("version", asset.version.into());
    put("resource_type", asset.key.resource_type.as_str().into());
    put("type", asset.key.delivery_type.as_str().into());
    put("created_at", iso(asset.created_at).into());
    put("bytes", asset.file.bytes.into());
    if let Some((width, height)) = asset.file.size {
        put("width", width.into());
        put("height", height.into());
    }
    put("asset_folder", details.asset_folder.as_deref().unwrap_or(folder).into());
    put("display_name", details.display_name.as_deref().unwrap_or(name).into());
    if let Some(mode) = &details.access_mode {
        put("access_mode", json!(mode));
    }
    if !details.access_control.is_empty() {
        put("access_control", json!(details.access_control));
    }
    if asset.placeholder {
        put("placeholder", true.into());
    }
    put("url", url.clone().into());
    put("secure_url", url.into());
    told
}

/// An asset in a list.
pub(crate) fn listed(app: &App, asset: &Asset, shown: Shown) -> Map<String, Value> {
    let mut told = base(app, asset);
    let details = &asset.details;
    if shown.tags {
        told.insert("tags".to_owned(), tags(asset));
    }
    if shown.context && !details.context.is_empty() {
        told.insert("context".to_owned(), json!({ "custom": details.context }));
    }
    if shown.metadata {
        told.insert("metadata".to_owned(), json!(details.metadata));
    }
    if shown.moderation && !details.moderation.is_empty() {
        told.insert("moderation_kind".to_owned(), details.moderation.first().map(|one| one.kind.clone()).into());
        told.insert("moderation_status".to_owned(), details.moderation.first().map(|one| one.status.clone()).into());
    }
    told
}

/// By name, as the service tells them.
pub(crate) fn tags(asset: &Asset) -> Value {
    let mut tags = asset.details.tags.clone();
    tags.sort();
    tags.into()
}

/// A result, in the details of its asset.
pub(crate) fn derived(app: &App, asset: &Asset, derived: &DerivedAsset) -> Value {
    let text = called(app, &derived.transformation);
    let url = match text.parse() {
        Ok(transformation) => urls::delivery(&app.config, asset, Some(&transformation), Some(&derived.format)),
        Err(_) => urls::delivery(&app.config, asset, None, Some(&derived.format)),
    };
    let transformation = match derived.extension.as_str() {
        "" => text,
        extension if text.is_empty() => extension.to_owned(),
        extension => format!("{text}/{extension}"),
    };
    json!({
        "transformation": transformation,
        "transformation_signature": derived_id(derived.id),
        "format": derived.format,
        "width": derived.width,
        "height": derived.height,
        "bytes": derived.bytes,
        "id": derived_id(derived.id),
        "url": url,
        "secure_url": url,
    })
}

/// A result, in the details of its transformation.
pub(crate) fn derived_elsewhere(app: &App, asset: &Asset, result: &DerivedAsset) -> Value {
    let mut told = derived(app, asset, result);
    told["public_id"] = asset.key.public_id.clone().into();
    told["resource_type"] = asset.key.resource_type.as_str().into();
    told["type"] = asset.key.delivery_type.as_str().into();
    told
}

/// 32 hexadecimal digits.
pub(crate) fn derived_id(id: i64) -> String {
    format!("{id:032x}")
}

/// The row of such an id.
pub(crate) fn derived_row(id: &str) -> Option<i64> {
    if id.len() == 32 { i64::from_str_radix(id, 16).ok() } else { None }
}

/// Steps as the URL had them: those of a named transformation stand for its name, where that is all there was.
fn called(app: &App, expanded: &str) -> String {
    let last = expanded.rsplit('/').next().unwrap_or_default();
    let plan = last.starts_with("t_").then(|| last.parse().ok()).flatten();
    let plan = plan.and_then(|named| Plan::parse(&named, &|name| app.settings.named_transformation(name)).ok());
    match plan {
        Some(plan) if plan.expanded == expanded => last.to_owned(),
        _ => expanded.to_owned(),
    }
}
