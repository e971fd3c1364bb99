//! The three body types the API takes, read into parameters and at most one file, which goes to the store's spool as it
//! comes.

use std::{collections::BTreeMap, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::{HeaderMap, header::CONTENT_TYPE};

use super::error::ApiError;
use crate::{
    Limits,
    store::{Blobs, Spooled},
};

/// Parameters by name; lists are joined by commas, as they are signed.
pub(crate) type Params = BTreeMap<String, String>;

/// A request's body.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) params: Params,
    pub(crate) file: Option<FileField>,
}

/// What stood under `file`.
#[derive(Debug)]
pub(crate) enum FileField {
    /// A file part, as browsers send.
    Part { content: Spooled, filename: Option<String> },
    /// A file part of this many bytes, which is over every limit; its bytes are gone.
    TooLarge(u64),
    /// A text: a data URI or the URL of a remote file.
    Text(String),
}

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, thiserror::Error)]
enum BodyFault {
    #[error("it is larger than the server takes")]
    TooLarge,
    #[error("nothing came for too long")]
    Stalled,
    #[error("the connection broke")]
    Broken,
}

impl From<BodyFault> for ApiError {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge => Self::too_large(),
            BodyFault::Stalled => Self::new(http::StatusCode::REQUEST_TIMEOUT, "Request timed out: its body stalled"),
            BodyFault::Broken => Self::bad_request("Invalid request body: it was cut off"),
        }
    }
}

impl Form {
    /// Reads a whole body.
    pub(crate) async fn read(
        headers: &HeaderMap,
        body: Body,
        blobs: &Blobs,
        limits: &Limits,
    ) -> Result<Self, ApiError> {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match media_type.as_str() {
            "multipart/form-data" => {
                let boundary = multer::parse_boundary(content_type)
                    .map_err(|error| ApiError::bad_request(format!("Invalid multipart body: {error}")))?;
                let mut body = Box::pin(bounded(body, limits.request_max_bytes, limits.idle_timeout).fuse());
                let form = multipart(multer::Multipart::new(&mut body, boundary), blobs, limits).await;
                if form.is_err() {
                    discard(&mut body).await;
                }
                form
            }
            "application/x-www-form-urlencoded" => {
                let text = collect(body, limits).await?;
                Self::from_pairs(url::form_urlencoded::parse(&text).into_owned(), limits)
            }
            "application/json" => {
                let text = collect(body, limits).await?;
                Self::from_pairs(json_pairs(&text)?, limits)
            }
            "" => Err(ApiError::bad_request("Missing Content-Type; send multipart/form-data")),
            other => Err(ApiError::bad_request(format!("Unsupported Content-Type {other}; send multipart/form-data"))),
        }
    }

    fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>, limits: &Limits) -> Result<Self, ApiError> {
        let mut gathered = Gathered::default();
        let mut file = None;
        for (name, value) in pairs {
            if name == "file" {
                if file.replace(FileField::Text(value)).is_some() {
                    return Err(ApiError::bad_request("Parameter file is given more than once"));
                }
            } else {
                gathered.add(&name, value, limits)?;
            }
        }
        Ok(Self { params: gathered.finish(), file })
    }
}

/// Parameters as they come, some of them pieces of a list.
#[derive(Default)]
struct Gathered {
    single: Params,
    lists: BTreeMap<String, Vec<String>>,
    count: usize,
}

impl Gathered {
    /// `tags[]=a`, `tags[0]=a` and `tags=a` all speak of `tags`.
    fn add(&mut self, name: &str, value: String, limits: &Limits) -> Result<(), ApiError> {
        self.count += 1;
        if self.count > limits.fields_max {
            return Err(ApiError::bad_request(format!("Too many parameters: at most {}", limits.fields_max)));
        }
        if name != "file" && value.len() as u64 > limits.field_max_bytes {
            return Err(too_long(name, limits));
        }
        if let Some((name, index)) = name.split_once('[')
            && let Some(index) = index.strip_suffix(']')
            && index.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.lists.entry(name.to_owned()).or_default().push(value);
        } else if self.single.insert(name.to_owned(), value).is_some() {
            return Err(ApiError::bad_request(format!("Parameter {name} is given more than once")));
        }
        Ok(())
    }

    fn finish(self) -> Params {
        let mut params = self.single;
        params.extend(self.lists.into_iter().map(|(name, values)| (name, values.join(","))));
        params
    }
}

fn too_long(name: &str, limits: &Limits) -> ApiError {
    ApiError::bad_request(format!("Parameter {name} is too long: at most {} bytes", limits.field_max_bytes))
}

async fn multipart(mut parts: multer::Multipart<'_>, blobs: &Blobs, limits: &Limits) -> Result<Form, ApiError> {
    let mut gathered = Gathered::default();
    let mut file = None;
    while let Some(mut part) = parts.next_field().await.map_err(multipart_fault)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some() || part.content_type().is_some_and(|kind| kind.type_() != "text");
        if name == "file" && is_file {
            if file.is_some() {
                return Err(ApiError::bad_request("Parameter file is given more than once"));
            }
            file = Some(receive(&mut part, blobs, limits).await?);
            continue;
        }
        let most = if name == "file" { data_uri_max(limits) } else { limits.field_max_bytes };
        let mut value = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(multipart_fault)? {
            value.extend_from_slice(&piece);
            if value.len() as u64 > most {
                return Err(too_long(&name, limits));
            }
        }
        let value = String::from_utf8(value).map_err(|_| ApiError::invalid(&name, "it is not UTF-8"))?;
        if name == "file" {
            if file.is_some() {
                return Err(ApiError::bad_request("Parameter file is given more than once"));
            }
            file = Some(FileField::Text(value));
        } else {
            gathered.add(&name, value, limits)?;
        }
    }
    Ok(Form { params: gathered.finish(), file })
}

