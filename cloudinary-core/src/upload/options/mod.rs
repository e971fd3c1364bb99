//! The options of an upload, as the service takes them.

mod access_control;
mod breakpoints;
mod eager;
mod lists;
mod parameters;
mod setters;
mod transcription;

use std::collections::BTreeMap;

pub use self::breakpoints::BreakpointSettings;
pub use self::eager::Eager;
pub use self::parameters::UPLOAD_PARAMETERS;
pub use self::transcription::AutoTranscription;
use crate::asset::ResourceType;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::transformation::Transformation;

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
    // Boxed, since that is how options hold it: it is rare, and they are copied often.
    #[allow(clippy::unnecessary_box_returns)]
    fn new(parameter: &str, value: &str, remedy: &str) -> Box<Self> {
        let value = crate::error::shorten(value);
        Box::new(Self { parameter: parameter.to_owned(), value, remedy: remedy.to_owned() })
    }

    fn of(transformation: &Transformation) -> Option<Box<Self>> {
        match transformation.check() {
            Err(Error::InvalidParameter { parameter, value, remedy }) => {
                Some(Box::new(Self { parameter, value, remedy }))
            }
            _ => None,
        }
    }
}

impl UploadOptions {
    /// The service's defaults.
    pub fn new() -> Self {
        Self::default()
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

    /// Reports the first value given to a setter that can never work: a broken transformation, a tag with a comma.
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

    /// Remembers the first value that can never work, for [`check`](Self::check).
    fn refuse_if(mut self, impossible: bool, parameter: &str, value: &str, remedy: &str) -> Self {
        if impossible && self.invalid.is_none() {
            self.invalid = Some(Invalid::new(parameter, value, remedy));
        }
        self
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::DeliveryType;
    use crate::upload::AccessRule;

    /// Each of the service's parameters has a setter of its own: what it sends.
    #[test]
    fn every_parameter_has_a_setter() {
        let new = UploadOptions::new;
        let limit = Transformation::new().width(1000).height(1000).crop("limit");
        let eager = [Eager::with_format(&limit, "png"), Transformation::named("t").into()];
        let rules = [AccessRule::token(), AccessRule::anonymous().ending("2030-05-01")];
        let widths = [
            BreakpointSettings::new().transformation(&limit).format("webp").bytes_step(9),
            BreakpointSettings::default(),
        ];
        let table = [
            ("accessibility_analysis", new().accessibility_analysis(true), "1"),
            (
                "access_control",
                new().access_control(rules),
                r#"[{"access_type":"token"},{"access_type":"anonymous","end":"2030-05-01"}]"#,
            ),
            ("allowed_formats", new().allowed_formats(["jpg", "png"]), "jpg,png"),
            ("asset_folder", new().asset_folder("a/b"), "a/b"),
            ("async", new().in_background(true), "1"),
            ("auto_chaptering", new().auto_chaptering(true), "1"),
            ("auto_tagging", new().auto_tagging(0.7), "0.7"),
            (
                "auto_transcription",
                new().auto_transcription(AutoTranscription::translated(["é"])),
                r#"{"translate":["\u00e9"]}"#,
            ),
            ("background_removal", new().background_removal("cloudinary_ai"), "cloudinary_ai"),
            ("backup", new().backup(false), "0"),
            ("batch_id", new().batch_id("b"), "b"),
            ("callback", new().callback("https://a.b/c"), "https://a.b/c"),
            ("categorization", new().categorization("google_tagging"), "google_tagging"),
            ("cinemagraph_analysis", new().cinemagraph_analysis(true), "1"),
            ("colors", new().colors(true), "1"),
            ("context", new().context([("alt", "a=b|c"), ("caption", "ü")]), "alt=a\\=b\\|c|caption=ü"),
            ("custom_coordinates", new().custom_coordinates([1, 2, 3, 4]), "1,2,3,4"),
            ("detection", new().detection("adv_face"), "adv_face"),
            ("discard_original_filename", new().discard_original_filename(true), "1"),
            ("display_name", new().display_name("Me"), "Me"),
            ("eager", new().eager(eager), "c_limit,h_1000,w_1000/png|t_t"),
            ("eager_async", new().eager_async(true), "1"),
            ("eager_notification_url", new().eager_notification_url("https://a.b"), "https://a.b"),
            ("eval", new().eval("1 + 1"), "1 + 1"),
            ("exif", new().exif(true), "1"),
            ("face_coordinates", new().face_coordinates([[1, 2, 3, 4], [5, 6, 7, 8]]), "1,2,3,4|5,6,7,8"),
            ("faces", new().faces(true), "1"),
            ("filename_override", new().filename_override("x.jpg"), "x.jpg"),
            ("folder", new().folder("f"), "f"),
            ("format", new().format("png"), "png"),
            ("headers", new().headers(["X-Robots-Tag: noindex", "Link: a"]), "X-Robots-Tag: noindex\nLink: a"),
            ("image_metadata", new().image_metadata(true), "1"),
            ("invalidate", new().invalidate(true), "1"),
            ("media_metadata", new().media_metadata(true), "1"),
            ("metadata", new().metadata([("k", "v")]), "k=v"),
            ("moderation", new().moderation("manual"), "manual"),
            ("notification_url", new().notification_url("https://a.b"), "https://a.b"),
            ("ocr", new().ocr("adv_ocr"), "adv_ocr"),
            ("on_success", new().on_success("x()"), "x()"),
            ("overwrite", new().overwrite(false), "0"),
            ("phash", new().phash(true), "1"),
            ("proxy", new().proxy("http://p:1"), "http://p:1"),
            ("public_id", new().public_id("x"), "x"),
            ("public_id_prefix", new().public_id_prefix("p"), "p"),
            ("quality_analysis", new().quality_analysis(true), "1"),
            ("quality_override", new().quality_override(80), "80"),
            ("raw_convert", new().raw_convert("aspose"), "aspose"),
            (
                "regions",
                new().regions([("a", vec![[1, 2], [3, 4]]), ("b", vec![[1, 2], [3, 4], [5, 6]])]),
                r#"{"a":[[1,2],[3,4]],"b":[[1,2],[3,4],[5,6]]}"#,
            ),
            (
                "responsive_breakpoints",
                new().responsive_breakpoints(widths),
                r#"[{"create_derived": false, "transformation": "c_limit,h_1000,w_1000", "format": "webp", "bytes_step": 9}, {"create_derived": false}]"#,
            ),
            ("return_delete_token", new().return_delete_token(true), "1"),
            ("similarity_search", new().similarity_search("s"), "s"),
            ("tags", new().tags(["a", "b"]), "a,b"),
            ("timestamp", new().timestamp(1_700_000_000), "1700000000"),
            ("transformation", new().incoming(&limit), "c_limit,h_1000,w_1000"),
            ("type", new().delivery_type(DeliveryType::Private), "private"),
            ("unique_display_name", new().unique_display_name(true), "1"),
            ("unique_filename", new().unique_filename(false), "0"),
            ("upload_preset", new().upload_preset("p"), "p"),
            ("use_asset_folder_as_public_id_prefix", new().use_asset_folder_as_public_id_prefix(true), "1"),
            ("use_filename", new().use_filename(true), "1"),
            ("use_filename_as_display_name", new().use_filename_as_display_name(true), "1"),
            ("visual_search", new().visual_search(true), "1"),
        ];
        assert_eq!(table.iter().map(|(name, ..)| *name).collect::<Vec<_>>(), UPLOAD_PARAMETERS);
        for (name, options, sent) in table {
            assert_eq!(options.params().collect::<Vec<_>>(), [(name, sent)], "{name}");
            options.check().unwrap();
            let json = serde_json::to_string(&options).unwrap();
            assert_eq!(serde_json::from_str::<UploadOptions>(&json).unwrap(), options, "{json}");
        }
        let unset = [
            new().public_id("x").public_id(""),
            new().tags(["a"]).tags([""; 0]),
            new().regions([("a", [[0, 0]; 2])]).regions([("a", [[0, 0]; 2]); 0]),
            new().access_control([]).responsive_breakpoints([]),
        ];
        assert!(unset.iter().all(|options| options.params().next().is_none()), "{unset:?}");
    }

    #[test]
    fn impossible_values() {
        let new = UploadOptions::new;
        let broken = Transformation::new().width(f64::NAN);
        let settings = BreakpointSettings::new;
        for (options, named) in [
            (new().incoming(&broken), "w: \"NaN\""),
            (new().eager([&broken]), "w: \"NaN\""),
            (new().responsive_breakpoints([settings().transformation(&broken)]), "w: \"NaN\""),
            (new().responsive_breakpoints([settings().max_images(2)]), "responsive_breakpoints max_images: \"2\""),
            (
                new().responsive_breakpoints([settings().min_width(9).max_width(8)]),
                "responsive_breakpoints min_width: \"9\"",
            ),
            (new().tags(["a", "b,c"]), "tags: \"b,c\""),
            (new().allowed_formats(["jpg,png"]), "allowed_formats: \"jpg,png\""),
            (new().headers(["Link: a\nX: b"]), "headers: \"Link: a\\nX: b\""),
            (new().context([("a=b", "c")]), "context: \"a=b\""),
            (new().metadata([("", "c")]), "metadata: \"\""),
            (new().auto_tagging(1.5), "auto_tagging: \"1.5\""),
            (new().auto_tagging(f64::NAN), "auto_tagging: \"NaN\""),
            (new().timestamp(0), "timestamp: \"0\""),
            (new().regions([("a", [[1, 2]])]), "regions: \"a\""),
            (new().access_control([AccessRule::anonymous().starting("soon")]), "access_control: \"soon\""),
        ] {
            let error = options.check().unwrap_err();
            assert!(error.to_string().starts_with(named), "{named}: {error}");
        }
        assert!(new().param("pubic_id", "x").unwrap_err().to_string().contains("public_id"));
    }
}
