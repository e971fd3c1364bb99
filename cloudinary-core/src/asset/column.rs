//! The value of a database column, read.

use std::str::FromStr;

use super::public_id::{check_public_id, is_plain};
use super::{AssetRef, DeliveryType, ResourceType, format_name};
use crate::error::{Error, Result};

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
impl FromStr for AssetRef {
    type Err = Error;

    // The asset is written once, in its place, when the caller has this in line: a result that is handed on is copied.
    #[inline]
    fn from_str(value: &str) -> Result<Self> {
        match Parts::of(value) {
            Ok(Parts { resource_type, delivery_type, version, public_id, format }) => Ok(Self {
                resource_type,
                delivery_type,
                version,
                public_id: public_id.to_owned(),
                format: format.map(format_name),
            }),
            Err(reason) => Err(Error::asset(value, reason)),
        }
    }
}

/// An [`AssetRef`] within its column value.
struct Parts<'a> {
    resource_type: ResourceType,
    delivery_type: DeliveryType,
    version: Option<u64>,
    public_id: &'a str,
    format: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(value: &'a str) -> std::result::Result<Self, &'static str> {
        if value.is_empty() {
            return Err("it is empty; no image is NULL");
        }
        if value.len() > MAX_COLUMN_BYTES {
            return Err("it is longer than 255 bytes");
        }
        let (resource_type, delivery_type, rest) = split_prefix(value);
        let (version, rest) = split_version(rest);
        let (public_id, format) = match resource_type {
            ResourceType::Raw => (rest, None),
            _ => split_format(rest)?,
        };
        if !is_plain(value.as_bytes(), value.len() - rest.len()) {
            check_public_id(public_id)?;
        }
        Ok(Self { resource_type, delivery_type, version, public_id, format })
    }
}

/// Takes `{resource_type}/{delivery_type}/` off, when both are known names; else the value is a bare id.
fn split_prefix(value: &str) -> (ResourceType, DeliveryType, &str) {
    // What nearly every row begins with.
    for (prefix, resource_type) in [
        ("image/upload/", ResourceType::Image),
        ("video/upload/", ResourceType::Video),
        ("raw/upload/", ResourceType::Raw),
    ] {
        if let Some(rest) = value.strip_prefix(prefix) {
            return (resource_type, DeliveryType::Upload, rest);
        }
    }
    split_rare_prefix(value)
}

#[cold]
fn split_rare_prefix(value: &str) -> (ResourceType, DeliveryType, &str) {
    // `split_once` is for long texts.
    fn segment(text: &str) -> Option<(&str, &str)> {
        let slash = text.bytes().position(|byte| byte == b'/')?;
        Some((&text[..slash], &text[slash + 1..]))
    }
    if let Some((kind, rest)) = segment(value)
        && let Some((delivery, rest)) = segment(rest)
        && let (Some(kind), Some(delivery)) = (ResourceType::named(kind), DeliveryType::named(delivery))
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
    // A time of this century has ten digits.
    let (mut version, mut end) = match digits.as_bytes().first_chunk().copied().and_then(eight_digits) {
        Some(version) => (version, 8),
        None => (0, 0),
    };
    for byte in &digits.as_bytes()[end..] {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        version = version.wrapping_mul(10).wrapping_add(u64::from(digit));
        end += 1;
    }
    let (digits, rest) = digits.split_at(end);
    match rest.strip_prefix('/') {
        Some(rest) if (1..=FIT).contains(&end) => (Some(version), rest),
        Some(rest) => digits.parse().map_or((None, value), |long| (Some(long), rest)),
        None => (None, value),
    }
}

/// The number that eight digits write, all of them at once: neighbours are put together to pairs, those to fours, those to
/// the whole, each time by one product that has the sum in its upper half.
fn eight_digits(bytes: [u8; 8]) -> Option<u64> {
    let each = |byte: u8| u64::from_ne_bytes([byte; 8]);
    let text = u64::from_le_bytes(bytes);
    // A byte is a digit if its upper half is that of '0', and still is with 6 added.
    if text & text.wrapping_add(each(6)) & each(0xf0) != each(0x30) {
        return None;
    }
    let ones = text - each(b'0');
    let pairs = (ones * 10 + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

/// The format is what the last segment has behind its last dot.
fn split_format(value: &str) -> std::result::Result<(&str, Option<&str>), &'static str> {
    let bytes = value.as_bytes();
    // From the end to what no format has, which nearly always is the dot.
    let Some(mut dot) = bytes.iter().rposition(|byte| !byte.is_ascii_alphanumeric()) else { return Ok((value, None)) };
    let odd = !matches!(bytes[dot], b'.' | b'/');
    if odd {
        let Some(before) = bytes.iter().rposition(|byte| matches!(byte, b'.' | b'/')) else { return Ok((value, None)) };
        dot = before;
    }
    let (id, format) = (&value[..dot], &value[dot + 1..]);
    if bytes[dot] == b'/' || format.is_empty() || id.is_empty() || id.ends_with('/') {
        return Ok((value, None));
    }
    if odd || format.len() > MAX_FORMAT_BYTES {
        check_public_id(id)?;
        return Err("its format has more than letters and digits");
    }
    Ok((id, Some(format)))
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
                format: format.map(Into::into),
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
                    assert!(!expected || check_public_id(split_format(&value).unwrap().0).is_ok(), "{value:?}");
                    for prefix in ["", "v1/", "raw/private/", "image/upload/v1372180830/"] {
                        let whole = format!("{prefix}{value}");
                        assert_eq!(is_plain(whole.as_bytes(), prefix.len()), expected, "{whole:?}");
                    }
                }
            }
        }
        for byte in 0..=u8::MAX {
            let usual = byte.is_ascii_alphanumeric() || b"-./_".contains(&byte);
            assert_eq!(is_plain(&[b'a', byte, b'a'], 0), usual, "{byte}");
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
            ("v1234567/a", Some(1_234_567)),
            ("v12345678/a", Some(12_345_678)),
            ("v90817263/a", Some(90_817_263)),
            ("v00000000/a", Some(0)),
            ("v99999999/a", Some(99_999_999)),
            ("v1372180830/a", Some(1_372_180_830)),
            ("v9999999999999999999/a", Some(9_999_999_999_999_999_999)),
            ("v00000000018446744073709551615/a", Some(u64::MAX)),
            ("v12345678", None),
            ("v12345678a/a", None),
        ] {
            let rest = if version.is_some() { "a" } else { value };
            assert_eq!(split_version(value), (version, rest));
        }
    }

    #[test]
    fn eight_digits_are_a_number() {
        for number in (0..100_000_000_u64).step_by(9973).chain([99_999_999]) {
            let text = format!("{number:08}");
            assert_eq!(eight_digits(*text.as_bytes().first_chunk().unwrap()), Some(number), "{text}");
        }
        for at in 0..8 {
            for byte in 0..=u8::MAX {
                let mut text = *b"12345678";
                text[at] = byte;
                assert_eq!(eight_digits(text).is_some(), byte.is_ascii_digit(), "{byte} at {at}");
            }
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
