//! Who may see what: uploads everybody, private originals and all that is authenticated only who has a signed URL.

use cloudinary_core::{
    Secret,
    signing::{SignatureAlgorithm, sign_url, signatures_equal},
};
use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::path::DeliveryPath;
use crate::{
    http::ApiError,
    ids,
    store::{AccessMode, Asset, DeliveryType, Details},
};

/// As the SDKs escape what they sign.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'/').remove(b':');

fn denied() -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "deny or ACL failure")
}

/// Whether the URL is signed; a wrong signature is refused even where none is needed.
pub(super) fn is_signed(path: &DeliveryPath, secret: &Secret) -> Result<bool, ApiError> {
    let Some(given) = &path.signature else { return Ok(false) };
    // Clients and proxies differ in what they escape, and the SDKs sign the escaped form.
    let decoded = percent_decode_str(&path.signed).decode_utf8_lossy().into_owned();
    let escaped = utf8_percent_encode(&decoded, PLAIN).to_string();
    let mut matches = false;
    for text in [&path.signed, &decoded, &escaped] {
        for (algorithm, long) in
            [(SignatureAlgorithm::Sha1, false), (SignatureAlgorithm::Sha256, false), (SignatureAlgorithm::Sha256, true)]
        {
            matches |= signatures_equal(&sign_url(text, secret, algorithm, long), given);
        }
    }
    if matches { Ok(true) } else { Err(denied()) }
}

/// What is derived from a private image is public; only its original is not.
pub(super) fn check(asset: &Asset, original: bool, signed: bool) -> Result<(), ApiError> {
    check_rules(&asset.details, ids::now())?;
    let open = match asset.key.delivery_type {
        DeliveryType::Upload | DeliveryType::Text | DeliveryType::Sprite | DeliveryType::Multi => {
            asset.details.access_mode != Some(AccessMode::Authenticated)
        }
        DeliveryType::Private => !original,
        DeliveryType::Authenticated => false,
    };
    if open || signed { Ok(()) } else { Err(denied()) }
}

/// A layer shows its image whole, so it needs what its original would.
pub(super) fn check_layers(layers: &[Asset], signed: bool) -> Result<(), ApiError> {
    layers.iter().try_for_each(|layer| check(layer, true, signed))
}

/// A rule for tokens closes an asset, as no token is read here; one for everybody opens it in its time.
fn check_rules(details: &Details, now: i64) -> Result<(), ApiError> {
    let moment = |text: &str| OffsetDateTime::parse(text, &Rfc3339).map(OffsetDateTime::unix_timestamp).ok();
    let open = details.access_control.iter().any(|rule| {
        let begun = rule.start.as_deref().is_none_or(|start| moment(start).is_some_and(|start| start <= now));
        let ended = rule.end.as_deref().is_some_and(|end| moment(end).is_none_or(|end| end <= now));
        rule.access_type == "anonymous" && begun && !ended
    });
    if open || details.access_control.is_empty() { Ok(()) } else { Err(denied()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures() {
        let secret = Secret::from("b");
        let table = [
            ("/test123/image/upload/sample.jpg", Ok(false)),
            ("/test123/image/upload/s--Ai4Znfl3--/c_crop,h_20,w_10/image.jpg", Ok(true)),
            ("/test123/image/upload/s--Ai4Znfl3--/c_crop,h_20,w_10/v1234/image.jpg", Ok(true)),
            ("/test123/image/upload/s--Ai4Znfl3--/c_crop,h_21,w_10/image.jpg", Err(())),
            ("/test123/image/upload/s--2hbrSMPO--/sample.jpg", Ok(true)),
            ("/test123/image/upload/s--2hbrSMPOjj5BJ4xV7SgFbRDevFaQNUFf--/sample.jpg", Ok(true)),
            ("/test123/image/upload/s--v2fTPYTu--/sample.jpg", Ok(true)),
            ("/test123/image/upload/s--v2fTPYTv--/sample.jpg", Err(())),
        ];
        for (path, expected) in table {
            let signed = is_signed(&DeliveryPath::parse(path).unwrap(), &secret).map_err(drop);
            assert_eq!(signed, expected, "{path}");
        }
    }

    #[test]
    fn rules_open_and_close() {
        use crate::store::AccessRule;
        let rule = |access_type: &str, start: Option<&str>, end: Option<&str>| AccessRule {
            access_type: access_type.to_owned(),
            start: start.map(str::to_owned),
            end: end.map(str::to_owned),
        };
        let (before, after) = (Some("1970-01-01T00:00:50Z"), Some("1970-01-01T00:02:00Z"));
        let table = [
            (vec![], true),
            (vec![rule("token", None, None)], false),
            (vec![rule("token", None, None), rule("anonymous", None, None)], true),
            (vec![rule("anonymous", before, after)], true),
            (vec![rule("anonymous", None, before)], false),
            (vec![rule("anonymous", after, None)], false),
            (vec![rule("anonymous", None, Some("never"))], false),
        ];
        for (access_control, open) in table {
            let details = Details { access_control, ..Details::default() };
            assert_eq!(check_rules(&details, 100).is_ok(), open, "{:?}", details.access_control);
        }
    }
}
