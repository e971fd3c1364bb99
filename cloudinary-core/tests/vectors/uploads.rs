//! Upload parameters.

use cloudinary_core::transformation::is_option;
use cloudinary_core::{Result, SignedUpload, UploadOptions};
use serde_json::{Map, Value as Json, json};

use crate::record::Input;

impl Input<'_> {
    pub(crate) fn upload_params(&self) -> Result<Json> {
        let known = |name: &str| is_option(name) || cloudinary_core::upload::UPLOAD_PARAMETERS.contains(&name);
        let mut kwargs: Map<String, Json> = self.kwargs().into_iter().filter(|(name, _)| known(name)).collect();
        if let Some(value) = kwargs.get_mut("transformation") {
            *value = self.nested(std::mem::take(value));
        }
        match kwargs.get_mut("eager") {
            // Text is a whole transformation here, not the name of one.
            Some(Json::Array(items)) => items.iter_mut().for_each(|item| *item = self.nested(std::mem::take(item))),
            Some(one) => *one = self.nested(std::mem::take(one)),
            None => {}
        }
        let options = UploadOptions::from_options(&kwargs)?;
        let now = self.record["now"].as_i64().expect("a record of upload parameters freezes the clock");
        let upload = SignedUpload::unsigned(&self.config()?, &options, now)?;
        Ok(Json::Object(upload.fields.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect()))
    }
}
