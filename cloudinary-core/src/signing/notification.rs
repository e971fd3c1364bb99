//! Signatures of the service's notifications.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{SignatureAlgorithm, signatures_equal};
use crate::config::Secret;
use crate::error::{Error, Result};

/// How long before or after its timestamp a notification is accepted by default: two hours, in seconds.
///
/// ```
/// use cloudinary_core::signing::NOTIFICATION_WINDOW_SECONDS;
/// assert_eq!(NOTIFICATION_WINDOW_SECONDS, 2 * 60 * 60);
/// ```
///
/// Follows <https://cloudinary.com/documentation/notification_signatures>.
pub const NOTIFICATION_WINDOW_SECONDS: i64 = 7200;

/// The signature of a notification: of its raw body, then its timestamp in Unix seconds, then the secret. Lower-case
/// hexadecimal.
///
/// ```
/// use cloudinary_core::{Secret, signing::{sign_notification, SignatureAlgorithm}};
/// let signature = sign_notification(b"{public_id: 'sample'}", 1315060510, &Secret::from("abcd"), SignatureAlgorithm::Sha1);
/// assert_eq!(signature, "25f7e91709c858b97d688ce8da799dedb290d9ef");
/// ```
///
/// Follows <https://cloudinary.com/documentation/notification_signatures>.
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
/// (default: [`NOTIFICATION_WINDOW_SECONDS`]), or [`Error::MissingConfig`] with an empty secret.
///
/// ```
/// use cloudinary_core::{Secret, signing::{NOTIFICATION_WINDOW_SECONDS, verify_notification}};
/// let (body, at) = (b"{public_id: 'sample'}", 1_315_060_510);
/// let (signature, secret) = ("25f7e91709c858b97d688ce8da799dedb290d9ef", Secret::from("abcd"));
/// assert!(verify_notification(body, at, signature, &secret, at + 60, NOTIFICATION_WINDOW_SECONDS).is_ok());
/// assert!(verify_notification(body, at, signature, &secret, at + 7201, NOTIFICATION_WINDOW_SECONDS).is_err());
/// ```
///
/// Follows <https://cloudinary.com/documentation/notification_signatures>.
pub fn verify_notification(
    body: &[u8],
    timestamp: i64,
    signature: &str,
    secret: &Secret,
    now: i64,
    window_seconds: i64,
) -> Result<()> {
    if secret.expose().is_empty() {
        return Err(Error::MissingConfig { name: "api_secret" });
    }
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
///
/// Follows <https://cloudinary.com/documentation/notification_signatures>.
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

#[cfg(test)]
mod tests {
    use super::*;

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
