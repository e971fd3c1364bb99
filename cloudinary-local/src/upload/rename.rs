//! Another name, or another delivery type, for an asset that is stored.

use std::sync::Arc;

use axum::{Json, body::Body, extract::State};
use http::HeaderMap;
use serde_json::{Value, json};

use super::{
    action::{Action, Named, missing, stored_type},
    public_id,
    response::{self, Extras},
};
use crate::{
    app::App,
    http::{ApiError, Segments},
    ids,
    store::{AssetKey, Renamed},
};

const PARAMETERS: Named = Named {
    done: &[
        "from_public_id",
        "to_public_id",
        "type",
        "to_type",
        "overwrite",
        "invalidate",
        "context",
        "metadata",
        "notification_url",
    ],
    refused: &[],
};

/// `POST /v1_1/{cloud}/{resource_type}/rename`
pub(crate) async fn rename(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let action = Action::read(&app, &cloud, &resource_type, &headers, body, PARAMETERS).await?;
    let destinations = action.notification_url()?;
    let from = AssetKey {
        resource_type: stored_type(&resource_type)?,
        delivery_type: action.delivery_type("type")?,
        public_id: action.required("from_public_id")?.to_owned(),
    };
    let to = AssetKey {
        resource_type: from.resource_type,
        delivery_type: match action.given("to_type") {
            Some(_) => action.delivery_type("to_type")?,
            None => from.delivery_type,
        },
        public_id: action.required("to_public_id")?.to_owned(),
    };
    public_id::check(&to.public_id)?;
    let overwrite = action.boolean("overwrite", false)?;
    // Whether the answer tells these, too.
    let (context, metadata) = (action.boolean("context", false)?, action.boolean("metadata", false)?);
    // Once begun it is done whole, even when the client is gone.
    let (store, keys) = (Arc::clone(&app.store), (from.clone(), to.clone()));
    let renaming = tokio::spawn(async move { store.rename(&keys.0, &keys.1, overwrite, ids::now()).await });
    let asset = match renaming.await.map_err(std::io::Error::other)?? {
        Renamed::Done(asset) => asset,
        Renamed::Missing => return Err(missing(&from)),
        Renamed::Taken => {
            return Err(ApiError::bad_request(format!("to_public_id {} already exists", to.public_id)));
        }
    };
    let mut answer = response::describe(&app, &asset, Extras::default());
    if let Some(answer) = answer.as_object_mut() {
        for (name, told) in [("context", context), ("metadata", metadata)] {
            if !told {
                answer.remove(name);
            }
        }
        let told = |name: &str| answer.get(name).cloned().unwrap_or_default();
        let event = [
            ("from_public_id", json!(from.public_id)),
            ("to_public_id", json!(to.public_id)),
            ("resource_type", json!(to.resource_type.as_str())),
            ("type", json!(to.delivery_type.as_str())),
            ("asset_id", told("asset_id")),
            ("asset_folder", told("asset_folder")),
            ("display_name", told("display_name")),
        ];
        let event = event.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        app.webhooks.notify(&destinations, "rename", event);
    }
    Ok(Json(answer))
}
