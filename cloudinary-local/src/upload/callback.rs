//! Answers for browsers that upload through a hidden frame: a redirect to a page of the form's own origin, with the
//! answer in its query, from where the form's script can read it.

use http::{HeaderMap, HeaderName};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use crate::http::ApiError;

const X_REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");
/// The page decodes `%20` but leaves a `+` a plus.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Where to send the browser, if this request wants that: requests of scripts read the body instead.
pub(crate) fn wanted(headers: &HeaderMap, callback: Option<&str>, origins: &[String]) -> Result<Option<Url>, ApiError> {
    let by_script = headers.get(X_REQUESTED_WITH).is_some_and(|value| value.as_bytes() == b"XMLHttpRequest");
    let Some(callback) = callback.filter(|callback| !callback.is_empty() && !by_script) else { return Ok(None) };
    let url = Url::parse(callback).map_err(|_| ApiError::invalid("callback", "it is no URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ApiError::invalid("callback", "only http and https are followed"));
    }
    if !origins.contains(&url.origin().ascii_serialization()) {
        return Err(ApiError::invalid(
            "callback",
            format_args!("{} is not among the server's callback origins", url.origin().ascii_serialization()),
        ));
    }
    Ok(Some(url))
}

/// The callback with the scalars of an answer behind it.
pub(crate) fn with_answer(callback: &Url, answer: &Value) -> String {
    let pairs = answer.as_object().into_iter().flatten().filter_map(|(name, value)| match value {
        Value::String(text) => Some((name.as_str(), text.clone())),
        Value::Number(_) | Value::Bool(_) => Some((name.as_str(), value.to_string())),
        _ => None,
    });
    append(callback, pairs)
}

/// The callback with a refusal behind it.
pub(crate) fn with_error(callback: &Url, error: &ApiError) -> String {
    append(callback, std::iter::once(("error", error.message.clone())))
}

fn append<'a>(callback: &Url, pairs: impl Iterator<Item = (&'a str, String)>) -> String {
    let mut url = callback.clone();
    url.set_fragment(None);
    let mut target = url.to_string();
    let mut separator = match url.query() {
        None => '?',
        Some(_) => '&',
    };
    for (name, value) in pairs {
        target.push(separator);
        target.push_str(name);
        target.push('=');
        target.extend(utf8_percent_encode(&value, VALUE));
        separator = '&';
    }
    target
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_known_origins_are_followed() {
        let origins = ["http://localhost:3000".to_owned()];
        let table = [
            (None, Ok(false)),
            (Some(""), Ok(false)),
            (Some("http://localhost:3000/cors.html"), Ok(true)),
            (Some("http://localhost:3001/cors.html"), Err(())),
            (Some("https://localhost:3000/cors.html"), Err(())),
            (Some("http://localhost:3000@evil.example/"), Err(())),
            (Some("//localhost:3000/"), Err(())),
            (Some("javascript:alert(1)"), Err(())),
        ];
        for (callback, expected) in table {
            let found = wanted(&HeaderMap::new(), callback, &origins).map(|url| url.is_some()).map_err(drop);
            assert_eq!(found, expected, "{callback:?}");
        }
        let headers = HeaderMap::from_iter([(X_REQUESTED_WITH, "XMLHttpRequest".parse().unwrap())]);
        assert_eq!(wanted(&headers, Some("javascript:alert(1)"), &origins), Ok(None), "a script reads the body");
    }

    #[test]
    fn the_answer_is_flat_and_percent_encoded() {
        let callback = Url::parse("http://localhost/cors.html?a=b#c").unwrap();
        let answer = json!({ "public_id": "my pic/1+1=2&x", "version": 7, "tags": ["a"], "ok": true });
        assert_eq!(
            with_answer(&callback, &answer),
            "http://localhost/cors.html?a=b&public_id=my%20pic%2F1%2B1%3D2%26x&version=7&ok=true"
        );
    }
}
