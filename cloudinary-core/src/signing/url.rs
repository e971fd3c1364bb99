//! Signatures of delivery URLs.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

use super::SignatureAlgorithm;
use super::algorithm::Hasher;
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
    signer.update(secret.expose());
    signer.finish().as_str().to_owned()
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

    #[inline]
    fn update(&mut self, piece: &str) {
        self.hasher.update(piece.as_bytes());
    }

    /// The signature, when the secret was taken last.
    #[inline]
    pub(crate) fn finish(&mut self) -> UrlSignature {
        let digest = self.hasher.finish();
        let shown = if self.long { LONG_BYTES } else { SHORT_BYTES };
        UrlSignature::of(digest.bytes().get(..shown).unwrap_or_default())
    }
}

impl fmt::Write for UrlSigner {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.update(piece);
        Ok(())
    }
}

/// How many bytes of the digest show. Three make four characters, so that none is padding.
const SHORT_BYTES: usize = 6;
const LONG_BYTES: usize = 24;

/// A signature as it stands in a URL, without memory of its own.
pub(crate) struct UrlSignature {
    text: [u8; START.len() + LONG_BYTES / 3 * 4 + END.len()],
    len: usize,
}

const START: &str = "s--";
const END: &str = "--";

impl UrlSignature {
    fn of(shown: &[u8]) -> Self {
        let mut signature = Self { text: [0; _], len: 0 };
        signature.push(START.as_bytes());
        // It has room for the long form.
        let free = signature.text.get_mut(signature.len..).unwrap_or_default();
        signature.len += URL_SAFE.encode_slice(shown, free).unwrap_or_default();
        signature.push(END.as_bytes());
        signature
    }

    fn push(&mut self, text: &[u8]) {
        if let Some(place) = self.text.get_mut(self.len..self.len + text.len()) {
            place.copy_from_slice(text);
            self.len += text.len();
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.get(..self.len).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
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
