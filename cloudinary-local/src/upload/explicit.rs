//! Changes of a stored asset by the parameters of an upload: eager transformations, tags, coordinates, analyses.

use std::collections::BTreeMap;

use axum::{Json, body::Body, extract::State};
use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

use super::{
    action::{missing, stored_type},
    background, breakpoints,
    file::{add_eager, analyse, faces, inspect_image},
    metadata, parameters,
    request::{Requested, UploadRequest},
    response::{self, Extras},
};
use crate::{
    app::App,
    http::{ApiError, Caller, Form, Gate, Segments, auth},
    ids,
    store::{Asset, AssetKey, Details, ResourceType},
};

/// Upload parameters that say something of an asset that is there already.
const PARAMETERS: &[&str] = &[
    "access_control",
    "access_mode",
    "api_key",
    "asset_folder",
    "async",
    "backup",
    "cloud_name",
    "colors",
    "context",
    "custom_coordinates",
    "display_name",
    "eager",
    "eager_async",
    "eager_notification_url",
    "exif",
    "face_coordinates",
    "faces",
    "headers",
    "image_metadata",
    "invalidate",
    "media_metadata",
    "metadata",
    "moderation",
    "notification_url",
    "overwrite",
    "phash",
    "public_id",
    "quality_analysis",
    "resource_type",
    "responsive_breakpoints",
    "signature",
    "source",
    "tags",
    "timestamp",
    "type",
    "unique_display_name",
];

/// `POST /v1_1/{cloud}/{resource_type}/explicit`
pub(crate) async fn explicit(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let gate = Gate { settings: &app.settings, cloud: &cloud, credentials: true, known: parameters::is_known };
    let form = Form::read(&headers, body, app.store.blobs(), &gate).await?;
    if let Caller::Unsigned(_) = auth::authorize(&app.settings, &cloud, &headers, &form.params)? {
        return Err(ApiError::missing("api_key"));
    }
    parameters::check_known(&form.params)?;
    if form.file.is_some() {
        return Err(ApiError::bad_request("Parameter file is only for upload"));
    }
    for (name, value) in &form.params {
        if !PARAMETERS.contains(&name.as_str()) && !matches!(value.as_str(), "" | "0" | "false") {
            return Err(ApiError::bad_request(format!("Parameter {name} is only for upload")));
        }
    }
    let named =
        form.params.get("public_id").filter(|id| !id.is_empty()).ok_or_else(|| ApiError::missing("public_id"))?;
    let public_id = named.clone();
    let request =
        UploadRequest::parse(&app.settings, &Caller::Trusted, Requested::parse(&resource_type)?, form.params)?;
    let key = AssetKey { resource_type: stored_type(&resource_type)?, delivery_type: request.delivery_type, public_id };
    if app.store.asset(&key).await?.is_none() {
        return Err(missing(&key));
    }
    check_raw(&request, key.resource_type)?;
    let given = request.edits.metadata.clone().unwrap_or_default();
    let metadata = metadata::checked(&app, &given).await?;
    if request.in_background {
        let batch_id = ids::hex_id();
        let answer = background::pending(&key, &batch_id);
        let task_app = app.clone();
        app.background.begin(async move {
            let done = carry_out(&task_app, &request, &key, &metadata).await;
            background::tell(&task_app, &request.notification_url, "explicit", &key, &batch_id, done);
        })?;
        return Ok(Json(answer));
    }
    let answer = carry_out(&app, &request, &key, &metadata).await?;
    background::notify(&app, &request.notification_url, "explicit", &answer);
    Ok(Json(answer))
}

/// A raw file is no picture.
fn check_raw(request: &UploadRequest, resource_type: ResourceType) -> Result<(), ApiError> {
    let of_pictures = [
        ("eager", !request.eager.is_empty()),
        ("faces", request.faces),
        ("responsive_breakpoints", !request.breakpoints.is_empty()),
    ];
    let asked = of_pictures.into_iter().find(|(_, asked)| *asked).map(|(name, _)| name);
    match asked.or_else(|| request.analyses.first()) {
        Some(name) if resource_type == ResourceType::Raw => {
            Err(ApiError::invalid(name, "raw files cannot be transformed nor analysed"))
        }
        _ => Ok(()),
    }
}

async fn carry_out(
    app: &App,
    request: &UploadRequest,
    key: &AssetKey,
    metadata: &BTreeMap<String, Value>,
) -> Result<Value, ApiError> {
    let keep = request.edits.backup == Some(true);
    let change = |details: &mut Details| request.edits.apply(metadata, details);
    let edited = app.store.edit_and_keep(key, ids::now(), keep, change).await?;
    let asset = edited.ok_or_else(|| missing(key))?;
    let mut extras = Extras::default();
    look(app, request, &asset, &mut extras).await?;
    add_eager(app, request, &asset, &mut extras).await?;
    if !request.breakpoints.is_empty() {
        let found = breakpoints::find(app, &asset, &request.breakpoints).await?;
        extras.more.insert("responsive_breakpoints".to_owned(), found);
    }
    Ok(response::describe(app, &asset, extras))
}

/// What the picture has to be read for.
async fn look(app: &App, request: &UploadRequest, asset: &Asset, extras: &mut Extras) -> Result<(), ApiError> {
    if !request.faces && request.analyses.first().is_none() {
        return Ok(());
    }
    let slot = app.slots.take().await?;
    let bytes: Bytes = app.store.blobs().read(&asset.file.blob).await?;
    if request.faces {
        let info = inspect_image(&slot, bytes.clone()).await?;
        extras.faces = Some(faces(&slot, &asset.details, &bytes, &info).await?);
    }
    extras.more = analyse(&slot, request.analyses, bytes.clone(), bytes).await?;
    Ok(())
}
