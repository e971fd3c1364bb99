//! Signatures of the service's answers.

use super::{SignatureAlgorithm, SignatureVersion, sign_params, signatures_equal};
use crate::config::Secret;

/// The signature the service puts into an upload answer, over `public_id` and `version` (always version 1).
///
/// ```
/// use cloudinary_core::{Secret, signing::{sign_response, SignatureAlgorithm}};
/// let signature = sign_response("sample", "1315060510", &Secret::from("abcd"), SignatureAlgorithm::Sha1);
/// assert_eq!(signature, "912d90b6fe28aa6820cf928bc440a65a0f36e002");
/// ```
///
/// Follows <https://cloudinary.com/documentation/authentication_signatures>.
pub fn sign_response(public_id: &str, version: &str, secret: &Secret, algorithm: SignatureAlgorithm) -> String {
    sign_params([("public_id", public_id), ("version", version)], secret, algorithm, SignatureVersion::V1)
}

/// Checks the signature of an upload answer, in constant time. SHA-1 and SHA-256 are told apart by length. Without a
/// secret no signature is right.
///
/// ```
/// use cloudinary_core::{Secret, signing::verify_response};
/// let signature = "912d90b6fe28aa6820cf928bc440a65a0f36e002";
/// assert!(verify_response("sample", "1315060510", signature, &Secret::from("abcd")));
/// assert!(!verify_response("other", "1315060510", signature, &Secret::from("abcd")));
/// ```
///
/// Follows <https://cloudinary.com/documentation/authentication_signatures>.
pub fn verify_response(public_id: &str, version: &str, signature: &str, secret: &Secret) -> bool {
    SignatureAlgorithm::from_hex_length(signature.len())
        .filter(|_| !secret.expose().is_empty())
        .is_some_and(|algorithm| signatures_equal(&sign_response(public_id, version, secret, algorithm), signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_signature_of_a_secret_is_right() {
        let secret = Secret::from("abcd");
        for algorithm in [SignatureAlgorithm::Sha1, SignatureAlgorithm::Sha256] {
            let right = sign_response("a", "1", &secret, algorithm);
            assert!(verify_response("a", "1", &right, &secret));
            for wrong in
                ["", "é", "\0", &right.to_uppercase(), &right[1..], &format!("{right}0"), &format!(" {}", &right[1..])]
            {
                assert!(!verify_response("a", "1", wrong, &secret), "{wrong:?}");
            }
            let forged = sign_response("a", "1", &Secret::from(""), algorithm);
            assert!(!verify_response("a", "1", &forged, &Secret::from("")));
        }
    }
}
