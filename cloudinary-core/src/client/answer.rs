//! What comes back: the answer's value, and what the service says about the call itself.

use std::ops::Deref;
use std::time::{Duration, SystemTime};

use http::HeaderMap;

use crate::call_info::{CallInfo, RateLimit};

/// The answer to an API call: the value, and beside it what the headers say of the call.
///
/// It dereferences to the value, so that fields read as if it were the value; [`into_inner`](Self::into_inner) gives it
/// away.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    value: T,
    info: CallInfo,
}

impl<T> Answer<T> {
    pub(crate) fn new(value: T, info: CallInfo) -> Self {
        Self { value, info }
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// What the headers said.
    pub fn info(&self) -> &CallInfo {
        &self.info
    }

    /// The service's id of the call, to quote to its support.
    pub fn request_id(&self) -> Option<&str> {
        self.info.request_id.as_deref()
    }

    /// How many calls are left in this hour; the Admin API says so with every answer.
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        self.info.rate_limit.as_ref()
    }

    /// The same call's answer with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: change(self.value), info: self.info }
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// An answer is compared with a value by its own; what the headers said does not count.
impl<T: PartialEq> PartialEq<T> for Answer<T> {
    fn eq(&self, other: &T) -> bool {
        self.value == *other
    }
}

impl CallInfo {
    pub(crate) fn from_headers(headers: &HeaderMap, now: SystemTime) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let number = |name| text(name).and_then(|text| text.parse().ok());
        let rate_limit = match (number("x-featureratelimit-limit"), number("x-featureratelimit-remaining")) {
            (Some(limit), Some(remaining)) => {
                let reset = text("x-featureratelimit-reset").and_then(|text| httpdate::parse_http_date(text).ok());
                Some(RateLimit { limit, remaining, reset })
            }
            _ => None,
        };
        let retry_after = text("retry-after").and_then(|text| retry_after(text, now));
        Self { request_id: text("x-request-id").map(str::to_owned), rate_limit, retry_after }
    }
}

/// Seconds, or a date.
fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    Some(at.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compared_with_a_value() {
        let answer = Answer::new("a", CallInfo { request_id: Some("x".to_owned()), ..CallInfo::default() });
        assert_eq!(answer, "a");
        assert_ne!(answer, "b");
        assert_ne!(answer, Answer::new("a", CallInfo::default()));
    }

    #[test]
    fn headers() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:00 GMT").unwrap();
        for (name, value, expected) in [
            ("retry-after", "7", Some(7)),
            ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("retry-after", "-1", None),
            ("retry-after", "soon", None),
            ("x-other", "7", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(CallInfo::from_headers(&headers, now).retry_after.map(|d| d.as_secs()), expected, "{value}");
        }
        let mut headers = HeaderMap::new();
        headers.insert("x-featureratelimit-limit", "500".parse().unwrap());
        assert_eq!(CallInfo::from_headers(&headers, now).rate_limit, None);
        headers.insert("x-featureratelimit-remaining", "499".parse().unwrap());
        headers.insert("x-featureratelimit-reset", "Sun, 06 Nov 1994 09:00:00 GMT".parse().unwrap());
        let limit = CallInfo::from_headers(&headers, now).rate_limit.unwrap();
        assert_eq!((limit.limit, limit.remaining), (500, 499));
        assert_eq!(limit.reset.unwrap().duration_since(now).unwrap().as_secs(), 660);
    }
}
