//! Files that come in pieces, each a request of its own, in any order.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, header::CONTENT_RANGE};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    file, inspect, max_bytes, public_id,
    request::{Requested, UploadRequest},
    response::{self, Extras},
    source::Received,
    too_large,
};
use crate::{
    app::App,
    http::{ApiError, FileField, Params},
    ids,
    store::{AssetKey, Chunk, ChunkedName, Finished, ResourceType, Spooled, StoreError},
};

/// Parameters that may differ between the pieces of a file: those of one request, and those that are compared by what
/// they mean.
const OF_ITS_OWN: &[&str] =
    &["api_key", "cloud_name", "public_id", "resource_type", "signature", "signature_algorithm", "timestamp", "type"];

const X_UNIQUE_UPLOAD_ID: HeaderName = HeaderName::from_static("x-unique-upload-id");

/// Which piece of which file a request carries.
#[derive(Debug)]
pub(crate) struct Piece {
    /// The file, as the sender names it, apart from those of other senders.
    upload: String,
    chunk: Chunk,
    /// What its request asks for.
    terms: Terms,
}

impl Piece {
    /// `None` for a request that carries a whole file: `X-Unique-Upload-Id` alone does not make it a piece.
    pub(crate) fn of(
        headers: &HeaderMap,
        scope: &str,
        request: &UploadRequest,
        terms: Terms,
    ) -> Result<Option<Self>, ApiError> {
        let Some(range) = headers.get(CONTENT_RANGE) else { return Ok(None) };
        let range = range.to_str().unwrap_or_default();
        let chunk = parse(range).ok_or_else(|| {
            ApiError::bad_request(format!("Invalid Content-Range {range}; send bytes first-last/total"))
        })?;
        let id = headers.get(X_UNIQUE_UPLOAD_ID).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if id.is_empty() {
            return Err(ApiError::bad_request(
                "Missing required header - X-Unique-Upload-Id, which a Content-Range needs",
            ));
        }
        if id.len() > 255 {
            return Err(ApiError::bad_request("X-Unique-Upload-Id is too long: at most 255 characters"));
        }
        Ok(Some(Self { upload: format!("{}/{scope}/{id}", request.requested.as_str()), chunk, terms }))
    }

    fn is_last(&self) -> bool {
        self.chunk.total == Some(self.chunk.last + 1)
    }
}

/// The parameters of a request in pieces, each as a digest of its value: who may send one piece may not say with it what
/// becomes of those of others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms(BTreeMap<String, String>);

impl Terms {
    pub(crate) fn of(params: &Params) -> Self {
        let told = params.iter().filter(|(name, value)| !value.is_empty() && !OF_ITS_OWN.contains(&name.as_str()));
        Self(told.map(|(name, value)| (name.clone(), hex::encode(Sha256::digest(value.as_bytes())))).collect())
    }

    /// The first parameter that is another than it was in `began`; what an earlier server kept has no terms.
    fn differing(&self, began: &str) -> Result<Option<String>, ApiError> {
        if began.is_empty() {
            return Ok(None);
        }
        let began: BTreeMap<String, String> = serde_json::from_str(began).map_err(StoreError::from)?;
        let mut names = began.keys().chain(self.0.keys());
        Ok(names.find(|name| began.get(*name) != self.0.get(*name)).cloned())
    }
}

/// `bytes 0-999/3000`; while the size is not known yet, `-1` or `*` stands for it.
fn parse(range: &str) -> Option<Chunk> {
    let (range, total) = range.strip_prefix("bytes ")?.trim().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    let total = match total {
        "-1" | "*" => None,
        total => Some(total.parse::<u64>().ok()?),
    };
    // SQLite counts in signed numbers.
    let sane = first <= last && last < i64::MAX as u64 && total.is_none_or(|total| last < total);
    sane.then_some(Chunk { first, last, total })
}

