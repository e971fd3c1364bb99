//! The input of a file that goes through the app's server.

use askama::Template;
use askama::filters::HtmlSafe;
use cloudinary_core::Result;

use crate::form::{Rendering, Words};
use crate::html::Attributes;
use crate::kept::{Current, Kept};

/// A file input, with the files that are already stored, each with a picture and of several each with a box that lets go
/// of it, and the ticket by which the form counts once. Printing it gives safe HTML.
///
/// The boxes have labels of their own, so that it stands beside its label, `<label for="id_{name}_file">`, and not within.
/// The pictures come from the media service, which a Content-Security-Policy has to name in `img-src`.
#[derive(Debug, Clone, Template)]
#[template(path = "file_input.html")]
pub struct FileInput {
    name: String,
    many: bool,
    words: Words,
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
        Ok(Self {
            name: field.name.to_string(),
            many: field.many.is_some(),
            words: field.words.clone(),
            kept,
            ticket,
            current: Current::of(rendering)?,
            attributes,
        })
    }
}

impl HtmlSafe for FileInput {}
