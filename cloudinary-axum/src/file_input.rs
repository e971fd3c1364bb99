//! The input of a file that goes through the app's server.

use askama::Template;
use askama::filters::HtmlSafe;
use cloudinary_core::Result;

use crate::form::Rendering;
use crate::html::Attributes;
use crate::kept::{Current, Kept};

/// A file input, with hidden inputs for the files that are already stored and for the ticket by which the form counts
/// once. Printing it gives safe HTML.
#[derive(Debug, Clone, Template)]
#[template(path = "file_input.html")]
pub struct FileInput {
    name: String,
    kept: Vec<Kept>,
    ticket: String,
    current: Option<Current>,
    attributes: Attributes,
}

impl FileInput {
    pub(crate) fn new(rendering: &Rendering<'_>) -> Result<Self> {
        let field = rendering.field;
        let mut attributes = Attributes::new();
        attributes.set("type", "file");
        attributes.set("name", &field.name);
        attributes.set("id", format!("id_{}_file", field.name));
        attributes.set_file_rules(field);
        for (name, value) in &field.attributes {
            attributes.set(name, value);
        }
        let kept = Kept::all(rendering)?;
        // A visitor who may not upload has nothing to send.
        let ticket = if rendering.denied && kept.is_empty() { String::new() } else { rendering.ticket() };
        Ok(Self { name: field.name.to_string(), kept, ticket, current: Current::of(rendering)?, attributes })
    }
}

impl HtmlSafe for FileInput {}
