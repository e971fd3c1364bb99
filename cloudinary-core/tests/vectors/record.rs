//! A recorded call of that library, and what its answer is here.

use cloudinary_core::signing::string_to_sign;
use cloudinary_core::{AssetUrl, Config, Result};
use serde_json::{Map, Value as Json, json};

use crate::settings::config;

/// One recorded call.
pub(crate) struct Input<'a> {
    pub(crate) record: &'a Json,
}

impl Input<'_> {
    pub(crate) fn kind(&self) -> &str {
        self.record["fn"].as_str().unwrap_or("?")
    }

    /// What we give for the record; `None` for a kind we have no counterpart for.
    pub(crate) fn run(&self) -> Option<Result<Json>> {
        Some(match self.kind() {
            "utils.generate_transformation_string" => self.transformation(),
            "utils.normalize_expression" => Ok(self.expression()),
            "utils.cloudinary_url" => self.url().map(|url| json!(url)),
            "utils.build_upload_params" => self.upload_params(),
            "utils.api_sign_request" => self.signature(),
            "utils.api_string_to_sign" => {
                self.signature_version().map(|version| json!(string_to_sign(self.params(), version)))
            }
            "utils.verify_api_response_signature" => Ok(self.response_verifies()),
            "utils.verify_notification_signature" => Ok(self.notification_verifies()),
            "utils.verify_notification" => Ok(self.message_verifies()),
            "CloudinaryResource.url" => {
                self.asset().and_then(|asset| Ok(json!(AssetUrl::new(&self.config()?, asset).url()?)))
            }
            "CloudinaryResource.get_prep_value" => self.asset().map(|asset| json!(asset.to_string())),
            "CloudinaryResource.get_presigned" => {
                self.asset().and_then(|asset| Ok(json!(asset.presigned(&self.config()?)?.to_string())))
            }
            "CloudinaryResource.image" => self.image(self.kwargs()).map(|tag| json!(tag.to_string())),
            "CloudinaryResource.picture" => self.picture(),
            "CloudinaryResource.video_thumbnail" => self.video_thumbnail(),
            "CloudinaryResource.video" => self.video(),
            "auth_token.generate" => self.auth_token(),
            _ => return None,
        })
    }

    /// The recorded output, less what has no counterpart: the leftover options behind a URL are that library's
    /// HTML attributes, and unset upload parameters are never sent.
    pub(crate) fn expected(&self) -> Json {
        let expected = &self.record["expected"];
        match self.kind() {
            "utils.generate_transformation_string" | "utils.cloudinary_url" => expected[0].clone(),
            "utils.build_upload_params" => {
                let params = expected.as_object().into_iter().flatten().filter_map(|(name, value)| {
                    let text = match value {
                        Json::Null => return None,
                        Json::Bool(value) => u8::from(*value).to_string(),
                        Json::String(text) => text.clone(),
                        Json::Array(items) => {
                            items.iter().map(|item| item.as_str().unwrap_or("?")).collect::<Vec<_>>().join(",")
                        }
                        other => other.to_string(),
                    };
                    (!text.is_empty()).then(|| (name.clone(), Json::String(text)))
                });
                Json::Object(params.collect())
            }
            _ => expected.clone(),
        }
    }

    pub(crate) fn kwargs(&self) -> Map<String, Json> {
        self.record["kwargs"].as_object().cloned().unwrap_or_default()
    }

    /// The record's configuration on that library's defaults.
    pub(crate) fn config(&self) -> Result<Config> {
        config(self.record["config"].as_object().into_iter().flatten())
    }
}
