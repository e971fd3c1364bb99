//! Ids and texts as they stand in layers.

use std::fmt;

use crate::escape::has;
use crate::gather::Gather;

/// As much as a font, its style and what stands around them need.
const USUAL_BYTES: usize = 48;

/// What most layers fit in.
pub(super) type Gathered<'a> = Gather<'a, String, 128>;

/// A string with room for so many bytes, their escapes and what stands around them, made of what is written.
pub(super) fn gathered(bytes: usize, write: impl FnOnce(&mut Gathered<'_>) -> fmt::Result) -> String {
    let mut text = String::with_capacity(bytes + bytes / 2 + USUAL_BYTES);
    let mut gather = Gathered::sized(&mut text);
    // Strings take everything.
    let _ = write(&mut gather).and_then(|()| gather.flush());
    text
}

/// Folders are parted by colons in a layer.
pub(super) fn push_id(out: &mut Gathered<'_>, public_id: &str) -> fmt::Result {
    for (at, folder) in public_id.split('/').enumerate() {
        if at > 0 {
            out.push(":")?;
        }
        out.push_path(folder)?;
    }
    Ok(())
}

/// As [`push_text`], into a string of its own.
pub(crate) fn escaped_text(text: &str) -> String {
    gathered(text.len(), |out| push_text(out, text))
}

/// Commas and slashes part the URL, so they are escaped twice; variables `$(name)` stay as they are.
pub(super) fn push_text(out: &mut Gathered<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while !rest.is_empty() {
        let (plain, variable, after) = next_variable(rest);
        out.push_layer_text(plain)?;
        out.push(variable)?;
        rest = after;
    }
    Ok(())
}

/// Cuts at the next `$(name)`: the text before, the variable, and what follows.
fn next_variable(text: &str) -> (&str, &str, &str) {
    if !has(text, b'$') {
        return (text, "", "");
    }
    for (at, _) in text.match_indices("$(") {
        let name = &text[at + 2..];
        let Some(close) = name.find(')') else { break };
        let letters = &name[..close];
        let valid = letters.len() > 1
            && letters.starts_with(|c: char| c.is_ascii_alphabetic())
            && letters.chars().all(|c| c.is_alphanumeric() || c == '_');
        if valid {
            let end = at + 2 + close + 1;
            return (&text[..at], &text[at..end], &text[end..]);
        }
    }
    (text, "", "")
}
