//! The last part of a delivery URL's path: the id, escaped.

use std::borrow::Cow;

use crate::escape::{escape_path, unescape};

pub(super) fn with_ending(source: &str, suffix: Option<&str>, format: Option<&str>) -> String {
    let mut whole = source.to_owned();
    if let Some(suffix) = suffix {
        whole.push('/');
        whole.push_str(suffix);
    }
    if let Some(format) = format {
        whole.push('.');
        whole.push_str(format);
    }
    whole
}

/// Without a version, the first folder of an id could be taken for a step of the transformation.
pub(super) fn needs_version(source: &str, is_remote: bool) -> bool {
    let versioned = source.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    source.contains('/') && !is_remote && !versioned
}

pub(super) fn is_http(text: &str, then: &str) -> bool {
    text.strip_prefix("https").or_else(|| text.strip_prefix("http")).is_some_and(|rest| rest.starts_with(then))
}

/// The id as it stands in a path: unescaped once, so that an escaped id is not escaped again, then escaped.
pub(super) fn escaped_source(public_id: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b':' | b'/');
    let public_id = single_slashes(public_id);
    if public_id.bytes().all(plain) {
        return public_id;
    }
    let mut out = String::with_capacity(public_id.len() + 16);
    if is_http(&public_id, ":/") || !public_id.contains('%') {
        escape_path(&mut out, &public_id);
    } else {
        escape_path(&mut out, &String::from_utf8_lossy(&unescape(public_id.as_bytes())));
    }
    Cow::Owned(out)
}

/// Runs of slashes become one, but for those after a colon and at the start.
pub(super) fn single_slashes(text: &str) -> Cow<'_, str> {
    if !text.contains("//") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut run_starts_after = None;
    for c in text.chars() {
        let last = out.chars().next_back();
        if c == '/' && last == Some('/') {
            match run_starts_after {
                Some(':') | None => out.push(c),
                Some(_) => {}
            }
        } else {
            if c == '/' {
                run_starts_after = last;
            }
            out.push(c);
        }
    }
    Cow::Owned(out)
}
