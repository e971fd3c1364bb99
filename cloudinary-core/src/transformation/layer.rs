//! Layers: images and text put over or under an image.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

use super::layer_text::{Gathered, gathered, push_id, push_text};
use super::value::text_fault;
use crate::asset::{AssetRef, DeliveryType, MAX_PUBLIC_ID_CHARS, ResourceType};
use crate::escape::has;

/// The most characters a text layer may have: 4000.
///
/// ```
/// use cloudinary_core::{Layer, Transformation, transformation::MAX_LAYER_TEXT_CHARS};
/// let text = |chars| Transformation::new().overlay(Layer::text("x".repeat(chars), "Arial", 20));
/// assert!(text(MAX_LAYER_TEXT_CHARS).check().is_ok());
/// assert!(text(MAX_LAYER_TEXT_CHARS + 1).check().is_err());
/// ```
pub const MAX_LAYER_TEXT_CHARS: usize = 4000;

/// An image or a text to put over ([`overlay`](crate::Transformation::overlay)) or under an image.
///
/// ```
/// use cloudinary_core::Layer;
/// assert_eq!(Layer::image("logos/small").to_string(), "logos:small");
/// assert_eq!(
///     Layer::text("50% off, now", "Arial", 40).bold().to_string(),
///     "text:Arial_40_bold:50%25%20off%252C%20now",
/// );
/// ```
///
/// Two are equal when they print the same. What can never work, as an empty id, is reported by
/// [`Transformation::check`](crate::Transformation::check).
///
/// Follows <https://cloudinary.com/documentation/layers>.
#[derive(Debug, Clone)]
pub struct Layer {
    text: String,
    /// Where the next word of the font's style goes, if there is a font.
    style: Option<usize>,
    fault: Option<&'static str>,
}

impl Layer {
    /// An image of this account: a public one, by its id.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::image("logos/small").to_string(), "logos:small");
    /// ```
    pub fn image(public_id: impl AsRef<str>) -> Self {
        Self::stored("", public_id.as_ref(), "")
    }

    /// Any asset of this account, of any type.
    ///
    /// ```
    /// use cloudinary_core::{AssetRef, DeliveryType, Layer};
    /// let badge = AssetRef::image("badges/new").with_delivery_type(DeliveryType::Private);
    /// assert_eq!(Layer::asset(badge).to_string(), "private:badges:new");
    /// ```
    pub fn asset(asset: impl Into<AssetRef>) -> Self {
        let asset = asset.into();
        let mut kind = String::new();
        if asset.resource_type != ResourceType::Image {
            kind.extend([asset.resource_type.as_str(), ":"]);
        }
        if asset.delivery_type != DeliveryType::Upload {
            kind.extend([asset.delivery_type.as_str(), ":"]);
        }
        let extension = asset.format.as_deref().map(|format| [".", format].concat()).unwrap_or_default();
        Self::stored(&kind, &asset.public_id, &extension)
    }

    /// An image from the web, by its address.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::fetch("https://a.com/x.png").to_string(), "fetch:aHR0cHM6Ly9hLmNvbS94LnBuZw==");
    /// ```
    pub fn fetch(url: impl AsRef<str>) -> Self {
        let url = url.as_ref();
        let mut text = "fetch:".to_owned();
        URL_SAFE.encode_string(url, &mut text);
        Self { text, style: None, fault: url.is_empty().then_some("name the URL of the layer") }
    }

    /// Text in a font of a size in pixels; at most [`MAX_LAYER_TEXT_CHARS`]. `$(name)` stands for a variable. The font is
    /// one that every system has, the id of a raw file, or one of Google's, as `Roboto@google`.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(
    ///     Layer::text("Sale, $(percent)%", "Open Sans", 20).to_string(),
    ///     "text:Open%20Sans_20:Sale%252C%20$(percent)%25",
    /// );
    /// ```
    pub fn text(text: impl AsRef<str>, font_family: impl AsRef<str>, font_size: u32) -> Self {
        Self::in_font("text:", font_family.as_ref(), font_size, text.as_ref(), content_fault, push_text)
    }

