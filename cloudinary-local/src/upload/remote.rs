//! Files fetched from other servers; each redirect is checked as the first address was.

use futures_util::StreamExt as _;
use url::Url;

use super::{source::Received, too_large};
use crate::{
    app::App,
    http::ApiError,
    outbound::{client, resolve},
};

const MAX_REDIRECTS: usize = 5;

/// Fetches a file, within the time and the size that the limits allow.
pub(super) async fn fetch(app: &App, url: &str) -> Result<Received, ApiError> {
    let timeout = app.settings.limits.remote_timeout;
    tokio::time::timeout(timeout, follow(app, url)).await.unwrap_or_else(|_| Err(failed(url, "timeout")))
}

fn failed(url: &str, reason: impl std::fmt::Display) -> ApiError {
    ApiError::bad_request(format!("Error in loading {url} - {reason}"))
}

async fn follow(app: &App, asked: &str) -> Result<Received, ApiError> {
    let mut url = Url::parse(asked).map_err(|error| failed(asked, error))?;
    for _ in 0..=MAX_REDIRECTS {
        let addresses = resolve(&url, app.settings.remote_private).await.map_err(|reason| failed(asked, reason))?;
        let response = client(&url, &addresses)
            .map_err(|reason| failed(asked, reason))?
            .get(url.clone())
            .send()
            .await
            .map_err(|error| failed(asked, plain(&error)))?;
        let status = response.status();
        if status.is_redirection() {
            let target = response.headers().get(http::header::LOCATION).and_then(|target| target.to_str().ok());
            let target = target.ok_or_else(|| failed(asked, "a redirect without Location"))?;
            url = url.join(target).map_err(|error| failed(asked, error))?;
            continue;
        }
        if !status.is_success() {
            return Err(failed(asked, status));
        }
        return receive(app, asked, &url, response).await;
    }
    Err(failed(asked, "too many redirects"))
}

/// What went wrong, without the URL: the message has it already.
fn plain(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "cannot connect"
    } else {
        "the answer is broken"
    }
}

async fn receive(app: &App, asked: &str, url: &Url, response: reqwest::Response) -> Result<Received, ApiError> {
    let limits = &app.settings.limits;
    let most = limits.image_max_bytes.max(limits.raw_max_bytes);
    if let Some(announced) = response.content_length()
        && announced > most
    {
        return Err(too_large(announced, most));
    }
    let mut spool = app.store.blobs().receive().await?;
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| failed(asked, plain(&error)))?;
        let length = spool.length() + piece.len() as u64;
        if length > most {
            return Err(too_large(length, most));
        }
        spool.write(&piece).await?;
    }
    let name = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned();
    Ok(Received { content: spool.finish().await?, filename: Some(name).filter(|name| !name.is_empty()) })
}
