//! What the derived image is written as: format, quality and the flags that bear on them.

use cloudinary_core::transformation::Step;
use cloudinary_pixels::{Color, Encode, Format};

use super::component::Flags;
use super::error::PipelineError;
use super::values::number;

/// Format and quality; the last step that names one decides.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Output {
    pub(crate) format: FormatChoice,
    pub(crate) quality: Option<u8>,
    /// `q_80:444` and `q_80:420`.
    pub(crate) full_chroma: Option<bool>,
    pub(crate) progressive: bool,
    pub(crate) lossy: bool,
}

/// `f_…`
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum FormatChoice {
    /// None named: the URL's extension, or else the source's own format.
    #[default]
    Unnamed,
    /// `f_auto`: what the client takes best.
    Auto,
    /// `f_png` and so on, whatever the extension.
    Named(Format),
}

/// What `q_auto` and its levels stand for. The service looks at the picture; here they are fixed.
pub(super) const AUTO_QUALITY: [(&str, u8); 6] =
    [("auto", 80), ("auto:best", 90), ("auto:good", 80), ("auto:eco", 70), ("auto:low", 55), ("jpegmini", 80)];

/// Formats of the service that are not written here.
pub(super) const OTHER_FORMATS: [&str; 27] = [
    "ai", "avif", "bmp", "eps", "fbx", "flif", "glb", "gltf", "heic", "heif", "hdp", "ico", "jp2", "jxl", "jxr",
    "m3u8", "mov", "mp4", "mpd", "obj", "pdf", "ps", "psd", "svg", "tga", "tiff", "webm",
];

impl Output {
    /// What one step says.
    pub(crate) fn read(step: Step<'_>, flags: Flags) -> Result<Self, PipelineError> {
        let format = step.get("f").map(parse_format).transpose()?.unwrap_or_default();
        let (quality, full_chroma) = step.get("q").map(parse_quality).transpose()?.unwrap_or_default();
        Ok(Self { format, quality, full_chroma, progressive: flags.progressive, lossy: flags.lossy })
    }

    /// Puts what this step says over what the steps before it said.
    pub(crate) fn over(self, earlier: &mut Self) {
        if self.format != FormatChoice::Unnamed {
            earlier.format = self.format;
        }
        if self.quality.is_some() {
            (earlier.quality, earlier.full_chroma) = (self.quality, self.full_chroma);
        }
        earlier.progressive |= self.progressive;
        earlier.lossy |= self.lossy;
    }

    /// The format to write, for this URL extension (or negotiated format) and this source.
    pub(crate) fn format(self, extension: Option<Format>, source: Format) -> Format {
        match self.format {
            FormatChoice::Named(format) => format,
            FormatChoice::Auto | FormatChoice::Unnamed => extension.unwrap_or(source),
        }
    }

    /// Whether a file of this format can be written so; asked before anything is decoded.
    pub(crate) fn check(self, format: Format) -> Result<(), PipelineError> {
        if self.lossy && matches!(format, Format::Png | Format::Gif) {
            return Err(PipelineError::Unsupported(format!("The flag lossy with the format {format}")));
        }
        Ok(())
    }

    /// How to encode, transparent pixels lying on white where the format has none.
    pub(crate) fn encode(self) -> Encode {
        Encode {
            quality: self.quality.unwrap_or(Encode::QUALITY),
            progressive: self.progressive,
            full_chroma: self.full_chroma,
            lossless: false,
            background: Color::WHITE,
        }
    }
}

fn parse_format(text: &str) -> Result<FormatChoice, PipelineError> {
    if text == "auto" || text == "auto:image" {
        return Ok(FormatChoice::Auto);
    }
    match Format::from_extension(text) {
        Some(format) => Ok(FormatChoice::Named(format)),
        None if OTHER_FORMATS.contains(&text) => Err(PipelineError::Unsupported(format!("The format {text}"))),
        None => Err(PipelineError::Invalid(format!("Invalid extension in transformation: {text}"))),
    }
}

/// A quality, and whether colours are as fine as brightness.
type Quality = (Option<u8>, Option<bool>);

fn parse_quality(text: &str) -> Result<Quality, PipelineError> {
    let level = text.strip_suffix(":sensitive").unwrap_or(text);
    if let Some((_, quality)) = AUTO_QUALITY.iter().find(|(name, _)| *name == level) {
        return Ok((Some(*quality), None));
    }
    let (value, full_chroma) = match text.split_once(':') {
        Some((value, "444")) => (value, Some(true)),
        Some((value, "420")) => (value, Some(false)),
        _ => (text, None),
    };
    number(value)
        .filter(|quality| (1.0..=100.0).contains(quality))
        .map(|quality| (Some(quality.round() as u8), full_chroma))
        .ok_or_else(|| PipelineError::invalid("quality", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities() {
        for (text, expected) in [
            ("1", Ok((Some(1), None))),
            ("100", Ok((Some(100), None))),
            ("80:444", Ok((Some(80), Some(true)))),
            ("80:420", Ok((Some(80), Some(false)))),
            ("auto", Ok((Some(80), None))),
            ("auto:low", Ok((Some(55), None))),
            ("auto:best:sensitive", Ok((Some(90), None))),
            ("0", Err("Invalid quality in transformation: 0")),
            ("101", Err("Invalid quality in transformation: 101")),
            ("80:422", Err("Invalid quality in transformation: 80:422")),
            ("auto:superb", Err("Invalid quality in transformation: auto:superb")),
        ] {
            let got = parse_quality(text).map_err(|error| error.to_string());
            assert_eq!(got, expected.map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn formats() {
        for (text, extension, expected) in [
            ("", None, Format::Gif),
            ("", Some(Format::Png), Format::Png),
            ("f_webp", Some(Format::Png), Format::Webp),
            ("f_jpeg", None, Format::Jpeg),
            ("f_auto", None, Format::Gif),
            ("f_auto", Some(Format::Webp), Format::Webp),
            ("f_jpg/f_png", None, Format::Png),
        ] {
            let mut output = Output::default();
            let transformation: cloudinary_core::Transformation = text.parse().unwrap();
            for step in transformation.steps() {
                Output::read(step, Flags::default()).unwrap().over(&mut output);
            }
            assert_eq!(output.format(extension, Format::Gif), expected, "{text}");
        }
        for (text, message) in [
            ("avif", "The format avif is not supported by the local media server"),
            ("exe", "Invalid extension in transformation: exe"),
        ] {
            assert_eq!(parse_format(text).unwrap_err().to_string(), message);
        }
    }
}
