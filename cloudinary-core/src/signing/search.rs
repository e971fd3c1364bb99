//! Signatures of search URLs.

use super::SignatureAlgorithm;
use crate::config::Secret;

/// The signature of a search URL, over how long it is good and its query. Always SHA-256.
pub(crate) fn sign_search(ttl: u32, query: &str, secret: &Secret) -> String {
    let ttl = ttl.to_string();
    SignatureAlgorithm::Sha256.digest([ttl.as_bytes(), query.as_bytes(), secret.expose().as_bytes()]).hex()
}