    /// A video of this account, over another: a public one, by its id.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::video("clips/dog").to_string(), "video:clips:dog");
    /// ```
    pub fn video(public_id: impl AsRef<str>) -> Self {
        Self::stored("video:", public_id.as_ref(), "")
    }

    /// The sound of this account, over that of a video or another sound: a public one, by its id; of a video only its sound.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::audio("music/piano").to_string(), "audio:music:piano");
    /// ```
    pub fn audio(public_id: impl AsRef<str>) -> Self {
        Self::stored("audio:", public_id.as_ref(), "")
    }

    /// Subtitles from a raw file of this account, extension included: SRT or WebVTT, in the service's default font, Arial of
    /// 15 pixels.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::subtitles("films/dog.srt").to_string(), "subtitles:films:dog.srt");
    /// ```
    pub fn subtitles(public_id: impl AsRef<str>) -> Self {
        Self::stored("subtitles:", public_id.as_ref(), "")
    }

    /// Subtitles from a raw file of this account, in a font of a size in pixels.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::styled_subtitles("dog.srt", "Arial", 40).to_string(), "subtitles:Arial_40:dog.srt");
    /// ```
    pub fn styled_subtitles(public_id: impl AsRef<str>, font_family: impl AsRef<str>, font_size: u32) -> Self {
        Self::in_font("subtitles:", font_family.as_ref(), font_size, public_id.as_ref(), id_fault, push_id)
    }

    /// A 3D look-up table of colours, from a raw file of this account, extension included: `3dl` or `cube`.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::lut("looks/aspen.3dl").to_string(), "lut:looks:aspen.3dl");
    /// ```
    pub fn lut(public_id: impl AsRef<str>) -> Self {
        Self::stored("lut:", public_id.as_ref(), "")
    }

    /// Text in the style of a text that is stored under an id; at most [`MAX_LAYER_TEXT_CHARS`].
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::styled_text("bold_dark", "Hello").to_string(), "text:bold_dark:Hello");
    /// ```
    pub fn styled_text(style_public_id: impl AsRef<str>, text: impl AsRef<str>) -> Self {
        let (id, text) = (style_public_id.as_ref(), text.as_ref());
        let written = gathered(id.len() + text.len(), |out| {
            out.push("text:")?;
            push_id(out, id)?;
            out.push(":")?;
            push_text(out, text)
        });
        Self { text: written, style: None, fault: id_fault(id).or_else(|| content_fault(text)) }
    }

    /// Bold text, or subtitles; in a font.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::text("Hi", "Arial", 20).bold().to_string(), "text:Arial_20_bold:Hi");
    /// ```
    pub fn bold(self) -> Self {
        self.styled("_bold")
    }

    /// Italic text, or subtitles; in a font.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::text("Hi", "Arial", 20).italic().to_string(), "text:Arial_20_italic:Hi");
    /// ```
    pub fn italic(self) -> Self {
        self.styled("_italic")
    }

    /// Underlined text, or subtitles; in a font.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// assert_eq!(Layer::text("Hi", "Arial", 20).underline().to_string(), "text:Arial_20_underline:Hi");
    /// ```
    pub fn underline(self) -> Self {
        self.styled("_underline")
    }

    /// A style word of text in a font, as `strikethrough`, `center`, `stroke`, a weight of 100 to 900, or `letter_spacing_4`
    /// in pixels.
    ///
    /// ```
    /// use cloudinary_core::Layer;
    /// let spaced = Layer::text("Hi", "Arial", 20).style("letter_spacing_4");
    /// assert_eq!(spaced.to_string(), "text:Arial_20_letter_spacing_4:Hi");
    /// ```
    pub fn style(mut self, word: impl AsRef<str>) -> Self {
        let word = word.as_ref();
        self.fault = self.fault.or_else(|| text_fault(word));
        self.styled(&["_", word].concat())
    }

    fn styled(mut self, word: &str) -> Self {
        match &mut self.style {
            Some(at) => {
                self.text.insert_str(*at, word);
                *at += word.len();
            }
            None => self.fault = self.fault.or(Some("only text in a font has a style")),
        }
        self
    }

    /// A stored file, by its id.
    fn stored(kind: &str, public_id: &str, extension: &str) -> Self {
        let text = gathered(kind.len() + public_id.len() + extension.len(), |out| {
            out.push(kind)?;
            push_id(out, public_id)?;
            out.push(extension)
        });
        Self { text, style: None, fault: id_fault(public_id) }
    }

    /// A kind of layer with a font, and what is written in it.
    #[inline]
    fn in_font(
        kind: &str,
        family: &str,
        size: u32,
        content: &str,
        fault_of: impl FnOnce(&str) -> Option<&'static str>,
        push: impl FnOnce(&mut Gathered<'_>, &str) -> fmt::Result,
    ) -> Self {
        let mut style = 0;
        let sizeless = (size == 0).then_some("its font has a size of 1 or more");
        let text = gathered(content.len(), |out| {
            out.push(kind)?;
            out.push_path(family)?;
            out.push("_")?;
            out.push(itoa::Buffer::new().format(size))?;
            style = out.written();
            out.push(":")?;
            push(out, content)
        });
        Self { text, style: Some(style), fault: fault_of(content).or_else(|| font_fault(family)).or(sizeless) }
    }

    /// The form in URLs.
    #[inline(always)]
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// What is wrong with it, if it can never work.
    #[inline(always)]
    pub(super) fn fault(&self) -> Option<&'static str> {
        self.fault
    }
}

