//! What is told of an asset, changed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{details, key, not_found};
use crate::{
    admin::{Asked, checked_metadata, metadata_fields, not_carried_out},
    app::App,
    http::{ApiError, Params},
    ids,
    store::{Asset, AssetKey, Moderation},
    upload::{self, edits::Edits, parameters},
    webhook::Destinations,
};

/// Parameters that mean what they mean in an upload.
const AS_UPLOADED: &[&str] = &[
    "access_control",
    "access_mode",
    "asset_folder",
    "context",
    "custom_coordinates",
    "display_name",
    "face_coordinates",
    "metadata",
    "tags",
];

/// Parameters that an add-on of the service carries out.
const ADD_ONS: &[&str] =
    &["auto_tagging", "background_removal", "categorization", "detection", "ocr", "raw_convert", "similarity_search"];

/// Parameters of the service that are not carried out at all, and why.
const REFUSED: &[(&str, &str)] =
    &[("quality_override", "use q_ in the transformation"), ("regions", "named regions are not carried out")];

/// A change as it was asked for.
struct Update {
    edits: Edits,
    metadata: BTreeMap<String, Value>,
    /// Given, and empty.
    clear: Vec<&'static str>,
    moderation_status: Option<String>,
    /// Values that their fields do not take any more.
    invalid: Vec<String>,
    notify: Destinations,
}

/// `POST /resources/{resource_type}/{type}/{public_id}`
pub(in crate::admin) async fn by_public_id(
    app: &App,
    kind: &str,
    delivery: &str,
    public_id: &str,
    asked: &mut Asked,
) -> Result<Value, ApiError> {
    let found = app.store.asset(&key(kind, delivery, public_id)?).await?;
    update(app, &found.ok_or_else(|| not_found(public_id))?, asked).await
}

/// `PUT /resources/{asset_id}`
pub(in crate::admin) async fn by_asset_id(app: &App, asset_id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let found = app.store.asset_by_id(asset_id).await?;
    update(app, &found.ok_or_else(|| not_found(asset_id))?, asked).await
}

async fn update(app: &App, asset: &Asset, asked: &mut Asked) -> Result<Value, ApiError> {
    let update = Update::read(app, asset, asked).await?;
    let changed = carry_out(app, &asset.key, &update).await?.ok_or_else(|| not_found(&asset.key.public_id))?;
    tell(app, &update, asset, &changed);
    let mut answer = details::describe(app, &changed);
    if let Some(coordinates) = upload::coordinates(&changed) {
        answer.insert("coordinates".to_owned(), coordinates);
    }
    Ok(answer.into())
}

async fn carry_out(app: &App, key: &AssetKey, update: &Update) -> Result<Option<Asset>, ApiError> {
    let now = ids::now();
    let edited = app.store.edit(key, now, |details| {
        update.edits.apply(&update.metadata, details);
        for field in &update.invalid {
            details.metadata.remove(field);
        }
        for name in &update.clear {
            match *name {
                "tags" => details.tags.clear(),
                "context" => details.context.clear(),
                "face_coordinates" => details.face_coordinates.clear(),
                "custom_coordinates" => details.custom_coordinates.clear(),
                "access_control" => details.access_control.clear(),
                "asset_folder" => details.asset_folder = Some(String::new()),
                _ => {}
            }
        }
        if let Some(status) = &update.moderation_status {
            for Moderation { status: now_is, updated_at, .. } in &mut details.moderation {
                now_is.clone_from(status);
                *updated_at = Some(now);
            }
        }
    });
    Ok(edited.await?)
}

impl Update {
    async fn read(app: &App, asset: &Asset, asked: &mut Asked) -> Result<Self, ApiError> {
        for name in ADD_ONS {
            if let Some(value) = asked.given(name)? {
                return Err(add_on(name, &value));
            }
        }
        for (name, why) in REFUSED {
            if asked.take(name).is_some_and(|value| value != json!("")) {
                return Err(not_carried_out(&format!("{name}: {why}")));
            }
        }
        if asked.flag("unique_display_name")? {
            return Err(not_carried_out("unique_display_name: display names need not be unique"));
        }
        let mut params = Params::new();
        let mut clear = Vec::new();
        for name in AS_UPLOADED {
            let text = match asked.take(name) {
                None => continue,
                Some(value @ (Value::Array(_) | Value::Object(_))) => structured(name, &value)?,
                Some(Value::String(text)) => text,
                Some(value) => value.to_string(),
            };
            if text.is_empty() {
                clear.push(*name);
            }
            params.insert((*name).to_owned(), text);
        }
        let moderation_status = asked.given("moderation_status")?;
        if let Some(status) = &moderation_status {
            if !matches!(status.as_str(), "approved" | "rejected" | "pending") {
                let reason = format_args!("{status}; use approved, rejected or pending");
                return Err(ApiError::invalid("moderation_status", reason));
            }
            if asset.details.moderation.is_empty() {
                return Err(ApiError::invalid("moderation_status", "the asset is in no moderation queue"));
            }
        }
        let notify = Destinations::parse("notification_url", &asked.given("notification_url")?.unwrap_or_default())?;
        let clear_invalid = asked.flag("clear_invalid")?;
        // There is no CDN.
        asked.ignore(&["invalidate"]);
        asked.finish()?;
        let edits = Edits::read(&params)?;
        let metadata = checked_metadata(app, &edits.metadata.clone().unwrap_or_default()).await?;
        let invalid = if clear_invalid { invalid_values(app, asset).await? } else { Vec::new() };
        Ok(Self { edits, metadata, clear, moderation_status, invalid, notify })
    }
}

