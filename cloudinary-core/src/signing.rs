//! The four signatures: of API requests, delivery URLs, API responses and notifications.
//!
//! All are plain digests over text that ends with the API secret, as the service defines them; none is an HMAC.
//! They follow <https://cloudinary.com/documentation/authentication_signatures>.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use base64::Engine as _;
use base64::display::Base64Display;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::config::Secret;
use crate::error::{Error, Result};

/// Parameters that travel with a request but are never part of what is signed.
pub const UNSIGNED_PARAMETERS: [&str; 5] = ["file", "cloud_name", "resource_type", "api_key", "signature"];

/// How long before or after its timestamp a notification is accepted by default: two hours, in seconds.
pub const NOTIFICATION_WINDOW_SECONDS: i64 = 7200;

/// The digest a signature is made with. The service's default is SHA-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SignatureAlgorithm {
    /// 40 hexadecimal digits.
    #[default]
    Sha1,
    /// 64 hexadecimal digits; has to be enabled for the account.
    Sha256,
}

impl SignatureAlgorithm {
    /// The algorithm that makes hexadecimal signatures of this length.
    pub fn from_hex_length(length: usize) -> Option<Self> {
        match length {
            40 => Some(Self::Sha1),
            64 => Some(Self::Sha256),
            _ => None,
        }
    }

    fn digest<'a>(self, parts: impl IntoIterator<Item = &'a [u8]>) -> Digested {
        match self {
            Self::Sha1 => {
                let mut hash = Sha1::new();
                for part in parts {
                    hash.update(part);
                }
                Digested::Sha1(hash.finalize().into())
            }
            Self::Sha256 => {
                let mut hash = Sha256::new();
                for part in parts {
                    hash.update(part);
                }
                Digested::Sha256(hash.finalize().into())
            }
        }
    }
}

/// A digest on the stack, so that signing a URL allocates nothing.
enum Digested {
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl Digested {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Sha1(bytes) => bytes,
            Self::Sha256(bytes) => bytes,
        }
    }

    fn hex(&self) -> String {
        hex::encode(self.bytes())
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        })
    }
}

impl FromStr for SignatureAlgorithm {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "sha1" => Ok(Self::Sha1),
            "sha256" => Ok(Self::Sha256),
            other => Err(Error::invalid("signature_algorithm", other, "use sha1 or sha256")),
        }
    }
}

/// How parameters are joined into the text to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SignatureVersion {
    /// `k=v` joined by `&`. A value with an `&` can pass for two parameters.
    V1,
    /// As version 1, but `&` inside a parameter is written `%26`.
    #[default]
    V2,
}

impl FromStr for SignatureVersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "1" => Ok(Self::V1),
            "2" => Ok(Self::V2),
            other => Err(Error::invalid("signature_version", other, "use 1 or 2")),
        }
    }
}

/// The text that is signed for a set of parameters: the non-empty ones, sorted, without the secret.
///
/// Lists must already be joined by commas. [`UNSIGNED_PARAMETERS`] are left out.
///
/// ```
/// use cloudinary_core::signing::{string_to_sign, SignatureVersion};
/// let params = [("timestamp", "1315060510"), ("public_id", "sample_image"), ("tags", "")];
/// assert_eq!(string_to_sign(params, SignatureVersion::V2), "public_id=sample_image&timestamp=1315060510");
/// ```
pub fn string_to_sign<K: AsRef<str>, V: AsRef<str>>(
    params: impl IntoIterator<Item = (K, V)>,
    version: SignatureVersion,
) -> String {
    let params = params.into_iter();
    let expected = params.size_hint().0;
    let mut pairs = String::with_capacity(expected * 32);
    let mut places = Vec::with_capacity(expected);
    for (key, value) in params {
        let (key, value) = (key.as_ref(), value.as_ref());
        if value.is_empty() || UNSIGNED_PARAMETERS.contains(&key) {
            continue;
        }
        let start = pairs.len();
        push_signed(&mut pairs, key, version);
        pairs.push('=');
        push_signed(&mut pairs, value, version);
        places.push(start..pairs.len());
    }
    let pair = |place: &Range<usize>| pairs.get(place.clone()).unwrap_or_default();
    places.sort_unstable_by(|a, b| pair(a).cmp(pair(b)));
    let mut text = String::with_capacity(pairs.len() + places.len());
    for place in &places {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(pair(place));
    }
    text
}

