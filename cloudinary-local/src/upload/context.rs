//! Contextual metadata of assets that are stored.

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
};

const PARAMETERS: Named =
    Named { done: &["command", "context", "public_ids", "type", "notification_url"], refused: &[] };

/// `POST /v1_1/{cloud}/{resource_type}/context`
pub(crate) async fn context(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let action = Action::read(&app, &cloud, &resource_type, &headers, body, PARAMETERS).await?;
    let public_ids = action.required_list("public_ids")?;
    let given = match action.required("command")? {
        "add" => Some(values::context(action.required("context")?)?),
        "remove_all" => None,
        other => return Err(ApiError::invalid("command", format_args!("{other}; use add or remove_all"))),
    };
    let keys = many::keys(stored_type(&resource_type)?, action.delivery_type("type")?, &public_ids);
    let changed = many::edit(&app, &keys, |details| {
        match &given {
            Some(given) => details.context.extend(given.clone()),
            None => details.context.clear(),
        }
        values::check_context_count(details.context.len())
    })
    .await?;
    many::notify(&app, &action, "resource_context_changed", &changed)?;
    Ok(Json(json!({ "public_ids": many::names(&changed) })))
}
