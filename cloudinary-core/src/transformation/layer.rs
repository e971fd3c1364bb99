//! Layers: images and text put over or under an image.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

use super::value::text_fault;
use crate::asset::{AssetRef, DeliveryType, ResourceType};
use crate::escape::path_pieces;

/// The most characters a text layer may have.
pub const MAX_LAYER_TEXT_CHARS: usize = 4000;

/// An image or a text to put over ([`overlay`](crate::Transformation::overlay)) or under an image.
///
/// ```
/// use cloudinary_core::Layer;
/// assert_eq!(Layer::image("logos/small").to_string(), "logos:small");
/// assert_eq!(Layer::text("50% off, now", "Arial", 40).bold().to_string(), "text:Arial_40_bold:50%25%20off%252C%20now");
/// ```
///
/// Follows <https://cloudinary.com/documentation/layers>.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Layer {
    kind: Kind,
    style: Vec<Cow<'static, str>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Kind {
    Asset(AssetRef),
    Fetch(String),
    Text { text: String, font: String },
    Subtitles { public_id: String, font: Option<String> },
    StyledText { style_id: String, text: String },
    Verbatim(String),
}

impl Layer {
    /// An image of this account.
    pub fn image(public_id: impl Into<String>) -> Self {
        Self::of(Kind::Asset(AssetRef::image(public_id)))
    }

    /// Any asset of this account.
    pub fn asset(asset: impl Into<AssetRef>) -> Self {
        Self::of(Kind::Asset(asset.into()))
    }

    /// An image from the web.
    pub fn fetch(url: impl Into<String>) -> Self {
        Self::of(Kind::Fetch(url.into()))
    }

    /// Text in a font of a size in pixels. `$(name)` stands for a variable.
    pub fn text(text: impl Into<String>, font_family: impl AsRef<str>, font_size: u32) -> Self {
        Self::of(Kind::Text { text: text.into(), font: font(font_family.as_ref(), font_size) })
    }

    /// A video of this account, over another.
    pub fn video(public_id: impl Into<String>) -> Self {
        Self::of(Kind::Asset(AssetRef { resource_type: ResourceType::Video, ..AssetRef::image(public_id) }))
    }

    /// Subtitles from a raw file of this account, extension included, in the service's default font.
    pub fn subtitles(public_id: impl Into<String>) -> Self {
        Self::of(Kind::Subtitles { public_id: public_id.into(), font: None })
    }

    /// Subtitles from a raw file of this account, in a font of a size in pixels.
    pub fn styled_subtitles(public_id: impl Into<String>, font_family: impl AsRef<str>, font_size: u32) -> Self {
        let font = Some(font(font_family.as_ref(), font_size));
        Self::of(Kind::Subtitles { public_id: public_id.into(), font })
    }

    /// A 3D look-up table of colours, from a raw file of this account.
    pub fn lut(public_id: impl AsRef<str>) -> Self {
        let mut text = "lut:".to_owned();
        text.extend(id_pieces(public_id.as_ref()));
        Self::of(Kind::Verbatim(text))
    }

    /// Text in a style that is stored under an id.
    pub fn styled_text(style_public_id: impl Into<String>, text: impl Into<String>) -> Self {
        Self::of(Kind::StyledText { style_id: style_public_id.into(), text: text.into() })
    }

    fn of(kind: Kind) -> Self {
        Self { kind, style: Vec::new() }
    }

    /// Bold text.
    pub fn bold(self) -> Self {
        self.styled("bold".into())
    }

    /// Italic text.
    pub fn italic(self) -> Self {
        self.styled("italic".into())
    }

    /// Underlined text.
    pub fn underline(self) -> Self {
        self.styled("underline".into())
    }

    /// A style word of text, as `strikethrough`, `center`, `stroke` or `letter_spacing_4`.
    pub fn style(self, word: impl Into<String>) -> Self {
        self.styled(word.into().into())
    }

    fn styled(mut self, word: Cow<'static, str>) -> Self {
        self.style.push(word);
        self
    }

    /// Writes the form in URLs.
    pub(crate) fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        match &self.kind {
            Kind::Asset(asset) => {
                if asset.resource_type != ResourceType::Image {
                    write_all(out, [asset.resource_type.as_str(), ":"])?;
                }
                if asset.delivery_type != DeliveryType::Upload {
                    write_all(out, [asset.delivery_type.as_str(), ":"])?;
                }
                write_all(out, id_pieces(&asset.public_id))?;
                asset.format.as_deref().map_or(Ok(()), |format| write_all(out, [".", format]))
            }
            Kind::Fetch(url) => write_all(out, ["fetch:", &URL_SAFE.encode(url)]),
            Kind::Text { text, font } => {
                out.write_str("text:")?;
                self.write_font(out, font)?;
                write_text(out, text)
            }
            Kind::Subtitles { public_id, font } => {
                out.write_str("subtitles:")?;
                if let Some(font) = font {
                    self.write_font(out, font)?;
                }
                write_all(out, id_pieces(public_id))
            }
            Kind::StyledText { style_id, text } => {
                out.write_str("text:")?;
                write_all(out, id_pieces(style_id))?;
                out.write_str(":")?;
                write_text(out, text)
            }
            Kind::Verbatim(text) => out.write_str(text),
        }
    }

    /// The form in URLs.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::with_capacity(64);
        // Strings take everything.
        let _ = self.write(&mut text);
        text
    }

    fn write_font(&self, out: &mut impl fmt::Write, font: &str) -> fmt::Result {
        write_all(out, path_pieces(font))?;
        for word in &self.style {
            write_all(out, ["_", word])?;
        }
        out.write_str(":")
    }

    pub(crate) fn fault(&self) -> Option<&'static str> {
        if let Some(fault) = self.style.iter().find_map(|word| text_fault(word)) {
            return Some(fault);
        }
        match &self.kind {
            Kind::Text { text, .. } | Kind::StyledText { text, .. } if text.chars().count() > MAX_LAYER_TEXT_CHARS => {
                Some("a text layer may have 4000 characters at most")
            }
            Kind::Asset(asset) if asset.public_id.is_empty() => Some("name the public id of the layer"),
            Kind::Fetch(url) if url.is_empty() => Some("name the URL of the layer"),
            Kind::Subtitles { public_id, .. } if public_id.is_empty() => Some("name the public id of the subtitles"),
            Kind::Text { font, .. } | Kind::Subtitles { font: Some(font), .. } => font_fault(font),
            Kind::Verbatim(text) => text_fault(text),
            _ => (!self.style.is_empty()).then_some("only text in a font has a style"),
        }
    }
}

