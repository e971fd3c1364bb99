//! Notifications that wait to be fetched.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use serde_json::Value as Json;

use super::{Admin, named, names_up_to};
use crate::answer::record;
use crate::client::{Call, Repeat, request};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::signing;

/// The most notifications that one call fetches or acknowledges.
const MAX_MESSAGES: usize = 100;

/// Whose notifications to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationSource {
    /// Those of a trigger with the address `poll://channel`.
    Channel(String),
    /// Those of the calls with a batch id, for triggers with the address `poll://*`.
    Batch(String),
}

record! {
    /// Notifications that were waiting; each must be acknowledged, or comes again.
    pub struct Notifications {
        /// The notifications.
        messages: Vec<Notification>,
    }
}

record! {
    /// A notification.
    pub struct Notification {
        /// Acknowledges it; see [`Admin::ack_notifications`].
        receipt_handle: Option<String>,
        /// What it says, already read. Trust it only after [`verify`](Notification::verify).
        payload: Option<Json>,
        /// What it says, to the byte, in base64url.
        signed_payload: Option<String>,
        /// When it was signed, in Unix seconds.
        timestamp: i64,
        /// The signature.
        signature: Option<String>,
    }
}

impl Notification {
    /// What it says, once its signature is found to be ours.
    ///
    /// # Errors
    /// [`Error::SignatureMismatch`](crate::Error::SignatureMismatch) when it is not, and
    /// [`Error::StaleSignature`](crate::Error::StaleSignature) when it is older than `valid_for`;
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without a secret.
    pub fn verify(&self, config: &Config, valid_for: Duration) -> Result<Json> {
        let mismatch = || Error::SignatureMismatch { what: "notification" };
        let signed = self.signed_payload.as_deref().ok_or_else(mismatch)?;
        let bytes = URL_SAFE_NO_PAD.decode(signed.trim_end_matches('=')).map_err(|_| mismatch())?;
        let signature = self.signature.as_deref().ok_or_else(mismatch)?;
        let secret = config.require_api_secret()?;
        let window = i64::try_from(valid_for.as_secs()).unwrap_or(i64::MAX);
        signing::verify_notification(&bytes, self.timestamp, signature, secret, crate::clock::now(), window)?;
        serde_json::from_slice(&bytes).map_err(|_| mismatch())
    }
}

record! {
    /// What became of notifications that were acknowledged.
    pub struct Acknowledged {
        /// How many were, where the service says so.
        acknowledged: Option<Json>,
    }
}

request! {
    /// A call that fetches notifications, and waits for them; `.await` it.
    ///
    /// It is not repeated where it may have fetched some: those come again by themselves.
    pub struct GetNotifications -> Notifications;

    /// How many to fetch: 1 to 100. Default: 10.
    max_messages: number => "max_messages",
    /// How long to wait for the first, in seconds: 0 to 60. Default: 20. It must be less than the client's timeouts.
    wait_seconds: number => "wait_seconds",
    /// After how many seconds they come again unless they are acknowledged: 1 to 600. Default: 30.
    visibility_timeout: number => "visibility_timeout",
}

request! {
    /// A call that acknowledges notifications, so that they do not come again; `.await` it.
    pub struct AckNotifications -> Acknowledged;
}

impl Admin {
    /// Fetches notifications that wait.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use std::time::Duration;
    /// use cloudinary_core::admin::NotificationSource;
    ///
    /// let source = NotificationSource::Channel("uploads".to_owned());
    /// let fetched = cld.admin().notifications(source).wait_seconds(10).await?;
    /// for notification in &fetched.messages {
    ///     println!("{}", notification.verify(cld.config(), Duration::from_secs(7200))?);
    /// }
    /// let receipts = fetched.messages.iter().filter_map(|notification| notification.receipt_handle.clone());
    /// cld.admin().ack_notifications(receipts).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn notifications(&self, source: NotificationSource) -> GetNotifications {
        let (parameter, value) = match source {
            NotificationSource::Channel(channel) => ("channel", channel),
            NotificationSource::Batch(batch_id) => ("batch_id", batch_id),
        };
        let call = named(parameter, &value).map(|value| {
            let mut call = Call::module_v2("notifications", Method::GET, ["messages"]).repeat(Repeat::IfRefused);
            call.set(parameter, value);
            call
        });
        GetNotifications(self.checked(call))
    }

    /// Acknowledges notifications by their receipt handles: at most 100.
    pub fn ack_notifications(&self, receipt_handles: impl IntoIterator<Item: Into<String>>) -> AckNotifications {
        let call = names_up_to(MAX_MESSAGES, "receipt_handles", receipt_handles).map(|handles| {
            let mut call = Call::module_v2("notifications", Method::POST, ["messages", "ack"]);
            call.set("receipt_handles", handles);
            call
        });
        AckNotifications(self.checked(call))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::{SignatureAlgorithm, sign_notification};

    #[test]
    fn only_what_was_signed_is_trusted() {
        let config = Config::new("demo").credentials("key", "secret");
        let hour = Duration::from_hours(1);
        let now = crate::clock::now();
        let signature = |timestamp| {
            let secret = config.require_api_secret().unwrap();
            sign_notification(br#"{"a":1}"#, timestamp, secret, SignatureAlgorithm::Sha1)
        };
        for (timestamp, signed_payload, signature, expected) in [
            (now, "eyJhIjoxfQ", signature(now), true),
            (now, "eyJhIjoxfQ==", signature(now), true),
            (now, "eyJhIjoyfQ", signature(now), false),
            (now, "!", signature(now), false),
            (now, "eyJhIjoxfQ", String::new(), false),
            (now - 7000, "eyJhIjoxfQ", signature(now - 7000), false),
        ] {
            let message = serde_json::json!({
                "payload": {"a": 2}, "signed_payload": signed_payload, "timestamp": timestamp.to_string(),
                "signature": signature,
            });
            let notification: Notification = serde_json::from_value(message).unwrap();
            let verified = notification.verify(&config, hour).ok();
            assert_eq!(verified, expected.then(|| serde_json::json!({"a": 1})), "{signed_payload}");
        }
    }
}
