//! Many assets in one file: as a raw asset, or to be downloaded through a signed URL.

mod contents;
mod download;
mod request;
mod tgz;
mod zip;

use axum::{
    Json,
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use futures_util::StreamExt as _;
use http::{
    HeaderMap, HeaderValue, StatusCode, Uri,
    header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use tokio::sync::SemaphorePermit;
use tokio_util::io::ReaderStream;

pub(crate) use download::{backup, private};

use crate::{
    app::App,
    delivery,
    http::{ApiError, Segments},
    ids,
    store::{AssetKey, DeliveryType, Details, ResourceType, Spooled},
    upload::{
        action::{Action, Named},
        background, made,
        response::{self, Extras},
    },
};
use contents::{Entry, Taken};
use request::{ArchiveRequest, Container, Mode, PARAMETERS};

/// `POST /v1_1/{cloud}/{resource_type}/generate_archive`
pub(crate) async fn generate(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let action = Action::read(&app, &cloud, &resource_type, &headers, body, PARAMETERS).await?;
    answer(&app, ArchiveRequest::read(&app.settings, &resource_type, &action, Mode::Create)?).await
}

/// `GET` of the same, with everything signed in its query.
pub(crate) async fn link(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let query = uri.query().unwrap_or_default();
    let action = Action::read_query(&app, &cloud, &resource_type, &headers, query, PARAMETERS)?;
    let request = ArchiveRequest::read(&app.settings, &resource_type, &action, Mode::Download)?;
    if request.mode == Mode::Create {
        return Err(ApiError::invalid("mode", "a link can only download"));
    }
    answer(&app, request).await
}

/// `GET /v1_1/{cloud}/{resource_type}/download_tag.zip`: all assets of one tag.
pub(crate) async fn tag_link(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    const TAG: Named = Named { done: &["tag", "transformation"], refused: &[] };
    let query = uri.query().unwrap_or_default();
    let mut action = Action::read_query(&app, &cloud, &resource_type, &headers, query, TAG)?;
    for (short, long) in [("tag", "tags"), ("transformation", "transformations")] {
        if let Some(value) = action.form.params.remove(short) {
            action.form.params.insert(long.to_owned(), value);
        }
    }
    answer(&app, ArchiveRequest::read(&app.settings, &resource_type, &action, Mode::Download)?).await
}

async fn answer(app: &App, request: ArchiveRequest) -> Result<Response, ApiError> {
    let name = format!(
        "{}.{}",
        request.target_public_id.clone().unwrap_or_else(|| ids::alphanumeric(20)),
        request.container.extension()
    );
    if request.mode == Mode::Download {
        let packed = pack(app, &request).await?;
        let file_name = name.rsplit('/').next().unwrap_or_default().to_owned();
        return send(packed.content, &file_name, request.container.mime()).await;
    }
    let key = AssetKey { resource_type: ResourceType::Raw, delivery_type: DeliveryType::Upload, public_id: name };
    if request.in_background {
        let batch_id = ids::hex_id();
        let pending = background::pending(&key, &batch_id);
        let task_app = app.clone();
        app.background.begin(async move {
            let done = create(&task_app, &request, key.clone()).await;
            background::tell(&task_app, &request.notification_url, "archive", &key, &batch_id, done);
        })?;
        return Ok(Json(pending).into_response());
    }
    let answer = create(app, &request, key).await?;
    background::notify(app, &request.notification_url, "archive", &answer);
    Ok(Json(answer).into_response())
}

async fn create(app: &App, request: &ArchiveRequest, key: AssetKey) -> Result<Value, ApiError> {
    let Packed { content, resources, files } = pack(app, request).await?;
    let details = Details {
        tags: request.target_tags.clone(),
        asset_folder: request.target_asset_folder.clone(),
        ..Details::default()
    };
    let asset = made::store(app, key, content, None, details).await?;
    let more =
        Map::from_iter([("resource_count".to_owned(), resources.into()), ("file_count".to_owned(), files.into())]);
    Ok(response::describe(app, &asset, Extras { more, ..Extras::default() }))
}

/// A whole archive, not stored yet.
struct Packed {
    content: Spooled,
    resources: usize,
    files: usize,
}

/// One of the two kinds of archives, being written.
enum Writer {
    Zip(zip::Zip),
    Tgz(tgz::Tgz),
}

impl Writer {
    fn add(&mut self, name: &str, modified: i64, content: &[u8]) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Zip(zip) => zip.add(name, modified, content),
            Self::Tgz(tgz) => tgz.add(name, modified, content),
        }
    }

    fn finish(self) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Zip(zip) => zip.finish(),
            Self::Tgz(tgz) => tgz.finish(),
        }
    }
}

/// Packs file after file; only one is in memory.
async fn pack(app: &App, request: &ArchiveRequest) -> Result<Packed, ApiError> {
    let _place = place(app).await?;
    let (resources, entries) = contents::collect(app, request).await?;
    let files = entries.len();
    let most = app.settings.limits.archive_max_bytes.min(u64::from(u32::MAX));
    let mut spool = app.store.blobs().receive_into(app.store.blobs().reserve_archive()).await?;
    let mut taken = Taken::default();
    let mut writer = match request.container {
        Container::Zip => Writer::Zip(zip::Zip::default()),
        Container::Tgz => Writer::Tgz(tgz::Tgz::new()),
    };
    for entry in entries {
        let (content, extension) = load(app, &entry).await?;
        let name = taken.free(contents::name(&entry, request.names, extension.as_deref()));
        let modified = entry.asset.created_at;
        let packing = tokio::task::spawn_blocking(move || {
            let packed = writer.add(&name, modified, &content);
            (writer, packed)
        });
        let (back, packed) = packing.await.map_err(std::io::Error::other)?;
        writer = back;
        let packed = packed?;
        if spool.length() + packed.len() as u64 > most {
            return Err(ApiError::bad_request(format!("The archive is too large: at most {most} bytes")));
        }
        spool.write(&packed).await?;
    }
    spool.write(&writer.finish()?).await?;
    Ok(Packed { content: spool.finish().await?, resources, files })
}

/// Waits for one of the few places to pack in, for a while.
async fn place(app: &App) -> Result<SemaphorePermit<'_>, ApiError> {
    let busy = || ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "Too many archives are packed; try again later");
    let free = tokio::time::timeout(app.settings.limits.render_wait, app.packing.acquire());
    free.await.map_err(|_| busy())?.map_err(|_| busy())
}

async fn load(app: &App, entry: &Entry) -> Result<(bytes::Bytes, Option<String>), ApiError> {
    let Some(eager) = &entry.eager else {
        let content = app.store.blobs().read(&entry.asset.file.blob).await.map_err(delivery::unreadable)?;
        return Ok((content, entry.asset.file.format.clone()));
    };
    let made = delivery::derive(app, &entry.asset, &eager.transformation, eager.format).await?;
    let content = match made.bytes {
        Some(bytes) => bytes,
        None => app.store.blobs().read(&made.derived.blob).await.map_err(delivery::unreadable)?,
    };
    Ok((content, Some(made.derived.format)))
}

/// Sends a file that is nowhere but in the spool, to be saved.
async fn send(content: Spooled, name: &str, mime: &'static str) -> Result<Response, ApiError> {
    let reader = content.open().await?;
    let length = content.length;
    // The file is there as long as it is read.
    let pieces = ReaderStream::new(reader).map(move |piece| {
        let _content = &content;
        piece
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(CONTENT_LENGTH, length.into());
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