fn push_signed(out: &mut String, part: &str, version: SignatureVersion) {
    match version {
        SignatureVersion::V2 if part.contains('&') => out.push_str(&part.replace('&', "%26")),
        _ => out.push_str(part),
    }
}

/// Signs the parameters of an API request; the answer is lower-case hexadecimal.
///
/// ```
/// use cloudinary_core::{Secret, signing::{sign_params, SignatureAlgorithm, SignatureVersion}};
/// let params = [("public_id", "sample_image"), ("timestamp", "1315060510")];
/// let signature = sign_params(params, &Secret::from("abcd"), SignatureAlgorithm::Sha1, SignatureVersion::V2);
/// assert_eq!(signature, "b4ad47fb4e25c7bf5f92a20089f9db59bc302313");
/// ```
pub fn sign_params<K: AsRef<str>, V: AsRef<str>>(
    params: impl IntoIterator<Item = (K, V)>,
    secret: &Secret,
    algorithm: SignatureAlgorithm,
    version: SignatureVersion,
) -> String {
    let text = string_to_sign(params, version);
    algorithm.digest([text.as_bytes(), secret.expose().as_bytes()]).hex()
}

/// The signature part of a delivery URL, `s--XXXXXXXX--`, for `{transformation}/{public_id}.{format}`.
///
/// The short form has 8 characters; the long form has 32 and is always SHA-256.
///
/// ```
/// use cloudinary_core::{Secret, signing::{sign_url, SignatureAlgorithm}};
/// let signature = sign_url("c_crop,h_20,w_10/image.jpg", &Secret::from("b"), SignatureAlgorithm::Sha1, false);
/// assert_eq!(signature, "s--Ai4Znfl3--");
/// ```
pub fn sign_url(to_sign: &str, secret: &Secret, algorithm: SignatureAlgorithm, long: bool) -> String {
    UrlSignature::new([to_sign], secret, algorithm, long).to_string()
}

/// What [`sign_url`] makes, of text in pieces; it prints without a string of its own.
pub(crate) struct UrlSignature {
    digest: Digested,
    /// How many bytes of the digest show. Three make four characters, so that none is padding.
    shown: usize,
}

impl UrlSignature {
    pub(crate) fn new<'a>(
        to_sign: impl IntoIterator<Item = &'a str>,
        secret: &'a Secret,
        algorithm: SignatureAlgorithm,
        long: bool,
    ) -> Self {
        let algorithm = if long { SignatureAlgorithm::Sha256 } else { algorithm };
        let digest = algorithm.digest(to_sign.into_iter().chain([secret.expose()]).map(str::as_bytes));
        Self { digest, shown: if long { 24 } else { 6 } }
    }
}

impl fmt::Display for UrlSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.digest.bytes();
        write!(f, "s--{}--", Base64Display::new(bytes.get(..self.shown).unwrap_or(bytes), &URL_SAFE))
    }
}

/// The signature the service puts into an upload answer, over `public_id` and `version` (always version 1).
///
/// ```
/// use cloudinary_core::{Secret, signing::{sign_response, SignatureAlgorithm}};
/// let signature = sign_response("sample", "1315060510", &Secret::from("abcd"), SignatureAlgorithm::Sha1);
/// assert_eq!(signature, "912d90b6fe28aa6820cf928bc440a65a0f36e002");
/// ```
pub fn sign_response(public_id: &str, version: &str, secret: &Secret, algorithm: SignatureAlgorithm) -> String {
    sign_params([("public_id", public_id), ("version", version)], secret, algorithm, SignatureVersion::V1)
}

/// Checks the signature of an upload answer, in constant time. SHA-1 and SHA-256 are told apart by length.
pub fn verify_response(public_id: &str, version: &str, signature: &str, secret: &Secret) -> bool {
    SignatureAlgorithm::from_hex_length(signature.len())
        .is_some_and(|algorithm| signatures_equal(&sign_response(public_id, version, secret, algorithm), signature))
}