/// Base64 needs four characters for three bytes, and a little for its head.
fn data_uri_max(limits: &Limits) -> u64 {
    limits.image_max_bytes.max(limits.raw_max_bytes) / 3 * 4 + 1024
}

async fn receive(part: &mut multer::Field<'_>, blobs: &Blobs, limits: &Limits) -> Result<FileField, ApiError> {
    let filename = part.file_name().map(str::to_owned);
    let most = limits.image_max_bytes.max(limits.raw_max_bytes);
    let mut spool = blobs.receive().await?;
    while let Some(piece) = part.chunk().await.map_err(multipart_fault)? {
        let length = spool.length() + piece.len() as u64;
        if length > most {
            drop(spool);
            return count_rest(part, length).await;
        }
        spool.write(&piece).await?;
    }
    Ok(FileField::Part { content: spool.finish().await?, filename })
}

/// Reads on without keeping anything: the refusal tells how large the file was, and a client that is still sending would
/// not read it.
async fn count_rest(part: &mut multer::Field<'_>, mut length: u64) -> Result<FileField, ApiError> {
    while let Some(piece) = part.chunk().await.map_err(multipart_fault)? {
        length += piece.len() as u64;
    }
    Ok(FileField::TooLarge(length))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn multipart_fault(error: multer::Error) -> ApiError {
    if let multer::Error::StreamReadFailed(cause) = &error
        && let Some(fault) = cause.downcast_ref::<BodyFault>()
    {
        return (*fault).into();
    }
    ApiError::bad_request(format!("Invalid multipart body: {error}"))
}

async fn collect(body: Body, limits: &Limits) -> Result<Vec<u8>, ApiError> {
    let most = (data_uri_max(limits) + 4 * limits.field_max_bytes).min(limits.request_max_bytes);
    let mut pieces = Box::pin(bounded(body, most, limits.idle_timeout));
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        whole.extend_from_slice(&piece?);
    }
    Ok(whole)
}

/// The body's bytes, ending with a fault when it grows too large or stalls.
fn bounded(body: Body, most: u64, patience: Duration) -> impl Stream<Item = Result<Bytes, BodyFault>> + Send {
    stream::unfold(Some((body.into_data_stream(), 0_u64)), move |state| async move {
        let (mut data, so_far) = state?;
        match tokio::time::timeout(patience, data.next()).await {
            Err(_) => Some((Err(BodyFault::Stalled), None)),
            Ok(None) => None,
            Ok(Some(Err(_))) => Some((Err(BodyFault::Broken), None)),
            Ok(Some(Ok(piece))) => {
                let so_far = so_far + piece.len() as u64;
                if so_far > most {
                    discard(&mut data).await;
                    return Some((Err(BodyFault::TooLarge), None));
                }
                Some((Ok(piece), Some((data, so_far))))
            }
        }
    })
}

/// Lets a client finish sending, for a while, as most read an answer only then.
async fn discard<E>(data: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) {
    let rest = async { while let Some(Ok(_)) = data.next().await {} };
    // A client that takes longer finds the connection closed.
    let _ = tokio::time::timeout(Duration::from_secs(5), rest).await;
}

fn json_pairs(text: &[u8]) -> Result<Vec<(String, String)>, ApiError> {
    let invalid = |reason: String| ApiError::bad_request(format!("Invalid JSON body: {reason}"));
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(text).map_err(|error| invalid(error.to_string()))?;
    let mut pairs = Vec::new();
    for (name, value) in object {
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::String(text) => pairs.push((name, text)),
            serde_json::Value::Array(items) => {
                for item in items {
                    let text = match item {
                        serde_json::Value::String(text) => text,
                        other => other.to_string(),
                    };
                    pairs.push((format!("{name}[]"), text));
                }
            }
            serde_json::Value::Object(_) => return Err(invalid(format!("{name} may not be an object"))),
            scalar => pairs.push((name, scalar.to_string())),
        }
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_in_two_spellings() {
        type Pairs<'a> = &'a [(&'a str, &'a str)];
        let limits = Limits { fields_max: 4, field_max_bytes: 8, ..Limits::default() };
        let table: [(Pairs<'_>, Result<Pairs<'_>, &str>); 6] = [
            (&[("a", "1"), ("b", "2")], Ok(&[("a", "1"), ("b", "2")])),
            (&[("t[]", "x"), ("t[]", "y")], Ok(&[("t", "x,y")])),
            (&[("t[0]", "x"), ("t[1]", "y")], Ok(&[("t", "x,y")])),
            (&[("a", "1"), ("a", "2")], Err("Parameter a is given more than once")),
            (&[("a", "123456789")], Err("Parameter a is too long: at most 8 bytes")),
            (&[("a", ""), ("b", ""), ("c", ""), ("d", ""), ("e", "")], Err("Too many parameters: at most 4")),
        ];
        for (pairs, expected) in table {
            let owned = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let read = Form::from_pairs(owned, &limits).map(|form| form.params).map_err(|error| error.message);
            let expected = expected
                .map(|pairs| pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
                .map_err(str::to_owned);
            assert_eq!(read, expected, "{pairs:?}");
        }
    }
}
