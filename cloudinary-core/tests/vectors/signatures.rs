//! Signatures, those that are made and those that are checked, and tokens.

use cloudinary_core::signing::{
    NOTIFICATION_WINDOW_SECONDS, SignatureAlgorithm, SignatureVersion, sign_params, verify_notification,
    verify_response, verify_signed_message,
};
use cloudinary_core::{Result, Secret};
use serde_json::{Value as Json, json};

use crate::record::Input;
use crate::settings::{auth_token, text};

impl Input<'_> {
    /// The parameters to sign, in the form they are sent; unset and false ones are not.
    pub(crate) fn params(&self) -> Vec<(String, String)> {
        let params = self.record["args"][0].as_object().cloned().unwrap_or_default();
        let falsy = |value: &Json| matches!(value, Json::Null | Json::Bool(false)) || value.as_f64() == Some(0.0);
        let sent = params.iter().filter(|(_, value)| !falsy(value)).map(|(name, value)| {
            let text = match value {
                Json::Array(items) => items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(","),
                value => text(value),
            };
            (name.clone(), text)
        });
        sent.collect()
    }

    pub(crate) fn signature_version(&self) -> Result<SignatureVersion> {
        self.record["kwargs"]["signature_version"].to_string().parse()
    }

    pub(crate) fn signature(&self) -> Result<Json> {
        let secret = Secret::from(self.record["args"][1].as_str().unwrap_or_default());
        let algorithm: SignatureAlgorithm = self.record["kwargs"]["algorithm"].as_str().unwrap_or("sha1").parse()?;
        Ok(json!(sign_params(self.params(), &secret, algorithm, self.signature_version()?)))
    }

    pub(crate) fn api_secret(&self) -> Secret {
        Secret::from(self.record["config"]["api_secret"].as_str().unwrap_or_default())
    }

    pub(crate) fn response_verifies(&self) -> Json {
        let arg = |at: usize| self.record["args"][at].as_str().unwrap_or_default();
        json!(verify_response(arg(0), arg(1), arg(2), &self.api_secret()))
    }

    pub(crate) fn notification_verifies(&self) -> Json {
        let args = &self.record["args"];
        let (body, signature) = (args[0].as_str().unwrap_or_default(), args[2].as_str().unwrap_or_default());
        let timestamp = args[1].as_i64().expect("a notification has a timestamp");
        let window = NOTIFICATION_WINDOW_SECONDS;
        let checked =
            verify_notification(body.as_bytes(), timestamp, signature, &self.api_secret(), self.frozen_now(), window);
        json!(checked.is_ok())
    }

    pub(crate) fn message_verifies(&self) -> Json {
        let message = self.record["args"][0].to_string();
        let checked =
            verify_signed_message(&message, &self.api_secret(), self.frozen_now(), NOTIFICATION_WINDOW_SECONDS);
        json!(checked.is_ok())
    }

    pub(crate) fn frozen_now(&self) -> i64 {
        self.record["now"].as_i64().expect("a record of a notification freezes the clock")
    }

    pub(crate) fn auth_token(&self) -> Result<Json> {
        let kwargs = self.kwargs();
        let now = self.record["now"].as_i64().unwrap_or_default();
        let token = auth_token(&kwargs);
        Ok(json!(match kwargs.get("url").and_then(Json::as_str) {
            Some(url) => token.generate_for(url, now)?,
            None => token.generate(now)?,
        }))
    }
}
