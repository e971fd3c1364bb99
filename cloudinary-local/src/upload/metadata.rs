//! Structured metadata: values for fields that were defined before.

use std::collections::BTreeMap;

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

const PARAMETERS: Named = Named { done: &["metadata", "public_ids", "type", "notification_url"], refused: &[] };

/// `POST /v1_1/{cloud}/{resource_type}/metadata`
pub(crate) async fn metadata(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let action = Action::read(&app, &cloud, &resource_type, &headers, body, PARAMETERS).await?;
    let public_ids = action.required_list("public_ids")?;
    let pairs = values::pairs("metadata", action.required("metadata")?)?;
    let values = checked(&app, &pairs).await?;
    let keys = many::keys(stored_type(&resource_type)?, action.delivery_type("type")?, &public_ids);
    let changed = many::edit(&app, &keys, |details| {
        for (field, value) in &values {
            if value.is_null() {
                details.metadata.remove(field);
            } else {
                details.metadata.insert(field.clone(), value.clone());
            }
        }
        Ok(())
    })
    .await?;
    many::notify(&app, &action, "resource_metadata_changed", &changed)?;
    Ok(Json(json!({ "public_ids": many::names(&changed) })))
}

/// The values as the fields want them; `null` for one that is to be taken away.
pub(crate) async fn checked(app: &App, pairs: &BTreeMap<String, String>) -> Result<BTreeMap<String, Value>, ApiError> {
    crate::admin::checked_metadata(app, pairs).await
}
