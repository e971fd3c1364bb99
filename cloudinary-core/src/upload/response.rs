//! What the service says of a stored asset.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};

use crate::asset::{AssetRef, DeliveryType, ResourceType};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::signing;

/// The answer to an upload.
///
/// Fields the service adds are kept in [`more`](Self::more).
///
/// Follows <https://cloudinary.com/documentation/image_upload_api_reference#upload_response>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UploadResponse {
    /// The id to deliver it by, folders included.
    pub public_id: String,
    /// When it was stored, in Unix seconds.
    #[serde(deserialize_with = "number_or_text")]
    pub version: u64,
    /// Signs `public_id` and `version`, so that a page can hand the answer on.
    #[serde(default)]
    pub signature: String,
    /// Width in pixels; absent for raw files.
    #[serde(default)]
    pub width: Option<u32>,
    /// Height in pixels; absent for raw files.
    #[serde(default)]
    pub height: Option<u32>,
    /// The file format, as `jpg`; absent for raw files.
    #[serde(default, deserialize_with = "text_or_nothing")]
    pub format: Option<String>,
    /// `image`, `video` or `raw`.
    pub resource_type: String,
    /// The delivery type, as `upload`.
    #[serde(rename = "type")]
    pub delivery_type: String,
    /// When it was stored, as `2013-06-25T17:20:30Z`.
    #[serde(default)]
    pub created_at: Option<String>,
    /// Its size in bytes.
    #[serde(default, deserialize_with = "null_as_default")]
    pub bytes: u64,
    /// Its tags.
    #[serde(default, deserialize_with = "null_as_default")]
    pub tags: Vec<String>,
    /// Its `http` address.
    #[serde(default, deserialize_with = "null_as_default")]
    pub url: String,
    /// Its `https` address.
    #[serde(default, deserialize_with = "null_as_default")]
    pub secure_url: String,
    /// An id that never changes, whatever the public id does.
    #[serde(default)]
    pub asset_id: Option<String>,
    /// The name of the file that was uploaded, without extension.
    #[serde(default)]
    pub original_filename: Option<String>,
    /// The derived images made during the upload.
    #[serde(default, deserialize_with = "null_as_default")]
    pub eager: Vec<Derived>,
    /// Faces as `[x, y, width, height]` in pixels, if asked for.
    #[serde(default)]
    pub faces: Option<Vec<Vec<i64>>>,
    /// Deletes the asset within ten minutes, if asked for.
    #[serde(default)]
    pub delete_token: Option<String>,
    /// Whether nothing was stored since the id was taken and `overwrite` false.
    #[serde(default, deserialize_with = "null_as_default")]
    pub existing: bool,
    /// Whether it replaced another asset.
    #[serde(default, deserialize_with = "null_as_default")]
    pub overwritten: bool,
    /// Everything else.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}

/// A derived image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Derived {
    /// The transformation, in the service's order of parameters.
    #[serde(default)]
    pub transformation: String,
    /// Width in pixels; 0 while it is still being made.
    #[serde(default)]
    pub width: u32,
    /// Height in pixels; 0 while it is still being made.
    #[serde(default)]
    pub height: u32,
    /// Its size in bytes; 0 while it is still being made.
    #[serde(default)]
    pub bytes: u64,
    /// Its format.
    #[serde(default)]
    pub format: Option<String>,
    /// Its `http` address.
    #[serde(default)]
    pub url: String,
    /// Its `https` address.
    #[serde(default)]
    pub secure_url: String,
}

impl UploadResponse {
    /// What to keep in the database.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a resource or delivery type this crate does not know.
    pub fn asset(&self) -> Result<AssetRef> {
        let resource_type: ResourceType = self.resource_type.parse()?;
        let delivery_type: DeliveryType = self.delivery_type.parse()?;
        Ok(AssetRef {
            resource_type,
            delivery_type,
            version: Some(self.version),
            public_id: self.public_id.clone(),
            format: self.format.clone().filter(|_| resource_type != ResourceType::Raw),
        })
    }

    /// Checks that the answer was signed with our secret.
    ///
    /// # Errors
    /// [`Error::SignatureMismatch`], or [`Error::MissingConfig`] without a secret.
    pub fn verify(&self, config: &Config) -> Result<()> {
        let secret = config.require_api_secret()?;
        if signing::verify_response(&self.public_id, &self.version.to_string(), &self.signature, secret) {
            Ok(())
        } else {
            Err(Error::SignatureMismatch { what: "response" })
        }
    }
}

fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

fn null_as_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> std::result::Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

fn text_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let image = r#"{"public_id":"hl22acprlomnycgiudor","version":"1372180830","format":"jpg","width":292,"height":282,
            "resource_type":"image","type":"upload","bytes":29802,"signature":"95788e65f86afc361d888637bb465f524901bc2c",
            "url":"","secure_url":"","phash":"ab"}"#;
        let raw = r#"{"public_id":"sheet.xls","version":9,"resource_type":"raw","type":"upload","format":"",
            "tags":null,"bytes":null,"eager":null,"url":null,"width":null}"#;
        for (json, column) in
            [(image, "image/upload/v1372180830/hl22acprlomnycgiudor.jpg"), (raw, "raw/upload/v9/sheet.xls")]
        {
            let answer: UploadResponse = serde_json::from_str(json).unwrap();
            assert_eq!(answer.asset().unwrap().to_string(), column);
        }
        let answer: UploadResponse = serde_json::from_str(image).unwrap();
        assert_eq!(answer.more.get("phash").and_then(Json::as_str), Some("ab"));
        let config = Config::new("demo").credentials("key", "secret");
        answer.verify(&config).unwrap();
        assert!(answer.verify(&Config::new("demo").credentials("key", "other")).is_err());
    }
}
