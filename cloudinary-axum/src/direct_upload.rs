//! The field with which a browser uploads straight to the media service.

use askama::Template;
use askama::filters::HtmlSafe;
use cloudinary_core::{Result, SignedUpload, UploadOptions};
use serde_json::{Map, Value as Json};

use crate::form::{Rendering, Words};
use crate::html::Attributes;
use crate::kept::{Current, Kept};

/// The field of a direct upload. Printing it gives safe HTML, the same that the official jQuery plugin works on; the
/// script of [`assets`](crate::assets) needs no library.
///
/// The script uploads a chosen file at once and leaves a signed reference in a hidden input named after the field.
/// Without JavaScript the same input sends the file with the form, and [`FormData`](crate::FormData) stores it; a form that
/// is shown again shows the files that it carries on.
///
/// It is not `required` even if the field is: a browser would look at the file input, which is empty after the
/// upload. The server checks.
#[derive(Debug, Clone, Template)]
#[template(path = "direct_upload_field.html")]
pub struct DirectUploadField {
    name: String,
    many: bool,
    words: Words,
    kept: Vec<Kept>,
    ticket: String,
    current: Option<Current>,
    attributes: Attributes,
}

impl DirectUploadField {
    pub(crate) fn signed(rendering: &Rendering<'_>) -> Result<Self> {
        if rendering.denied {
            return Ok(Self::disabled(rendering));
        }
        let options = with_callback(rendering.options(), rendering.callback);
        let config = rendering.uploads.client().config();
        Self::new(rendering, &SignedUpload::new(config, &options, rendering.uploads.now())?)
    }

    /// For a visitor who may not upload: nothing is signed, and no ticket made.
    fn disabled(rendering: &Rendering<'_>) -> Self {
        let mut attributes = Attributes::new();
        attributes.set("type", "file");
        attributes.set("id", format!("id_{}", rendering.field.name));
        attributes.set("disabled", "disabled");
        Self {
            name: rendering.field.name.to_string(),
            many: false,
            words: Words::default(),
            kept: Vec::new(),
            ticket: String::new(),
            current: None,
            attributes,
        }
    }

    pub(crate) fn unsigned(rendering: &Rendering<'_>, upload_preset: &str) -> Result<Self> {
        if rendering.denied {
            return Ok(Self::disabled(rendering));
        }
        let options = UploadOptions::new().resource_type(rendering.field.options.kind()).upload_preset(upload_preset);
        let options = with_callback(rendering.with_serial(options), rendering.callback);
        let config = rendering.uploads.client().config();
        Self::new(rendering, &SignedUpload::unsigned(config, &options, rendering.uploads.now())?)
    }

    fn new(rendering: &Rendering<'_>, upload: &SignedUpload) -> Result<Self> {
        let field = rendering.field;
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
        if field.many.is_some() {
            attributes.set("data-max-files", field.max_files().to_string());
        }
        let formats = field.accepted_formats();
        if !formats.is_empty() {
            attributes.set("data-formats", formats.join(","));
        }
        attributes.set_file_rules(field);
        for (name, value) in &field.attributes {
            attributes.set(name, value);
        }
        Ok(Self {
            name: field.name.to_string(),
            many: field.many.is_some(),
            words: field.words.clone(),
            kept: Kept::all(rendering)?,
            ticket: rendering.ticket(),
            current: Current::of(rendering)?,
            attributes,
        })
    }

    pub(crate) fn attributes_mut(&mut self) -> &mut Attributes {
        &mut self.attributes
    }
}

impl HtmlSafe for DirectUploadField {}

fn with_callback(options: UploadOptions, callback: Option<&str>) -> UploadOptions {
    match callback {
        Some(url) => options.callback(url),
        None => options,
    }
}
