//! Widths at which an image should be made, found while uploading.

use serde_json::{Map, Value as Json};

use super::super::option_map::spaced_json;
use super::{Invalid, UploadOptions};
use crate::transformation::Transformation;

/// How the widths are chosen at which an image is worth making: so that two that follow each other differ by a number of
/// bytes. The answer has them in [`responsive_breakpoints`](crate::UploadResponse::responsive_breakpoints).
///
/// ```
/// use cloudinary_core::UploadOptions;
/// use cloudinary_core::upload::BreakpointSettings;
/// let settings = BreakpointSettings::new().min_width(200).max_width(1000).max_images(5);
/// let options = UploadOptions::new().responsive_breakpoints([settings]);
/// assert_eq!(
///     options.get("responsive_breakpoints"),
///     Some(r#"[{"create_derived": false, "min_width": 200, "max_width": 1000, "max_images": 5}]"#),
/// );
/// ```
///
/// Follows <https://cloudinary.com/documentation/responsive_html#responsive_breakpoints_request_settings>.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakpointSettings {
    settings: Map<String, Json>,
    invalid: Option<Box<Invalid>>,
}

impl BreakpointSettings {
    /// The service's defaults: derived images are not made, and at most 20 widths from 50 to 1000 pixels are chosen.
    pub fn new() -> Self {
        // The only one that the service requires.
        Self { settings: Map::new(), invalid: None }.create_derived(false)
    }

    /// Whether the images are made now. Default: false, the widths are only computed. It is always sent.
    pub fn create_derived(self, create: bool) -> Self {
        self.set("create_derived", create)
    }

    /// A transformation made before they are scaled.
    pub fn transformation(mut self, transformation: impl Into<Transformation>) -> Self {
        let transformation = transformation.into();
        self.invalid = self.invalid.or_else(|| Invalid::of(&transformation));
        self.set("transformation", transformation.to_string())
    }

    /// Their format, as `webp`. Default: the original's.
    pub fn format(self, format: impl Into<String>) -> Self {
        self.set("format", format.into())
    }

    /// By how many bytes two that follow each other differ at least. Default: 20000.
    pub fn bytes_step(self, bytes: u32) -> Self {
        self.set("bytes_step", bytes)
    }

    /// The smallest width in pixels. Default: 50.
    pub fn min_width(self, pixels: u32) -> Self {
        self.set("min_width", pixels)
    }

    /// The largest width in pixels. Default: 1000.
    pub fn max_width(self, pixels: u32) -> Self {
        self.set("max_width", pixels)
    }

    /// How many there are at most, 3 to 200. Default: 20.
    pub fn max_images(mut self, count: u32) -> Self {
        if !(3..=200).contains(&count) && self.invalid.is_none() {
            let remedy = "the service makes 3 to 200 images";
            self.invalid = Some(Invalid::new("responsive_breakpoints max_images", &count.to_string(), remedy));
        }
        self.set("max_images", count)
    }

    fn set(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.settings.insert(name.to_owned(), value.into());
        self
    }

    fn invalid(&self) -> Option<Box<Invalid>> {
        let width = |name| self.settings.get(name).and_then(Json::as_u64);
        let narrow = width("min_width").zip(width("max_width")).filter(|(least, most)| least > most);
        let crossed = narrow.map(|(least, most)| {
            let remedy = format!("it has to be at most max_width, {most}");
            Invalid::new("responsive_breakpoints min_width", &least.to_string(), &remedy)
        });
        self.invalid.clone().or(crossed)
    }
}

impl Default for BreakpointSettings {
    fn default() -> Self {
        Self::new()
    }
}

impl UploadOptions {
    /// Widths to find while uploading at which the image is worth making, by one or more settings.
    pub fn responsive_breakpoints(mut self, settings: impl IntoIterator<Item = BreakpointSettings>) -> Self {
        let mut list = Vec::new();
        for one in settings {
            self.invalid = self.invalid.or_else(|| one.invalid());
            list.push(Json::Object(one.settings));
        }
        let text = if list.is_empty() { String::new() } else { spaced_json(&Json::Array(list)) };
        self.set("responsive_breakpoints", text)
    }
}
