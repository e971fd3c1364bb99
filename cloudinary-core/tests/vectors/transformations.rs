//! Transformations from option maps.

use cloudinary_core::transformation::is_option;
use cloudinary_core::{AssetUrl, Result, Value};
use serde_json::{Map, Value as Json, json};

use crate::record::Input;

impl Input<'_> {
    pub(crate) fn transformation(&self) -> Result<Json> {
        let url = AssetUrl::new(&self.config()?, "x").transform_options(&self.options(self.kwargs()))?;
        Ok(json!(url.effective_transformation().as_str()))
    }

    /// The transformation options among keyword arguments. What is none becomes an HTML attribute there, or is dropped
    /// inside a nested transformation. A `dpr` of that library's configuration reaches each map, empty ones too.
    pub(crate) fn options(&self, kwargs: Map<String, Json>) -> Map<String, Json> {
        let mut options: Map<String, Json> = kwargs.into_iter().filter(|(name, _)| is_option(name)).collect();
        if let Some(dpr) = self.record["config"].get("dpr")
            && !options.contains_key("dpr")
        {
            options.insert("dpr".to_owned(), dpr.clone());
        }
        if let Some(value) = options.get_mut("transformation") {
            *value = self.nested(std::mem::take(value));
        }
        options
    }

    pub(crate) fn nested(&self, value: Json) -> Json {
        match value {
            Json::Object(mut inner) => {
                let format = inner.shift_remove("format");
                let mut options = self.options(inner);
                options.extend(format.map(|format| ("format".to_owned(), format)));
                Json::Object(options)
            }
            Json::Array(items) if items.iter().any(Json::is_object) => {
                let items = items.into_iter().map(|item| match item {
                    Json::String(name) => self.nested(json!({"transformation": name})),
                    item => self.nested(item),
                });
                Json::Array(items.collect())
            }
            other => other,
        }
    }

    pub(crate) fn expression(&self) -> Json {
        match &self.record["args"][0] {
            Json::String(text) => match Value::from(text.as_str()) {
                Value::Text(text) => Json::String(text),
                other => panic!("text became {other:?}"),
            },
            other => other.clone(),
        }
    }
}
