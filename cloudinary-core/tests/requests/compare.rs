//! Whether two requests ask for the same.

use cloudinary_core::{Config, Result};
use serde_json::Value as Json;

use super::exceptions::except;
use super::request::{Body, Fields, Request};

/// The reasons of the exceptions that were made; or the differences.
pub(crate) fn requests(call: &str, theirs: &[Request], ours: &[Request]) -> Result<Vec<&'static str>, String> {
    if theirs.len() != ours.len() {
        return Err(format!(
            "  {} requests expected, {} sent\n  expected {theirs:?}\n  got      {ours:?}",
            theirs.len(),
            ours.len()
        ));
    }
    let mut reasons = Vec::new();
    for (theirs, ours) in theirs.iter().zip(ours) {
        let theirs = Meaning::of(call, theirs, &mut reasons)?;
        let ours = Meaning::of(call, ours, &mut reasons)?;
        if theirs != ours {
            return Err(format!("  expected {theirs:?}\n  got      {ours:?}"));
        }
    }
    reasons.sort_unstable();
    reasons.dedup();
    Ok(reasons)
}

/// Whether two values given without a request are the same. URLs are signed at the same time by both, so they are the
/// same to the byte behind the host.
pub(crate) fn returned(theirs: &Json, ours: &Json) -> Result<(), String> {
    let path = |value: &Json| match value.as_str() {
        Some(url) => Json::from(url.split_once("/v1_1/").map_or(url, |(_, path)| path)),
        None => value.clone(),
    };
    let (theirs, ours) = (path(theirs), path(ours));
    if theirs == ours { Ok(()) } else { Err(format!("  expected {theirs}\n  got      {ours}")) }
}

/// What a request asks, without what is never the same twice.
#[derive(Debug, PartialEq)]
struct Meaning {
    method: String,
    path: String,
    query: Fields,
    authorization: Option<String>,
    content_range: Option<String>,
    has_upload_id: bool,
    body: Body,
}

impl Meaning {
    fn of(call: &str, request: &Request, reasons: &mut Vec<&'static str>) -> Result<Self, String> {
        let mut query = request.query();
        let mut body = request.body();
        match &mut body {
            Body::Form(fields) => {
                signature(fields)?;
                // A token stands for the signature; the time is sent all the same.
                if request.headers.get("authorization").is_some_and(|value| value.starts_with("Bearer ")) {
                    fields.remove("timestamp");
                }
            }
            // The other client says null where it says nothing.
            Body::Json(object) => object.retain(|_, value| !value.is_null()),
            Body::Nothing | Body::Other(_) => {}
        }
        reasons.extend(except(call, &mut body, &mut query));
        // A body without any field says as much as none.
        if matches!(&body, Body::Json(object) if object.is_empty()) {
            body = Body::Nothing;
        }
        Ok(Self {
            method: request.method.clone(),
            path: request.path().to_owned(),
            query,
            authorization: request.headers.get("authorization").cloned(),
            content_range: request.headers.get("content-range").cloned(),
            has_upload_id: request.headers.contains_key("x-unique-upload-id"),
            body,
        })
    }
}

/// Checks the signature, and takes it and its time out: the two clients sign at different times.
fn signature(fields: &mut Fields) -> Result<(), String> {
    let Some(signature) = fields.remove("signature") else { return Ok(()) };
    let signed: Vec<(String, String)> = fields
        .iter()
        .filter(|(name, values)| {
            !["api_key", "file"].contains(&name.as_str()) && !values.iter().any(|value| value.starts_with("file "))
        })
        .fold(Vec::<(String, Vec<String>)>::new(), |mut lists, (name, values)| {
            let name = name.split('[').next().unwrap_or(name);
            match lists.last_mut() {
                Some((last, list)) if last == name => list.extend_from_slice(values),
                _ => lists.push((name.to_owned(), values.clone())),
            }
            lists
        })
        .into_iter()
        .map(|(name, values)| (name, values.join(",")))
        .collect();
    let config = Config::new("demo").credentials("key", "secret");
    let expected = config.sign_params(signed.clone()).map_err(|error| error.to_string())?;
    let longer = config
        .signature_algorithm(cloudinary_core::signing::SignatureAlgorithm::Sha256)
        .sign_params(signed)
        .map_err(|error| error.to_string())?;
    if signature != [expected] && signature != [longer] {
        return Err(format!("  the signature is of other fields than these: {fields:?}"));
    }
    match fields.remove("timestamp") {
        Some(_) => Ok(()),
        None => Err(format!("  signed without a timestamp: {fields:?}")),
    }
}
