//! A file that has come whole becomes an asset.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use cloudinary_pixels::{Format, Info};
use serde_json::{Map, Value};

use super::{
    background, breakpoints, inspect, metadata, public_id,
    request::{Requested, UploadRequest, normal_format},
    response::{self, Extras},
    source::Received,
    too_large,
};
use crate::{
    admin,
    analysis::Analyses,
    app::App,
    delivery::{self, Rendering},
    http::ApiError,
    ids,
    slots::Slot,
    store::{Asset, AssetKey, Details, FileFacts, NewAsset, NewDerived, Recorded, ResourceType, Spooled},
};

/// Checks the file, does what was asked for, stores it, and answers. A refusal leaves nothing behind.
pub(crate) async fn store(app: &App, request: &UploadRequest, received: Received) -> Result<Value, ApiError> {
    store_named(app, request, received, None).await.map(|(_, answer)| answer)
}

/// As [`store`], under an id that was settled before.
pub(crate) async fn store_named(
    app: &App,
    request: &UploadRequest,
    received: Received,
    settled: Option<String>,
) -> Result<(AssetKey, Value), ApiError> {
    if received.content.length == 0 {
        return Err(ApiError::bad_request("Empty file"));
    }
    let head = received.content.head(inspect::HEAD).await?;
    let resource_type = inspect::resource_type(request.requested, &head)?;
    check_size(app, resource_type, received.content.length)?;
    let metadata = metadata::checked(app, request.edits.metadata.as_ref().unwrap_or(&BTreeMap::new())).await?;

    let filename = request.filename_override.clone().or(received.filename);
    let public_id = match settled {
        Some(settled) => settled,
        None => request.naming.settle(resource_type, filename.as_deref())?,
    };
    let key = AssetKey { resource_type, delivery_type: request.delivery_type, public_id };
    let named = Named { key: key.clone(), content: received.content, filename, metadata };
    if request.in_background {
        return Ok((key, later(app, request.clone(), named)?));
    }
    let answer = store_whole(app, request, named).await?;
    background::notify(app, &request.notification_url, "upload", &answer);
    Ok((key, answer))
}

/// A file that knows what it will be called.
struct Named {
    key: AssetKey,
    content: Spooled,
    filename: Option<String>,
    metadata: BTreeMap<String, Value>,
}

/// Stores the file after the answer, which says no more than that.
fn later(app: &App, request: UploadRequest, named: Named) -> Result<Value, ApiError> {
    let batch_id = ids::hex_id();
    let answer = background::pending(&named.key, &batch_id);
    let task_app = app.clone();
    app.background.begin(async move {
        let key = named.key.clone();
        let stored = store_whole(&task_app, &request, named).await;
        background::tell(&task_app, &request.notification_url, "upload", &key, &batch_id, stored);
    })?;
    Ok(answer)
}

async fn store_whole(app: &App, request: &UploadRequest, named: Named) -> Result<Value, ApiError> {
    let Named { key, content, filename, metadata } = named;
    let _alone = app.flights.alone(&format!("upload {key:?}")).await;
    if !request.overwrite
        && let Some(asset) = app.store.asset(&key).await?
    {
        let mut extras = Extras { existing: true, ..Extras::default() };
        add_eager(app, request, &asset, &mut extras).await?;
        return Ok(response::describe(app, &asset, extras));
    }

    let metadata = admin::metadata_of_new_asset(app, metadata).await?;
    let mut details = details(request, filename.as_deref(), &key.public_id);
    request.edits.apply(&metadata, &mut details);
    let prepared = match key.resource_type {
        ResourceType::Image => prepare_image(app, request, content, details).await?,
        ResourceType::Raw => prepare_raw(request, content, filename.as_deref(), details)?,
    };
    let new = NewAsset {
        key,
        asset_id: ids::hex_id(),
        version_id: ids::hex_id(),
        file: prepared.facts,
        now: ids::now(),
        details: prepared.details,
    };
    let version_id = new.version_id.clone();
    // Once begun it is done whole, even when the client is gone.
    let (store, overwrite) = (Arc::clone(&app.store), request.overwrite);
    let recording = tokio::spawn(async move { store.record(new, prepared.content, overwrite).await });
    let recorded = recording.await.map_err(std::io::Error::other)??;
    let (asset, mut extras) = match recorded {
        Recorded::New(asset) => (asset, Extras::default()),
        Recorded::Overwritten(asset) => (asset, Extras { overwritten: true, ..Extras::default() }),
        Recorded::Existing(asset) => (asset, Extras { existing: true, ..Extras::default() }),
    };
    if asset.version_id == version_id {
        for (mut derived, content) in prepared.eager {
            derived.asset = asset.row;
            derived.version_id.clone_from(&asset.version_id);
            app.store.record_derived(&derived, content, &app.settings.limits).await?;
        }
    }
    extras.faces = prepared.faces;
    extras.more = prepared.analysis;
    if request.return_delete_token {
        let token = ids::secret();
        let expires_at = ids::now() + app.settings.limits.delete_token_kept.as_secs() as i64;
        app.store.record_delete_token(&token, &asset, expires_at).await?;
        extras.delete_token = Some(token);
    }
    add_eager(app, request, &asset, &mut extras).await?;
    if !request.breakpoints.is_empty() {
        let found = breakpoints::find(app, &asset, &request.breakpoints).await?;
        extras.more.insert("responsive_breakpoints".to_owned(), found);
    }
    Ok(response::describe(app, &asset, extras))
}