/// The signature of a notification: of its raw body, then its timestamp, then the secret.
///
/// ```
/// use cloudinary_core::{Secret, signing::{sign_notification, SignatureAlgorithm}};
/// let signature = sign_notification(b"{public_id: 'sample'}", 1315060510, &Secret::from("abcd"), SignatureAlgorithm::Sha1);
/// assert_eq!(signature, "25f7e91709c858b97d688ce8da799dedb290d9ef");
/// ```
pub fn sign_notification(body: &[u8], timestamp: i64, secret: &Secret, algorithm: SignatureAlgorithm) -> String {
    let timestamp = timestamp.to_string();
    algorithm.digest([body, timestamp.as_bytes(), secret.expose().as_bytes()]).hex()
}

/// Checks a notification: its signature in constant time, then its age against `now`.
///
/// `timestamp` and `now` are Unix seconds. The window is two-sided: a message from the future is refused too.
///
/// # Errors
/// [`Error::SignatureMismatch`], or [`Error::StaleSignature`] outside of `window_seconds`
/// (default: [`NOTIFICATION_WINDOW_SECONDS`]).
pub fn verify_notification(
    body: &[u8],
    timestamp: i64,
    signature: &str,
    secret: &Secret,
    now: i64,
    window_seconds: i64,
) -> Result<()> {
    let matches = SignatureAlgorithm::from_hex_length(signature.len())
        .is_some_and(|algorithm| signatures_equal(&sign_notification(body, timestamp, secret, algorithm), signature));
    if !matches {
        return Err(Error::SignatureMismatch { what: "notification" });
    }
    let age = now.saturating_sub(timestamp);
    if age.saturating_abs() > window_seconds {
        return Err(Error::StaleSignature { age_seconds: age, limit_seconds: window_seconds });
    }
    Ok(())
}