impl From<&str> for Layer {
    /// The URL's own form, kept as it is: `my_watermark`, `text:bold_dark:Hello+World`. `fetch:URL` is encoded.
    fn from(text: &str) -> Self {
        match text.strip_prefix("fetch:") {
            Some(url) => Self::fetch(url),
            None => Self::of(Kind::Verbatim(text.to_owned())),
        }
    }
}

impl From<AssetRef> for Layer {
    fn from(asset: AssetRef) -> Self {
        Self::asset(asset)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

fn font(family: &str, size: u32) -> String {
    let mut font = String::with_capacity(family.len() + 1 + 10);
    font.extend([family, "_", itoa::Buffer::new().format(size)]);
    font
}

/// A font's name may have spaces, which are escaped.
fn font_fault(font: &str) -> Option<&'static str> {
    if font.contains(' ') { text_fault(&font.replace(' ', "_")) } else { text_fault(font) }
}

fn write_all<'a>(out: &mut impl fmt::Write, pieces: impl IntoIterator<Item = &'a str>) -> fmt::Result {
    pieces.into_iter().try_for_each(|piece| out.write_str(piece))
}

/// Folders are parted by colons in a layer.
fn id_pieces(public_id: &str) -> impl Iterator<Item = &str> {
    public_id.split_inclusive('/').flat_map(|part| {
        let folder = part.strip_suffix('/');
        path_pieces(folder.unwrap_or(part)).chain(folder.map(|_| ":"))
    })
}

/// As [`write_text`], into a string of its own.
pub(crate) fn escaped_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    // Strings take everything.
    let _ = write_text(&mut out, text);
    out
}

/// Commas and slashes part the URL, so they are escaped twice; variables `$(name)` stay as they are.
fn write_text(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while !rest.is_empty() {
        let (plain, variable, after) = next_variable(rest);
        for part in plain.split_inclusive([',', '/']) {
            let (part, end) = match (part.strip_suffix(','), part.strip_suffix('/')) {
                (Some(part), _) => (part, "%252C"),
                (_, Some(part)) => (part, "%252F"),
                _ => (part, ""),
            };
            write_all(out, path_pieces(part).chain([end]))?;
        }
        out.write_str(variable)?;
        rest = after;
    }
    Ok(())
}

/// Cuts at the next `$(name)`: the text before, the variable, and what follows.
fn next_variable(text: &str) -> (&str, &str, &str) {
    if !text.contains('$') {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers() {
        for (layer, expected) in [
            (Layer::image("a/b"), "a:b"),
            (Layer::from("my_watermark"), "my_watermark"),
            (Layer::from("text:bold_dark:Hello+World"), "text:bold_dark:Hello+World"),
            (Layer::from("fetch:http://a.com/x"), "fetch:aHR0cDovL2EuY29tL3g="),
            (Layer::text("Hello, World/1", "Arial", 20).bold(), "text:Arial_20_bold:Hello%252C%20World%252F1"),
            (Layer::text("a$(name)b,", "Arial", 20), "text:Arial_20:a$(name)b%252C"),
            (Layer::text("ü,", "Arial", 20), "text:Arial_20:%C3%BC%252C"),
            (Layer::styled_text("dark/name", "Hi"), "text:dark:name:Hi"),
            (Layer::video("a/b"), "video:a:b"),
            (Layer::subtitles("a/b.srt"), "subtitles:a:b.srt"),
            (Layer::styled_subtitles("b.srt", "Open Sans", 20).bold(), "subtitles:Open%20Sans_20_bold:b.srt"),
            (Layer::lut("iwltbap.cube"), "lut:iwltbap.cube"),
            (Layer::asset("image/private/v1/a/b.png".parse::<AssetRef>().unwrap()), "private:a:b.png"),
        ] {
            assert_eq!(layer.to_string(), expected);
            assert_eq!(layer.fault(), None, "{expected}");
        }
        assert!(Layer::text("x".repeat(10_000), "Arial", 20).fault().is_some());
        assert!(Layer::image("logo").bold().fault().is_some());
    }
}
