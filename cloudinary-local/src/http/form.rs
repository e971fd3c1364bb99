//! The three body types the API takes, read into parameters and at most one file.

use std::collections::BTreeMap;

use axum::body::Body;
use futures_util::StreamExt as _;
use http::{
    HeaderMap,
    header::{AUTHORIZATION, CONTENT_TYPE},
};

use super::{
    auth,
    body::{HeadMeter, bounded, discard},
    error::ApiError,
    multipart,
};
use crate::{
    Limits,
    settings::Settings,
    store::{Blobs, Reservation, Spooled},
};

/// Most items of one list, as the service has it.
const LIST_MAX: usize = 1000;

/// Parameters by name; lists are joined by commas, as they are signed.
pub(crate) type Params = BTreeMap<String, String>;

/// A request's body.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) params: Params,
    /// The items of the parameters that came as lists.
    pub(crate) lists: BTreeMap<String, Vec<String>>,
    pub(crate) file: Option<FileField>,
    /// What its texts take of the store's budget, until it is dropped.
    _held: Reservation,
    /// What a text under `file` takes.
    _file_held: Option<Reservation>,
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

/// What a body is checked against while it is read: whoever may not upload should not get far.
pub(crate) struct Gate<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) cloud: &'a str,
    /// Whether key, signature or preset count for this action.
    pub(crate) credentials: bool,
    /// Whether a parameter of this name may have a value.
    pub(crate) known: fn(&str) -> bool,
}

impl Form {
    /// Reads a whole body.
    pub(crate) async fn read(
        headers: &HeaderMap,
        body: Body,
        blobs: &Blobs,
        gate: &Gate<'_>,
    ) -> Result<Self, ApiError> {
        let limits = &gate.settings.limits;
        if let Err(error) = check_head(headers, gate) {
            discard(&mut body.into_data_stream()).await;
            return Err(error);
        }
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match media_type.as_str() {
            "multipart/form-data" => {
                let boundary = multer::parse_boundary(content_type)
                    .map_err(|error| ApiError::bad_request(format!("Invalid multipart body: {error}")))?;
                let meter = HeadMeter::new();
                let mut body = Box::pin(bounded(body, limits.request_max_bytes, limits, meter.clone()).fuse());
                let form =
                    multipart::read(multer::Multipart::new(&mut body, boundary), &meter, headers, blobs, gate).await;
                if form.is_err() {
                    meter.end();
                    discard(&mut body).await;
                }
                form
            }
            "application/x-www-form-urlencoded" => {
                let mut gathered = Gathered::new(whole_body(headers, blobs, gate));
                let text = collect(body, &mut gathered, limits).await?;
                gathered.pairs(url::form_urlencoded::parse(&text).into_owned(), gate)
            }
            "application/json" => {
                let mut gathered = Gathered::new(whole_body(headers, blobs, gate));
                let text = collect(body, &mut gathered, limits).await?;
                gathered.pairs(json_pairs(&text)?, gate)
            }
            "" => Err(ApiError::bad_request("Missing Content-Type; send multipart/form-data")),
            other => Err(ApiError::bad_request(format!("Unsupported Content-Type {other}; send multipart/form-data"))),
        }
    }
}

impl Form {
    /// Reads what a URL has behind its question mark, as the links do that download something.
    pub(crate) fn query(query: &str, headers: &HeaderMap, blobs: &Blobs, gate: &Gate<'_>) -> Result<Self, ApiError> {
        check_head(headers, gate)?;
        let mut gathered = Gathered::new(blobs.reserve());
        gathered.hold(query.len())?;
        gathered.pairs(url::form_urlencoded::parse(query.as_bytes()).into_owned(), gate)
    }

    /// The items of a list; a text that is no list has its items parted by commas.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        match (self.lists.get(name), self.params.get(name)) {
            (Some(items), _) => items.iter().filter(|item| !item.is_empty()).cloned().collect(),
            (None, Some(text)) => {
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
            }
            (None, None) => Vec::new(),
        }
    }
}

