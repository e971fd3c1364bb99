//! One call of the Admin API: who makes it, what it asks for, and the headers of the answer.

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use http::{
    HeaderMap, Method, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE},
};

use super::{Answer, Asked, answer};
use crate::{
    app::App,
    http::{ApiError, auth, whole_body},
    ids,
};

/// `/v1_1/{cloud}/…`
pub(super) async fn v1(State(app): State<App>, request: Request) -> Response {
    call(&app, request, <[String]>::split_first).await
}

/// `/v2/{cloud}/…`
pub(super) async fn v2(State(app): State<App>, request: Request) -> Response {
    call(&app, request, <[String]>::split_first).await
}

/// `/v2/notifications/{cloud}/…`
pub(super) async fn v2_notifications(State(app): State<App>, request: Request) -> Response {
    call(&app, request, |path| path.split_first().and_then(|(_, path)| path.split_first())).await
}

/// What a path is made of: the cloud, and what stands behind it.
type Split = for<'a> fn(&'a [String]) -> Option<(&'a String, &'a [String])>;

async fn call(app: &App, request: Request, split: Split) -> Response {
    let (head, body) = request.into_parts();
    let rate = match admit(app, &head.uri, &head.headers, split) {
        Ok(rate) => rate,
        Err(error) => return error.into_response(),
    };
    let answered = carry_out(app, &head.method, &head.uri, &head.headers, body, split).await;
    let mut response = match answered {
        Ok(Answer { status, body }) => (status, Json(body)).into_response(),
        Err(error) => error.into_response(),
    };
    rate.write(response.headers_mut());
    response
}

/// The order of the checks is the upload API's: cloud, credentials, key, secret.
fn admit(app: &App, uri: &Uri, headers: &HeaderMap, split: Split) -> Result<super::rate::Rate, ApiError> {
    let path = segments(uri)?;
    auth::check_cloud(&app.settings, split(&path).map_or("", |(cloud, _)| cloud.as_str()))?;
    let authorization = headers.get(AUTHORIZATION).ok_or_else(|| {
        ApiError::unauthorized("Missing credentials: send api_key and api_secret as Basic authorization")
    })?;
    auth::basic(&app.settings, authorization.as_bytes())?;
    app.calls.count(app.settings.limits.admin_calls_per_hour, ids::now())
}

async fn carry_out(
    app: &App,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
    split: Split,
) -> Result<Answer, ApiError> {
    let path = segments(uri)?;
    let path = split(&path).map(|(_, path)| path.to_vec()).unwrap_or_default();
    let reads = method == Method::GET || method == Method::HEAD;
    let mut asked = if reads {
        Asked::from_pairs(pairs(uri.query().unwrap_or_default().as_bytes()))?
    } else {
        read(app, headers, uri, body).await?
    };
    let method = if reads { "GET".to_owned() } else { method.as_str().to_owned() };
    let app = app.clone();
    let answering = async move {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        answer(&app, &method, &path, &mut asked).await
    };
    if reads {
        return answering.await;
    }
    // Once begun it is done whole, even when the client is gone.
    tokio::spawn(answering).await.map_err(std::io::Error::other)?
}

/// The parts of a path behind its version.
fn segments(uri: &Uri) -> Result<Vec<String>, ApiError> {
    uri.path()
        .split('/')
        .skip(2)
        .filter(|segment| !segment.is_empty())
        .map(|segment| {
            let decoded = percent_encoding::percent_decode_str(segment).decode_utf8();
            decoded
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| ApiError::bad_request("Invalid path: it is not UTF-8"))
        })
        .collect()
}

/// A body of JSON or of a form; a query counts too, as a DELETE may come with that alone.
async fn read(app: &App, headers: &HeaderMap, uri: &Uri, body: Body) -> Result<Asked, ApiError> {
    let limits = &app.settings.limits;
    let bytes = whole_body(body, limits.params_max_bytes, limits).await?;
    let query = uri.query().unwrap_or_default().as_bytes();
    if bytes.is_empty() {
        return Asked::from_pairs(pairs(query));
    }
    if !query.is_empty() {
        return Err(ApiError::bad_request("Parameters come in the query or in the body, not in both"));
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => match serde_json::from_slice(&bytes) {
            Ok(serde_json::Value::Object(values)) => Ok(Asked::new(values)),
            Ok(_) => Err(ApiError::bad_request("Invalid JSON body: it must be an object")),
            Err(error) => Err(ApiError::bad_request(format!("Invalid JSON body: {error}"))),
        },
        "application/x-www-form-urlencoded" => Asked::from_pairs(pairs(&bytes)),
        "multipart/form-data" => {
            let boundary = multer::parse_boundary(content_type)
                .map_err(|error| ApiError::bad_request(format!("Invalid multipart body: {error}")))?;
            multipart(bytes, boundary).await
        }
        other => Err(ApiError::bad_request(format!("Unsupported Content-Type {other}; send application/json"))),
    }
}

async fn multipart(bytes: bytes::Bytes, boundary: String) -> Result<Asked, ApiError> {
    let invalid = |error: multer::Error| ApiError::bad_request(format!("Invalid multipart body: {error}"));
    let whole = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes)]);
    let mut parts = multer::Multipart::new(whole, boundary);
    let mut pairs = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(invalid)? {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.bytes().await.map_err(invalid)?;
        pairs.push((name, String::from_utf8_lossy(&value).into_owned()));
    }
    Asked::from_pairs(pairs)
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}
