//! Who may call the API: whoever knows the secret, or the name of a preset that is open to all.

use std::{sync::Arc, time::Duration};

use base64::Engine as _;
use cloudinary_core::signing::{self, SignatureAlgorithm, SignatureVersion};
use http::{HeaderMap, header::AUTHORIZATION};
use time::{OffsetDateTime, macros::format_description};

use super::{error::ApiError, form::Params};
use crate::{ids, settings::Settings, upload::UploadPreset};

/// How a request was let in.
#[derive(Debug)]
pub(crate) enum Caller {
    /// It was signed, or came with key and secret.
    Trusted,
    /// It named a preset that allows unsigned uploads.
    Unsigned(Arc<UploadPreset>),
}

/// The order of the checks is part of the contract: cloud, credentials, key, signature, timestamp.
pub(crate) fn authorize(
    settings: &Settings,
    cloud: &str,
    headers: &HeaderMap,
    params: &Params,
) -> Result<Caller, ApiError> {
    check_cloud(settings, cloud)?;
    if let Some(authorization) = headers.get(AUTHORIZATION) {
        return basic(settings, authorization.as_bytes()).map(|()| Caller::Trusted);
    }
    let given = |name: &str| params.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let (key, signature) = (given("api_key"), given("signature"));
    if key.is_none() && signature.is_none() {
        return unsigned(settings, given("upload_preset")).map(Caller::Unsigned);
    }
    let key = key.ok_or_else(|| ApiError::missing("api_key"))?;
    let signature = signature.ok_or_else(|| ApiError::missing("signature"))?;
    let timestamp = given("timestamp").ok_or_else(|| ApiError::missing("timestamp"))?;
    check_key(settings, key)?;
    check_signature(settings, params, signature)?;
    match given("expires_at") {
        // Links for downloads may say themselves how long they hold.
        Some(expires_at) => check_expiry(expires_at, ids::now())?,
        None => check_timestamp(timestamp, ids::now(), settings.limits.timestamp_max_age)?,
    }
    Ok(Caller::Trusted)
}

/// Key and preset, as far as they came before the file: it need not be received for somebody nobody knows. What is still
/// to come, [`authorize`] asks for.
pub(super) fn check_early(settings: &Settings, params: &Params) -> Result<(), ApiError> {
    let given = |name: &str| params.get(name).map(String::as_str).filter(|value| !value.is_empty());
    match (given("api_key"), given("signature"), given("upload_preset")) {
        (Some(key), _, _) => check_key(settings, key),
        (None, None, Some(preset)) => settings.preset(preset).map(drop),
        _ => Ok(()),
    }
}

pub(crate) fn check_cloud(settings: &Settings, cloud: &str) -> Result<(), ApiError> {
    if cloud == settings.cloud_name {
        Ok(())
    } else {
        Err(ApiError::unauthorized(format!("Invalid cloud_name {cloud}")))
    }
}

fn check_key(settings: &Settings, key: &str) -> Result<(), ApiError> {
    if key == settings.api_key { Ok(()) } else { Err(ApiError::unauthorized(format!("Unknown API key {key}"))) }
}

fn check_signature(settings: &Settings, params: &Params, given: &str) -> Result<(), ApiError> {
    let matches = SignatureAlgorithm::from_hex_length(given.len()).is_some_and(|algorithm| {
        // Both are computed always, so that the time tells nothing of which one nearly matched.
        [SignatureVersion::V2, SignatureVersion::V1].map(|version| {
            let expected = signing::sign_params(params, &settings.api_secret, algorithm, version);
            signing::signatures_equal(&expected, given)
        }) != [false, false]
    });
    if matches {
        return Ok(());
    }
    let to_sign = signing::string_to_sign(params, SignatureVersion::V2);
    Err(ApiError::unauthorized(format!("Invalid Signature {given}. String to sign - '{to_sign}'.")))
}

fn check_timestamp(given: &str, now: i64, max_age: Duration) -> Result<(), ApiError> {
    let reported: i64 =
        given.parse().map_err(|_| ApiError::invalid("timestamp", format_args!("{given} is not Unix seconds")))?;
    let max_age = max_age.as_secs() as i64;
    let spelled = || {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] +0000");
        OffsetDateTime::from_unix_timestamp(reported)
            .ok()
            .and_then(|time| time.format(&format).ok())
            .unwrap_or_else(|| given.to_owned())
    };
    let hours = match max_age {
        3600 => "1 hour".to_owned(),
        seconds => format!("{seconds} seconds"),
    };
    if now.saturating_sub(reported) > max_age {
        let reported = spelled();
        return Err(ApiError::bad_request(format!(
            "Stale request - reported time is {reported} which is more than {hours} ago"
        )));
    }
    if reported.saturating_sub(now) > max_age {
        let reported = spelled();
        return Err(ApiError::bad_request(format!(
            "Stale request - reported time is {reported} which is more than {hours} ahead"
        )));
    }
    Ok(())
}

fn check_expiry(given: &str, now: i64) -> Result<(), ApiError> {
    let expires_at: i64 =
        given.parse().map_err(|_| ApiError::invalid("expires_at", format_args!("{given} is not Unix seconds")))?;
    if now > expires_at { Err(ApiError::unauthorized("Request timestamp expired")) } else { Ok(()) }
}

pub(crate) fn basic(settings: &Settings, authorization: &[u8]) -> Result<(), ApiError> {
    let text = std::str::from_utf8(authorization).unwrap_or_default();
    let Some((_, encoded)) = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")) else {
        return Err(ApiError::unauthorized("Only Basic authorization is carried out by cloudinary-local, no OAuth"));
    };
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).unwrap_or_default();
    let decoded = String::from_utf8(decoded).unwrap_or_default();
    let Some((key, secret)) = decoded.split_once(':') else {
        return Err(ApiError::unauthorized("Invalid credentials"));
    };
    check_key(settings, key)?;
    if signing::signatures_equal(settings.api_secret.expose(), secret) {
        Ok(())
    } else {
        Err(ApiError::unauthorized("api_secret mismatch"))
    }
}

fn unsigned(settings: &Settings, preset: Option<&str>) -> Result<Arc<UploadPreset>, ApiError> {
    let name =
        preset.ok_or_else(|| ApiError::bad_request("Upload preset must be specified when using unsigned upload"))?;
    let preset = settings.preset(name)?;
    if preset.is_unsigned() {
        Ok(preset)
    } else {
        Err(ApiError::bad_request("Upload preset must be whitelisted for unsigned uploads"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_a_window() {
        let reported = 1_703_027_261;
        let hour = Duration::from_hours(1);
        let table = [
            (reported, Ok(())),
            (reported + 3600, Ok(())),
            (
                reported + 3601,
                Err("Stale request - reported time is 2023-12-19 23:07:41 +0000 which is more than 1 hour ago"),
            ),
            (reported - 3600, Ok(())),
            (
                reported - 3601,
                Err("Stale request - reported time is 2023-12-19 23:07:41 +0000 which is more than 1 hour ahead"),
            ),
        ];
        for (now, expected) in table {
            let checked = check_timestamp(&reported.to_string(), now, hour).map_err(|error| error.message);
            assert_eq!(checked, expected.map_err(str::to_owned), "{now}");
        }
        for given in ["", "now", "1.5", "99999999999999999999"] {
            assert!(check_timestamp(given, reported, hour).is_err(), "{given}");
        }
    }
}
