//! The digests.

use std::fmt;
use std::str::FromStr;

use sha1::{Digest, Sha1};
use sha2::Sha256;

use crate::error::{Error, Result};

/// The digest a signature is made with. The service's default is SHA-1.
///
/// ```
/// use cloudinary_core::signing::SignatureAlgorithm;
/// assert_eq!("sha256".parse::<SignatureAlgorithm>()?, SignatureAlgorithm::Sha256);
/// assert_eq!(SignatureAlgorithm::from_hex_length(40), Some(SignatureAlgorithm::Sha1));
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/authentication_signatures>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SignatureAlgorithm {
    /// 40 hexadecimal digits.
    #[default]
    Sha1,
    /// 64 hexadecimal digits; has to be enabled for the account.
    Sha256,
}

impl SignatureAlgorithm {
    /// The algorithm that makes hexadecimal signatures of this length, in digits: 40 or 64. `None` for any other.
    ///
    /// ```
    /// use cloudinary_core::signing::SignatureAlgorithm;
    /// assert_eq!(SignatureAlgorithm::from_hex_length(64), Some(SignatureAlgorithm::Sha256));
    /// assert_eq!(SignatureAlgorithm::from_hex_length(8), None);
    /// ```
    pub fn from_hex_length(length: usize) -> Option<Self> {
        match length {
            40 => Some(Self::Sha1),
            64 => Some(Self::Sha256),
            _ => None,
        }
    }

    pub(super) fn digest<'a>(self, parts: impl IntoIterator<Item = &'a [u8]>) -> Digested {
        let mut hasher = self.hasher();
        for part in parts {
            hasher.update(part);
        }
        hasher.finish()
    }

    pub(super) fn hasher(self) -> Hasher {
        match self {
            Self::Sha1 => Hasher::Sha1(Sha1::new()),
            Self::Sha256 => Hasher::Sha256(Sha256::new()),
        }
    }
}

/// A digest that is being made, piece by piece.
pub(super) enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Hasher {
    pub(super) fn update(&mut self, part: &[u8]) {
        match self {
            Self::Sha1(hash) => hash.update(part),
            Self::Sha256(hash) => hash.update(part),
        }
    }

    /// The digest of what came so far, after which a new one begins: a hasher is large, and is not moved.
    #[inline]
    pub(super) fn finish(&mut self) -> Digested {
        match self {
            Self::Sha1(hash) => Digested::Sha1(hash.finalize_reset().into()),
            Self::Sha256(hash) => Digested::Sha256(hash.finalize_reset().into()),
        }
    }
}

/// A digest on the stack, so that signing a URL allocates nothing.
pub(super) enum Digested {
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl Digested {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Sha1(bytes) => bytes,
            Self::Sha256(bytes) => bytes,
        }
    }

    pub(super) fn hex(&self) -> String {
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
