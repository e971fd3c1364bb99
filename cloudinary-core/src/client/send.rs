//! Making a call: try, read, judge, and maybe try again.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::Response;
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::answer::Answer;
use super::call::Call;
use super::multipart::{FileFault, FilePart};
use super::retry::Failure;
use super::transport::{Body, TransportError};
use super::{Cloudinary, MAX_ANSWER_BYTES};
use crate::call_info::CallInfo;
use crate::config::{DEFAULT_UPLOAD_PREFIX, Secret};
use crate::error::{ApiErrorKind, Error, Result, shorten};

/// A try that failed.
struct Failed {
    error: Error,
    failure: Failure,
    retry_after: Option<Duration>,
}

impl Failed {
    fn for_good(error: Error) -> Self {
        Self { error, failure: Failure::Final, retry_after: None }
    }
}

impl Cloudinary {
    /// Makes a call and reads its answer, or the error in it; again, where that is safe and may help.
    #[tracing::instrument(name = "cloudinary", level = "debug", skip_all, fields(action = %call.action))]
    pub(crate) async fn send<T: DeserializeOwned>(&self, mut call: Call) -> Result<Answer<T>> {
        // A file may take as long as it is; each of its requests has a limit of its own.
        let (bytes, info) = if call.file.is_some() {
            self.tries(&mut call).await?
        } else {
            let whole = self.timeouts().whole;
            let tries = timeout(whole, self.tries(&mut call)).await;
            tries.unwrap_or_else(|_| Err(self.timed_out(&call.action, "the whole call", whole)))?
        };
        match decode(&call.action, &bytes, &info) {
            Ok(value) => Ok(Answer::new(value, info)),
            Err(error) => Err(error),
        }
    }

    async fn tries(&self, call: &mut Call) -> Result<(Vec<u8>, CallInfo)> {
        let mut token = self.token(call.takes_token(), None).await?;
        let mut refreshed = false;
        let mut attempt = 1;
        loop {
            let mut failed = match self.attempt(call, token.as_ref()).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if !call.file.as_ref().is_none_or(FilePart::is_there) {
                return Err(failed.error);
            }
            if failed.failure == Failure::Ambiguous && call.file.as_ref().is_some_and(FilePart::is_unfinished) {
                failed.failure = Failure::Refused;
            }
            if failed.error.api_kind() == Some(ApiErrorKind::Unauthorized)
                && self.token_source().is_some()
                && !refreshed
            {
                refreshed = true;
                token = self.token(call.takes_token(), token.as_ref()).await?;
                renew(call).await?;
                continue;
            }
            if !failed.failure.allows(call.repeat) {
                return Err(failed.error);
            }
            let Some(wait) = self.retry_policy().wait(attempt, failed.retry_after, rand::random()) else {
                return Err(failed.error);
            };
            tracing::debug!(attempt, wait_ms = wait.as_millis() as u64, error = %failed.error, "trying again");
            tokio::time::sleep(wait).await;
            renew(call).await?;
            attempt += 1;
        }
    }

    async fn token(&self, wanted: bool, refused: Option<&Secret>) -> Result<Option<Secret>> {
        match self.token_source() {
            _ if !wanted => Ok(None),
            Some(source) => source.token(refused).await.map(Some),
            None => Ok(self.config().oauth_token.clone()),
        }
    }

    async fn attempt(
        &self,
        call: &mut Call,
        token: Option<&Secret>,
    ) -> std::result::Result<(Vec<u8>, CallInfo), Failed> {
        let limits = *self.timeouts();
        let (what, limit) =
            if call.file.is_some() { ("the request with the file", limits.chunk) } else { ("the answer", limits.read) };
        let (request, fault) = call.request(self.config(), token).map_err(Failed::for_good)?;
        let response = match timeout(limit, self.transport().send(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.broken(&call.action, &fault, error)),
            Err(_) => return Err(self.late(&call.action, what, limit)),
        };
        let info = CallInfo::from_headers(response.headers(), SystemTime::now());
        let status = response.status().as_u16();
        let said = header(&response, "x-cld-error");
        let body = self.body(&call.action, &fault, response).await?;
        match status {
            200..300 => Ok((body, info)),
            300..400 => Err(Failed::for_good(unexpected(&call.action, format!("a redirect, HTTP {status}"), &info))),
            status => {
                tracing::debug!(status, request_id = info.request_id, "the service refused");
                let message = error_message(&body).or(said).unwrap_or_else(|| match body.as_slice() {
                    [] => "the answer is empty".to_owned(),
                    body => format!("the answer does not say why: {:?}", shorten(&String::from_utf8_lossy(body))),
                });
                let retry_after = info.retry_after;
                let error = api_error(&call.action, status, message, info);
                Err(Failed { error, failure: Failure::of_status(status), retry_after })
            }
        }
    }

