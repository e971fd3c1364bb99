//! The options of an upload, as the service takes them.

use std::collections::BTreeMap;

use crate::asset::{DeliveryType, ResourceType};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::transformation::{Transformation, Value};

/// Every parameter an upload may carry, by the service's own name.
pub const UPLOAD_PARAMETERS: [&str; 62] = [
    "accessibility_analysis",
    "access_control",
    "allowed_formats",
    "asset_folder",
    "async",
    "auto_chaptering",
    "auto_tagging",
    "auto_transcription",
    "background_removal",
    "backup",
    "batch_id",
    "callback",
    "categorization",
    "cinemagraph_analysis",
    "colors",
    "context",
    "custom_coordinates",
    "detection",
    "discard_original_filename",
    "display_name",
    "eager",
    "eager_async",
    "eager_notification_url",
    "eval",
    "exif",
    "face_coordinates",
    "faces",
    "filename_override",
    "folder",
    "format",
    "headers",
    "image_metadata",
    "invalidate",
    "media_metadata",
    "metadata",
    "moderation",
    "notification_url",
    "ocr",
    "on_success",
    "overwrite",
    "phash",
    "proxy",
    "public_id",
    "public_id_prefix",
    "quality_analysis",
    "quality_override",
    "raw_convert",
    "regions",
    "responsive_breakpoints",
    "return_delete_token",
    "similarity_search",
    "tags",
    "timestamp",
    "transformation",
    "type",
    "unique_display_name",
    "unique_filename",
    "upload_preset",
    "use_asset_folder_as_public_id_prefix",
    "use_filename",
    "use_filename_as_display_name",
    "visual_search",
];

/// How to store a file. The same value serves an upload from the server and a form that uploads from the browser.
///
/// It holds the parameters as they are sent, so that what is signed, sent and rendered is always the same.
///
/// ```
/// use cloudinary_core::{Crop, Transformation, UploadOptions};
/// let thumbnail = Transformation::new().width(150).height(100).crop(Crop::Thumb).gravity("face");
/// let options = UploadOptions::new()
///     .folder("albums")
///     .tags(["new", "directly_uploaded"])
///     .incoming(Transformation::new().width(1000).height(1000).crop(Crop::Limit))
///     .eager([thumbnail]);
/// assert_eq!(options.get("tags"), Some("new,directly_uploaded"));
/// assert_eq!(options.get("eager"), Some("c_thumb,g_face,h_100,w_150"));
/// ```
///
/// It serialises as, and deserialises from, the option map the other SDKs take; transformation options such as
/// `width` stand for the incoming transformation there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UploadOptions {
    pub(super) resource_type: ResourceType,
    params: BTreeMap<&'static str, String>,
    invalid: Option<Box<Invalid>>,
}

/// The first value that was given to a setter and can never work.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Invalid {
    parameter: String,
    value: String,
    remedy: String,
}

impl Invalid {
    fn of(transformation: &Transformation) -> Option<Box<Self>> {
        match transformation.check() {
            Err(Error::InvalidParameter { parameter, value, remedy }) => {
                Some(Box::new(Self { parameter, value, remedy }))
            }
            _ => None,
        }
    }
}

/// A derived image to make while uploading: a transformation, and a format if it is not the original's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eager {
    text: String,
    invalid: Option<Box<Invalid>>,
}

impl Eager {
    /// A transformation in another format: `c_fill,w_150/png`.
    pub fn with_format(transformation: &Transformation, format: &str) -> Self {
        Self { text: format!("{transformation}/{format}"), invalid: Invalid::of(transformation) }
    }

    /// The form that is sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<Transformation> for Eager {
    fn from(transformation: Transformation) -> Self {
        Self::from(&transformation)
    }
}

impl From<&Transformation> for Eager {
    fn from(transformation: &Transformation) -> Self {
        Self { text: transformation.to_string(), invalid: Invalid::of(transformation) }
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident => $param:literal,)*) => {$(
        $(#[$doc])*
        pub fn $name(self, value: impl Into<String>) -> Self {
            self.set($param, value)
        }
    )*};
}

