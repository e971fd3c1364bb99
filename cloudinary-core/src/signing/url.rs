//! Signatures of delivery URLs.

use std::fmt;

use base64::display::Base64Display;
use base64::engine::general_purpose::URL_SAFE;

use super::SignatureAlgorithm;
use super::algorithm::{Digested, Hasher};
use crate::config::Secret;

/// The signature part of a delivery URL, `s--XXXXXXXX--`, for `{transformation}/{public_id}.{format}`.
///
/// The short form has 8 characters; the long form has 32 and is always SHA-256.
///
/// ```
/// use cloudinary_core::{Secret, signing::{sign_url, SignatureAlgorithm}};
/// let signature = sign_url("c_crop,h_20,w_10/image.jpg", &Secret::from("b"), SignatureAlgorithm::Sha1, false);
/// assert_eq!(signature, "s--Ai4Znfl3--");
/// ```
///
/// Follows <https://cloudinary.com/documentation/delivery_url_signatures>.
pub fn sign_url(to_sign: &str, secret: &Secret, algorithm: SignatureAlgorithm, long: bool) -> String {
    let mut signer = UrlSigner::new(algorithm, long);
    signer.update(to_sign);
    signer.sign(secret).to_string()
}

/// Takes what is to be signed in pieces, so that no string has to hold it whole.
pub(crate) struct UrlSigner {
    hasher: Hasher,
    long: bool,
}

impl UrlSigner {
    pub(crate) fn new(algorithm: SignatureAlgorithm, long: bool) -> Self {
        let algorithm = if long { SignatureAlgorithm::Sha256 } else { algorithm };
        Self { hasher: algorithm.hasher(), long }
    }

    pub(crate) fn update(&mut self, piece: &str) {
        self.hasher.update(piece.as_bytes());
    }

    pub(crate) fn sign(mut self, secret: &Secret) -> UrlSignature {
        self.update(secret.expose());
        UrlSignature { digest: self.hasher.finish(), shown: if self.long { 24 } else { 6 } }
    }
}

/// A signature as it stands in a URL; it prints without a string of its own.
pub(crate) struct UrlSignature {
    digest: Digested,
    /// How many bytes of the digest show. Three make four characters, so that none is padding.
    shown: usize,
}

impl fmt::Display for UrlSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.digest.bytes();
        write!(f, "s--{}--", Base64Display::new(bytes.get(..self.shown).unwrap_or(bytes), &URL_SAFE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
