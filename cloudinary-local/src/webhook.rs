//! Notifications: a signed POST of JSON to a URL that a request named, sent after the answer.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{Limits, admin::EVENTS, http::ApiError, ids, settings::Settings};

/// The most URLs one request may name.
const MAX_URLS: usize = 30;
/// How many are sent at one time.
#[cfg(feature = "remote")]
const AT_A_TIME: usize = 8;

/// Where to send a notification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Destinations(Vec<Url>);

impl Destinations {
    /// Reads `notification_url`: URLs parted by spaces or line ends.
    pub(crate) fn parse(parameter: &str, text: &str) -> Result<Self, ApiError> {
        let mut urls = Vec::new();
        for one in text.split_whitespace() {
            if cfg!(not(feature = "remote")) {
                return Err(ApiError::bad_request(format!(
                    "Parameter {parameter} is not carried out: cloudinary-local was built without its feature remote"
                )));
            }
            let url = Url::parse(one).map_err(|_| ApiError::invalid(parameter, format_args!("{one} is no URL")))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Err(ApiError::invalid(parameter, format_args!("{one}: only http and https are notified")));
            }
            urls.push(url);
        }
        if urls.len() > MAX_URLS {
            return Err(ApiError::invalid(parameter, format_args!("at most {MAX_URLS} URLs")));
        }
        Ok(Self(urls))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These, or the others when there are none.
    pub(crate) fn or(self, others: &Self) -> Self {
        if self.is_empty() { others.clone() } else { self }
    }
}

/// A place that hears of every event of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trigger {
    /// `upload`, `delete` and so on, or `all`.
    pub(crate) event_type: String,
    pub(crate) to: Destinations,
}

/// Sends notifications, a bounded number of them at a time.
#[derive(Debug, Clone)]
pub(crate) struct Webhooks {
    settings: Arc<Settings>,
    waiting: Arc<Semaphore>,
    #[cfg(feature = "remote")]
    sending: Arc<Semaphore>,
    stop: CancellationToken,
}

impl Webhooks {
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        let waiting = Arc::new(Semaphore::new(settings.limits.notifications_waiting));
        Self {
            settings,
            waiting,
            #[cfg(feature = "remote")]
            sending: Arc::new(Semaphore::new(AT_A_TIME)),
            stop: CancellationToken::new(),
        }
    }

    /// Forgets what is not sent yet.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Sends `event` with what every notification carries. It is tried again a few times; then, or when too many wait
    /// already, it is given up and logged.
    pub(crate) fn notify(&self, to: &Destinations, kind: &str, event: Map<String, Value>) {
        let triggered;
        let to = if to.is_empty() {
            triggered = self.triggered(kind);
            &triggered
        } else {
            to
        };
        if to.is_empty() {
            return;
        }
        let body = body(&self.settings.api_key, kind, event);
        for url in &to.0 {
            let Ok(place) = Arc::clone(&self.waiting).try_acquire_owned() else {
                tracing::error!(kind, "a notification is given up: too many wait to be sent");
                continue;
            };
            let (webhooks, url, body) = (self.clone(), url.clone(), body.clone());
            tokio::spawn(async move {
                let stop = webhooks.stop.clone();
                stop.run_until_cancelled(webhooks.deliver(&url, body)).await;
                drop(place);
            });
        }
    }

    /// Where the triggers of this kind point, and who hears of everything.
    fn triggered(&self, kind: &str) -> Destinations {
        let triggers = self.settings.triggers.all();
        let of_all = EVENTS.contains(&kind);
        let heard =
            triggers.iter().filter(|trigger| trigger.event_type == kind || of_all && trigger.event_type == "all");
        let always = Some(&self.settings.notified).filter(|_| of_all);
        Destinations(heard.map(|trigger| &trigger.to).chain(always).flat_map(|to| to.0.iter().cloned()).collect())
    }

    async fn deliver(&self, url: &Url, body: Vec<u8>) {
        let Limits { notification_retries, notification_retry_after, .. } = self.settings.limits;
        for attempt in 1..=notification_retries.saturating_add(1) {
            match self.send(url, &body).await {
                Ok(()) => return,
                Err(reason) => tracing::warn!(host = url.host_str(), attempt, reason, "a notification did not arrive"),
            }
            if attempt <= notification_retries {
                tokio::time::sleep(notification_retry_after.saturating_mul(attempt)).await;
            }
        }
        tracing::error!(host = url.host_str(), "a notification is given up");
    }

    #[cfg(feature = "remote")]
    async fn send(&self, url: &Url, body: &[u8]) -> Result<(), String> {
        use cloudinary_core::signing::{SignatureAlgorithm, sign_notification};

        const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(30);
        let _one = self.sending.acquire().await.map_err(|error| error.to_string())?;
        let sent = async {
            let private = self.settings.remote_private || self.settings.notified.0.contains(url);
            let addresses = crate::outbound::resolve(url, private).await?;
            let now = ids::now();
            let signature = sign_notification(body, now, &self.settings.api_secret, SignatureAlgorithm::Sha1);
            let response = crate::outbound::client(url, &addresses)?
                .post(url.clone())
                .header(http::header::CONTENT_TYPE, "application/json")
                .header("X-Cld-Timestamp", now)
                .header("X-Cld-Signature", signature)
                .body(body.to_vec())
                .send()
                .await
                .map_err(|error| error.without_url().to_string())?;
            match response.status() {
                status if status.is_success() => Ok(()),
                status => Err(format!("it was answered {status}")),
            }
        };
        tokio::time::timeout(TIMEOUT, sent).await.unwrap_or_else(|_| Err("timeout".to_owned()))
    }

    #[cfg(not(feature = "remote"))]
    async fn send(&self, _: &Url, _: &[u8]) -> Result<(), String> {
        std::future::ready(Err("built without the feature remote".to_owned())).await
    }
}

fn body(api_key: &str, kind: &str, mut event: Map<String, Value>) -> Vec<u8> {
    let time = OffsetDateTime::from_unix_timestamp(ids::now()).ok().and_then(|time| time.format(&Rfc3339).ok());
    let time = time.unwrap_or_default();
    let common = json!({
        "notification_type": kind,
        "timestamp": time,
        "request_id": ids::hex_id(),
        "signature_key": api_key,
        "notification_context": {
            "triggered_at": time,
            "triggered_by": { "source": "api", "id": api_key },
        },
    });
    if let Value::Object(common) = common {
        event.extend(common);
    }
    Value::Object(event).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations() {
        let table = [
            ("", Ok(0)),
            ("http://a/b", Ok(1)),
            ("https://a/b\nhttp://c  http://d", Ok(3)),
            ("ftp://a", Err(())),
            ("poll://a", Err(())),
            ("a/b", Err(())),
        ];
        for (text, expected) in table {
            let found = Destinations::parse("notification_url", text).map(|urls| urls.0.len()).map_err(drop);
            assert_eq!(found, expected, "{text}");
        }
        assert!(Destinations::parse("notification_url", &"http://a ".repeat(MAX_URLS + 1)).is_err());
    }

    #[test]
    fn every_body_has_what_is_common() {
        let event = Map::from_iter([("public_id".to_owned(), json!("a"))]);
        let body: Value = serde_json::from_slice(&body("key", "upload", event)).unwrap();
        assert_eq!((&body["public_id"], &body["notification_type"]), (&json!("a"), &json!("upload")));
        assert_eq!((&body["signature_key"], &body["timestamp"].as_str().map(str::len)), (&json!("key"), &Some(20)));
    }
}