/// Checks a notification that comes as one signed JSON message, with `signed_payload`, `timestamp` and `signature`,
/// and gives its payload. The payload is base64 in its URL form, padded or not.
///
/// # Errors
/// As [`verify_notification`]; and [`Error::InvalidParameter`] naming the field that is missing or broken.
///
/// ```
/// use cloudinary_core::{Secret, signing::{sign_notification, verify_signed_message, SignatureAlgorithm}};
/// let secret = Secret::from("abcd");
/// let signature = sign_notification(b"{}", 1_315_060_510, &secret, SignatureAlgorithm::Sha1);
/// let message = format!(r#"{{"signed_payload": "e30", "timestamp": "1315060510", "signature": "{signature}"}}"#);
/// assert_eq!(verify_signed_message(&message, &secret, 1_315_060_510, 7200)?, b"{}");
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
pub fn verify_signed_message(message: &str, secret: &Secret, now: i64, window_seconds: i64) -> Result<Vec<u8>> {
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(message)
        .map_err(|error| Error::invalid("message", message, format!("it is no JSON object: {error}")))?;
    let field = |name: &str| {
        let value = fields.get(name).ok_or_else(|| Error::invalid(name, "", "the message has none"))?;
        Ok::<_, Error>(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let (payload, timestamp, signature) = (field("signed_payload")?, field("timestamp")?, field("signature")?);
    let payload = URL_SAFE_NO_PAD
        .decode(payload.trim_end_matches('='))
        .map_err(|_| Error::invalid("signed_payload", &payload, "it is base64 in its URL form"))?;
    let timestamp =
        timestamp.parse().map_err(|_| Error::invalid("timestamp", &timestamp, "it is a number of seconds"))?;
    verify_notification(&payload, timestamp, &signature, secret, now, window_seconds)?;
    Ok(payload)
}

/// Whether two signatures are equal, in a time that does not depend on where they differ.
pub fn signatures_equal(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_signatures() {
        use SignatureAlgorithm::{Sha1, Sha256};
        let sample: &[(&str, &str)] = &[("public_id", "sample_image"), ("timestamp", "1315060510")];
        let eager: &[(&str, &str)] = &[
            ("timestamp", "1315060510"),
            ("public_id", "sample_image"),
            ("eager", "w_400,h_300,c_pad|w_260,h_200,c_crop"),
            ("api_key", "ignored"),
            ("file", "ignored"),
        ];
        for (params, algorithm, expected) in [
            (sample, Sha1, "b4ad47fb4e25c7bf5f92a20089f9db59bc302313"),
            (sample, Sha256, "e3c44b54e67a3ecc918f5d7236ca5faa36250ea8a8cd6cbabfd2d6bb2453acac"),
            (eager, Sha1, "bfd09f95f331f558cbd1320e67aa8d488770583e"),
        ] {
            let signature = sign_params(params.iter().copied(), &Secret::from("abcd"), algorithm, SignatureVersion::V2);
            assert_eq!(signature, expected, "{params:?}");
        }
    }

    #[test]
    fn version_two_keeps_an_ampersand_inside_its_value() {
        let one = [("a", "1&b=2")];
        let two = [("a", "1"), ("b", "2")];
        assert_eq!(string_to_sign(one, SignatureVersion::V1), string_to_sign(two, SignatureVersion::V1));
        assert_ne!(string_to_sign(one, SignatureVersion::V2), string_to_sign(two, SignatureVersion::V2));
    }

    #[test]
    fn url_signatures() {
        use SignatureAlgorithm::{Sha1, Sha256};
        for (to_sign, algorithm, long, expected) in [
            ("c_crop,h_20,w_10/image.jpg", Sha1, false, "s--Ai4Znfl3--"),
            ("image.jpg", Sha1, false, "s----SjmNDA--"),
            ("http://google.com/path/to/image.png", Sha1, false, "s--hH_YcbiS--"),
            ("sample.jpg", Sha256, false, "s--2hbrSMPO--"),
            ("sample.jpg", Sha1, true, "s--2hbrSMPOjj5BJ4xV7SgFbRDevFaQNUFf--"),
            ("sample.jpg", Sha1, false, "s--v2fTPYTu--"),
        ] {
            assert_eq!(sign_url(to_sign, &Secret::from("b"), algorithm, long), expected, "{to_sign}");
        }
    }

    #[test]
    fn broken_messages_name_their_trouble() {
        let good = |timestamp: i64| sign_notification(b"{}", timestamp, &Secret::from("s"), SignatureAlgorithm::Sha256);
        for (message, expected) in [
            ("[]".to_owned(), "message"),
            ("{}".to_owned(), "signed_payload"),
            (r#"{"signed_payload": "e30"}"#.to_owned(), "timestamp"),
            (r#"{"signed_payload": "!", "timestamp": 0, "signature": "x"}"#.to_owned(), "signed_payload"),
            (r#"{"signed_payload": "e30=", "timestamp": 0, "signature": "x"}"#.to_owned(), "does not match"),
            (
                format!(r#"{{"signed_payload": "e30", "timestamp": 9000, "signature": "{}"}}"#, good(9000)),
                "9000 seconds",
            ),
        ] {
            let error = verify_signed_message(&message, &Secret::from("s"), 0, 7200).unwrap_err().to_string();
            assert!(error.contains(expected), "{message}: {error}");
        }
    }

    #[test]
    fn notifications_have_a_two_sided_window() {
        let secret = Secret::from("abcd");
        let body = b"{public_id: 'sample'}";
        let signature = "25f7e91709c858b97d688ce8da799dedb290d9ef";
        for (now, signature, accepted) in [
            (1_315_060_510, signature, true),
            (1_315_060_510 + 7200, signature, true),
            (1_315_060_510 + 7201, signature, false),
            (1_315_060_510 - 7201, signature, false),
            (1_315_060_510, "25f7e91709c858b97d688ce8da799dedb290d9ee", false),
            (1_315_060_510, "", false),
        ] {
            let verified =
                verify_notification(body, 1_315_060_510, signature, &secret, now, NOTIFICATION_WINDOW_SECONDS);
            assert_eq!(verified.is_ok(), accepted, "{now} {signature} {verified:?}");
        }
        let sha256 = "d5497e1a206ad0ba29ad09a7c0c5f22e939682d15009c15ab3199f62fefbd14b";
        verify_notification(b"{}", 0, sha256, &Secret::from("someApiSecret"), 0, NOTIFICATION_WINDOW_SECONDS).unwrap();
    }
}
