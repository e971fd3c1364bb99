//! From a URL to a file: originals as they were stored, and images made to order.

mod access;
mod answer;
mod attachment;
mod derive;
mod makings;
mod path;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use cloudinary_core::Transformation;
use cloudinary_pixels::Format;
use http::{
    HeaderMap, HeaderValue, Method, StatusCode, Uri,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER},
};

pub(crate) use attachment::Attachment;
pub(crate) use derive::{Rendering, derive, keep, source, unreadable};
pub(crate) use makings::Makings;
pub(crate) use path::canonical;

use crate::{
    app::App,
    http::{ApiError, RETRY_AFTER_SECONDS, X_CLD_ERROR},
    store::{AccessMode, Asset, AssetKey, ResourceType},
    upload::sprite_description,
};
use answer::File;
use derive::Made;
use path::DeliveryPath;

const MAX_PUBLIC_ID_CHARS: usize = 255;

/// Answers every path that is not the API's.
pub(crate) async fn deliver(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return ApiError::new(StatusCode::METHOD_NOT_ALLOWED, format!("Method {method} is not allowed"))
            .into_response();
    }
    match find(&app, uri.path(), &headers).await {
        Ok(file) => file.send(&app, &method, &headers).await.unwrap_or_else(|error| refuse(&error)),
        Err(error) => refuse(&error),
    }
}

/// An empty image: what asks for a picture would not read a message, so that is in a header.
fn refuse(error: &ApiError) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = error.status;
    let headers = response.headers_mut();
    headers.insert(X_CLD_ERROR, error.header());
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if error.status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    response
}

async fn find(app: &App, path: &str, headers: &HeaderMap) -> Result<File, ApiError> {
    let path = DeliveryPath::parse(path)?;
    if path.cloud != app.settings.cloud_name {
        return Err(ApiError::not_found(format!("Invalid cloud_name {}", path.cloud)));
    }
    let signed = access::is_signed(&path, &app.settings.api_secret)?;
    let (asset, extension) = look_up(app, &path).await?;
    if let Some((text, content_type)) =
        extension.as_deref().and_then(|extension| sprite_description(app, &asset, extension))
    {
        return Ok(described(text, content_type, &path, &asset));
    }
    let (attachment, transformation) = attachment::take(&path.transformation)?;
    let format = match extension {
        Some(extension) => Some(
            Format::from_extension(&extension)
                .ok_or_else(|| ApiError::bad_request(format!("Invalid extension in transformation: {extension}")))?,
        ),
        None => None,
    };
    let converted = format.filter(|format| asset.file.format.as_deref() != Some(format.extension()));
    let original = transformation.is_empty() && converted.is_none();
    access::check(&asset, original, signed)?;

    let mut file = if original {
        original_file(&asset)
    } else {
        if asset.key.resource_type == ResourceType::Raw {
            return Err(ApiError::bad_request("Raw files cannot be transformed"));
        }
        let rendering = Rendering::plan(app, &transformation, converted)?;
        access::check_layers(&rendering.find_layers(app).await?, signed)?;
        let varies = rendering.wants_auto_format();
        let converted = if varies { accepted(headers, &asset).or(converted) } else { converted };
        File { varies, ..derived_file(derive(app, &asset, &transformation, converted).await?) }
    };
    file.headers.clone_from(&asset.details.headers);
    file.cache_control = cache_control(&path, &asset);
    if let Some(attachment) = attachment {
        file.attachment = Some(attachment::file_name(&attachment, &asset, format.map(Format::extension)));
    }
    Ok(file)
}

/// Sends an asset to whoever may have it in any case.
pub(crate) async fn send_asset(
    app: &App,
    asset: &Asset,
    format: Option<Format>,
    attachment: Option<Attachment>,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let mut file = match format {
        None => original_file(asset),
        Some(format) => derived_file(derive(app, asset, &Transformation::default(), Some(format)).await?),
    };
    file.headers.clone_from(&asset.details.headers);
    file.cache_control = "private, no-cache";
    if let Some(attachment) = attachment {
        file.attachment = Some(attachment::file_name(&attachment, asset, format.map(Format::extension)));
    }
    file.send(app, method, headers).await
}