macro_rules! switches {
    ($($(#[$doc:meta])* $name:ident => $param:literal,)*) => {$(
        $(#[$doc])*
        pub fn $name(self, value: bool) -> Self {
            self.set($param, if value { "1" } else { "0" })
        }
    )*};
}

impl UploadOptions {
    /// The service's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    texts! {
        /// The id to store under, folders included. Default: random.
        public_id => "public_id",
        /// Text put before a generated public id.
        public_id_prefix => "public_id_prefix",
        /// A folder put before the public id.
        folder => "folder",
        /// The folder in the media library, for accounts where it is not part of the public id.
        asset_folder => "asset_folder",
        /// The name in the media library.
        display_name => "display_name",
        /// A file name in place of the file's own.
        filename_override => "filename_override",
        /// The format to store in, as `png`. Default: as it came.
        format => "format",
        /// A URL of your site to redirect to after an upload without XHR, the answer in its query.
        callback => "callback",
        /// A URL to notify when the upload is done.
        notification_url => "notification_url",
        /// A URL to notify when the eager images are made.
        eager_notification_url => "eager_notification_url",
        /// A preset of the account.
        upload_preset => "upload_preset",
        /// `manual`, or a moderation add-on.
        moderation => "moderation",
        /// A conversion add-on for raw files, as `aspose`.
        raw_convert => "raw_convert",
        /// A categorisation add-on.
        categorization => "categorization",
        /// A detection add-on.
        detection => "detection",
        /// A text recognition add-on.
        ocr => "ocr",
        /// A background removal add-on.
        background_removal => "background_removal",
        /// A script to run before storing.
        eval => "eval",
        /// A script to run after storing.
        on_success => "on_success",
        /// A proxy the service fetches remote URLs through.
        proxy => "proxy",
    }

    switches! {
        /// Whether to name it after its file. Default: false.
        use_filename => "use_filename",
        /// Whether such a name gets random characters added. Default: true.
        unique_filename => "unique_filename",
        /// Whether the media library names it after its file.
        use_filename_as_display_name => "use_filename_as_display_name",
        /// Whether to forget the file's name. Default: false.
        discard_original_filename => "discard_original_filename",
        /// Whether to replace an asset with the same public id. Default: true; false answers with the one there is.
        overwrite => "overwrite",
        /// Whether caches must forget the asset that is replaced. Default: false.
        invalidate => "invalidate",
        /// Whether to keep a backup.
        backup => "backup",
        /// Whether eager images are made after the answer. Default: false.
        eager_async => "eager_async",
        /// Whether the answer has a token that deletes the asset within ten minutes, without a signature.
        return_delete_token => "return_delete_token",
        /// Whether the answer has the faces found.
        faces => "faces",
        /// Whether the answer has the camera's data.
        exif => "exif",
        /// Whether the answer has the main colours.
        colors => "colors",
        /// Whether the answer has all metadata of an image.
        image_metadata => "image_metadata",
        /// Whether the answer has all metadata.
        media_metadata => "media_metadata",
        /// Whether the answer has a perceptual hash.
        phash => "phash",
        /// Whether the answer has a quality analysis.
        quality_analysis => "quality_analysis",
    }

    /// Image, video, raw, or automatic. Part of the request's path; never signed. Default: image.
    pub fn resource_type(mut self, resource_type: ResourceType) -> Self {
        self.resource_type = resource_type;
        self
    }

    /// How the asset will be reached. Default: upload, which is public.
    pub fn delivery_type(self, delivery_type: DeliveryType) -> Self {
        self.set("type", delivery_type.as_str())
    }

    /// Tags to find it by.
    pub fn tags<T: AsRef<str>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        self.set("tags", joined(tags, ","))
    }

    /// Texts kept with it, as `alt` and `caption`.
    pub fn context<K: AsRef<str>, V: AsRef<str>>(self, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        self.set("context", joined(pairs.into_iter().map(|(k, v)| context_pair(k.as_ref(), v.as_ref())), "|"))
    }

    /// Values of structured metadata fields, by their external ids.
    pub fn metadata<K: AsRef<str>, V: AsRef<str>>(self, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        self.set("metadata", joined(pairs.into_iter().map(|(k, v)| context_pair(k.as_ref(), v.as_ref())), "|"))
    }

    /// Formats to accept, as `jpg`; others are refused. Default: all.
    pub fn allowed_formats<T: AsRef<str>>(self, formats: impl IntoIterator<Item = T>) -> Self {
        self.set("allowed_formats", joined(formats, ","))
    }

    /// A transformation made before storing: only its result is kept.
    pub fn incoming(mut self, transformation: impl Into<Transformation>) -> Self {
        let transformation = transformation.into();
        self.invalid = self.invalid.or_else(|| Invalid::of(&transformation));
        self.set("transformation", transformation.to_string())
    }

    /// Derived images to make while uploading, so that the first visitor does not wait.
    pub fn eager<T: Into<Eager>>(mut self, transformations: impl IntoIterator<Item = T>) -> Self {
        let mut texts = Vec::new();
        for eager in transformations {
            let eager = eager.into();
            self.invalid = self.invalid.or(eager.invalid);
            texts.push(eager.text);
        }
        self.set("eager", joined(texts, "|"))
    }

    /// Headers to send when the asset is delivered: `Link` and `X-Robots-Tag` only.
    pub fn headers<T: AsRef<str>>(self, headers: impl IntoIterator<Item = T>) -> Self {
        self.set("headers", joined(headers, "\n"))
    }

    /// Faces as `[x, y, width, height]` in pixels, in place of those the service would find.
    pub fn face_coordinates(self, faces: impl IntoIterator<Item = [u32; 4]>) -> Self {
        self.set("face_coordinates", joined(faces.into_iter().map(rectangle), "|"))
    }

    /// The interesting part as `[x, y, width, height]` in pixels, for gravity `custom`.
    pub fn custom_coordinates(self, region: [u32; 4]) -> Self {
        self.set("custom_coordinates", rectangle(region))
    }

    /// Tags found with at least this confidence, 0.0 to 1.0, are added; needs `categorization` or `detection`.
    pub fn auto_tagging(self, confidence: f64) -> Self {
        let text = Value::from(confidence).with_str(str::to_owned);
        self.set("auto_tagging", text)
    }

    /// Any parameter by the service's name, in the form it is sent.
    ///
    /// # Errors
    /// [`Error::UnknownOption`] for a name that is not in [`UPLOAD_PARAMETERS`].
    pub fn param(self, name: &str, value: impl Into<String>) -> Result<Self> {
        match UPLOAD_PARAMETERS.iter().find(|known| **known == name) {
            Some(known) => Ok(self.set(known, value)),
            None => Err(Error::unknown_option(name, UPLOAD_PARAMETERS)),
        }
    }

    /// A parameter in the form it is sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str)
    }

    /// The resource type asked for.
    pub fn kind(&self) -> ResourceType {
        self.resource_type
    }

    /// The parameters as they are sent, by name, without file, timestamp and signature.
    pub fn params(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.params.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Reports the first value given to a setter that can never work, as a broken transformation.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], naming the parameter, the value and what would be accepted.
    pub fn check(&self) -> Result<()> {
        match &self.invalid {
            Some(invalid) => Err(Error::InvalidParameter {
                parameter: invalid.parameter.clone(),
                value: invalid.value.clone(),
                remedy: invalid.remedy.clone(),
            }),
            None => Ok(()),
        }
    }

    /// The same, with the configuration's preset when none is named.
    pub(crate) fn with_defaults(&self, config: &Config) -> Self {
        match &config.upload_preset {
            Some(preset) if self.get("upload_preset").is_none() => self.clone().upload_preset(preset),
            _ => self.clone(),
        }
    }

    /// Empty values stand for unset, as in the other SDKs.
    pub(super) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if value.is_empty() {
            self.params.remove(name);
        } else {
            self.params.insert(name, value);
        }
        self
    }
}

