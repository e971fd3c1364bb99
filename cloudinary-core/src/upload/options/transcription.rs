//! What is said in a video, written down.

use serde_json::{Value as Json, json};

use super::super::option_map::ascii_json;

/// Whether what is said in a video is written down, and in which languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoTranscription {
    pub(super) text: String,
}

impl AutoTranscription {
    /// In its own language and in others, as `fr-FR` or `es`.
    pub fn translated<T: Into<String>>(languages: impl IntoIterator<Item = T>) -> Self {
        let languages: Vec<Json> = languages.into_iter().map(|language| Json::String(language.into())).collect();
        Self { text: ascii_json(&json!({ "translate": languages })) }
    }
}

impl From<bool> for AutoTranscription {
    fn from(wanted: bool) -> Self {
        Self { text: wanted.to_string() }
    }
}
