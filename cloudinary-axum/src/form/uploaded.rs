//! A file that is stored and verified.

use std::any::type_name;
use std::fmt;

use cloudinary_core::{AssetRef, UploadResponse};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

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

/// The form in which [`Verified`] hands an upload over.
#[derive(Serialize, Deserialize)]
struct Wire {
    asset: AssetRef,
    response: Option<Box<UploadResponse>>,
}

const NAME: &str = "cloudinary_axum::Uploaded";
const KEY: &str = "verified";

impl<'de> Deserialize<'de> for Uploaded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(NAME, &[KEY], UploadedVisitor)
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
        if type_name::<A>() != type_name::<Verified>() {
            return Err(A::Error::custom("an Uploaded comes out of a FormData only, from a field declared as a file"));
        }
        let (_, json): (String, String) =
            map.next_entry()?.ok_or_else(|| A::Error::custom("there is no file in this field"))?;
        let wire: Wire = serde_json::from_str(&json).map_err(A::Error::custom)?;
        Ok(Uploaded { asset: wire.asset, response: wire.response })
    }
}

/// Hands one verified upload to [`Uploaded`]'s `Deserialize`.
pub(super) struct Verified {
    json: Option<String>,
}

impl Verified {
    pub(super) fn new(uploaded: Uploaded) -> Result<Self, serde_json::Error> {
        let wire = Wire { asset: uploaded.asset, response: uploaded.response };
        Ok(Self { json: Some(serde_json::to_string(&wire)?) })
    }
}

impl<'de> MapAccess<'de> for Verified {
    type Error = super::values::ValueError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Self::Error> {
        match self.json {
            Some(_) => seed.deserialize(StrDeserializer::new(KEY)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Self::Error> {
        let json = self.json.take().unwrap_or_default();
        seed.deserialize(serde::de::value::StringDeserializer::new(json))
    }
}
