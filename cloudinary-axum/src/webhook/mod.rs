//! Notifications of the media service, verified before anybody reads them.

mod event;

use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use cloudinary_core::Error;
use cloudinary_core::signing::{NOTIFICATION_WINDOW_SECONDS, verify_notification};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode};
use sha2::{Digest as _, Sha256};

pub use self::event::{Changed, Deleted, Event, Notification};

use crate::form::BODY_IDLE_TIMEOUT;
use crate::ticket::TicketStoreError;
use crate::uploads::Uploads;

/// The most bytes of a notification that are read.
pub const MAX_NOTIFICATION_BYTES: usize = 2 * 1024 * 1024;

/// Extracts a notification whose signature is right and whose time is now, within
/// [`NOTIFICATION_WINDOW_SECONDS`] either way.
///
/// The signature is over the raw body, in SHA-1 or SHA-256, and compares in constant time. Answer 200, or the service
/// sends the notification again some minutes later; it also does when the answer is lost, so ask
/// [`is_first`](Self::is_first) before doing anything twice. What must not be lost either, if the handler dies after it
/// asked, is safer in a transaction that inserts [`id`](Self::id) into a table of the app's own.
///
/// ```no_run
/// use axum::extract::State;
/// use cloudinary_axum::{Event, Uploads, Webhook};
/// use http::StatusCode;
///
/// async fn hook(State(uploads): State<Uploads>, webhook: Webhook) -> StatusCode {
///     if !webhook.is_first(&uploads).await.unwrap_or(true) { return StatusCode::OK; }
///     match &webhook.notification.event {
///         Event::Upload(stored) => println!("{} is stored", stored.public_id),
///         Event::Eager { public_id, eager, .. } => println!("{} images of {public_id} are made", eager.len()),
///         other => println!("{other:?}"),
///     }
///     StatusCode::OK
/// }
/// ```
///
/// Follows <https://cloudinary.com/documentation/notifications>.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// What happened.
    pub notification: Notification,
    /// When it was signed, in Unix seconds.
    pub timestamp: i64,
    body: Bytes,
}

impl Webhook {
    /// The body as it was signed.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The same for the same notification, however often it is sent.
    pub fn id(&self) -> String {
        hex::encode(Sha256::digest(&self.body))
    }

    /// Whether it has not been seen before: true once for each notification, as long as it could be sent again. Seen
    /// ones are remembered where spent tickets are ([`Uploads::ticket_store`]).
    ///
    /// # Errors
    /// [`TicketStoreError`] when that cannot be known.
    pub async fn is_first(&self, uploads: &Uploads) -> Result<bool, TicketStoreError> {
        uploads.first_seen(&format!("webhook {}", self.id()), self.timestamp + 2 * NOTIFICATION_WINDOW_SECONDS).await
    }
}

/// Why a notification is not believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// 400: a header is missing, twice there, or no number.
    #[error("the notification has no usable {0} header")]
    Header(&'static str),

    /// 400: the body broke off, stalled for [`BODY_IDLE_TIMEOUT`], or is no JSON object though it is signed.
    #[error("the notification cannot be read: {0}")]
    Malformed(String),

    /// 413: more than [`MAX_NOTIFICATION_BYTES`].
    #[error("the notification has more than {MAX_NOTIFICATION_BYTES} bytes")]
    TooLarge,

    /// 401: signed by somebody else, altered, too old or from the future.
    #[error(transparent)]
    NotOurs(Error),

    /// 500: there is no secret to check it with. The sender is not told which setting is missing; the log is.
    #[error("notifications cannot be checked here")]
    NotConfigured(#[source] Error),
}

impl WebhookRejection {
    /// The status the rejection answers with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Header(_) | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotOurs(_) => StatusCode::UNAUTHORIZED,
            Self::NotConfigured(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        match &self {
            Self::NotConfigured(error) => tracing::error!(%error, "notifications cannot be checked"),
            refused => tracing::warn!(error = %refused, "a notification was refused"),
        }
        (self.status(), self.to_string()).into_response()
    }
}

impl<S> FromRequest<S> for Webhook
where
    S: Send + Sync,
    Uploads: FromRef<S>,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        let uploads = Uploads::from_ref(state);
        let (parts, body) = request.into_parts();
        let signature = single(&parts.headers, "x-cld-signature")?.to_owned();
        let timestamp: i64 = single(&parts.headers, "x-cld-timestamp")?
            .parse()
            .map_err(|_| WebhookRejection::Header("x-cld-timestamp"))?;
        let secret = uploads.client().config().require_api_secret().map_err(WebhookRejection::NotConfigured)?;
        let body = read(body).await?;
        verify_notification(&body, timestamp, &signature, secret, uploads.now(), NOTIFICATION_WINDOW_SECONDS).map_err(
            |error| match error {
                Error::MissingConfig { .. } => WebhookRejection::NotConfigured(error),
                error => WebhookRejection::NotOurs(error),
            },
        )?;
        let notification =
            serde_json::from_slice(&body).map_err(|error| WebhookRejection::Malformed(error.to_string()))?;
        Ok(Self { notification, timestamp, body })
    }
}

/// A header that is there once: of two, nobody knows which was meant.
fn single<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, WebhookRejection> {
    let mut values = headers.get_all(name).iter();
    match (values.next().and_then(|value| value.to_str().ok()), values.next()) {
        (Some(value), None) => Ok(value.trim()),
        _ => Err(WebhookRejection::Header(name)),
    }
}

async fn read(body: axum::body::Body) -> Result<Bytes, WebhookRejection> {
    let mut bytes = BytesMut::new();
    let mut pieces = body.into_data_stream();
    loop {
        let waited = tokio::time::timeout(BODY_IDLE_TIMEOUT, pieces.next()).await.map_err(|_| {
            WebhookRejection::Malformed(format!("nothing of it came for {} seconds", BODY_IDLE_TIMEOUT.as_secs()))
        })?;
        let Some(piece) = waited else { return Ok(bytes.freeze()) };
        let piece = piece.map_err(|error| WebhookRejection::Malformed(error.to_string()))?;
        if bytes.len() + piece.len() > MAX_NOTIFICATION_BYTES {
            return Err(WebhookRejection::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
}
