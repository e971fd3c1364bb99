//! The answer to an upload.

use cloudinary_pixels::Format;
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, macros::format_description};

use super::request::Eager;
use crate::{
    app::App,
    delivery,
    http::ApiError,
    store::{Asset, Derived},
    urls,
};

/// What an answer tells beside the asset itself.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    pub(crate) overwritten: bool,
    pub(crate) existing: bool,
    /// The last piece of a chunked upload has come.
    pub(crate) done: bool,
    pub(crate) faces: Option<Vec<[u32; 4]>>,
    pub(crate) delete_token: Option<String>,
    /// Fields of their own: what was analysed and derived.
    pub(crate) more: Map<String, Value>,
}

/// All that is known of an asset, in the service's words.
pub(crate) fn describe(app: &App, asset: &Asset, extras: Extras) -> Value {
    let signature = cloudinary_core::signing::sign_response(
        &asset.key.public_id,
        &asset.version.to_string(),
        &app.settings.api_secret,
        app.config.signature_algorithm,
    );
    let format = asset.file.format.as_deref();
    // One address serves both: whoever put TLS in front of the server has said so in its public URL.
    let url = urls::delivery(&app.config, asset, None, format);
    let details = &asset.details;
    let (folder, name) = asset.key.public_id.rsplit_once('/').unwrap_or(("", &asset.key.public_id));
    let mut answer = object(json!({
        "asset_id": asset.asset_id,
        "public_id": asset.key.public_id,
        "version": asset.version,
        "version_id": asset.version_id,
        "signature": signature,
        "resource_type": asset.key.resource_type.as_str(),
        "created_at": created_at(asset.created_at),
        "tags": details.tags,
        "bytes": asset.file.bytes,
        "type": asset.key.delivery_type.as_str(),
        "etag": asset.file.etag,
        "placeholder": asset.placeholder,
        "url": url,
        "secure_url": url,
        "asset_folder": details.asset_folder.as_deref().unwrap_or(folder),
        "display_name": details.display_name.as_deref().unwrap_or(name),
        "api_key": app.settings.api_key,
    }));
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            answer.insert(name.to_owned(), value);
        }
    };
    put("format", format.map(Value::from));
    put("width", asset.file.size.map(|(width, _)| width.into()));
    put("height", asset.file.size.map(|(_, height)| height.into()));
    put("pages", asset.file.pages.map(Value::from));
    put("folder", details.folder.as_deref().map(Value::from));
    put("original_filename", details.original_filename.as_deref().map(Value::from));
    put("original_extension", details.original_extension.as_deref().map(Value::from));
    put("context", (!details.context.is_empty()).then(|| json!({ "custom": details.context })));
    put("metadata", (!details.metadata.is_empty()).then(|| json!(details.metadata)));
    put("moderation", (!details.moderation.is_empty()).then(|| moderation(asset)));
    put("access_mode", details.access_mode.map(|mode| json!(mode)));
    put("access_control", (!details.access_control.is_empty()).then(|| json!(details.access_control)));
    put("coordinates", coordinates(asset));
    put("overwritten", extras.overwritten.then_some(Value::Bool(true)));
    put("existing", extras.existing.then_some(Value::Bool(true)));
    put("done", extras.done.then_some(Value::Bool(true)));
    put("faces", extras.faces.map(|faces| json!(faces)));
    put("delete_token", extras.delete_token.map(Value::from));
    answer.extend(extras.more);
    Value::Object(answer)
}

/// `[{"kind": "manual", "status": "pending"}]`
pub(crate) fn moderation(asset: &Asset) -> Value {
    let told = asset.details.moderation.iter().map(|one| {
        let mut told = object(json!({ "kind": one.kind, "status": one.status }));
        if let Some(at) = one.updated_at {
            told.insert("updated_at".to_owned(), created_at(at).into());
        }
        Value::Object(told)
    });
    told.collect::<Vec<_>>().into()
}

/// Makes the eager ones, those made before excepted, and tells of each.
pub(crate) async fn eager(app: &App, asset: &Asset, eager: &[Eager]) -> Result<Vec<Value>, ApiError> {
    let mut made = Vec::new();
    for one in eager {
        let made_now = delivery::derive(app, asset, &one.transformation, one.format).await?;
        made.push(describe_eager(app, asset, one, &made_now.derived));
    }
    Ok(made)
}

/// What is told of the eager ones while they are still to be made.
pub(crate) fn eager_pending(app: &App, asset: &Asset, eager: &[Eager], batch_id: &str) -> Vec<Value> {
    let pending = eager.iter().map(|one| {
        let format = one.format.map(Format::extension).or(asset.file.format.as_deref());
        let url = urls::delivery(&app.config, asset, Some(&one.transformation), format);
        json!({
            "status": "processing",
            "batch_id": batch_id,
            "transformation": spelled(one),
            "url": url,
            "secure_url": url,
        })
    });
    pending.collect()
}

pub(crate) fn describe_eager(app: &App, asset: &Asset, eager: &Eager, derived: &Derived) -> Value {
    let url = urls::delivery(&app.config, asset, Some(&eager.transformation), Some(&derived.format));
    json!({
        "transformation": spelled(eager),
        "width": derived.width,
        "height": derived.height,
        "bytes": derived.bytes,
        "format": derived.format,
        "url": url,
        "secure_url": url,
    })
}

/// As it is asked for: `c_fill,w_150/png`.
fn spelled(eager: &Eager) -> String {
    match eager.format {
        Some(format) if eager.transformation.is_empty() => format.extension().to_owned(),
        Some(format) => format!("{}/{}", eager.transformation.as_str(), format.extension()),
        None => eager.transformation.as_str().to_owned(),
    }
}

pub(crate) fn coordinates(asset: &Asset) -> Option<Value> {
    let mut coordinates = Map::new();
    for (name, rectangles) in
        [("faces", &asset.details.face_coordinates), ("custom", &asset.details.custom_coordinates)]
    {
        if !rectangles.is_empty() {
            coordinates.insert(name.to_owned(), json!(rectangles));
        }
    }
    (!coordinates.is_empty()).then_some(Value::Object(coordinates))
}

/// `2013-06-25T17:20:30Z`
pub(crate) fn created_at(seconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|time| time.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z")).ok())
        .unwrap_or_default()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
