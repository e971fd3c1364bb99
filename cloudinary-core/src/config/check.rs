//! Values of a configuration that come as text.

use std::time::Duration;

use crate::error::{Error, Result, shorten};
use crate::srcset::MAX_SRCSET_WIDTHS;
use crate::transformation::Value;

/// Refuses what no value has, and what a file of variables with other line ends leaves at the end of each. The value may
/// be a secret and is not shown.
pub(super) fn printable(name: &str, value: &str) -> Result<()> {
    if value.chars().any(char::is_control) {
        let name = shorten(name);
        return Err(Error::Config(format!(
            "{name:?} has a control character, maybe a line break at its end; remove it"
        )));
    }
    Ok(())
}

pub(super) fn cloud_name(name: &str) -> Result<&str> {
    if name.is_empty() {
        return Err(Error::MissingConfig { name: "cloud_name" });
    }
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !name.bytes().all(usual) || matches!(name, "." | "..") {
        // The value is not shown: a part of a broken CLOUDINARY_URL may have landed here.
        return Err(Error::Config("cloud_name has letters, digits, '-' and '_' only".to_owned()));
    }
    Ok(name)
}

pub(super) fn upload_prefix(value: &str) -> Result<&str> {
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && host.is_ascii() && !host.contains(['?', '#', ' ', '@']) => {
            Ok(value.trim_end_matches('/'))
        }
        // Not shown, since what is wrong may be a password in it.
        _ => Err(Error::Config("upload_prefix: use http://host or https://host, without user and password".to_owned())),
    }
}

pub(super) fn seconds(value: &str) -> Result<Duration> {
    value
        .parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| Error::invalid("timeout", value, "use a number of seconds above 0"))
}

pub(super) fn boolean(name: &str, value: &str) -> Result<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Error::invalid(name, value, "use true or false")),
    }
}

/// A host name as it stands in URLs: maybe with a port, and a path behind a proxy.
pub(super) fn host<'a>(name: &str, value: &'a str) -> Result<&'a str> {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]/".contains(&byte);
    if value.bytes().all(usual) && !value.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Ok(value);
    }
    Err(Error::invalid(name, value, "give a host name without https:// or a slash at its end, as img.example.com"))
}

/// `auto`, a number above 0, or an expression.
pub(super) fn dpr(value: &str) -> Result<String> {
    let usable = match value.parse::<f64>() {
        Ok(ratio) => ratio.is_finite() && ratio > 0.0,
        Err(_) => value == "auto" || value.starts_with('$'),
    };
    let text = Value::from(value);
    if usable && text.fault().is_none() {
        return Ok(text.with_str(str::to_owned));
    }
    Err(Error::invalid("dpr", value, "use auto or a number above 0, as 2.0"))
}

/// Pixels of an image's width.
pub(super) fn pixels(name: &str, value: &str) -> Result<u32> {
    let pixels = value.trim().parse().ok().filter(|pixels| *pixels > 0);
    pixels.ok_or_else(|| Error::invalid(name, value, "use whole pixels above 0"))
}

/// Widths separated by commas.
pub(super) fn breakpoints(name: &str, value: &str) -> Result<Vec<u32>> {
    let widths = value.split(',').map(|width| pixels(name, width)).collect::<Result<Vec<_>>>()?;
    if widths.len() > MAX_SRCSET_WIDTHS as usize {
        return Err(Error::invalid(name, value, format!("give at most {MAX_SRCSET_WIDTHS} widths")));
    }
    Ok(widths)
}

/// How many images a `srcset` has.
pub(super) fn images(name: &str, value: &str) -> Result<u32> {
    let images = value.parse().ok().filter(|images| (1..=MAX_SRCSET_WIDTHS).contains(images));
    images.ok_or_else(|| Error::invalid(name, value, format!("use a whole number from 1 to {MAX_SRCSET_WIDTHS}")))
}