    async fn body(
        &self,
        action: &str,
        fault: &FileFault,
        response: Response<Body>,
    ) -> std::result::Result<Vec<u8>, Failed> {
        let read = self.timeouts().read;
        let mut pieces = response.into_body().into_data_stream();
        let mut body = Vec::new();
        loop {
            let piece: Bytes = match timeout(read, pieces.next()).await {
                Ok(Some(Ok(piece))) => piece,
                Ok(None) => return Ok(body),
                Ok(Some(Err(error))) => return Err(self.broken(action, fault, error.into())),
                Err(_) => return Err(self.late(action, "the rest of the answer", read)),
            };
            if body.len() + piece.len() > MAX_ANSWER_BYTES {
                let reason = format!("it has more than {MAX_ANSWER_BYTES} bytes");
                return Err(Failed::for_good(unexpected(action, reason, &CallInfo::default())));
            }
            body.extend_from_slice(&piece);
        }
    }

    /// The connection failed, or the file that was being sent did.
    fn broken(&self, action: &str, fault: &FileFault, error: TransportError) -> Failed {
        if let Some(error) = fault.take() {
            return Failed::for_good(error);
        }
        let failure = if error.unsent { Failure::Refused } else { Failure::Ambiguous };
        let error = self.unreachable(action, error.reason, error.timeout);
        Failed { error, failure, retry_after: None }
    }

    fn late(&self, action: &str, what: &str, limit: Duration) -> Failed {
        Failed { error: self.timed_out(action, what, limit), failure: Failure::Ambiguous, retry_after: None }
    }

    fn timed_out(&self, action: &str, what: &str, limit: Duration) -> Error {
        self.unreachable(action, format!("{what} took more than {limit:?}"), true)
    }

    fn unreachable(&self, action: &str, reason: String, timeout: bool) -> Error {
        let host = self.config().upload_prefix.as_deref().unwrap_or(DEFAULT_UPLOAD_PREFIX).to_owned();
        Error::Transport { action: action.to_owned(), host, reason, timeout }
    }
}

async fn renew(call: &mut Call) -> Result<()> {
    match &mut call.file {
        Some(file) => file.renew().await,
        None => Ok(()),
    }
}

fn api_error(action: &str, status: u16, message: String, info: CallInfo) -> Error {
    Error::Api {
        action: action.to_owned(),
        kind: ApiErrorKind::from_status(status),
        status,
        message,
        info: Box::new(info),
    }
}

fn unexpected(action: &str, reason: String, info: &CallInfo) -> Error {
    Error::UnexpectedAnswer { action: action.to_owned(), reason, request_id: info.request_id.clone() }
}

/// The value, or the error that some answers with status 200 have in its place.
fn decode<T: DeserializeOwned>(action: &str, body: &[u8], info: &CallInfo) -> Result<T> {
    let decoded = serde_json::from_slice(body);
    // Answers are large and nearly never wrong; they are read twice only if there is something to find.
    let suspicious = decoded.is_err() || starts_with_error(body);
    if suspicious && let Some(message) = error_message(body) {
        return Err(api_error(action, 200, message, info.clone()));
    }
    decoded.map_err(|error| {
        let reason = if body.is_empty() { "it is empty".to_owned() } else { error.to_string() };
        unexpected(action, reason, info)
    })
}

/// Whether the first key of an object is `error`.
fn starts_with_error(body: &[u8]) -> bool {
    let inside = body.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inside.is_some_and(|inside| inside.starts_with(br#""error""#))
}

fn header(response: &Response<Body>, name: &str) -> Option<String> {
    Some(response.headers().get(name)?.to_str().ok()?.to_owned())
}

fn error_message(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Answer {
        error: Message,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Message {
        Named { message: String },
        Plain(String),
    }
    match serde_json::from_slice::<Answer>(body).ok()?.error {
        Message::Named { message } | Message::Plain(message) => Some(message),
    }
}