/// The eager ones of a request, made now or after the answer.
pub(crate) async fn add_eager(
    app: &App,
    request: &UploadRequest,
    asset: &Asset,
    extras: &mut Extras,
) -> Result<(), ApiError> {
    if request.eager.is_empty() {
        return Ok(());
    }
    let eager = if request.eager_async {
        background::derive(app, asset, request.eager.clone(), request.eager_destinations())?
    } else {
        let made = response::eager(app, asset, &request.eager).await?;
        if !request.eager_notification_url.is_empty() {
            background::notify_eager(app, asset, &request.eager_notification_url, None, made.clone());
        }
        made
    };
    extras.more.insert("eager".to_owned(), eager.into());
    Ok(())
}

/// A file that only needs to be recorded.
struct Prepared {
    content: Spooled,
    facts: FileFacts,
    details: Details,
    faces: Option<Vec<[u32; 4]>>,
    analysis: Map<String, Value>,
    eager: Vec<(NewDerived, Spooled)>,
}

fn check_size(app: &App, resource_type: ResourceType, length: u64) -> Result<(), ApiError> {
    let requested = match resource_type {
        ResourceType::Image => Requested::Image,
        ResourceType::Raw => Requested::Raw,
    };
    let most = super::max_bytes(app, requested);
    if length > most { Err(too_large(length, most)) } else { Ok(()) }
}

fn details(request: &UploadRequest, filename: Option<&str>, public_id: &str) -> Details {
    let mut details = Details { folder: request.folder.clone(), ..Details::default() };
    let stem = filename.map(|name| public_id::split(name).0).filter(|stem| !stem.is_empty());
    if !request.discard_original_filename {
        let own_name = public_id.rsplit('/').next().unwrap_or(public_id);
        details.original_filename = Some(stem.unwrap_or(own_name).to_owned());
    }
    if request.use_filename_as_display_name {
        details.display_name = stem.map(str::to_owned);
    }
    details
}

fn prepare_raw(
    request: &UploadRequest,
    content: Spooled,
    filename: Option<&str>,
    details: Details,
) -> Result<Prepared, ApiError> {
    for (name, asked) in [
        ("transformation", request.incoming.is_some()),
        ("eager", !request.eager.is_empty()),
        ("format", request.format.is_some()),
        ("faces", request.faces),
        ("responsive_breakpoints", !request.breakpoints.is_empty()),
    ] {
        if asked {
            return Err(ApiError::invalid(name, "raw files cannot be transformed"));
        }
    }
    if let Some(name) = request.analyses.first() {
        return Err(ApiError::invalid(name, "raw files are not analysed"));
    }
    let extension = filename.and_then(|name| public_id::split(name).1).map(normal_format);
    if !request.allowed_formats.is_empty() {
        match &extension {
            None => return Err(ApiError::bad_request("An unknown file format not allowed")),
            Some(extension) if !request.allowed_formats.contains(extension) => {
                return Err(ApiError::bad_request(format!("Raw file format {extension} not allowed")));
            }
            Some(_) => {}
        }
    }
    let facts = facts(&content, None);
    Ok(Prepared { content, facts, details, faces: None, analysis: Map::new(), eager: Vec::new() })
}