pub(super) fn joined<T: AsRef<str>>(items: impl IntoIterator<Item = T>, separator: &str) -> String {
    let mut text = String::new();
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            text.push_str(separator);
        }
        text.push_str(item.as_ref());
    }
    text
}

pub(super) fn context_pair(key: &str, value: &str) -> String {
    format!("{key}={}", value.replace('=', "\\=").replace('|', "\\|"))
}

fn rectangle([x, y, width, height]: [u32; 4]) -> String {
    format!("{x},{y},{width},{height}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_options() {
        let limit = Transformation::new().width(1000).height(1000).crop("limit");
        for (options, name, expected) in [
            (UploadOptions::new().tags(["a", "b"]), "tags", Some("a,b")),
            (UploadOptions::new().overwrite(false), "overwrite", Some("0")),
            (UploadOptions::new().context([("alt", "a=b|c")]), "context", Some("alt=a\\=b\\|c")),
            (UploadOptions::new().incoming(&limit), "transformation", Some("c_limit,h_1000,w_1000")),
            (
                UploadOptions::new().eager([Eager::with_format(&limit, "png"), Transformation::named("t").into()]),
                "eager",
                Some("c_limit,h_1000,w_1000/png|t_t"),
            ),
            (
                UploadOptions::new().face_coordinates([[1, 2, 3, 4], [5, 6, 7, 8]]),
                "face_coordinates",
                Some("1,2,3,4|5,6,7,8"),
            ),
            (UploadOptions::new().auto_tagging(0.7), "auto_tagging", Some("0.7")),
            (UploadOptions::new().delivery_type(DeliveryType::Private), "type", Some("private")),
            (UploadOptions::new().public_id("x").public_id(""), "public_id", None),
        ] {
            assert_eq!(options.get(name), expected, "{name}");
        }
        let broken = Transformation::new().width(f64::NAN);
        for options in [UploadOptions::new().incoming(&broken), UploadOptions::new().eager([&broken])] {
            assert!(options.check().unwrap_err().to_string().starts_with("w: \"NaN\""));
        }
        assert!(UploadOptions::new().param("pubic_id", "x").unwrap_err().to_string().contains("public_id"));
    }
}
