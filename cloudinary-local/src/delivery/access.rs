//! Who may see what: uploads everybody, private originals and all that is authenticated only who has a signed URL.

use cloudinary_core::{
    Secret,
    signing::{SignatureAlgorithm, sign_url, signatures_equal},
};
use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::path::DeliveryPath;
use crate::{
    http::ApiError,
    pipeline::LayerRef,
    store::{Asset, DeliveryType},
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
    let open = match asset.key.delivery_type {
        DeliveryType::Upload | DeliveryType::Text | DeliveryType::Sprite | DeliveryType::Multi => true,
        DeliveryType::Private => !original,
        DeliveryType::Authenticated => false,
    };
    if open || signed { Ok(()) } else { Err(denied()) }
}

/// A layer shows its image whole, so it needs what its original would.
pub(super) fn check_layers(layers: &[LayerRef], signed: bool) -> Result<(), ApiError> {
    if signed || layers.iter().all(|layer| layer.delivery_type.is_open()) { Ok(()) } else { Err(denied()) }
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
}
