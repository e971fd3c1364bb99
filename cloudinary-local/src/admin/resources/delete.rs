//! Assets taken away, many at a time, or only what was derived from them.

use serde_json::{Map, Value, json};

use super::{check_count, delivery_type, full_id, resource_type};
use crate::{
    admin::{Asked, cursor, transformations},
    app::App,
    http::ApiError,
    store::{Asset, Only, Page, Wanted},
    webhook::Destinations,
};

/// The most assets one call removes of those that have a prefix or tag in common, or of all.
const MOST: u32 = 1000;
/// The most transformations one call may name.
const MOST_TRANSFORMATIONS: usize = 100;

/// How they are to be removed.
struct Manner {
    keep_original: bool,
    /// Only what was derived by these.
    transformations: Option<Vec<String>>,
    next_cursor: Option<String>,
}

/// `DELETE /resources/{resource_type}/{type}` with `public_ids`, `prefix` or `all`
pub(in crate::admin) async fn of_type(
    app: &App,
    kind: &str,
    delivery: &str,
    asked: &mut Asked,
) -> Result<Value, ApiError> {
    let of = Wanted {
        resource_type: Some(resource_type(kind)?),
        delivery_type: Some(delivery_type(delivery)?),
        ..Wanted::default()
    };
    let (public_ids, prefix, all) = (asked.list("public_ids")?, asked.given("prefix")?, asked.flag("all")?);
    let manner = Manner::read(app, asked)?;
    match (public_ids, prefix, all) {
        (Some(ids), None, false) => {
            check_count("public_ids", &ids)?;
            let wanted = Wanted { only: Only::PublicIds(ids.clone()), ..of };
            named(app, &wanted, &ids, |asset| asset.key.public_id.clone(), &manner).await
        }
        (None, Some(prefix), false) => {
            alike(
                app,
                &format!("delete {kind} {delivery} {prefix}"),
                Wanted { only: Only::Prefix(prefix), ..of },
                &manner,
            )
            .await
        }
        (None, None, true) => alike(app, &format!("delete {kind} {delivery}"), of, &manner).await,
        (None, None, false) => Err(ApiError::missing("public_ids")),
        _ => Err(ApiError::bad_request("Only one of public_ids, prefix and all can be given")),
    }
}

/// `DELETE /resources/{resource_type}/tags/{tag}`
pub(in crate::admin) async fn by_tag(app: &App, kind: &str, tag: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let manner = Manner::read(app, asked)?;
    let wanted =
        Wanted { resource_type: Some(resource_type(kind)?), only: Only::Tag(tag.to_owned()), ..Wanted::default() };
    alike(app, &format!("delete {kind} tag {tag}"), wanted, &manner).await
}

/// `DELETE /resources` with `asset_ids`
pub(in crate::admin) async fn by_asset_ids(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let missing = || ApiError::bad_request("asset_ids parameter is required");
    let ids = asked.list("asset_ids")?.filter(|ids| !ids.is_empty()).ok_or_else(missing)?;
    check_count("asset_ids", &ids)?;
    let manner = Manner::read(app, asked)?;
    let wanted = Wanted { only: Only::AssetIds(ids.clone()), ..Wanted::default() };
    named(app, &wanted, &ids, |asset| asset.asset_id.clone(), &manner).await
}

impl Manner {
    fn read(app: &App, asked: &mut Asked) -> Result<Self, ApiError> {
        let transformations = match asked.list("transformations")?.map(|texts| texts.join("|")) {
            None => None,
            Some(texts) if texts.is_empty() => None,
            Some(texts) => {
                if texts.split('|').count() > MOST_TRANSFORMATIONS {
                    let reason = format_args!("at most {MOST_TRANSFORMATIONS} at a time");
                    return Err(ApiError::invalid("transformations", reason));
                }
                let expanded = texts.split('|').map(|text| transformations::expanded(app, text));
                Some(expanded.collect::<Result<Vec<_>, _>>()?)
            }
        };
        let keep_original = asked.flag("keep_original")? || transformations.is_some();
        let next_cursor = asked.given("next_cursor")?;
        // There is no CDN.
        asked.ignore(&["invalidate"]);
        asked.finish()?;
        Ok(Self { keep_original, transformations, next_cursor })
    }
}

/// Those that were named: each is told of.
async fn named(
    app: &App,
    wanted: &Wanted,
    ids: &[String],
    id: impl Fn(&Asset) -> String,
    manner: &Manner,
) -> Result<Value, ApiError> {
    let page = Page { descending: false, after: None, most: MOST };
    let found = app.store.list_assets(wanted, page).await?;
    let mut told: Map<String, Value> = ids.iter().map(|id| (id.clone(), "not_found".into())).collect();
    let mut counts = Map::new();
    for asset in found {
        let count = remove(app, &asset, manner).await?;
        told.insert(id(&asset), "deleted".into());
        counts.insert(id(&asset), count);
    }
    Ok(json!({ "deleted": told, "deleted_counts": counts, "partial": false }))
}

/// Those that have something in common, as many as one call may remove.
async fn alike(app: &App, name: &str, wanted: Wanted, manner: &Manner) -> Result<Value, ApiError> {
    let after = manner.next_cursor.as_ref().map(|text| cursor::read(name, text)).transpose()?;
    let mut found = app.store.list_assets(&wanted, Page { descending: false, after, most: MOST + 1 }).await?;
    let more = found.len() > MOST as usize;
    found.truncate(MOST as usize);
    let (mut told, mut counts) = (Map::new(), Map::new());
    for asset in &found {
        let count = remove(app, asset, manner).await?;
        // A tag may be of more than one type, so ids may meet.
        let id = if told.contains_key(&asset.key.public_id) { full_id(asset) } else { asset.key.public_id.clone() };
        told.insert(id.clone(), "deleted".into());
        counts.insert(id, count);
    }
    let mut answer = json!({ "deleted": told, "deleted_counts": counts, "partial": more });
    if let Some(last) = found.last().filter(|_| more) {
        answer["next_cursor"] = cursor::write(name, &(last.created_at, last.row))?.into();
    }
    Ok(answer)
}

async fn remove(app: &App, asset: &Asset, manner: &Manner) -> Result<Value, ApiError> {
    let derived = app.store.delete_derived_of(asset, manner.transformations.as_deref()).await?;
    let original = !manner.keep_original && app.store.destroy(&asset.key).await?;
    if original {
        let event = Map::from_iter([("resources".to_owned(), json!([gone(asset)]))]);
        app.webhooks.notify(&Destinations::default(), "delete", event);
    }
    Ok(json!({ "original": i32::from(original), "derived": derived }))
}

fn gone(asset: &Asset) -> Value {
    json!({
        "resource_type": asset.key.resource_type.as_str(),
        "type": asset.key.delivery_type.as_str(),
        "asset_id": asset.asset_id,
        "public_id": asset.key.public_id,
        "version": asset.version,
    })
}
