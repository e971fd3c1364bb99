//! The HTTP side of a delivered file: validators, ranges, and headers that keep uploaded bytes harmless.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{
        ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
        CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE, VARY,
    },
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use time::{OffsetDateTime, macros::format_description};
use tokio_util::io::ReaderStream;

use super::derive::unreadable;
use crate::{app::App, http::ApiError};

/// A stored content about to be sent.
#[derive(Debug)]
pub(super) struct File {
    pub(super) blob: String,
    /// Its bytes, when they are in memory anyway.
    pub(super) content: Option<Bytes>,
    pub(super) bytes: u64,
    pub(super) etag: String,
    /// Unix seconds.
    pub(super) modified: i64,
    pub(super) content_type: String,
    /// The name to save it under, when it is to be saved and not shown.
    pub(super) attachment: Option<String>,
    pub(super) cache_control: &'static str,
    /// Whether another `Accept` header would have brought another format.
    pub(super) varies: bool,
    /// Those its uploader wants with it.
    pub(super) headers: Vec<(String, String)>,
}

impl File {
    pub(super) async fn send(self, app: &App, method: &Method, headers: &HeaderMap) -> Result<Response, ApiError> {
        let mut response = Response::new(Body::empty());
        let etag = format!("\"{}\"", self.etag);
        let modified = http_date(self.modified);
        self.describe(response.headers_mut(), &etag, &modified);
        if is_fresh(headers, &etag, &modified) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(response);
        }
        let conditional = headers.get(IF_RANGE).is_some_and(|known| known.as_bytes() != etag.as_bytes());
        let range = headers.get(RANGE).and_then(|range| range.to_str().ok()).filter(|_| !conditional);
        let (first, length) = match parse_range(range.unwrap_or_default(), self.bytes) {
            Extent::Whole => (0, self.bytes),
            Extent::Part(first, last) => {
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                set(response.headers_mut(), CONTENT_RANGE, &format!("bytes {first}-{last}/{}", self.bytes));
                (first, last - first + 1)
            }
            Extent::Outside => {
                *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
                set(response.headers_mut(), CONTENT_RANGE, &format!("bytes */{}", self.bytes));
                return Ok(response);
            }
        };
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
        if method != Method::HEAD {
            *response.body_mut() = if let Some(content) = &self.content {
                let (first, length) = (first as usize, length as usize);
                Body::from(content.slice(first.min(content.len())..(first + length).min(content.len())))
            } else {
                let reader = app.store.blobs().open(&self.blob, first, length).await.map_err(unreadable)?;
                Body::from_stream(ReaderStream::with_capacity(reader, 64 * 1024))
            };
        }
        Ok(response)
    }

    fn describe(&self, headers: &mut HeaderMap, etag: &str, modified: &str) {
        set(headers, CONTENT_TYPE, &self.content_type);
        set(headers, ETAG, etag);
        set(headers, LAST_MODIFIED, modified);
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.cache_control));
        // Whatever was uploaded, it runs no script and loads nothing in the name of this origin.
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
        for (name, value) in &self.headers {
            if let Ok(name) = http::HeaderName::from_bytes(name.as_bytes()) {
                set(headers, name, value);
            }
        }
        if self.varies {
            headers.insert(VARY, HeaderValue::from_static("Accept"));
        }
        if let Some(name) = &self.attachment {
            let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
            set(headers, CONTENT_DISPOSITION, &format!("attachment; filename*=UTF-8''{name}"));
        }
    }
}

fn set(headers: &mut HeaderMap, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn is_fresh(headers: &HeaderMap, etag: &str, modified: &str) -> bool {
    if let Some(known) = headers.get(IF_NONE_MATCH) {
        let known = known.to_str().unwrap_or_default();
        return known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == etag);
    }
    headers.get(IF_MODIFIED_SINCE).is_some_and(|since| since.as_bytes() == modified.as_bytes())
}

/// The part of a file that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All of it, also for what is no range we know.
    Whole,
    /// From its first byte to its last.
    Part(u64, u64),
    /// Nothing of it.
    Outside,
}

fn parse_range(range: &str, bytes: u64) -> Extent {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Extent::Whole;
    };
    let Some(end) = bytes.checked_sub(1) else { return Extent::Whole };
    let range = match (first.trim(), last.trim()) {
        ("", suffix) => suffix.parse::<u64>().map(|suffix| (bytes.saturating_sub(suffix), end)),
        (first, "") => first.parse().map(|first| (first, end)),
        (first, last) => first.parse().and_then(|first| last.parse::<u64>().map(|last| (first, last.min(end)))),
    };
    match range {
        Err(_) => Extent::Whole,
        Ok((first, last)) if first <= last => Extent::Part(first, last),
        Ok(_) => Extent::Outside,
    }
}

fn http_date(seconds: i64) -> String {
    let format =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    OffsetDateTime::from_unix_timestamp(seconds).ok().and_then(|time| time.format(format).ok()).unwrap_or_default()
}

/// The media type of a raw file, and whether it must be saved rather than shown: what a browser would run is.
pub(super) fn raw_type(public_id: &str) -> (String, bool) {
    let guessed = mime_guess::from_path(public_id).first_or_octet_stream();
    let (kind, subtype) = (guessed.type_(), guessed.subtype().as_str());
    let active = subtype.contains("html")
        || subtype.contains("svg")
        || subtype.contains("xml") && guessed.suffix().is_none_or(|suffix| suffix == "xml")
        || subtype.contains("javascript")
        || subtype.contains("ecmascript");
    match kind.as_str() {
        "text" if !active => (format!("{guessed}; charset=utf-8"), false),
        _ => (guessed.to_string(), active),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let table = [
            ("bytes=0-9", Extent::Part(0, 9)),
            ("bytes=90-", Extent::Part(90, 99)),
            ("bytes=-10", Extent::Part(90, 99)),
            ("bytes=-1000", Extent::Part(0, 99)),
            ("bytes=50-1000", Extent::Part(50, 99)),
            ("bytes=100-", Extent::Outside),
            ("bytes=9-5", Extent::Outside),
            ("bytes=-0", Extent::Outside),
            ("bytes=0-1,5-6", Extent::Whole),
            ("lines=0-9", Extent::Whole),
            ("", Extent::Whole),
        ];
        for (range, expected) in table {
            assert_eq!(parse_range(range, 100), expected, "{range}");
        }
        assert_eq!(parse_range("bytes=0-", 0), Extent::Whole);
    }

    #[test]
    fn what_a_browser_would_run_is_saved() {
        let table = [
            ("a.html", "text/html", true),
            ("a.svg", "image/svg+xml", true),
            ("a.xhtml", "application/xhtml+xml", true),
            ("a.xml", "text/xml", true),
            ("a.js", "text/javascript", true),
            ("a.txt", "text/plain; charset=utf-8", false),
            ("a.xls", "application/vnd.ms-excel", false),
            ("a", "application/octet-stream", false),
        ];
        for (public_id, content_type, active) in table {
            assert_eq!(raw_type(public_id), (content_type.to_owned(), active), "{public_id}");
        }
    }

    #[test]
    fn dates() {
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
