//! Lists of assets, each of what they have in common.

use serde_json::{Map, Value, json};

use super::{
    check_count, delivery_type, listed_type,
    told::{self, Shown},
};
use crate::{
    admin::{Asked, account::read_time, cursor},
    app::App,
    http::ApiError,
    store::{Asset, Only, Page, Wanted},
};

/// What `fields` may name.
const FIELDS: &[&str] = &[
    "access_control",
    "access_mode",
    "asset_folder",
    "asset_id",
    "bytes",
    "context",
    "created_at",
    "display_name",
    "format",
    "height",
    "metadata",
    "moderation",
    "public_id",
    "resource_type",
    "secure_url",
    "tags",
    "type",
    "url",
    "version",
    "width",
];

/// Told whatever `fields` names.
const ALWAYS: &[&str] = &["asset_id", "public_id", "resource_type", "type"];

/// `GET /resources/{resource_type}[/{type}]`
pub(in crate::admin) async fn of_kind(
    app: &App,
    kind: &str,
    delivery: Option<&str>,
    asked: &mut Asked,
) -> Result<Value, ApiError> {
    let (prefix, public_ids) = (asked.given("prefix")?, asked.list("public_ids")?);
    let start_at = asked.given("start_at")?;
    let start_at = start_at
        .map(|text| read_time(&text).ok_or_else(|| ApiError::invalid("start_at", format_args!("{text} is no time"))))
        .transpose()?;
    let only = match (prefix, public_ids) {
        (Some(_), Some(_)) => return Err(ApiError::bad_request("Only one of prefix and public_ids can be given")),
        (Some(prefix), None) => Only::Prefix(prefix),
        (None, Some(ids)) => {
            check_count("public_ids", &ids)?;
            Only::PublicIds(ids)
        }
        (None, None) => Only::All,
    };
    let delivery_type = delivery.map(delivery_type).transpose()?;
    let wanted = Wanted { delivery_type, start_at, ..of(kind, only)? };
    list(app, &format!("resources {kind} {delivery:?}"), wanted, asked).await
}

/// `GET /resources/{resource_type}/tags/{tag}`
pub(in crate::admin) async fn by_tag(app: &App, kind: &str, tag: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let wanted = of(kind, Only::Tag(tag.to_owned()))?;
    list(app, &format!("resources {kind} tag {tag}"), wanted, asked).await
}

/// `GET /resources/{resource_type}/context?key=…`
pub(in crate::admin) async fn by_context(app: &App, kind: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let (key, value) = (asked.required("key")?, asked.given("value")?);
    let name = format!("resources {kind} context {key} {value:?}");
    list(app, &name, of(kind, Only::Context(key, value))?, asked).await
}

/// `GET /resources/{resource_type}/moderations/{kind}/{status}`
pub(in crate::admin) async fn by_moderation(
    app: &App,
    kind: &str,
    moderation: &str,
    status: &str,
    asked: &mut Asked,
) -> Result<Value, ApiError> {
    if !matches!(status, "pending" | "approved" | "rejected") {
        return Err(ApiError::invalid("status", format_args!("{status}; use pending, approved or rejected")));
    }
    let wanted = of(kind, Only::Moderation(moderation.to_owned(), status.to_owned()))?;
    list(app, &format!("resources {kind} moderation {moderation} {status}"), wanted, asked).await
}

/// `GET /resources/by_asset_folder`
pub(in crate::admin) async fn by_asset_folder(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let folder = asked.text("asset_folder")?.ok_or_else(|| ApiError::missing("asset_folder"))?;
    let name = format!("resources folder {folder}");
    let wanted = Wanted { only: Only::Folder(folder.trim_matches('/').to_owned()), ..Wanted::default() };
    list(app, &name, wanted, asked).await
}

/// `GET /resources/by_asset_ids`
pub(in crate::admin) async fn by_asset_ids(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let missing = || ApiError::bad_request("asset_ids parameter is required");
    let ids = asked.list("asset_ids")?.filter(|ids| !ids.is_empty()).ok_or_else(missing)?;
    check_count("asset_ids", &ids)?;
    let wanted = Wanted { only: Only::AssetIds(ids), ..Wanted::default() };
    list(app, "resources by_asset_ids", wanted, asked).await
}

fn of(kind: &str, only: Only) -> Result<Wanted, ApiError> {
    let resource_type = listed_type(kind)?;
    let only = if resource_type.is_some() { only } else { Only::Nothing };
    Ok(Wanted { resource_type, only, ..Wanted::default() })
}

async fn list(app: &App, name: &str, wanted: Wanted, asked: &mut Asked) -> Result<Value, ApiError> {
    let by_ids = matches!(wanted.only, Only::PublicIds(_) | Only::AssetIds(_));
    // Whoever names them gets them all.
    let most = match asked.number("max_results", 1..=500)? {
        Some(most) => most,
        None if by_ids => 100,
        None => 10,
    };
    let descending = match asked.given("direction")?.as_deref() {
        None => wanted.start_at.is_none(),
        Some("desc" | "-1") => true,
        Some("asc" | "1") => false,
        Some(other) => return Err(ApiError::invalid("direction", format_args!("{other}; use asc or desc"))),
    };
    let shown = Shown {
        tags: asked.flag("tags")?,
        context: asked.flag("context")?,
        metadata: asked.flag("metadata")?,
        moderation: asked.flag("moderations")? | asked.flag("moderation")?,
    };
    let fields = asked.comma_list("fields")?.filter(|fields| !fields.is_empty());
    let (after, name) = (asked.given("next_cursor")?, format!("{name} {descending}"));
    asked.finish()?;
    let shown = match &fields {
        None => shown,
        Some(fields) => shown_by(fields)?,
    };
    let after = after.map(|cursor| cursor::read(&name, &cursor)).transpose()?;
    let page = Page { descending, after, most: most + 1 };
    let mut assets = app.store.list_assets(&wanted, page).await?;
    let more = assets.len() > most as usize;
    assets.truncate(most as usize);
    let resources: Vec<Value> =
        assets.iter().map(|asset| only_fields(told::listed(app, asset, shown), fields.as_deref())).collect();
    let mut answer = json!({ "resources": resources });
    if let Some(last) = assets.last().filter(|_| more) {
        answer["next_cursor"] = cursor_at(&name, last)?.into();
    }
    Ok(answer)
}

fn cursor_at(name: &str, asset: &Asset) -> Result<String, ApiError> {
    cursor::write(name, &(asset.created_at, asset.row))
}

fn shown_by(fields: &[String]) -> Result<Shown, ApiError> {
    if let Some(unknown) = fields.iter().find(|field| !FIELDS.contains(&field.as_str())) {
        return Err(ApiError::invalid("fields", format_args!("{unknown} is none of {}", FIELDS.join(", "))));
    }
    let named = |name: &str| fields.iter().any(|field| field == name);
    Ok(Shown {
        tags: named("tags"),
        context: named("context"),
        metadata: named("metadata"),
        moderation: named("moderation"),
    })
}

fn only_fields(mut told: Map<String, Value>, fields: Option<&[String]>) -> Value {
    if let Some(fields) = fields {
        told.retain(|name, _| {
            ALWAYS.contains(&name.as_str())
                || fields.iter().any(|field| field == name || field == "moderation" && name.starts_with("moderation"))
        });
    }
    told.into()
}