/// What can be told before any of the body has come.
fn check_head(headers: &HeaderMap, gate: &Gate<'_>) -> Result<(), ApiError> {
    auth::check_cloud(gate.settings, gate.cloud)?;
    match headers.get(AUTHORIZATION) {
        Some(authorization) if gate.credentials => auth::basic(gate.settings, authorization.as_bytes()),
        _ => Ok(()),
    }
}

/// Room for a body that is in memory whole before its signature can be looked for; credentials in its head were right.
fn whole_body(headers: &HeaderMap, blobs: &Blobs, gate: &Gate<'_>) -> Reservation {
    if gate.credentials && headers.contains_key(AUTHORIZATION) { blobs.reserve() } else { blobs.reserve_early() }
}

/// Parameters as they come, some of them pieces of a list.
#[derive(Debug)]
pub(super) struct Gathered {
    single: Params,
    lists: BTreeMap<String, Vec<String>>,
    count: usize,
    bytes: u64,
    held: Reservation,
    file_held: Option<Reservation>,
}

impl Gathered {
    pub(super) fn new(held: Reservation) -> Self {
        Self { single: Params::new(), lists: BTreeMap::new(), count: 0, bytes: 0, held, file_held: None }
    }

    pub(super) fn held(&mut self) -> &mut Reservation {
        &mut self.held
    }

    /// How many bytes further names and values may have.
    pub(super) fn left(&self, limits: &Limits) -> u64 {
        limits.params_max_bytes.saturating_sub(self.bytes)
    }

    /// Takes note of bytes that are kept in memory.
    fn hold(&mut self, bytes: usize) -> Result<(), ApiError> {
        Ok(self.held.grow(bytes as u64)?)
    }

    pub(super) fn too_much(limits: &Limits) -> ApiError {
        ApiError::bad_request(format!("Parameters are too long: at most {} bytes together", limits.params_max_bytes))
    }

    /// Whether one more parameter, of this name, may come.
    pub(super) fn expect(&self, name: &str, limits: &Limits) -> Result<(), ApiError> {
        let list = list_name(name).and_then(|list| self.lists.get(list));
        if list.is_some_and(|items| items.len() >= LIST_MAX) {
            return Err(ApiError::bad_request(format!("Parameter {name} has too many items: at most {LIST_MAX}")));
        }
        if list.is_none() && self.count >= limits.fields_max {
            return Err(ApiError::bad_request(format!("Too many parameters: at most {}", limits.fields_max)));
        }
        match list_name(name) {
            Some(list) if self.single.contains_key(list) => Err(twice(list)),
            None if self.single.contains_key(name) || self.lists.contains_key(name) => Err(twice(name)),
            _ => Ok(()),
        }
    }

    /// `tags[]=a`, `tags[0]=a` and `tags=a` all speak of `tags`.
    pub(super) fn add(&mut self, name: &str, value: String, limits: &Limits) -> Result<(), ApiError> {
        self.expect(name, limits)?;
        if list_name(name).is_none_or(|list| !self.lists.contains_key(list)) {
            self.count += 1;
        }
        if value.len() as u64 > limits.field_max_bytes {
            return Err(too_long(name, limits));
        }
        self.bytes = self.bytes.saturating_add((name.len() + value.len()) as u64);
        if self.bytes > limits.params_max_bytes {
            return Err(Self::too_much(limits));
        }
        match list_name(name) {
            Some(name) => self.lists.entry(name.to_owned()).or_default().push(value),
            None => {
                self.single.insert(name.to_owned(), value);
            }
        }
        Ok(())
    }

    fn pairs(mut self, pairs: impl IntoIterator<Item = (String, String)>, gate: &Gate<'_>) -> Result<Form, ApiError> {
        let mut file = None;
        for (name, value) in pairs {
            if name == "file" {
                if file.replace(FileField::Text(value)).is_some() {
                    return Err(twice("file"));
                }
            } else if !value.is_empty() && !(gate.known)(&name) {
                return Err(ApiError::bad_request(format!("Unknown parameter - {name}")));
            } else {
                self.add(&name, value, &gate.settings.limits)?;
            }
        }
        Ok(self.finish(file))
    }

