//! The Admin API: what is stored, listed, changed and removed by whoever holds key and secret, and what is defined for
//! uploads and delivery.
//!
//! Every path of it stands in [`answer`]; a handler takes its parameters out of an [`Asked`] and refuses what is left.

mod account;
mod asked;
mod call;
pub(crate) mod cursor;
mod derived_resources;
mod differences;
mod folders;
mod metadata_datasource;
mod metadata_fields;
mod metadata_rules;
mod metadata_types;
mod metadata_values;
mod notifications;
pub(crate) mod rate;
pub(crate) mod resources;
mod streaming_profiles;
mod tags;
mod transformation_info;
mod transformations;
mod triggers;
mod upload_mappings;
mod upload_presets;

use axum::{Router, routing::any};
use http::StatusCode;
use serde_json::Value;

pub(crate) use account::read_time;
pub(crate) use asked::Asked;
pub(crate) use differences::DIFFERENCES;
pub(crate) use metadata_values::{checked as checked_metadata, of_new_asset as metadata_of_new_asset};
pub(crate) use triggers::EVENTS;

use crate::{app::App, http::ApiError, search};

/// The first parts of the paths, behind the cloud.
const NOUNS: &[&str] = &[
    "config",
    "derived_resources",
    "folders",
    "metadata_fields",
    "metadata_rules",
    "ping",
    "resources",
    "streaming_profiles",
    "tags",
    "transformations",
    "triggers",
    "upload_mappings",
    "upload_presets",
    "usage",
];

pub(crate) fn router() -> Router<App> {
    let mut router = Router::new();
    for noun in NOUNS {
        router = router
            .route(&format!("/v1_1/{{cloud}}/{noun}"), any(call::v1))
            .route(&format!("/v1_1/{{cloud}}/{noun}/{{*rest}}"), any(call::v1));
    }
    router
        .route("/v2/{cloud}/analysis/{*rest}", any(call::v2))
        .route("/v2/notifications/{cloud}/{*rest}", any(call::v2_notifications))
}

/// A status and a body.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    body: Value,
}

impl From<Value> for Answer {
    fn from(body: Value) -> Self {
        Self { status: StatusCode::OK, body }
    }
}

