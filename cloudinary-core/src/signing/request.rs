//! Signatures of API requests.

use std::ops::Range;
use std::str::FromStr;

use super::SignatureAlgorithm;
use crate::config::Secret;
use crate::error::{Error, Result};

/// Parameters that travel with a request but are never part of what is signed.
///
/// ```
/// use cloudinary_core::signing::{SignatureVersion, UNSIGNED_PARAMETERS, string_to_sign};
/// let params = UNSIGNED_PARAMETERS.map(|name| (name, "x"));
/// assert_eq!(string_to_sign(params, SignatureVersion::V2), "");
/// ```
///
/// Follows <https://cloudinary.com/documentation/authentication_signatures>.
pub const UNSIGNED_PARAMETERS: [&str; 5] = ["file", "cloud_name", "resource_type", "api_key", "signature"];

/// How parameters are joined into the text to sign. Default: [`V2`](Self::V2).
///
/// ```
/// use cloudinary_core::signing::{string_to_sign, SignatureVersion};
/// let params = [("public_id", "a&b")];
/// assert_eq!(string_to_sign(params, SignatureVersion::V1), "public_id=a&b");
/// assert_eq!(string_to_sign(params, SignatureVersion::V2), "public_id=a%26b");
/// ```
///
/// Follows <https://cloudinary.com/documentation/authentication_signatures>.
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
///
/// Follows <https://cloudinary.com/documentation/authentication_signatures>.
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
        for part in [key, "=", value] {
            pairs.push_str(part);
        }
        places.push(start..pairs.len());
    }
    let pair = |place: &Range<usize>| pairs.get(place.clone()).unwrap_or_default();
    if version == SignatureVersion::V2 && pairs.contains('&') {
        let mut escaped: Vec<String> = places.iter().map(|place| pair(place).replace('&', "%26")).collect();
        escaped.sort_unstable();
        return escaped.join("&");
    }
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

/// Signs the parameters of an API request; the answer is lower-case hexadecimal.
///
/// ```
/// use cloudinary_core::{Secret, signing::{sign_params, SignatureAlgorithm, SignatureVersion}};
/// let params = [("public_id", "sample_image"), ("timestamp", "1315060510")];
/// let signature = sign_params(params, &Secret::from("abcd"), SignatureAlgorithm::Sha1, SignatureVersion::V2);
/// assert_eq!(signature, "b4ad47fb4e25c7bf5f92a20089f9db59bc302313");
/// ```
///
/// Follows <https://cloudinary.com/documentation/authentication_signatures>.
pub fn sign_params<K: AsRef<str>, V: AsRef<str>>(
    params: impl IntoIterator<Item = (K, V)>,
    secret: &Secret,
    algorithm: SignatureAlgorithm,
    version: SignatureVersion,
) -> String {
    let text = string_to_sign(params, version);
    algorithm.digest([text.as_bytes(), secret.expose().as_bytes()]).hex()
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
}