    /// The parameters that have come, lists joined.
    pub(super) fn params(&self) -> Params {
        let mut params = self.single.clone();
        params.extend(self.lists.iter().map(|(name, values)| (name.clone(), values.join(","))));
        params
    }

    /// Takes note of what a text under `file` takes.
    pub(super) fn hold_file(&mut self, held: Reservation) {
        self.file_held = Some(held);
    }

    pub(super) fn finish(self, file: Option<FileField>) -> Form {
        let params = self.params();
        Form { params, lists: self.lists, file, _held: self.held, _file_held: self.file_held }
    }
}

/// The list that `tags[]` or `tags[0]` belongs to.
fn list_name(name: &str) -> Option<&str> {
    let (list, index) = name.split_once('[')?;
    index.strip_suffix(']').is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit())).then_some(list)
}

fn twice(name: &str) -> ApiError {
    ApiError::bad_request(format!("Parameter {name} is given more than once"))
}

pub(super) fn too_long(name: &str, limits: &Limits) -> ApiError {
    ApiError::bad_request(format!("Parameter {name} is too long: at most {} bytes", limits.field_max_bytes))
}

/// Base64 needs four characters for three bytes, and a little for its head.
pub(super) fn data_uri_max(limits: &Limits) -> u64 {
    (limits.image_max_bytes.max(limits.raw_max_bytes) / 3).saturating_mul(4).saturating_add(1024)
}

async fn collect(body: Body, gathered: &mut Gathered, limits: &Limits) -> Result<Vec<u8>, ApiError> {
    // Escapes may treble what is counted once it is read.
    let most =
        data_uri_max(limits).saturating_add(limits.params_max_bytes.saturating_mul(3)).min(limits.request_max_bytes);
    let mut pieces = Box::pin(bounded(body, most, limits, HeadMeter::new()));
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        // Held twice for a moment: as it came, and as it is read.
        gathered.hold(2 * piece.len())?;
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
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

    fn gathered(pairs: &[(&str, &str)], limits: &Limits) -> Result<Params, String> {
        let mut gathered = Gathered::new(Blobs::in_memory(&Limits::default()).reserve());
        for (name, value) in pairs {
            gathered.add(name, (*value).to_owned(), limits).map_err(|error| error.message)?;
        }
        Ok(gathered.finish(None).params)
    }

    #[test]
    fn lists_come_in_two_spellings() {
        type Pairs<'a> = &'a [(&'a str, &'a str)];
        let limits = Limits { fields_max: 4, field_max_bytes: 8, params_max_bytes: 20, ..Limits::default() };
        let table: [(Pairs<'_>, Result<Pairs<'_>, &str>); 9] = [
            (&[("a", "1"), ("b", "2")], Ok(&[("a", "1"), ("b", "2")])),
            (&[("t[]", "x"), ("t[]", "y")], Ok(&[("t", "x,y")])),
            (&[("t[0]", "x"), ("t[1]", "y")], Ok(&[("t", "x,y")])),
            (&[("a", "1"), ("a", "2")], Err("Parameter a is given more than once")),
            (&[("t", "x"), ("t[]", "y")], Err("Parameter t is given more than once")),
            (&[("t[]", "x"), ("t", "y")], Err("Parameter t is given more than once")),
            (&[("a", "123456789")], Err("Parameter a is too long: at most 8 bytes")),
            (
                &[("a", "12345678"), ("b", "12345678"), ("c", "1")],
                Ok(&[("a", "12345678"), ("b", "12345678"), ("c", "1")]),
            ),
            (&[("a", ""), ("b", ""), ("c", ""), ("d", ""), ("e", "")], Err("Too many parameters: at most 4")),
        ];
        for (pairs, expected) in table {
            let expected = expected
                .map(|pairs| pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
                .map_err(str::to_owned);
            assert_eq!(gathered(pairs, &limits), expected, "{pairs:?}");
        }
        let many = [("a", "12345678"), ("b", "12345678"), ("c", "123")];
        assert_eq!(gathered(&many, &limits), Err("Parameters are too long: at most 20 bytes together".to_owned()));
    }
}
