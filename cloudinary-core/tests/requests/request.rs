//! A request, as either client sent it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

/// A request as it came, its body with each byte as a character.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// Only those that matter, in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// The values of each name, in their order.
pub(crate) type Fields = BTreeMap<String, Vec<String>>;

/// What it carries.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Nothing,
    Json(Map<String, Json>),
    Form(Fields),
    Other(String),
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(crate) fn query(&self) -> Fields {
        query(&self.target)
    }

    pub(crate) fn body(&self) -> Body {
        let content_type = self.headers.get("content-type").map_or("", String::as_str);
        if self.body.is_empty() {
            Body::Nothing
        } else if content_type.starts_with("application/json") {
            let bytes: Vec<u8> = self.body.chars().map(|c| c as u8).collect();
            match serde_json::from_slice(&bytes) {
                Ok(Json::Object(object)) => Body::Json(object),
                _ => Body::Other(self.body.clone()),
            }
        } else if let Some((_, boundary)) = content_type.split_once("boundary=") {
            Body::Form(form(&self.body, boundary.trim_matches('"')))
        } else if content_type.starts_with("application/x-www-form-urlencoded") {
            Body::Form(query(&format!("?{}", self.body)))
        } else {
            Body::Other(self.body.clone())
        }
    }
}

/// The fields of a URL's query.
pub(crate) fn query(url: &str) -> Fields {
    let mut fields = Fields::new();
    let Some((_, query)) = url.split_once('?') else { return fields };
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        fields.entry(decoded(name)).or_default().push(decoded(value));
    }
    fields
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// A file's value is its name and its content.
fn form(body: &str, boundary: &str) -> Fields {
    let mut fields = Fields::new();
    let body = format!("\r\n{body}");
    for part in body.split(&format!("\r\n--{boundary}")).skip(1) {
        let Some((head, content)) = part.split_once("\r\n\r\n") else { continue };
        let parameter = |name: &str| {
            let (_, rest) = head.split_once(&format!(" {name}=\""))?;
            rest.split_once('"').map(|(value, _)| value.to_owned())
        };
        let content = match parameter("filename") {
            Some(filename) => format!("file {filename}: {content}"),
            None => utf8(content),
        };
        fields.entry(utf8(&parameter("name").unwrap_or_default())).or_default().push(content);
    }
    fields
}

/// Bytes that stand as characters, as the text they are.
fn utf8(bytes: &str) -> String {
    let bytes = bytes.chars().map(|c| u8::try_from(c).expect("one character for each byte")).collect();
    String::from_utf8(bytes).expect("texts are UTF-8")
}
