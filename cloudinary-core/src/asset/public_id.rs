//! The rules of public ids.

use crate::escape::unescape;

/// The most characters a public id may have: 255.
///
/// ```
/// use cloudinary_core::{Config, DeliveredAsset, MAX_PUBLIC_ID_CHARS};
/// let url = |chars: usize| format!("/demo/image/upload/{}", "x".repeat(chars));
/// assert!(DeliveredAsset::from_url(&Config::new("demo"), &url(MAX_PUBLIC_ID_CHARS)).is_ok());
/// assert!(DeliveredAsset::from_url(&Config::new("demo"), &url(MAX_PUBLIC_ID_CHARS + 1)).is_err());
/// ```
pub const MAX_PUBLIC_ID_CHARS: usize = 255;

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

/// Whether what a column value has from `start` on is like nearly all: nothing but letters, digits, `-`, `_` and dots
/// between single slashes, with no dot at the beginning of a segment. No rule of public ids can be broken in it. What
/// stands before `start` is such text too.
///
/// Every row that is read comes through here, so it goes in blocks that the processor compares at once: from the end, so
/// that the last block may take in what stands before `start`, which is quicker than a part of a block.
pub(super) fn is_plain(value: &[u8], start: usize) -> bool {
    const BLOCK: usize = 16;
    let (Some(first), Some(last)) = (value.get(start), value.last()) else { return false };
    if matches!(first, b'/' | b'.') || *last == b'/' || (start == 0 && !is_usual(*first)) {
        return false;
    }
    // Each byte but the first, with the one before it.
    let (mut bytes, mut before) = (&value[1..], &value[..value.len() - 1]);
    let start = start.saturating_sub(1);
    while bytes.len() > start {
        match (bytes.split_last_chunk::<BLOCK>(), before.split_last_chunk::<BLOCK>()) {
            (Some((more, block)), Some((more_before, block_before))) => {
                if !are_fine(block, block_before) {
                    return false;
                }
                (bytes, before) = (more, more_before);
            }
            _ => return are_fine(&bytes[start..], &before[start..]),
        }
    }
    true
}

/// Whether each byte is a usual one, and no dot or slash has a slash before it.
#[allow(clippy::needless_bitwise_bool, reason = "as at `is_usual`")]
fn are_fine(bytes: &[u8], before: &[u8]) -> bool {
    let odd = |byte: u8, before: u8| !is_usual(byte) | ((byte & 0xfe == b'.') & (before == b'/'));
    !bytes.iter().zip(before).fold(false, |found, (byte, before)| found | odd(*byte, *before))
}

/// A letter, a digit, or one of `- . / _`.
#[allow(clippy::needless_bitwise_bool, reason = "branches would keep a block from being compared at once")]
fn is_usual(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'-') < 13) | (byte == b'_')
}

fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|part| part == ".." || part == ".")
}
