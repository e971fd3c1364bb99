//! Searches whose signed URL anybody may open: `/{cloud}/search/{signature}/{ttl}/{query}[/{cursor}]`.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use cloudinary_core::signing;
use http::{HeaderValue, header::CACHE_CONTROL};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::query;
use crate::{
    admin::Asked,
    app::App,
    http::{ApiError, auth},
    ids,
};

/// The longest time an answer may be kept, in seconds.
const MOST_TTL: u64 = 30 * 24 * 3600;

/// Clients write the query with its padding, or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(crate) fn is_path(path: &str) -> bool {
    path.split('/').nth(2) == Some("search")
}

pub(crate) async fn answer(app: &App, path: &str) -> Response {
    match find(app, path).await {
        Ok((found, ttl)) => {
            let mut response = Json(found).into_response();
            if let Ok(value) = HeaderValue::from_str(&format!("public, max-age={ttl}")) {
                response.headers_mut().insert(CACHE_CONTROL, value);
            }
            response
        }
        Err(error) => error.into_response(),
    }
}

async fn find(app: &App, path: &str) -> Result<(Value, u64), ApiError> {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let (cloud, signature, ttl, query, cursor) = match parts.as_slice() {
        [cloud, _, signature, ttl, query] => (cloud, signature, ttl, query, None),
        [cloud, _, signature, ttl, query, cursor] => (cloud, signature, ttl, query, Some(*cursor)),
        _ => {
            return Err(ApiError::bad_request("Invalid search URL: write it as search/{signature}/{ttl}/{query}"));
        }
    };
    auth::check_cloud(&app.settings, cloud)?;
    let query = percent_encoding::percent_decode_str(query).decode_utf8_lossy();
    let mut hash = Sha256::new();
    for part in [*ttl, &*query, app.settings.api_secret.expose()] {
        hash.update(part.as_bytes());
    }
    if !signing::signatures_equal(&hex::encode(hash.finalize()), signature) {
        return Err(ApiError::unauthorized(format!("Invalid Signature {signature}")));
    }
    let ttl = ttl.parse().ok().filter(|ttl| *ttl <= MOST_TTL);
    let ttl = ttl.ok_or_else(|| ApiError::invalid("ttl", format_args!("it must be seconds, {MOST_TTL} at most")))?;
    let invalid = || ApiError::bad_request("Invalid search URL: its query is no JSON in Base64");
    let json = BASE64.decode(query.as_bytes()).map_err(|_| invalid())?;
    let Ok(Value::Object(mut values)) = serde_json::from_slice(&json) else { return Err(invalid()) };
    if let Some(cursor) = cursor {
        values.insert("next_cursor".to_owned(), cursor.into());
    }
    // Whoever has the URL may open it as often as they like: it must not use up the calls of the Admin API, nor search
    // more than once at a time.
    app.searches.count(app.settings.limits.signed_searches_per_hour, ids::now())?;
    let _alone = app.flights.alone("signed search").await;
    Ok((query::search(app, &mut Asked::new(values)).await?, ttl))
}
