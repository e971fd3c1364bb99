//! Triggers: where notifications of an event go, beside those an upload names itself.

use serde_json::{Value, json};

use super::{Asked, account::iso, not_carried_out};
use crate::{
    app::App,
    http::ApiError,
    ids,
    store::{Definition, Kind},
    webhook::{Destinations, Trigger},
};

/// The most the service keeps.
const MOST: usize = 30;

/// What can be listened to.
pub(crate) const EVENTS: &[&str] = &[
    "access_control_changed",
    "all",
    "create_folder",
    "delete",
    "delete_folder",
    "eager",
    "error",
    "explode",
    "moderation",
    "move",
    "move_or_rename_asset_folder",
    "multi",
    "proof_status_changed",
    "related_assets",
    "rename",
    "resource_context_changed",
    "resource_display_name_changed",
    "resource_metadata_changed",
    "resource_tags_changed",
    "sprite",
    "upload",
];

/// `GET /triggers`, with `event_type` those of that event
pub(super) async fn list(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let event = asked.given("event_type")?;
    asked.finish()?;
    let all = app.store.definitions(Kind::Trigger).await?;
    let wanted = all.iter().filter(|trigger| event.as_ref().is_none_or(|event| trigger.body["event_type"] == **event));
    Ok(json!({ "triggers": wanted.map(told).collect::<Vec<_>>() }))
}

/// `POST /triggers`
pub(super) async fn create(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let (uri, event) = (asked.required("uri")?, asked.required("event_type")?);
    let uri_type = asked.given("uri_type")?;
    asked.finish()?;
    check_uri("uri", &uri, uri_type.as_deref())?;
    if !EVENTS.contains(&event.as_str()) {
        return Err(ApiError::invalid("event_type", format_args!("{event}; use one of {}", EVENTS.join(", "))));
    }
    let _alone = app.flights.alone("triggers").await;
    let there = app.store.definitions(Kind::Trigger).await?;
    if there.len() >= MOST {
        return Err(ApiError::bad_request(format!("Maximum number of triggers reached: {MOST}")));
    }
    if there.iter().any(|trigger| trigger.body["uri"] == *uri && trigger.body["event_type"] == *event) {
        return Err(super::conflict(format!("Trigger of {event} to {uri} already exists")));
    }
    let (id, now) = (ids::hex_id(), ids::now());
    let body = json!({ "uri": uri, "event_type": event, "updated_at": now });
    app.store.define(Kind::Trigger, &id, &body, now).await?;
    let trigger = find(app, &id).await?;
    listen(app, &trigger)?;
    Ok(told(&trigger))
}

/// `PUT /triggers/{id}` with `new_uri`
pub(super) async fn update(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let uri = asked.required("new_uri")?;
    asked.finish()?;
    check_uri("new_uri", &uri, None)?;
    let mut trigger = find(app, id).await?;
    trigger.body["uri"] = uri.into();
    trigger.body["updated_at"] = ids::now().into();
    if !app.store.redefine(Kind::Trigger, id, &trigger.body).await? {
        return Err(missing(id));
    }
    listen(app, &trigger)?;
    Ok(json!({ "message": "updated", "id": id }))
}

/// `DELETE /triggers/{id}`
pub(super) async fn delete(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    if !app.store.undefine(Kind::Trigger, id).await? {
        return Err(missing(id));
    }
    app.settings.triggers.remove(id);
    Ok(json!({ "message": "deleted" }))
}

/// Puts those of an earlier run to work.
pub(crate) async fn restore(app: &App) -> Result<(), ApiError> {
    app.store.definitions(Kind::Trigger).await?.iter().try_for_each(|trigger| listen(app, trigger))
}

fn listen(app: &App, trigger: &Definition) -> Result<(), ApiError> {
    let text = |name: &str| trigger.body[name].as_str().unwrap_or_default().to_owned();
    let to = Destinations::parse("uri", &text("uri"))?;
    app.settings.triggers.set(&trigger.name, Trigger { event_type: text("event_type"), to });
    Ok(())
}

/// `POST /triggers/{id}/test`
pub(super) async fn test(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let sample = asked.take("sample_data");
    asked.finish()?;
    let trigger = find(app, id).await?;
    // There is no filter but the event, so a sample matches when it is of that event.
    let sent = sample.as_ref().and_then(|sample| sample["notification_type"].as_str());
    let event = trigger.body["event_type"].as_str().unwrap_or_default();
    let matches = event == "all" || sent.is_none_or(|sent| sent == event);
    Ok(json!({ "id": id, "matches": matches }))
}

async fn find(app: &App, id: &str) -> Result<Definition, ApiError> {
    app.store.definition(Kind::Trigger, id).await?.ok_or_else(|| missing(id))
}

fn check_uri(name: &str, uri: &str, uri_type: Option<&str>) -> Result<(), ApiError> {
    match uri_type {
        None | Some("webhook") => {}
        Some("poll") => return Err(not_carried_out("uri_type poll: notifications are sent, not kept")),
        Some(other) => return Err(ApiError::invalid("uri_type", format_args!("{other}; use webhook"))),
    }
    let url = url::Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if url.is_none() {
        return Err(ApiError::invalid(name, format_args!("{uri} is no http or https URL")));
    }
    Ok(())
}

fn told(trigger: &Definition) -> Value {
    json!({
        "id": trigger.name,
        "uri": trigger.body["uri"],
        "uri_type": "webhook",
        "event_type": trigger.body["event_type"],
        "product_environment_id": Value::Null,
        "created_at": iso(trigger.created_at),
        "updated_at": iso(trigger.body["updated_at"].as_i64().unwrap_or(trigger.created_at)),
    })
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(format!("Can't find trigger {id}"))
}