/// What tells of a sprite, made as it is asked for.
fn described(text: String, content_type: &str, path: &DeliveryPath, asset: &Asset) -> File {
    File {
        varies: false,
        blob: String::new(),
        bytes: text.len() as u64,
        content: Some(text.into()),
        etag: asset.version_id.clone(),
        modified: asset.created_at,
        content_type: content_type.to_owned(),
        attachment: None,
        cache_control: cache_control(path, asset),
        headers: Vec::new(),
    }
}

fn derived_file(made: Made) -> File {
    let Made { derived, bytes: content } = made;
    File {
        varies: false,
        content_type: mime(&derived.format),
        bytes: derived.bytes,
        etag: derived.blob.get(..32).unwrap_or_default().to_owned(),
        blob: derived.blob,
        content,
        modified: derived.created_at,
        attachment: None,
        cache_control: "",
        headers: Vec::new(),
    }
}

async fn look_up(app: &App, path: &DeliveryPath) -> Result<(Asset, Option<String>), ApiError> {
    let candidates = path.candidates();
    for (public_id, extension) in &candidates {
        if public_id.chars().count() > MAX_PUBLIC_ID_CHARS {
            return Err(ApiError::bad_request("public_id is too long"));
        }
        let key = AssetKey {
            resource_type: path.resource_type,
            delivery_type: path.delivery_type,
            public_id: (*public_id).to_owned(),
        };
        if let Some(asset) = app.store.asset(&key).await? {
            return Ok((asset, extension.map(str::to_owned)));
        }
    }
    let public_id = candidates.first().map_or("", |(public_id, _)| public_id);
    Err(ApiError::not_found(format!("Resource not found - {public_id}")))
}

fn original_file(asset: &Asset) -> File {
    let name = || asset.key.public_id.rsplit('/').next().unwrap_or_default().to_owned();
    let (content_type, attachment) = if let Some(format) = &asset.file.format {
        (mime(format), None)
    } else {
        let (content_type, active) = answer::raw_type(&asset.key.public_id);
        (content_type, active.then(name))
    };
    File {
        varies: false,
        blob: asset.file.blob.clone(),
        content: None,
        bytes: asset.file.bytes,
        etag: asset.file.etag.clone(),
        modified: asset.created_at,
        content_type,
        attachment,
        cache_control: "",
        headers: Vec::new(),
    }
}

/// WebP for clients that take it, but for GIFs, which may move; PNG for clients that take no WebP, of what is one.
fn accepted(headers: &HeaderMap, asset: &Asset) -> Option<Format> {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    match asset.file.format.as_deref() {
        Some("gif") => None,
        Some("webp") => {
            // Who says nothing, or takes anything, gets it as it is.
            let any = accept.is_empty() || ["image/webp", "image/*", "*/*"].iter().any(|kind| takes(accept, kind));
            let refused =
                accept.split(',').any(|one| one.trim().starts_with("image/webp")) && !takes(accept, "image/webp");
            Some(if any && !refused { Format::Webp } else { Format::Png })
        }
        _ => takes(accept, "image/webp").then_some(Format::Webp),
    }
}

/// Whether an `Accept` header names this very kind, and not with a weight of zero.
fn takes(accept: &str, kind: &str) -> bool {
    accept.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(kind));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Ok(1.0), str::parse::<f32>);
        named && weight.is_ok_and(|weight| weight > 0.0)
    })
}

fn mime(format: &str) -> String {
    Format::from_extension(format).map_or("application/octet-stream", Format::mime).to_owned()
}

/// A URL with the asset's own version never shows anything else; any other may with the next upload.
fn cache_control(path: &DeliveryPath, asset: &Asset) -> &'static str {
    let lasting = path.version == Some(asset.version);
    let open = asset.key.delivery_type.is_open()
        && asset.details.access_mode != Some(AccessMode::Authenticated)
        && asset.details.access_control.is_empty();
    match (open, lasting) {
        (true, true) => "public, max-age=2592000",
        (true, false) => "public, no-cache",
        (false, true) => "private, max-age=2592000",
        (false, false) => "private, no-cache",
    }
}
