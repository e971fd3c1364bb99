//! The floor: what one would write by hand for one kind of URL. The same inputs, escaped and formatted, pushed into a
//! string that is allocated once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use sha1::{Digest as _, Sha1};

/// What the two steps are made from.
pub(crate) struct Card {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) radius: u32,
    pub(crate) sepia: u8,
    pub(crate) text: &'static str,
    pub(crate) font: &'static str,
    pub(crate) size: u32,
    pub(crate) x: u32,
    pub(crate) y: u32,
}

/// `https://res.cloudinary.com/{cloud}/image/upload/{transformation}/v{version}/{id}`.
pub(crate) fn url(cloud: &str, id: &str, version: u64, transformation: &str) -> String {
    let mut out = String::with_capacity(256);
    push_head(&mut out, cloud);
    if !transformation.is_empty() {
        out.push_str(transformation);
        out.push('/');
    }
    push_tail(&mut out, id, version);
    out
}

pub(crate) fn card_url(cloud: &str, id: &str, version: u64, card: &Card) -> String {
    let mut out = String::with_capacity(256);
    push_head(&mut out, cloud);
    push_card(&mut out, card);
    out.push('/');
    push_tail(&mut out, id, version);
    out
}

pub(crate) fn signed_card_url(cloud: &str, id: &str, version: u64, card: &Card, secret: &str) -> String {
    const SIGNATURE: &str = "s--XXXXXXXX--/";
    let mut out = String::with_capacity(256);
    push_head(&mut out, cloud);
    let signature = out.len();
    out.push_str(SIGNATURE);
    let transformation = out.len();
    push_card(&mut out, card);
    out.push('/');
    let mut hash = Sha1::new();
    hash.update(&out[transformation..]);
    out.push('v');
    out.push_str(itoa::Buffer::new().format(version));
    out.push('/');
    let path = out.len();
    push_escaped(&mut out, id);
    hash.update(&out[path..]);
    hash.update(secret);
    let mut encoded = [0; 28];
    URL_SAFE.encode_slice(hash.finalize(), &mut encoded).unwrap();
    out.replace_range(signature + 3..signature + 11, std::str::from_utf8(&encoded[..8]).unwrap());
    out
}

pub(crate) fn img_tag(cloud: &str, id: &str, version: u64, card: &Card, alt: &str, widths: &[u32]) -> String {
    let mut out = String::with_capacity(1536);
    out.push_str("<img alt=\"");
    push_html(&mut out, alt);
    out.push_str("\" src=\"");
    push_head(&mut out, cloud);
    push_card(&mut out, card);
    out.push('/');
    push_tail(&mut out, id, version);
    out.push_str("\" srcset=\"");
    for (at, width) in widths.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        push_head(&mut out, cloud);
        push_card(&mut out, card);
        out.push_str("/c_scale,w_");
        push_number(&mut out, *width);
        out.push('/');
        push_tail(&mut out, id, version);
        out.push(' ');
        push_number(&mut out, *width);
        out.push('w');
    }
    out.push_str("\"/>");
    out
}

/// Sorts, joins, digests.
pub(crate) fn sign(params: &[(&str, &str)], secret: &str) -> String {
    let mut sorted = params.to_vec();
    sorted.sort_unstable();
    let mut text = String::with_capacity(512);
    for (at, (key, value)) in sorted.iter().enumerate() {
        if at > 0 {
            text.push('&');
        }
        text.push_str(key);
        text.push('=');
        text.push_str(value);
    }
    text.push_str(secret);
    hex::encode(Sha1::digest(text))
}

fn push_head(out: &mut String, cloud: &str) {
    out.push_str("https://res.cloudinary.com/");
    out.push_str(cloud);
    out.push_str("/image/upload/");
}

fn push_card(out: &mut String, card: &Card) {
    out.push_str("c_fill,e_sepia:");
    push_number(out, card.sepia.into());
    out.push_str(",g_face,h_");
    push_number(out, card.height);
    out.push_str(",r_");
    push_number(out, card.radius);
    out.push_str(",w_");
    push_number(out, card.width);
    out.push_str("/g_south_east,l_text:");
    push_escaped(out, card.font);
    out.push('_');
    push_number(out, card.size);
    out.push_str("_bold:");
    for byte in card.text.bytes() {
        match byte {
            b',' => out.push_str("%252C"),
            b'/' => out.push_str("%252F"),
            byte => push_byte(out, byte),
        }
    }
    out.push_str(",x_");
    push_number(out, card.x);
    out.push_str(",y_");
    push_number(out, card.y);
}

fn push_tail(out: &mut String, id: &str, version: u64) {
    out.push('v');
    out.push_str(itoa::Buffer::new().format(version));
    out.push('/');
    push_escaped(out, id);
}

fn push_number(out: &mut String, number: u32) {
    out.push_str(itoa::Buffer::new().format(number));
}

fn push_escaped(out: &mut String, text: &str) {
    for byte in text.bytes() {
        push_byte(out, byte);
    }
}

fn push_byte(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/' | b':') {
        out.push(char::from(byte));
    } else {
        out.push('%');
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

fn push_html(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}
