//! Delivery URLs and column values.

use cloudinary_core::transformation::is_option;
use cloudinary_core::{AssetRef, AssetUrl, Result};
use serde_json::{Map, Value as Json, json};

use crate::record::Input;
use crate::settings::{auth_token, config, setting};

impl Input<'_> {
    pub(crate) fn url(&self) -> Result<String> {
        let id = self.record["args"][0].as_str().unwrap_or_default();
        self.url_of(AssetRef::image(id), self.kwargs())
    }

    pub(crate) fn asset(&self) -> Result<AssetRef> {
        let own = &self.record["self"];
        let text = |name: &str| own[name].as_str().filter(|text| !text.is_empty());
        let mut asset = AssetRef::image(text("public_id").unwrap_or_default());
        asset.format = text("format").map(|format| format.to_owned().into());
        asset.version = text("version").and_then(|version| version.parse().ok());
        if let Some(kind) = text("resource_type") {
            asset.resource_type = kind.parse()?;
        }
        if let Some(kind) = text("type") {
            asset.delivery_type = kind.parse()?;
        }
        Ok(asset)
    }

    pub(crate) fn url_of(&self, asset: AssetRef, kwargs: Map<String, Json>) -> Result<String> {
        if asset.public_id.is_empty() {
            return Ok(String::new());
        }
        self.asset_url(asset, kwargs)?.url()
    }

    pub(crate) fn asset_url(&self, mut asset: AssetRef, kwargs: Map<String, Json>) -> Result<AssetUrl> {
        let mut settings = self.record["config"].as_object().cloned().unwrap_or_default();
        let mut transformation = Map::new();
        let mut suffix = None;
        let mut token = settings.shift_remove("auth_token").unwrap_or_default();
        for (name, value) in kwargs {
            let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match name.as_str() {
                "type" => asset.delivery_type = text().parse()?,
                "resource_type" => asset.resource_type = text().parse()?,
                "version" if !value.is_null() => asset.version = text().parse().ok(),
                "format" if !value.is_null() => asset.format = Some(text().into()),
                "url_suffix" if !value.is_null() => suffix = Some(text()),
                "auth_token" => match (&mut token, value) {
                    (Json::Object(token), Json::Object(own)) => token.extend(own),
                    (token, value) => *token = value,
                },
                name if is_option(name) => {
                    transformation.insert(name.to_owned(), value);
                }
                // Options of a single URL there are options of a configuration here.
                _ => {
                    settings.insert(name, value);
                }
            }
        }
        let mut url =
            AssetUrl::new(&config(settings.iter())?, asset).transform_options(&self.options(transformation))?;
        if let Json::Object(token) = token {
            url = url.auth_token(auth_token(&token));
        }
        if let Some(suffix) = suffix {
            url = url.suffix(suffix);
        }
        Ok(url)
    }

    pub(crate) fn video_thumbnail(&self) -> Result<Json> {
        let mut kwargs = self.kwargs();
        kwargs.entry("format").or_insert_with(|| json!("jpg"));
        self.url_of(self.asset()?, kwargs).map(|url| json!(url))
    }

    pub(crate) fn is_url_option(name: &str) -> bool {
        const OWN: [&str; 6] = ["type", "resource_type", "version", "format", "url_suffix", "auth_token"];
        OWN.contains(&name) || setting(name).is_some()
    }
}
