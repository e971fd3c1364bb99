//! The value of a database column, read.

use std::str::FromStr;

use super::{AssetRef, DeliveryType, ResourceType};
use crate::error::{Error, Result};
use crate::escape::unescape;

/// The most bytes a column value may have: 255, what a `varchar(255)` holds.
///
/// ```
/// use cloudinary_core::{AssetRef, MAX_COLUMN_BYTES};
/// assert!("x".repeat(MAX_COLUMN_BYTES).parse::<AssetRef>().is_ok());
/// assert!("x".repeat(MAX_COLUMN_BYTES + 1).parse::<AssetRef>().is_err());
/// ```
pub const MAX_COLUMN_BYTES: usize = 255;
/// The most bytes a file format may have: 16.
///
/// ```
/// use cloudinary_core::{AssetRef, MAX_FORMAT_BYTES};
/// let named = |bytes: usize| format!("image/upload/a.{}", "x".repeat(bytes)).parse::<AssetRef>();
/// assert!(named(MAX_FORMAT_BYTES).is_ok() && named(MAX_FORMAT_BYTES + 1).is_err());
/// ```
pub const MAX_FORMAT_BYTES: usize = 16;
/// The most characters a public id may have: 255.
///
/// ```
/// use cloudinary_core::{Config, DeliveredAsset, MAX_PUBLIC_ID_CHARS};
/// let url = |chars: usize| format!("/demo/image/upload/{}", "x".repeat(chars));
/// assert!(DeliveredAsset::from_url(&Config::new("demo"), &url(MAX_PUBLIC_ID_CHARS)).is_ok());
/// assert!(DeliveredAsset::from_url(&Config::new("demo"), &url(MAX_PUBLIC_ID_CHARS + 1)).is_err());
/// ```
pub const MAX_PUBLIC_ID_CHARS: usize = 255;

impl FromStr for AssetRef {
    type Err = Error;

    fn from_str(value: &str) -> Result<Self> {
        if value.is_empty() {
            return Err(Error::asset(value, "it is empty; no image is NULL"));
        }
        if value.len() > MAX_COLUMN_BYTES {
            return Err(Error::asset(value, "it is longer than 255 bytes"));
        }
        let (resource_type, delivery_type, rest) = split_prefix(value);
        let (version, rest) = split_version(rest);
        let (public_id, format) = match resource_type {
            ResourceType::Raw => (rest, None),
            _ => split_format(rest),
        };
        if !is_plain(value.as_bytes()) {
            check_public_id(public_id).map_err(|reason| Error::asset(value, reason))?;
        }
        if let Some(format) = format
            && !is_format(format)
        {
            return Err(Error::asset(value, "its format has more than letters and digits"));
        }
        Ok(Self {
            resource_type,
            delivery_type,
            version,
            public_id: public_id.to_owned(),
            format: format.map(str::to_owned),
        })
    }
}

/// Takes `{resource_type}/{delivery_type}/` off, when both are known names; else the value is a bare id.
fn split_prefix(value: &str) -> (ResourceType, DeliveryType, &str) {
    // What nearly every row begins with.
    if let Some(rest) = value.strip_prefix("image/upload/") {
        return (ResourceType::Image, DeliveryType::Upload, rest);
    }
    let mut parts = value.splitn(3, '/');
    if let (Some(kind), Some(delivery), Some(rest)) = (parts.next(), parts.next(), parts.next())
        && let (Ok(kind), Ok(delivery)) = (kind.parse(), delivery.parse())
        && kind != ResourceType::Auto
    {
        return (kind, delivery, rest);
    }
    (ResourceType::Image, DeliveryType::Upload, value)
}

fn split_version(value: &str) -> (Option<u64>, &str) {
    /// As many as always fit a number.
    const FIT: usize = 19;
    let Some(digits) = value.strip_prefix('v') else { return (None, value) };
    let (mut version, mut end) = (0_u64, 0);
    while end < digits.len().min(FIT) {
        let digit = digits.as_bytes()[end].wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        version = version * 10 + u64::from(digit);
        end += 1;
    }
    if end == FIT {
        end += digits[end..].bytes().take_while(u8::is_ascii_digit).count();
        let Ok(long) = digits[..end].parse() else { return (None, value) };
        version = long;
    }
    match digits[end..].strip_prefix('/') {
        Some(rest) if end > 0 => (Some(version), rest),
        _ => (None, value),
    }
}

fn split_format(value: &str) -> (&str, Option<&str>) {
    // The last segment's last dot.
    let Some(dot) = value.bytes().rposition(|byte| matches!(byte, b'.' | b'/')) else { return (value, None) };
    let (id, format) = (&value[..dot], &value[dot + 1..]);
    if value.as_bytes()[dot] == b'/' || format.is_empty() || id.is_empty() || id.ends_with('/') {
        return (value, None);
    }
    (id, Some(format))
}

