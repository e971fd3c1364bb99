//! A stored asset, as lists and searches tell of it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::answer::{AccessRule, Moderation, record};
use crate::asset::{AssetRef, DeliveryType, ResourceType, format_name};
use crate::error::{Error, Result};

record! {
    /// A stored asset, as lists and searches tell of it.
    ///
    /// What was not asked for, and what does not apply to its type, is `None` or empty. Fields the service adds are kept
    /// in `more`.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_resources>.
    pub struct Resource {
        /// The id that never changes, whatever the public id does.
        asset_id: Option<String>,
        /// The id to deliver it by, folders included.
        public_id: String,
        /// The file format, as `jpg`; absent for raw files.
        format: Option<String>,
        /// When it was stored, in Unix seconds.
        version: u64,
        /// The id of this version of it, as backups know it.
        version_id: Option<String>,
        /// `image`, `video` or `raw`; empty if only other fields were asked for.
        resource_type: String = String::new(),
        /// The delivery type, as `upload`; empty if only other fields were asked for.
        delivery_type: String as "type" = String::new(),
        /// When it was stored, as `2013-06-25T17:20:30Z`.
        created_at: Option<String>,
        /// When it was first uploaded, as `2013-06-25T17:20:30Z`.
        uploaded_at: Option<String>,
        /// When anything of it last changed, as `2013-06-25T17:20:30Z`; in searches.
        last_updated: Option<Json>,
        /// Its size in bytes.
        bytes: u64,
        /// The size of its backups in bytes.
        backup_bytes: Option<u64>,
        /// Width in pixels; absent for raw files.
        width: Option<u32>,
        /// Height in pixels; absent for raw files.
        height: Option<u32>,
        /// Width by height; in searches.
        aspect_ratio: Option<f64>,
        /// Width times height; in searches.
        pixels: Option<u64>,
        /// Length in seconds, of videos and sound.
        duration: Option<f64>,
        /// How many pages it has; in searches and details.
        pages: Option<u32>,
        /// The folder in the media library, where folders are not part of the public id.
        asset_folder: Option<String>,
        /// The folder that its public id begins with, where folders are part of it.
        folder: Option<String>,
        /// The name in the media library.
        display_name: Option<String>,
        /// The last part of its public id; in searches.
        filename: Option<String>,
        /// The name of the file that was uploaded, without extension.
        original_filename: Option<String>,
        /// Its `http` address.
        url: Option<String>,
        /// Its `https` address.
        secure_url: Option<String>,
        /// `public`, `authenticated`, …; where it says who may reach it.
        access_mode: Option<String>,
        /// The rules by which it may be reached; empty if there are none.
        access_control: Vec<AccessRule>,
        /// `active`, or `deleted` for one that only its backups remain of; in searches.
        status: Option<String>,
        /// Whether it is only a placeholder for an asset whose backups remain.
        placeholder: bool,
        /// Its tags, if asked for.
        tags: Vec<String>,
        /// Its contextual texts, if asked for: under `custom`, or by their keys, depending on the
        /// call; see [`context_texts`](Self::context_texts).
        context: Option<Json>,
        /// Values of structured metadata fields by their external ids, if asked for. In some answers a list.
        metadata: Option<Json>,
        /// Its moderations, in details.
        moderation: Vec<Moderation>,
        /// Who moderates it or did last, as `manual`; in lists if moderations were asked for, and in searches.
        moderation_kind: Option<String>,
        /// What came of that: `pending`, `approved` or `rejected`; in lists if moderations were asked for, and in searches.
        moderation_status: Option<String>,
        /// The perceptual hash, if asked for.
        phash: Option<String>,
        /// A hash of the file, in hexadecimal digits.
        etag: Option<String>,
        /// Who uploaded it.
        uploaded_by: Option<Json>,
        /// Who created it; in searches.
        created_by: Option<Json>,
    }
}

impl Resource {
    /// What to keep in the database.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for a resource or delivery type this crate does not
    /// know, or that was not asked for.
    pub fn asset(&self) -> Result<AssetRef> {
        let resource_type: ResourceType = self.resource_type.parse()?;
        let delivery_type: DeliveryType = self.delivery_type.parse()?;
        if self.public_id.is_empty() {
            return Err(Error::asset("", "it has no public id"));
        }
        Ok(AssetRef {
            resource_type,
            delivery_type,
            version: (self.version > 0).then_some(self.version),
            public_id: self.public_id.clone(),
            format: self
                .format
                .as_deref()
                .filter(|format| resource_type != ResourceType::Raw && !format.is_empty())
                .map(format_name),
        })
    }

    /// Its contextual texts by their keys, wherever the answer has them.
    pub fn context_texts(&self) -> BTreeMap<&str, &str> {
        let Some(context) = &self.context else {
            return BTreeMap::new();
        };
        let pairs = match context.get("custom") {
            Some(custom) => custom,
            None => context,
        };
        pairs
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns() {
        for (json, column) in [
            (
                r#"{"public_id":"a/b","version":"7","format":"jpg","resource_type":"image","type":"upload","tags":null}"#,
                Some("image/upload/v7/a/b.jpg"),
            ),
            (
                r#"{"public_id":"s.xls","version":9,"format":"","resource_type":"raw","type":"private"}"#,
                Some("raw/private/v9/s.xls"),
            ),
            (r#"{"public_id":"a","resource_type":"image","type":"upload"}"#, Some("image/upload/a")),
            (r#"{"public_id":"a"}"#, None),
            (r#"{"public_id":"a","resource_type":"hologram","type":"upload"}"#, None),
        ] {
            let resource: Resource = serde_json::from_str(json).unwrap();
            assert_eq!(resource.asset().ok().map(|asset| asset.to_string()).as_deref(), column, "{json}");
        }
        assert!(serde_json::from_str::<Resource>(r#"{"version":9}"#).is_err());
    }

    #[test]
    fn contexts() {
        for json in [r#"{"custom":{"alt":"x"}}"#, r#"{"alt":"x"}"#] {
            let json = format!(r#"{{"public_id":"a","context":{json}}}"#);
            let resource: Resource = serde_json::from_str(&json).unwrap();
            assert_eq!(resource.context_texts(), BTreeMap::from([("alt", "x")]));
        }
    }
}