/// The fields whose kept value would not be taken today.
async fn invalid_values(app: &App, asset: &Asset) -> Result<Vec<String>, ApiError> {
    let fields = metadata_fields::all(app).await?;
    let fits =
        |id: &str, value: &Value| fields.iter().any(|field| field.external_id == id && field.checked(value).is_ok());
    let kept = &asset.details.metadata;
    Ok(kept.iter().filter(|(id, value)| !fits(id, value)).map(|(id, _)| id.clone()).collect())
}

/// What an add-on would do is told by its name; what none does is no value at all.
fn add_on(name: &str, value: &str) -> ApiError {
    let wanted = value.split([',', ':']).next().unwrap_or_default();
    if name == "auto_tagging" || parameters::add_ons(name).contains(&wanted) {
        ApiError::no_add_on(wanted)
    } else {
        ApiError::bad_request(format!("Illegal value {value} for {name}"))
    }
}

/// A list or an object in the form that uploads take.
fn structured(name: &str, value: &Value) -> Result<String, ApiError> {
    let scalar = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (name, value) {
        ("access_control", value) => Ok(value.to_string()),
        ("tags", Value::Array(tags)) => Ok(tags.iter().map(scalar).collect::<Vec<_>>().join(",")),
        ("context" | "metadata", Value::Object(pairs)) => {
            let escaped = |text: String| text.replace('=', "\\=").replace('|', "\\|");
            let pairs = pairs.iter().map(|(key, value)| format!("{}={}", escaped(key.clone()), escaped(scalar(value))));
            Ok(pairs.collect::<Vec<_>>().join("|"))
        }
        ("face_coordinates" | "custom_coordinates", Value::Array(items)) => {
            let row = |row: &Value| row.as_array().map(|row| row.iter().map(scalar).collect::<Vec<_>>().join(","));
            match items.iter().map(row).collect::<Option<Vec<_>>>() {
                Some(rows) => Ok(rows.join("|")),
                None => Ok(items.iter().map(scalar).collect::<Vec<_>>().join(",")),
            }
        }
        _ => Err(ApiError::invalid(name, "it must be a text")),
    }
}

/// Tells who wants to know what was changed.
fn tell(app: &App, update: &Update, before: &Asset, after: &Asset) {
    let (was, is) = (&before.details, &after.details);
    let mut resource = json!({
        "asset_id": after.asset_id,
        "public_id": after.key.public_id,
        "resource_type": after.key.resource_type.as_str(),
        "type": after.key.delivery_type.as_str(),
    });
    let mut notify = |kind: &str, previous: Value, new: Value| {
        resource["previous"] = previous;
        resource["new"] = new;
        let event =
            Map::from_iter([("source".to_owned(), json!("api")), ("resources".to_owned(), json!([resource.clone()]))]);
        app.webhooks.notify(&update.notify, kind, event);
    };
    if was.tags != is.tags {
        notify("resource_tags_changed", json!(was.tags), json!(is.tags));
    }
    if was.context != is.context {
        notify("resource_context_changed", json!(was.context), json!(is.context));
    }
    if was.metadata != is.metadata {
        notify("resource_metadata_changed", json!(was.metadata), json!(is.metadata));
    }
    if was.display_name != is.display_name {
        notify("resource_display_name_changed", json!(was.display_name), json!(is.display_name));
    }
    if was.access_control != is.access_control || was.access_mode != is.access_mode {
        notify("access_control_changed", json!(was.access_control), json!(is.access_control));
    }
    if was.moderation != is.moderation {
        notify("moderation", upload::moderation(before), upload::moderation(after));
    }
}