/// A file format, as an extension names it.
fn is_format(format: &str) -> bool {
    (1..=MAX_FORMAT_BYTES).contains(&format.len()) && format.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The rules of public ids, of which a broken one can never be delivered.
pub(crate) fn check_public_id(public_id: &str) -> std::result::Result<(), &'static str> {
    if public_id.is_empty() {
        return Err("its public id is empty");
    }
    if public_id.chars().count() > MAX_PUBLIC_ID_CHARS {
        return Err("its public id is longer than 255 characters");
    }
    if public_id.chars().any(char::is_control) {
        return Err("its public id has a control character");
    }
    if public_id.contains(['?', '#', '\\', '<', '>']) {
        return Err("its public id has one of ? # \\ < >");
    }
    if public_id.starts_with(['/', ' ']) || public_id.ends_with(['/', ' ']) {
        return Err("its public id starts or ends with a slash or a space");
    }
    if has_dot_segment(public_id) {
        return Err("its public id has a '.' or '..' segment");
    }
    // What is escaped here is not escaped again in a URL, so that it counts there.
    if public_id.contains('%') {
        let plain = unescape(public_id.as_bytes());
        if plain.iter().any(u8::is_ascii_control) {
            return Err("its public id has an escaped control character");
        }
        if has_dot_segment(&String::from_utf8_lossy(&plain)) {
            return Err("its public id has an escaped '.' or '..' segment");
        }
    }
    Ok(())
}

/// Whether a column value is one of nearly all: nothing but letters, digits, `-`, `_` and dots between single slashes, with
/// no dot at the beginning of a segment. No rule of public ids can be broken in one.
///
/// Every row that is read comes through here, so it goes in blocks that the processor compares at once.
fn is_plain(value: &[u8]) -> bool {
    const BLOCK: usize = 16;
    let (Some(first), Some(last)) = (value.first(), value.last()) else { return false };
    if matches!(first, b'/' | b'.') || !is_usual(*last) || *last == b'/' {
        return false;
    }
    // Each byte but the last, with the one behind it.
    let (bytes, behind) = (&value[..value.len() - 1], &value[1..]);
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let (blocks_behind, rest_behind) = behind.as_chunks::<BLOCK>();
    if !blocks.iter().zip(blocks_behind).all(|(block, behind)| are_fine(block, behind)) {
        return false;
    }
    match (bytes.last_chunk::<BLOCK>(), behind.last_chunk::<BLOCK>()) {
        // Some of it for the second time, which is quicker than one by one.
        (Some(block), Some(behind)) => are_fine(block, behind),
        _ => are_fine(rest, rest_behind),
    }
}

/// Whether each byte is a usual one, and no slash has a dot or a slash behind it.
#[allow(clippy::needless_bitwise_bool, reason = "as at `is_usual`")]
fn are_fine(bytes: &[u8], behind: &[u8]) -> bool {
    let odd = |byte: u8, next: u8| !is_usual(byte) | ((byte == b'/') & (next.wrapping_sub(b'.') < 2));
    !bytes.iter().zip(behind).fold(false, |found, (byte, next)| found | odd(*byte, *next))
}

/// A letter, a digit, or one of `- . / _`.
#[allow(clippy::needless_bitwise_bool, reason = "branches would keep a block from being compared at once")]
fn is_usual(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'-') < 13) | (byte == b'_')
}

fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|part| part == ".." || part == ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_values_round_trip() {
        use DeliveryType::{Private, Upload};
        use ResourceType::{Image, Raw, Video};
        for (value, resource_type, delivery_type, version, public_id, format) in [
            ("image/upload/v1372180830/sample.jpg", Image, Upload, Some(1_372_180_830), "sample", Some("jpg")),
            ("image/private/v1/a/b/c.tar.gz", Image, Private, Some(1), "a/b/c.tar", Some("gz")),
            ("raw/upload/v9/sheet.xls", Raw, Upload, Some(9), "sheet.xls", None),
            ("video/upload/dog.mp4", Video, Upload, None, "dog", Some("mp4")),
            ("image/upload/ünï/ñ", Image, Upload, None, "ünï/ñ", None),
        ] {
            let asset: AssetRef = value.parse().unwrap();
            let expected = AssetRef {
                resource_type,
                delivery_type,
                version,
                public_id: public_id.to_owned(),
                format: format.map(str::to_owned),
            };
            assert_eq!(asset, expected, "{value}");
            assert_eq!(asset.to_string(), value);
        }
    }

    #[test]
    fn bare_ids_are_read() {
        for (value, expected) in [
            ("sample", "image/upload/sample"),
            ("sample.jpg", "image/upload/sample.jpg"),
            ("v12/sample.jpg", "image/upload/v12/sample.jpg"),
            ("folder/sample", "image/upload/folder/sample"),
            ("image/of/me.jpg", "image/upload/image/of/me.jpg"),
            (".hidden", "image/upload/.hidden"),
        ] {
            assert_eq!(value.parse::<AssetRef>().unwrap().to_string(), expected);
        }
    }

    #[test]
    fn unusual_ids_are_kept() {
        for id in ["100%", "a%2Fb", "a..b", "a b", "😀", "\u{202e}abc", "e\u{301}", "a&b", "v", "v12", "%", "%e2%80"]
        {
            let value = format!("image/upload/v1/{id}");
            let asset: AssetRef = value.parse().unwrap();
            assert_eq!(asset.to_string(), value, "{id}");
        }
    }

    #[test]
    fn plain_values_break_no_rule() {
        for (path, expected) in [
            ("sample", true),
            ("sample.jpg", true),
            ("A/b-c/d_e.tar.gz", true),
            ("a.", true),
            ("", false),
            ("/", false),
            ("/a", false),
            ("a/", false),
            ("a//b", false),
            (".", false),
            (".a", false),
            ("a/.b", false),
            ("a/../b", false),
            ("a b", false),
            ("a%2e", false),
            ("é", false),
            ("a?b", false),
            ("a\nb", false),
        ] {
            // At each place of a block, at the beginning of a value and at its end.
            for before in 0..40 {
                for (head, tail) in [("x".repeat(before), String::new()), (String::new(), "x".repeat(before))] {
                    let value = match () {
                        () if head.is_empty() && tail.is_empty() => path.to_owned(),
                        () if tail.is_empty() => format!("{head}/{path}"),
                        () => format!("{path}/{tail}"),
                    };
                    assert_eq!(is_plain(value.as_bytes()), expected, "{value:?}");
                    assert!(!expected || check_public_id(split_format(&value).0).is_ok(), "{value:?}");
                }
            }
        }
        for byte in 0..=u8::MAX {
            let usual = byte.is_ascii_alphanumeric() || b"-./_".contains(&byte);
            assert_eq!(is_usual(byte), usual, "{byte}");
            assert_eq!(is_plain(&[b'a', byte, b'a']), usual, "{byte}");
        }
    }

    #[test]
    fn versions() {
        for (value, version) in [
            ("v1/a", Some(1)),
            ("v007/a", Some(7)),
            ("v18446744073709551615/a", Some(u64::MAX)),
            ("v18446744073709551616/a", None),
            ("v/a", None),
            ("v1", None),
            ("v1a/a", None),
            ("v+1/a", None),
            ("1/a", None),
            ("v\u{661}/a", None),
        ] {
            let rest = if version.is_some() { "a" } else { value };
            assert_eq!(split_version(value), (version, rest));
        }
    }

    #[test]
    fn refused_values() {
        let long = "x".repeat(300);
        for (value, reason) in [
            ("", "empty"),
            (" ", "slash or a space"),
            ("image/upload/", "empty"),
            ("image/upload/v1/", "empty"),
            ("image/upload/a\nb", "control character"),
            ("image/upload/a\u{85}b", "control character"),
            ("image/upload/\0", "control character"),
            ("image/upload/a%0Ab", "escaped control character"),
            ("image/upload/a%00", "escaped control character"),
            ("image/upload/../etc", "'..' segment"),
            ("image/upload/a/./b", "'.' or"),
            ("image/upload/%2e%2E/etc", "escaped '.' or '..'"),
            ("image/upload/a%2F..%2Fb", "escaped '.' or '..'"),
            ("/a", "slash"),
            ("a/", "slash"),
            ("a?b", "one of ?"),
            ("a#b", "one of ?"),
            ("a\\b", "one of ?"),
            ("<a>", "one of ?"),
            ("image/upload/v1/a.jpg?x", "letters and digits"),
            ("image/upload/v1/a.x y", "letters and digits"),
            ("image/upload/v1/a.\r\nX", "letters and digits"),
            ("image/upload/v1/a.j#g", "letters and digits"),
            ("image/upload/v1/a.é", "letters and digits"),
            ("image/upload/v1/a.😀", "letters and digits"),
            (&long, "longer than 255 bytes"),
        ] {
            let error = value.parse::<AssetRef>().unwrap_err().to_string();
            assert!(error.contains(reason) && error.contains("is not an asset reference"), "{value:?}: {error}");
            assert!(error.chars().count() < 250, "{error}");
        }
    }
}