async fn prepare_image(
    app: &App,
    request: &UploadRequest,
    content: Spooled,
    mut details: Details,
) -> Result<Prepared, ApiError> {
    let mut content = content;
    let slot = app.slots.take().await?;
    let mut bytes = content.read().await?;
    let original = bytes.clone();
    let mut info = inspect_image(&slot, bytes.clone()).await?;
    let allowed = |format: Format| {
        request.allowed_formats.is_empty() || request.allowed_formats.iter().any(|name| name == format.extension())
    };
    // With a format of its own to be stored in, a file of another is converted instead of refused.
    let result = request.format.unwrap_or(info.format);
    if !allowed(result) {
        return Err(ApiError::bad_request(format!("Image file format {} not allowed", result.extension())));
    }
    if request.incoming.is_some() || result != info.format {
        let transformation = request.incoming.clone().unwrap_or_default();
        let rendering = Rendering::plan(app, &transformation, request.format)?;
        let rendered = {
            let layers = rendering.find_layers(app).await?;
            rendering.render(app, &slot, delivery::source(&details, bytes), &layers).await?
        };
        if rendered.format != info.format {
            details.original_extension = Some(info.format.extension().to_owned());
        }
        bytes = rendered.bytes;
        info = inspect_image(&slot, bytes.clone()).await?;
        if !allowed(info.format) {
            return Err(ApiError::bad_request(format!("Image file format {} not allowed", info.format.extension())));
        }
        content = app.store.blobs().receive_bytes(&bytes).await?;
    }
    let analysis = analyse(&slot, request.analyses, original, bytes.clone()).await?;
    let faces = if request.faces { Some(faces(&slot, &details, &bytes, &info).await?) } else { None };
    let facts = facts(&content, Some(&info));
    let mut eager = Vec::new();
    // Those for later are made when the asset is recorded.
    for one in request.eager.iter().filter(|_| !request.eager_async) {
        let rendering = Rendering::plan(app, &one.transformation, one.format)?;
        let layers = rendering.find_layers(app).await?;
        let key = rendering.key(&layers);
        let rendered = rendering.render(app, &slot, delivery::source(&details, bytes.clone()), &layers).await?;
        eager.push(delivery::keep(app, 0, "", key, one.format, rendered).await?);
    }
    Ok(Prepared { content, facts, details, faces, analysis, eager })
}

/// What was asked for of a picture as it came, and as it is stored.
pub(crate) async fn analyse(
    slot: &Slot,
    analyses: Analyses,
    original: Bytes,
    stored: Bytes,
) -> Result<Map<String, Value>, ApiError> {
    if analyses.first().is_none() {
        return Ok(Map::new());
    }
    slot.run(move |engine| analyses.of(&original, &stored, engine.limits())).await?.map_err(inspect::image_fault)
}

pub(crate) async fn inspect_image(slot: &Slot, bytes: Bytes) -> Result<Info, ApiError> {
    slot.run(move |engine| inspect::image(&bytes, engine.limits())).await?
}

pub(crate) fn facts(content: &Spooled, image: Option<&Info>) -> FileFacts {
    FileFacts {
        format: image.map(|info| info.format.extension().to_owned()),
        size: image.map(|info| (info.width, info.height)),
        pages: image.map(|info| u32::try_from(info.frames).unwrap_or(u32::MAX)),
        bytes: content.length,
        etag: content.md5.clone(),
        blob: content.sha256.clone(),
    }
}

/// The faces the uploader told of, none larger than the image, or those found.
pub(crate) async fn faces(
    slot: &Slot,
    details: &Details,
    bytes: &Bytes,
    info: &Info,
) -> Result<Vec<[u32; 4]>, ApiError> {
    let (width, height) = info.oriented_size();
    if !details.face_coordinates.is_empty() {
        return Ok(details.face_coordinates.iter().filter_map(|face| clipped(*face, width, height)).collect());
    }
    let (bytes, orientation) = (bytes.clone(), info.orientation);
    let found = slot
        .run(move |engine| {
            let picture = cloudinary_pixels::decode(&bytes, engine.limits()).map_err(|error| error.to_string())?;
            Ok::<_, String>(engine.detector().detect(&orientation.apply(picture.bitmap().clone())))
        })
        .await?
        .map_err(ApiError::bad_request)?;
    Ok(found
        .iter()
        .filter_map(|face| face.clipped(width, height))
        .map(|face| [face.x.unsigned_abs(), face.y.unsigned_abs(), face.width, face.height])
        .collect())
}

/// As the service does it: no side is longer than the image's, wherever the face begins.
fn clipped([x, y, w, h]: [u32; 4], width: u32, height: u32) -> Option<[u32; 4]> {
    (x < width && y < height).then(|| [x, y, w.min(width), h.min(height)])
}

#[cfg(test)]
mod tests {
    use super::clipped;

    #[test]
    fn faces_are_no_larger_than_the_image() {
        let table = [
            ([120, 30, 109, 150], Some([120, 30, 109, 51])),
            ([121, 31, 110, 151], Some([121, 31, 110, 51])),
            ([0, 0, 10, 10], Some([0, 0, 10, 10])),
            ([300, 0, 10, 10], None),
        ];
        for (face, expected) in table {
            assert_eq!(clipped(face, 241, 51), expected);
        }
    }
}