impl PartialEq for Layer {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Layer {}

impl std::hash::Hash for Layer {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl From<&str> for Layer {
    /// The URL's own form, kept as it is: `my_watermark`, `text:bold_dark:Hello+World`. `fetch:URL` is encoded.
    fn from(text: &str) -> Self {
        match text.strip_prefix("fetch:") {
            Some(url) => Self::fetch(url),
            None => Self { text: text.to_owned(), style: None, fault: text_fault(text) },
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
        f.write_str(&self.text)
    }
}

fn content_fault(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("give the text");
    }
    if has(text, 0) {
        return Some("the text may have no NUL");
    }
    let long = text.len() > MAX_LAYER_TEXT_CHARS && text.chars().count() > MAX_LAYER_TEXT_CHARS;
    long.then_some("a text layer may have 4000 characters at most")
}

fn id_fault(public_id: &str) -> Option<&'static str> {
    if public_id.is_empty() {
        Some("name the public id of the layer")
    } else if public_id.chars().any(char::is_control) || public_id.split('/').any(|part| matches!(part, "." | "..")) {
        Some("the public id may have no control characters and no '.' or '..' segments")
    } else if public_id.len() > MAX_PUBLIC_ID_CHARS && public_id.chars().count() > MAX_PUBLIC_ID_CHARS {
        Some("the public id may have 255 characters at most")
    } else {
        None
    }
}

/// A font's name may have spaces, which are escaped.
fn font_fault(family: &str) -> Option<&'static str> {
    text_fault(family).and_then(
        |fault| {
            if family.contains(' ') { text_fault(&family.replace(' ', "_")) } else { Some(fault) }
        },
    )
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
            (Layer::audio("a/b"), "audio:a:b"),
            (Layer::subtitles("a/b.srt"), "subtitles:a:b.srt"),
            (Layer::styled_subtitles("b.srt", "Open Sans", 20).bold(), "subtitles:Open%20Sans_20_bold:b.srt"),
            (Layer::lut("iwltbap.cube"), "lut:iwltbap.cube"),
            (Layer::asset("image/private/v1/a/b.png".parse::<AssetRef>().unwrap()), "private:a:b.png"),
        ] {
            assert_eq!(layer.to_string(), expected);
            assert_eq!(layer.fault(), None, "{expected}");
        }
        let family = "Font ".repeat(300);
        let long = Layer::text("x", &family, 20).bold().to_string();
        assert_eq!(long, format!("text:{}_20_bold:x", family.replace(' ', "%20")));
        assert!(Layer::text("x".repeat(10_000), "Arial", 20).fault().is_some());
        assert!(Layer::image("logo").bold().fault().is_some());
    }
}
