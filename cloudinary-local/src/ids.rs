//! Random names and the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use rand::{Rng as _, RngCore as _};

const LOWER_ALPHANUMERIC: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// Unix seconds.
pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

/// 32 hexadecimal digits.
pub(crate) fn hex_id() -> String {
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// `length` lower-case letters and digits, as the service names what comes without a name.
pub(crate) fn alphanumeric(length: usize) -> String {
    let mut rng = rand::rng();
    (0..length)
        .filter_map(|_| LOWER_ALPHANUMERIC.get(rng.random_range(0..LOWER_ALPHANUMERIC.len())).copied().map(char::from))
        .collect()
}

/// 15 digits, as the service's API keys are.
pub(crate) fn api_key() -> String {
    rand::rng().random_range(100_000_000_000_000_u64..1_000_000_000_000_000).to_string()
}

/// 160 random bits for secrets and tokens, safe in a URL. It never has a leading `-`, which a command line would take
/// for an option.
pub(crate) fn secret() -> String {
    let mut bytes = [0; 20];
    rand::rng().fill_bytes(&mut bytes);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes).replace(['-', '_'], "x")
}
