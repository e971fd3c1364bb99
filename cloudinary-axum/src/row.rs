//! A whole row of a form.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::direct_upload::DirectUploadField;
use crate::form::{FileField, TextField};
use crate::html::Attributes;

/// Label, input, help and error of a field. Printing it gives safe HTML.
#[derive(Debug, Clone, Template)]
#[template(path = "row.html")]
pub struct Row {
    id: String,
    label: String,
    input: Input,
    help: Option<String>,
    error: Option<String>,
}

#[derive(Debug, Clone)]
enum Input {
    Text(Attributes),
    File(Box<DirectUploadField>),
}

impl Row {
    pub(crate) fn text(field: &TextField, value: &str, error: Option<&str>) -> Self {
        let id = format!("id_{}", field.name);
        let mut attributes = Attributes::new();
        attributes.set("type", "text");
        attributes.set("name", &field.name);
        attributes.set("id", &id);
        attributes.set("value", value);
        attributes.set("maxlength", field.max_chars.to_string());
        if field.required {
            attributes.set("required", "required");
        }
        describe(&mut attributes, &id, field.help.is_some(), error.is_some());
        for (name, value) in &field.attributes {
            attributes.set(name, value);
        }
        Self {
            label: field.label.clone().unwrap_or_else(|| field.name.to_string()),
            input: Input::Text(attributes),
            help: field.help.clone(),
            error: error.map(str::to_owned),
            id,
        }
    }

    pub(crate) fn file(field: &FileField, mut input: DirectUploadField, error: Option<&str>) -> Self {
        let id = format!("id_{}", field.name);
        describe(input.attributes_mut(), &id, field.words.help.is_some(), error.is_some());
        Self {
            label: field.words.label.clone().unwrap_or_else(|| field.name.to_string()),
            input: Input::File(Box::new(input)),
            help: field.words.help.clone(),
            error: error.map(str::to_owned),
            id,
        }
    }
}

/// Tells screen readers which texts belong to an input.
fn describe(attributes: &mut Attributes, id: &str, help: bool, error: bool) {
    let texts = [(help, "help"), (error, "error")];
    let ids: Vec<String> = texts.iter().filter(|(is, _)| *is).map(|(_, what)| format!("{id}_{what}")).collect();
    if !ids.is_empty() {
        attributes.set("aria-describedby", ids.join(" "));
    }
    if error {
        attributes.set("aria-invalid", "true");
    }
}

impl HtmlSafe for Row {}
