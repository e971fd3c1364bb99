//! The input of a file that goes through the app's server.

use askama::Template;
use askama::filters::HtmlSafe;
use cloudinary_core::{AssetRef, Cloudinary, Result};

use crate::form::FileField;
use crate::html::Attributes;

/// A file input, with hidden inputs for the files that are already stored. Printing it gives safe HTML.
#[derive(Debug, Clone, Template)]
#[template(path = "file_input.html")]
pub struct FileInput {
    name: String,
    kept: Vec<String>,
    attributes: Attributes,
}

impl FileInput {
    pub(crate) fn new(field: &FileField, kept: &[AssetRef], client: &Cloudinary) -> Result<Self> {
        let mut attributes = Attributes::new();
        attributes.set("type", "file");
        attributes.set("name", &field.name);
        attributes.set("id", format!("id_{}_file", field.name));
        attributes.set_file_rules(field);
        for (name, value) in &field.attributes {
            attributes.set(name, value);
        }
        Ok(Self { name: field.name.to_string(), kept: presigned(kept, client)?, attributes })
    }
}

impl HtmlSafe for FileInput {}

/// What hidden inputs hold: each asset with a signature of its own.
pub(crate) fn presigned(kept: &[AssetRef], client: &Cloudinary) -> Result<Vec<String>> {
    kept.iter().map(|asset| Ok(asset.presigned(client.config())?.to_string())).collect()
}
