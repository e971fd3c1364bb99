//! What notifications tell.

use cloudinary_core::{Derived, UploadResponse};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};

/// A notification: what happened, and everything that was said about it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Notification {
    /// What happened, typed where the crate knows it.
    pub event: Event,
    /// `upload`, `eager`, `delete` and so on, as the service calls it.
    pub notification_type: String,
    /// The service's id of the request that led to it.
    pub request_id: Option<String>,
    /// The whole notification, unknown fields too.
    pub fields: Map<String, Json>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A file is stored; the same answer that the upload got.
    Upload(Box<UploadResponse>),
    /// Derived images are made.
    Eager {
        /// Of which asset.
        public_id: String,
        /// The batch that the request was told of.
        batch_id: Option<String>,
        /// The images.
        eager: Vec<Derived>,
    },
    /// Assets are gone.
    Delete {
        /// Which.
        resources: Vec<Deleted>,
    },
    /// An asset has another id.
    Rename {
        /// The id it had.
        from_public_id: String,
        /// The id it has.
        to_public_id: String,
    },
    /// Tags came or went.
    Tags {
        /// Of which assets, and which.
        resources: Vec<Changed>,
    },
    /// Something failed that was to be done later.
    Error {
        /// The service's words.
        message: String,
    },
    /// Another notification, or one that looks otherwise than it should; see [`Notification::fields`].
    Other,
}

/// An asset that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Deleted {
    /// The id it had.
    pub public_id: String,
    /// `image`, `video` or `raw`.
    #[serde(default)]
    pub resource_type: String,
    /// The delivery type.
    #[serde(default, rename = "type")]
    pub delivery_type: String,
    /// The id that never changed.
    #[serde(default)]
    pub asset_id: Option<String>,
}

/// An asset whose tags changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Changed {
    /// Its id.
    pub public_id: String,
    /// The tags it has now and had not.
    #[serde(default)]
    pub added: Vec<String>,
    /// The tags it had and has no more.
    #[serde(default)]
    pub removed: Vec<String>,
}

impl<'de> Deserialize<'de> for Notification {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::deserialize(deserializer)?;
        let text = |name: &str| fields.get(name).and_then(Json::as_str).map(str::to_owned);
        let notification_type = text("notification_type").unwrap_or_default();
        let event = Event::read(&notification_type, &fields).unwrap_or(Event::Other);
        Ok(Self { event, notification_type, request_id: text("request_id"), fields })
    }
}

impl Event {
    /// `None` for what does not look like it should: a notification is never lost over a field.
    fn read(kind: &str, fields: &Map<String, Json>) -> Option<Self> {
        fn typed<T: serde::de::DeserializeOwned>(value: &Json) -> Option<T> {
            serde_json::from_value(value.clone()).ok()
        }
        let text = |name: &str| fields.get(name).and_then(Json::as_str).map(str::to_owned);
        Some(match kind {
            "upload" => Self::Upload(typed(&Json::Object(fields.clone()))?),
            "eager" => Self::Eager {
                public_id: text("public_id")?,
                batch_id: text("batch_id"),
                eager: typed(fields.get("eager")?)?,
            },
            "delete" => Self::Delete { resources: typed(fields.get("resources")?)? },
            "rename" => Self::Rename { from_public_id: text("from_public_id")?, to_public_id: text("to_public_id")? },
            "resource_tags_changed" => Self::Tags { resources: typed(fields.get("resources")?)? },
            "error" => Self::Error { message: fields.get("error")?.get("message")?.as_str()?.to_owned() },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Notification {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn events() {
        let upload = read(
            r#"{"notification_type":"upload","request_id":"r","public_id":"a","version":1,"resource_type":"image",
                "type":"upload","format":"jpg","new_field":[1]}"#,
        );
        let Event::Upload(stored) = &upload.event else { panic!("{upload:?}") };
        assert_eq!(stored.asset().unwrap().to_string(), "image/upload/v1/a.jpg");
        assert_eq!(upload.fields["new_field"], serde_json::json!([1]));
        for (json, expected) in [
            (
                r#"{"notification_type":"eager","public_id":"a","batch_id":"b","eager":[]}"#,
                Event::Eager { public_id: "a".to_owned(), batch_id: Some("b".to_owned()), eager: vec![] },
            ),
            (
                r#"{"notification_type":"rename","from_public_id":"a","to_public_id":"b"}"#,
                Event::Rename { from_public_id: "a".to_owned(), to_public_id: "b".to_owned() },
            ),
            (r#"{"notification_type":"error","error":{"message":"no"}}"#, Event::Error { message: "no".to_owned() }),
            (r#"{"notification_type":"rename"}"#, Event::Other),
            (r#"{"notification_type":"brand_new"}"#, Event::Other),
            ("{}", Event::Other),
        ] {
            assert_eq!(read(json).event, expected, "{json}");
        }
        let deleted = read(r#"{"notification_type":"delete","resources":[{"public_id":"a","type":"upload"}]}"#);
        assert!(matches!(deleted.event, Event::Delete { resources } if resources[0].public_id == "a"));
    }
}