/// Every path of the Admin API. The caller has been let in.
async fn answer(app: &App, method: &str, path: &[&str], asked: &mut Asked) -> Result<Answer, ApiError> {
    let body = match (method, path) {
        ("GET", ["ping"]) => account::ping(asked),
        ("GET", ["usage"]) => account::usage(app, None, asked).await,
        ("GET", ["usage", date]) => account::usage(app, Some(date), asked).await,
        ("GET", ["config"]) => account::config(app, asked).await,

        ("GET", ["resources"]) => account::resource_types(asked),
        ("DELETE", ["resources"]) => resources::delete::by_asset_ids(app, asked).await,
        ("GET" | "POST", ["resources", "search"]) => search::resources(app, asked).await,
        ("POST", ["resources", "visual_search"]) => Err(not_carried_out("visual_search: it needs a model of pictures")),
        ("GET", ["resources", "by_asset_ids"]) => resources::list::by_asset_ids(app, asked).await,
        ("GET", ["resources", "by_asset_folder"]) => resources::list::by_asset_folder(app, asked).await,
        ("POST", ["resources", "restore"]) => resources::restore::by_asset_ids(app, asked).await,
        ("DELETE", ["resources", "backup", asset_id]) => resources::restore::delete_backups(app, asset_id, asked).await,
        ("POST" | "DELETE", ["resources", "related_assets", target @ ..]) if !target.is_empty() => {
            return resources::related::change(app, method == "POST", target, asked).await;
        }
        ("GET", ["resources", kind, "tags", tag @ ..]) if !tag.is_empty() => {
            resources::list::by_tag(app, kind, &tag.join("/"), asked).await
        }
        ("DELETE", ["resources", kind, "tags", tag @ ..]) if !tag.is_empty() => {
            resources::delete::by_tag(app, kind, &tag.join("/"), asked).await
        }
        ("GET", ["resources", kind, "context"]) => resources::list::by_context(app, kind, asked).await,
        ("GET", ["resources", kind, "moderations", moderation, status]) => {
            resources::list::by_moderation(app, kind, moderation, status, asked).await
        }
        ("POST", ["resources", kind, "publish_resources"]) => resources::publish::publish(app, kind, asked).await,
        ("GET", ["resources", id]) if is_asset_id(id) => resources::details::by_asset_id(app, id, asked).await,
        ("PUT" | "POST", ["resources", id]) if is_asset_id(id) => resources::update::by_asset_id(app, id, asked).await,
        ("GET", ["resources", kind]) => resources::list::of_kind(app, kind, None, asked).await,
        ("GET", ["resources", kind, delivery]) => resources::list::of_kind(app, kind, Some(delivery), asked).await,
        ("DELETE", ["resources", kind, delivery]) => resources::delete::of_type(app, kind, delivery, asked).await,
        ("POST", ["resources", kind, delivery, "restore"]) => {
            resources::restore::by_public_ids(app, kind, delivery, asked).await
        }
        ("GET", ["resources", kind, delivery, id @ ..]) => {
            resources::details::by_public_id(app, kind, delivery, &id.join("/"), asked).await
        }
        ("POST", ["resources", kind, delivery, id @ ..]) => {
            resources::update::by_public_id(app, kind, delivery, &id.join("/"), asked).await
        }
        ("DELETE", ["derived_resources"]) => derived_resources::delete(app, asked).await,
        ("GET", ["tags", kind]) => tags::list(app, kind, asked).await,

        ("GET" | "POST", ["folders", "search"]) => search::folders(app, asked).await,
        ("GET", ["folders", parent @ ..]) => folders::list(app, &parent.join("/"), asked).await,
        ("POST", ["folders", path @ ..]) => folders::create(app, &path.join("/"), asked).await,
        ("PUT", ["folders", path @ ..]) => folders::rename(app, &path.join("/"), asked).await,
        ("DELETE", ["folders", path @ ..]) => folders::delete(app, &path.join("/"), asked).await,

        ("GET", ["transformations"]) => transformations::list_or_details(app, asked).await,
        ("POST", ["transformations"]) => transformations::create(app, asked).await,
        ("PUT", ["transformations"]) => transformations::update(app, asked).await,
        ("DELETE", ["transformations"]) => transformations::delete(app, asked).await,

        ("GET", ["upload_presets"]) => upload_presets::list(app, asked),
        ("POST", ["upload_presets"]) => upload_presets::create(app, asked).await,
        ("GET", ["upload_presets", name]) => upload_presets::details(app, name, asked),
        ("PUT", ["upload_presets", name]) => upload_presets::update(app, name, asked).await,
        ("DELETE", ["upload_presets", name]) => upload_presets::delete(app, name, asked).await,

        ("GET", ["upload_mappings"]) => upload_mappings::list_or_details(app, asked).await,
        ("POST", ["upload_mappings"]) => upload_mappings::create(app, asked).await,
        ("PUT", ["upload_mappings"]) => upload_mappings::update(app, asked).await,
        ("DELETE", ["upload_mappings"]) => upload_mappings::delete(app, asked).await,

        ("GET", ["streaming_profiles"]) => streaming_profiles::list(app, asked).await,
        ("POST", ["streaming_profiles"]) => streaming_profiles::create(app, asked).await,
        ("GET", ["streaming_profiles", name]) => streaming_profiles::details(app, name, asked).await,
        ("PUT", ["streaming_profiles", name]) => streaming_profiles::update(app, name, asked).await,
        ("DELETE", ["streaming_profiles", name]) => streaming_profiles::delete(app, name, asked).await,

        ("GET", ["triggers"]) => triggers::list(app, asked).await,
        ("POST", ["triggers"]) => triggers::create(app, asked).await,
        ("PUT", ["triggers", id]) => triggers::update(app, id, asked).await,
        ("DELETE", ["triggers", id]) => triggers::delete(app, id, asked).await,
        ("POST", ["triggers", id, "test"]) => triggers::test(app, id, asked).await,
        ("GET", ["messages"]) => notifications::claim(asked),
        ("POST", ["messages", "ack"]) => notifications::acknowledge(asked),

        ("GET", ["metadata_fields"]) => metadata_fields::list(app, asked).await,
        ("POST", ["metadata_fields"]) => metadata_fields::create(app, asked).await,
        ("PUT", ["metadata_fields", "order"]) => metadata_fields::reorder(app, asked).await,
        ("GET", ["metadata_fields", id]) => metadata_fields::details(app, id, asked).await,
        ("PUT", ["metadata_fields", id]) => metadata_fields::update(app, id, asked).await,
        ("DELETE", ["metadata_fields", id]) => metadata_fields::delete(app, id, asked).await,
        ("PUT", ["metadata_fields", id, "datasource"]) => metadata_datasource::update(app, id, asked).await,
        ("DELETE", ["metadata_fields", id, "datasource"]) => metadata_datasource::delete(app, id, asked).await,
        ("POST", ["metadata_fields", id, "datasource_restore"]) => metadata_datasource::restore(app, id, asked).await,
        ("POST", ["metadata_fields", id, "datasource", "order"]) => metadata_datasource::reorder(app, id, asked).await,
        ("GET", ["metadata_rules"]) => metadata_rules::list(app, asked).await,
        ("POST", ["metadata_rules"]) => metadata_rules::create(app, asked).await,
        ("PUT", ["metadata_rules", id]) => metadata_rules::update(app, id, asked).await,
        ("DELETE", ["metadata_rules", id]) => metadata_rules::delete(app, id, asked).await,

        ("POST", ["analysis", "analyze", ..]) => Err(not_carried_out("analyze: it needs an add-on of the service")),
        _ => Err(ApiError::not_found(format!(
            "Unknown action {method} {}: cloudinary-local does not carry it out",
            path.join("/")
        ))),
    };
    body.map(Answer::from)
}

/// Puts what earlier runs defined where uploads, delivery and notifications find it.
pub(crate) async fn restore(app: &App) -> Result<(), ApiError> {
    transformations::restore(app).await?;
    upload_presets::restore(app).await?;
    triggers::restore(app).await
}

fn not_carried_out(what: &str) -> ApiError {
    ApiError::bad_request(format!("cloudinary-local does not carry out {what}"))
}

fn is_asset_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn conflict(message: String) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, message)
}
