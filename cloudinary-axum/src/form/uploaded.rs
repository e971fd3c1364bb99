//! A file that is stored and verified.

use std::any::type_name;
use std::fmt;

use cloudinary_core::{AssetRef, UploadResponse};
use serde::Deserialize;
use serde::de::value::{StrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

/// A visitor's file that lies with the media service and is verified: stored by this very request, or stored by the
/// browser and signed for by the service.
///
/// It deserialises in a [`FormData`](crate::FormData) only; no JSON, query or other form can make one up.
///
/// ```
/// assert!(serde_json::from_str::<cloudinary_axum::Uploaded>(r#"{"asset": "image/upload/v1/a.jpg"}"#).is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Uploaded {
    asset: AssetRef,
    response: Option<Box<UploadResponse>>,
}

impl Uploaded {
    pub(crate) fn stored(asset: AssetRef, response: UploadResponse) -> Self {
        Self { asset, response: Some(Box::new(response)) }
    }

    pub(crate) fn verified(asset: AssetRef) -> Self {
        Self { asset, response: None }
    }

    /// What to keep in the database.
    pub fn asset(&self) -> &AssetRef {
        &self.asset
    }

    /// What to keep in the database.
    pub fn into_asset(self) -> AssetRef {
        self.asset
    }

    /// The service's whole answer, when the file went through this server. After a direct upload only the asset is
    /// known for sure.
    pub fn response(&self) -> Option<&UploadResponse> {
        self.response.as_deref()
    }
}

impl From<Uploaded> for AssetRef {
    fn from(uploaded: Uploaded) -> Self {
        uploaded.asset
    }
}

const NAME: &str = "cloudinary_axum::Uploaded";
/// The entries in which [`Verified`] hands an upload over, each as text: the asset, and the answer if there is one.
const KEYS: [&str; 2] = ["asset", "response"];

impl<'de> Deserialize<'de> for Uploaded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(NAME, &KEYS, UploadedVisitor)
    }
}

struct UploadedVisitor;

impl<'de> Visitor<'de> for UploadedVisitor {
    type Value = Uploaded;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a file field of a FormData")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Uploaded, A::Error> {
        // Only this module can make a `Verified`, so nothing a visitor sends gets past here.
        if type_name::<A>() != type_name::<Verified<'_>>() {
            return Err(A::Error::custom("an Uploaded comes out of a FormData only, from a field declared as a file"));
        }
        let (IgnoredAny, asset): (_, AssetRef) =
            map.next_entry()?.ok_or_else(|| A::Error::custom("there is no file in this field"))?;
        let response: Option<(IgnoredAny, String)> = map.next_entry()?;
        let response = response.map(|(_, json)| serde_json::from_str(&json)).transpose().map_err(A::Error::custom)?;
        Ok(Uploaded { asset, response })
    }
}

/// Hands one verified upload to [`Uploaded`]'s `Deserialize`.
pub(super) struct Verified<'a> {
    asset: Option<&'a AssetRef>,
    response: Option<&'a UploadResponse>,
}

impl<'a> Verified<'a> {
    pub(super) fn new(uploaded: &'a Uploaded) -> Self {
        Self { asset: Some(&uploaded.asset), response: uploaded.response() }
    }
}

impl<'de> MapAccess<'de> for Verified<'_> {
    type Error = super::values::ValueError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Self::Error> {
        let [asset, response] = KEYS;
        let key = if self.asset.is_some() { Some(asset) } else { self.response.map(|_| response) };
        key.map(|key| seed.deserialize(StrDeserializer::new(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Self::Error> {
        let text = match self.asset.take() {
            Some(asset) => asset.to_string(),
            None => serde_json::to_string(&self.response.take()).map_err(Self::Error::custom)?,
        };
        seed.deserialize(StringDeserializer::new(text))
    }
}
