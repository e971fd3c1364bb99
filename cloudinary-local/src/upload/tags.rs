//! Tags of assets that are stored.

use axum::{Json, body::Body, extract::State};
use http::HeaderMap;
use serde_json::{Value, json};

use super::{
    action::{Action, Named, stored_type},
    many, values,
};
use crate::{
    app::App,
    http::{ApiError, Segments},
    ids,
};

const PARAMETERS: Named = Named { done: &["command", "tag", "public_ids", "type", "notification_url"], refused: &[] };

/// `POST /v1_1/{cloud}/{resource_type}/tags`
pub(crate) async fn tags(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let action = Action::read(&app, &cloud, &resource_type, &headers, body, PARAMETERS).await?;
    let command = action.required("command")?;
    let public_ids = action.required_list("public_ids")?;
    let given = match command {
        "remove_all" => Vec::new(),
        "add" | "remove" | "replace" | "set_exclusive" => values::tags(action.required("tag")?)?,
        other => {
            return Err(ApiError::invalid(
                "command",
                format_args!("{other}; use add, remove, remove_all, replace or set_exclusive"),
            ));
        }
    };
    let (resource_type, delivery_type) = (stored_type(&resource_type)?, action.delivery_type("type")?);
    if command == "set_exclusive" {
        for tag in &given {
            app.store.remove_tag_elsewhere(resource_type, delivery_type, tag, &public_ids, ids::now()).await?;
        }
    }
    let keys = many::keys(resource_type, delivery_type, &public_ids);
    let changed = many::edit(&app, &keys, |details| {
        match command {
            "add" | "set_exclusive" => {
                let new: Vec<String> = given.iter().filter(|tag| !details.tags.contains(tag)).cloned().collect();
                details.tags.extend(new);
                values::check_tag_count(details.tags.len())?;
            }
            "remove" => details.tags.retain(|tag| !given.contains(tag)),
            _ => details.tags.clone_from(&given),
        }
        Ok(())
    })
    .await?;
    many::notify(&app, &action, "resource_tags_changed", &changed)?;
    Ok(Json(json!({ "public_ids": many::names(&changed) })))
}