/// Keeps a piece; with the one that makes the file whole, the file becomes an asset.
pub(crate) async fn accept(
    app: &App,
    request: &UploadRequest,
    piece: Piece,
    file: FileField,
) -> Result<Value, ApiError> {
    let most = max_bytes(app, request.requested);
    let end = piece.chunk.total.unwrap_or(piece.chunk.last + 1);
    if end > most {
        return Err(too_large(end, most));
    }
    let (content, filename) = match file {
        FileField::Part { content, filename } => (content, filename),
        FileField::TooLarge(length) => return Err(too_large(length, most)),
        FileField::Text(_) => return Err(ApiError::bad_request("A piece of a file must be sent as a file part")),
    };
    let announced = piece.chunk.last - piece.chunk.first + 1;
    if content.length != announced {
        let got = content.length;
        return Err(ApiError::bad_request(format!("Content-Range speaks of {announced} bytes, but {got} came")));
    }
    if announced < app.settings.limits.chunk_min_bytes && !piece.is_last() {
        return Err(ApiError::bad_request("All parts except EOF-chunk must be larger than 5mb"));
    }

    let _alone = app.flights.alone(&format!("chunks {}", piece.upload)).await;
    let filename = request.filename_override.clone().or(filename);
    let own = ChunkedName {
        public_id: settle(request, &piece, &content, filename.as_deref()).await?,
        delivery_type: request.delivery_type,
        terms: serde_json::to_string(&piece.terms.0).map_err(StoreError::from)?,
    };
    // Without one in the request the id just settled on is another each time.
    let agrees = |public_id: &str, delivery_type| {
        delivery_type == own.delivery_type && (request.naming.public_id.is_none() || public_id == own.public_id)
    };
    if let Some(key) = app.store.finished_upload(&piece.upload, piece.chunk, &content.sha256).await?
        && agrees(&key.public_id, key.delivery_type)
    {
        return repeat(app, request, &key).await;
    }
    app.store.forget_finished(&piece.upload).await?;
    let name = match app.store.chunked_name(&piece.upload).await? {
        Some(settled) if agrees(&settled.public_id, settled.delivery_type) => settled,
        Some(settled) => {
            return Err(ApiError::bad_request(format!(
                "All parts must have the same public_id and type; this upload began as {}/{}",
                settled.delivery_type.as_str(),
                settled.public_id
            )));
        }
        None => own,
    };
    if let Some(other) = piece.terms.differing(&name.terms)? {
        return Err(ApiError::bad_request(format!(
            "All parts must have the same parameters; this upload began with another {other}"
        )));
    }
    let public_id = name.public_id.clone();
    let bytes = content.length;
    let whole = app.store.record_chunk(&piece.upload, &name, piece.chunk, content, ids::now()).await?;
    if !whole {
        return Ok(json!({
            "done": false,
            "bytes": bytes,
            "kind": "upload",
            "resource_type": request.requested.as_str(),
            "public_id": public_id,
        }));
    }
    finish(app, request, &piece.upload, public_id, filename).await
}

async fn finish(
    app: &App,
    request: &UploadRequest,
    upload: &str,
    public_id: String,
    filename: Option<String>,
) -> Result<Value, ApiError> {
    let content = app.store.assemble(upload).await?;
    let stored = file::store_named(app, request, Received { content, filename }, Some(public_id)).await;
    // Refused or stored, the pieces have done their part; when the server failed, the last one may be sent again.
    if stored.as_ref().err().is_none_or(|error| error.status.is_client_error()) {
        let finished = stored.as_ref().ok().map(|(key, _)| Finished { key, now: ids::now() });
        app.store.finish_upload(upload, finished).await?;
    }
    let (_, mut answer) = stored?;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("done".to_owned(), Value::Bool(true));
    }
    Ok(answer)
}

/// A piece of a file that is already whole: its sender never heard the answer.
async fn repeat(app: &App, request: &UploadRequest, key: &AssetKey) -> Result<Value, ApiError> {
    let asset = app
        .store
        .asset(key)
        .await?
        .ok_or_else(|| ApiError::not_found(format!("Resource not found - {}", key.public_id)))?;
    let mut extras = Extras { done: true, ..Extras::default() };
    if !request.eager.is_empty() {
        extras.more.insert("eager".to_owned(), response::eager(app, &asset, &request.eager).await?.into());
    }
    Ok(response::describe(app, &asset, extras))
}

/// The id is settled with the first piece: the sender repeats it with the later ones.
async fn settle(
    request: &UploadRequest,
    piece: &Piece,
    content: &Spooled,
    filename: Option<&str>,
) -> Result<String, ApiError> {
    let resource_type = match request.requested {
        Requested::Image => ResourceType::Image,
        Requested::Raw => ResourceType::Raw,
        Requested::Auto if piece.chunk.first == 0 => {
            inspect::resource_type(request.requested, &content.head(inspect::HEAD).await?)?
        }
        // The head of the file has not come yet; its name has to do.
        Requested::Auto => {
            let extension = filename.and_then(|name| public_id::split(name).1).unwrap_or_default();
            match cloudinary_pixels::Format::from_extension(extension) {
                Some(_) => ResourceType::Image,
                None => ResourceType::Raw,
            }
        }
    };
    request.naming.settle(resource_type, filename)
}

#[cfg(test)]
mod tests {
    use super::{Chunk, parse};

    #[test]
    fn content_ranges() {
        let chunk = |first, last, total| Some(Chunk { first, last, total });
        let table = [
            ("bytes 0-999/3000", chunk(0, 999, Some(3000))),
            ("bytes 1000-2999/3000", chunk(1000, 2999, Some(3000))),
            ("bytes 0-999/-1", chunk(0, 999, None)),
            ("bytes 0-999/*", chunk(0, 999, None)),
            ("bytes 0-999/999", None),
            ("bytes 5-4/10", None),
            ("bytes -5/10", None),
            ("bytes 0-18446744073709551615/-1", None),
            ("0-999/3000", None),
            ("bytes", None),
            ("", None),
        ];
        for (range, expected) in table {
            assert_eq!(parse(range), expected, "{range}");
        }
    }
}
