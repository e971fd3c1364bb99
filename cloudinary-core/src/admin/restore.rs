//! Bringing back deleted assets from their backups.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

use super::details::ResourceDetails;
use super::resources::{Group, MAX_IDS};
use super::{Admin, names_up_to, post, with};
use crate::asset::ToAsset;
use crate::client::request;

/// What became of each asset that was to be restored, by the id it was named by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Restored {
    /// By public id, or by asset id.
    #[serde(flatten)]
    pub assets: BTreeMap<String, RestoredAsset>,
}

/// What became of an asset that was to be restored.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum RestoredAsset {
    /// It is back.
    Back(Box<ResourceDetails>),
    /// It could not be restored, with the service's reason, as `no_backup`.
    Failed {
        /// The reason.
        error: String,
    },
}

impl<'de> Deserialize<'de> for RestoredAsset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let answer = Json::deserialize(deserializer)?;
        match answer.get("error") {
            None | Some(Json::Null) => {
                serde_json::from_value(answer).map(|back| Self::Back(Box::new(back))).map_err(D::Error::custom)
            }
            Some(Json::String(error)) => Ok(Self::Failed { error: error.clone() }),
            Some(other) => Ok(Self::Failed { error: other.to_string() }),
        }
    }
}

request! {
    /// A call that restores assets from their backups; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#restore_resources>.
    pub struct Restore -> Restored;

    /// Which versions to restore, by their ids, in the order of the assets. Default: the newest.
    versions: texts => "versions",
}

impl Admin {
    /// Restores deleted assets that were backed up: at most [`MAX_IDS`], all of one resource and delivery type.
    pub fn restore(&self, assets: impl IntoIterator<Item: ToAsset>) -> Restore {
        let call = Group::up_to(MAX_IDS, assets).map(|group| {
            let [base, resource_type, delivery_type] = group.path();
            with(post(&[base, resource_type, delivery_type, "restore"]), "public_ids", group.public_ids)
        });
        Restore(self.checked(call))
    }

    /// Restores deleted assets that were backed up, by their asset ids: at most [`MAX_IDS`].
    pub fn restore_by_asset_ids(&self, asset_ids: impl IntoIterator<Item: Into<String>>) -> Restore {
        let call = names_up_to(MAX_IDS, "asset_ids", asset_ids)
            .map(|asset_ids| with(post(&["resources", "restore"]), "asset_ids", asset_ids));
        Restore(self.checked(call))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes() {
        let restored: Restored =
            serde_json::from_str(r#"{"a":{"public_id":"a","version":1},"b":{"error":"no_backup"}}"#).unwrap();
        assert!(matches!(&restored.assets["a"], RestoredAsset::Back(back) if back.public_id == "a"));
        assert_eq!(restored.assets["b"], RestoredAsset::Failed { error: "no_backup".to_owned() });
    }
}
