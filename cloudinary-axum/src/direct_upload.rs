//! The field with which a browser uploads straight to the media service.

use std::time::{SystemTime, UNIX_EPOCH};

use askama::Template;
use askama::filters::HtmlSafe;
use cloudinary_core::{AssetRef, Cloudinary, Crop, Result, SignedUpload, Transformation, UploadOptions};
use serde_json::{Map, Value as Json};

use crate::file_input::presigned;
use crate::form::FileField;
use crate::html::Attributes;

/// The field of a direct upload. Printing it gives safe HTML, the same that the official jQuery plugin works on; the
/// script of [`assets`](crate::assets) needs no library.
///
/// The script uploads a chosen file at once and leaves a signed reference in a hidden input named after the field.
/// Without JavaScript the same input sends the file with the form, and [`FormData`](crate::FormData) stores it.
///
/// It is not `required` even if the field is: a browser would look at the file input, which is empty after the
/// upload. The server checks.
#[derive(Debug, Clone, Template)]
#[template(path = "direct_upload_field.html")]
pub struct DirectUploadField {
    name: String,
    hidden: Vec<Hidden>,
    attributes: Attributes,
}

#[derive(Debug, Clone)]
struct Hidden {
    value: String,
    thumbnail: String,
}

impl DirectUploadField {
    pub(crate) fn signed(
        field: &FileField,
        kept: &[AssetRef],
        client: &Cloudinary,
        callback: Option<&str>,
    ) -> Result<Self> {
        let options = with_callback(field.upload_options(), callback);
        Self::new(field, kept, client, &SignedUpload::new(client.config(), &options, now())?)
    }

    pub(crate) fn unsigned(
        field: &FileField,
        kept: &[AssetRef],
        client: &Cloudinary,
        callback: Option<&str>,
        upload_preset: &str,
    ) -> Result<Self> {
        let options = UploadOptions::new().resource_type(field.options.kind()).upload_preset(upload_preset);
        let options = with_callback(options, callback);
        Self::new(field, kept, client, &SignedUpload::unsigned(client.config(), &options, now())?)
    }

    fn new(field: &FileField, kept: &[AssetRef], client: &Cloudinary, upload: &SignedUpload) -> Result<Self> {
        let form_data: Map<String, Json> =
            upload.fields.iter().map(|(name, value)| ((*name).to_owned(), Json::from(value.as_str()))).collect();
        let mut attributes = Attributes::new();
        attributes.set("type", "file");
        attributes.set("name", crate::form::DIRECT_FILE_PART);
        attributes.set("id", format!("id_{}", field.name));
        attributes.set("class", "cloudinary-fileupload");
        attributes.set("data-url", &upload.url);
        attributes.set("data-form-data", Json::Object(form_data).to_string());
        attributes.set("data-cloudinary-field", &field.name);
        attributes.set("data-max-bytes", field.max_bytes.to_string());
        let formats = field.accepted_formats();
        if !formats.is_empty() {
            attributes.set("data-formats", formats.join(","));
        }
        attributes.set_file_rules(field);
        for (name, value) in &field.attributes {
            attributes.set(name, value);
        }
        let thumbnail = Transformation::new().width(150).height(100).crop(Crop::Fill);
        let hidden = presigned(kept, client)?
            .into_iter()
            .zip(kept)
            .map(|(value, asset)| Hidden { value, thumbnail: client.image(asset).transform(&thumbnail).to_string() });
        Ok(Self { name: field.name.to_string(), hidden: hidden.collect(), attributes })
    }
}

impl HtmlSafe for DirectUploadField {}

fn with_callback(options: UploadOptions, callback: Option<&str>) -> UploadOptions {
    match callback {
        Some(url) => options.callback(url),
        None => options,
    }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX))
}
