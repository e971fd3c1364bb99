//! Assets that belong together.

use super::{Admin, delete, named, names_up_to, post, with};
use crate::answer::record;
use crate::asset::{AssetRef, ToAsset};
use crate::client::{Call, Repeat, request};
use crate::error::Result;

/// The most assets that one call relates to another.
pub const MAX_RELATED: usize = 10;

record! {
    /// What became of each asset that was to be related, or no longer.
    pub struct RelatedOutcomes {
        /// Those that were related; in some answers also those that are no longer.
        success: Vec<RelatedOutcome>,
        /// Those that are no longer related.
        deleted: Vec<RelatedOutcome>,
        /// Those for which it was not.
        failed: Vec<RelatedOutcome>,
    }
}

record! {
    /// What became of one asset.
    pub struct RelatedOutcome {
        /// Which, as `image/upload/sample`, where it was named by its public id.
        asset: Option<String>,
        /// Which, where it was named by its asset id.
        asset_id: Option<String>,
        /// In words.
        message: Option<String>,
        /// In one word, as `success_ids`.
        code: Option<String>,
        /// As an HTTP status.
        status: u32,
    }
}

request! {
    /// A call that relates assets to another, or ends that, in both directions; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#add_related_assets>.
    pub struct RelateAssets -> RelatedOutcomes;
}

impl Admin {
    /// Relates up to [`MAX_RELATED`] assets to an asset; related ones stay.
    pub fn add_related_assets(
        &self,
        asset: impl Into<AssetRef>,
        others: impl IntoIterator<Item: ToAsset>,
    ) -> RelateAssets {
        RelateAssets(self.checked(by_public_id(&asset.into(), others, post, "assets_to_relate")))
    }

    /// Relates up to [`MAX_RELATED`] assets to an asset, all by their asset ids.
    pub fn add_related_assets_by_asset_ids(
        &self,
        asset_id: &str,
        others: impl IntoIterator<Item: Into<String>>,
    ) -> RelateAssets {
        RelateAssets(self.checked(by_asset_id(asset_id, others, post, "assets_to_relate")))
    }

    /// Ends the relation of an asset to up to [`MAX_RELATED`] others.
    pub fn delete_related_assets(
        &self,
        asset: impl Into<AssetRef>,
        others: impl IntoIterator<Item: ToAsset>,
    ) -> RelateAssets {
        RelateAssets(self.checked(by_public_id(&asset.into(), others, delete, "assets_to_unrelate")))
    }

    /// Ends the relation of an asset to up to [`MAX_RELATED`] others, all by their asset ids.
    pub fn delete_related_assets_by_asset_ids(
        &self,
        asset_id: &str,
        others: impl IntoIterator<Item: Into<String>>,
    ) -> RelateAssets {
        RelateAssets(self.checked(by_asset_id(asset_id, others, delete, "assets_to_unrelate")))
    }
}

fn by_public_id(
    asset: &AssetRef,
    others: impl IntoIterator<Item: ToAsset>,
    call: impl FnOnce(&[&str]) -> Call,
    parameter: &str,
) -> Result<Call> {
    let id = named("public_id", &asset.public_id)?;
    // Here assets are told by their types and ids, without a version or format.
    let others = others.into_iter().map(|other| {
        let other = other.to_asset();
        format!("{}/{}/{}", other.resource_type, other.delivery_type, other.public_id)
    });
    let others = names_up_to(MAX_RELATED, parameter, others)?;
    let path = ["resources", "related_assets", asset.resource_type.as_str(), asset.delivery_type.as_str(), id];
    Ok(with(call(&path).repeat(Repeat::Safe), parameter, others))
}

fn by_asset_id(
    asset_id: &str,
    others: impl IntoIterator<Item: Into<String>>,
    call: impl FnOnce(&[&str]) -> Call,
    parameter: &str,
) -> Result<Call> {
    let id = named("asset_id", asset_id)?;
    let others = names_up_to(MAX_RELATED, parameter, others)?;
    Ok(with(call(&["resources", "related_assets", id]).repeat(Repeat::Safe), parameter, others))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes() {
        let outcomes: RelatedOutcomes = serde_json::from_str(
            r#"{"success":[{"asset":"image/upload/a","message":"success","code":"success_ids","status":200}],"failed":[]}"#,
        )
        .unwrap();
        assert_eq!((outcomes.success[0].status, outcomes.failed.len()), (200, 0));
        let outcomes: RelatedOutcomes =
            serde_json::from_str(r#"{"failed":[],"deleted":[{"asset_id":"f1","message":"success"}]}"#).unwrap();
        assert_eq!(outcomes.deleted[0].asset_id.as_deref(), Some("f1"));
    }
}
