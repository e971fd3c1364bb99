//! Options that are a text, a switch, a number or a transformation.

use super::{AutoTranscription, Eager, Invalid, UploadOptions, joined};
use crate::asset::{DeliveryType, ResourceType};
use crate::transformation::{Transformation, Value};

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

/// What it is called, and where it stands.
impl UploadOptions {
    texts! {
        /// The id to store under, folders included; at most 255 characters. Default: random.
        public_id => "public_id",
        /// Text put before a generated public id, with a slash between them.
        public_id_prefix => "public_id_prefix",
        /// A folder put before the public id, for accounts where folders are part of it.
        folder => "folder",
        /// The folder in the media library, for accounts where it is not part of the public id.
        asset_folder => "asset_folder",
        /// The name in the media library; no slashes. Default: the last part of the public id.
        display_name => "display_name",
        /// A file name in place of the file's own.
        filename_override => "filename_override",
        /// The format to store in, as `png`. Default: as it came.
        format => "format",
    }

    switches! {
        /// Whether to name it after its file. Default: false.
        use_filename => "use_filename",
        /// Whether such a name gets random characters added. Default: true.
        unique_filename => "unique_filename",
        /// Whether the media library names it after its file. Default: false.
        use_filename_as_display_name => "use_filename_as_display_name",
        /// Whether a display name that its folder has already gets characters added. Default: false.
        unique_display_name => "unique_display_name",
        /// Whether the asset folder is put before a generated public id too. Default: false.
        use_asset_folder_as_public_id_prefix => "use_asset_folder_as_public_id_prefix",
        /// Whether to forget the file's name. Default: false.
        discard_original_filename => "discard_original_filename",
        /// Whether to replace an asset with the same public id. Default: true for signed uploads; false answers with the
        /// one there is, and unsigned uploads never replace.
        overwrite => "overwrite",
        /// Whether caches must forget the asset that is replaced; it can take an hour. Default: false.
        invalidate => "invalidate",
        /// Whether to keep a backup. Default: the account's.
        backup => "backup",
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
}

/// How the service goes about it.
impl UploadOptions {
    texts! {
        /// A preset of the account, whose options hold where none are given. Default: the configured `upload_preset`.
        upload_preset => "upload_preset",
        /// A URL of your site to redirect to after an upload without XHR, the answer in its query.
        callback => "callback",
        /// A URL to notify when the upload is done; several with spaces between them. Default: the account's.
        notification_url => "notification_url",
        /// A URL to notify when the eager images are made. Default: `notification_url`.
        eager_notification_url => "eager_notification_url",
        /// A script to run before storing, in JavaScript; it may change the options.
        eval => "eval",
        /// A script to run after storing, in JavaScript; it may update the asset.
        on_success => "on_success",
        /// A proxy the service fetches remote URLs through, as `http://user:password@host:port`.
        proxy => "proxy",
        /// An id for the notifications of uploads that belong together.
        batch_id => "batch_id",
    }

    switches! {
        /// Whether the service answers at once and stores later, telling `notification_url`: its `async`. The answer
        /// then has a `status` and a `batch_id`, and no version. Default: false.
        in_background => "async",
        /// Whether eager images are made after the answer. Default: false.
        eager_async => "eager_async",
        /// Whether the answer has a token that deletes the asset within ten minutes, without a signature. Default: false.
        return_delete_token => "return_delete_token",
    }

    /// When the request is signed, in Unix seconds; it is good for an hour. Default: when it is sent, each chunk anew.
    pub fn timestamp(self, seconds: i64) -> Self {
        self.refuse_if(seconds <= 0, "timestamp", &seconds.to_string(), "give Unix seconds")
            .set("timestamp", seconds.to_string())
    }
}

/// What is made of the file.
impl UploadOptions {
    texts! {
        /// A conversion add-on for raw files: `aspose`; or `google_speech` for what is said in a video.
        raw_convert => "raw_convert",
        /// A background removal add-on: `cloudinary_ai` or `pixelz`.
        background_removal => "background_removal",
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

    /// The quality in place of the one that automatic quality would choose for this asset: 1 to 100, or a name as
    /// `eco`.
    pub fn quality_override(self, quality: impl Into<Value>) -> Self {
        let text = quality.into().with_str(str::to_owned);
        self.set("quality_override", text)
    }

    /// Whether what is said in a video is written down, and in which other languages.
    ///
    /// ```
    /// use cloudinary_core::UploadOptions;
    /// use cloudinary_core::upload::AutoTranscription;
    /// let options = UploadOptions::new().auto_transcription(AutoTranscription::translated(["fr-FR", "es"]));
    /// assert_eq!(options.get("auto_transcription"), Some(r#"{"translate":["fr-FR","es"]}"#));
    /// assert_eq!(UploadOptions::new().auto_transcription(true).get("auto_transcription"), Some("true"));
    /// ```
    pub fn auto_transcription(self, transcription: impl Into<AutoTranscription>) -> Self {
        self.set("auto_transcription", transcription.into().text)
    }

    switches! {
        /// Whether a video is divided into chapters by what is said in it. Default: false.
        auto_chaptering => "auto_chaptering",
    }
}

/// What is found out about the file.
impl UploadOptions {
    texts! {
        /// Who has to approve it: `manual`, or add-ons as `aws_rek` or `webpurify`, several with `|` between them.
        moderation => "moderation",
        /// A categorisation add-on, as `google_tagging`; several with commas between them.
        categorization => "categorization",
        /// A detection add-on or model, as `adv_face` or `coco_v2`; several with commas between them.
        detection => "detection",
        /// A text recognition add-on: `adv_ocr`, or `adv_ocr:document`.
        ocr => "ocr",
        /// A similarity search add-on.
        similarity_search => "similarity_search",
    }

    switches! {
        /// Whether the answer has the faces found. Default: false.
        faces => "faces",
        /// Whether the answer has the camera's data. Default: false.
        exif => "exif",
        /// Whether the answer has the main colours. Default: false.
        colors => "colors",
        /// Whether the answer has all metadata of an image. Default: false.
        image_metadata => "image_metadata",
        /// Whether the answer has all metadata. Default: false.
        media_metadata => "media_metadata",
        /// Whether the answer has a perceptual hash. Default: false.
        phash => "phash",
        /// Whether the answer has a quality analysis. Default: false.
        quality_analysis => "quality_analysis",
        /// Whether the answer says how well the colour-blind can see the image. Default: false.
        accessibility_analysis => "accessibility_analysis",
        /// Whether the answer says how much of a moving image moves. Default: false.
        cinemagraph_analysis => "cinemagraph_analysis",
        /// Whether the asset can be found by searches for what it looks like. Default: false.
        visual_search => "visual_search",
    }

    /// Tags found with at least this confidence, 0.0 to 1.0, are added; needs `categorization` or `detection`.
    pub fn auto_tagging(self, confidence: f64) -> Self {
        let text = Value::from(confidence).with_str(str::to_owned);
        self.refuse_if(!(0.0..=1.0).contains(&confidence), "auto_tagging", &text, "give a confidence from 0.0 to 1.0")
            .set("auto_tagging", text)
    }
}
