//! The value of a database column, read.

use std::str::FromStr;

use super::{AssetRef, DeliveryType, ResourceType};
use crate::error::{Error, Result};
use crate::escape::unescape;

/// The most bytes a column value may have: what a `varchar(255)` holds.
pub const MAX_COLUMN_BYTES: usize = 255;
/// The most bytes a file format may have.
pub const MAX_FORMAT_BYTES: usize = 16;
/// The most characters a public id may have.
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
        check_public_id(public_id).map_err(|reason| Error::asset(value, reason))?;
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
    if let Some((first, rest)) = value.split_once('/')
        && let Some(digits) = first.strip_prefix('v')
        && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && let Ok(version) = digits.parse()
    {
        return (Some(version), rest);
    }
    (None, value)
}

fn split_format(value: &str) -> (&str, Option<&str>) {
    match value.rsplit_once('.') {
        Some((id, format)) if !id.is_empty() && !id.ends_with('/') && !format.is_empty() && !format.contains('/') => {
            (id, Some(format))
        }
        _ => (value, None),
    }
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
