//! Deleting assets, derived ones, and backups.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::resources::{Group, MAX_IDS, by_types};
use super::{Admin, delete, named, names, names_up_to, with};
use crate::answer::record;
use crate::asset::ToAsset;
use crate::client::request;
use crate::error::{Error, Result};
use crate::upload::{Eager, UploadOptions};

/// The most derived assets that one call deletes by their ids.
pub const MAX_DERIVED_IDS: usize = 100;

record! {
    /// What became of assets that were to be deleted.
    pub struct Deletion {
        /// By id: `deleted` or `not_found`.
        deleted: BTreeMap<String, String>,
        /// By id, how many were deleted.
        deleted_counts: BTreeMap<String, DeletedCount>,
        /// Whether there are more to delete; ask again with the cursor.
        partial: bool,
        /// Where to go on, for [`DeleteResources::next_cursor`].
        next_cursor: Option<String>,
    }
}

record! {
    /// How many assets were deleted.
    pub struct DeletedCount {
        /// Originals.
        original: u64,
        /// Derived from them.
        derived: u64,
    }
}

request! {
    /// A call that deletes assets, with all that is derived from them; `.await` it. One call deletes 1000 at most;
    /// [`Deletion::partial`] says that there are more.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#delete_resources>.
    pub struct DeleteResources -> Deletion;

    /// Whether only derived assets are deleted. Default: false.
    keep_original: switch => "keep_original",
    /// Whether copies in caches must go too; that can take an hour. Default: false.
    invalidate: switch => "invalidate",
    /// Where to go on: the cursor of the answer before.
    next_cursor: text => "next_cursor",
    /// An id of your own, which the notifications of the call tell.
    batch_id: text => "batch_id",
}

by_types!(DeleteResources);

impl DeleteResources {
    /// Only what was derived by one of these. The originals go too unless [`keep_original`](Self::keep_original) is set.
    pub fn transformations<T: Into<Eager>>(self, transformations: impl IntoIterator<Item = T>) -> Self {
        let value = eager_text(transformations).map(Json::from);
        Self(self.0.try_set("transformations", value))
    }
}

request! {
    /// A call that deletes derived assets by their ids; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#delete_derived_resources>.
    pub struct DeleteDerived -> Deletion;
}

/// Transformations as one text; at least one.
fn eager_text<T: Into<Eager>>(transformations: impl IntoIterator<Item = T>) -> Result<String> {
    let options = UploadOptions::new().eager(transformations);
    options.check()?;
    match options.get("eager") {
        Some(text) => Ok(text.to_owned()),
        None => Err(Error::invalid("transformations", "", "give at least one")),
    }
}

impl Admin {
    /// Deletes assets by their public ids: at most [`MAX_IDS`], all of one resource and delivery type.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// let deletion = cld.admin().delete_resources(["old/a", "old/b"]).invalidate(true).await?;
    /// assert_eq!(deletion.deleted["old/a"], "deleted");
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_resources(&self, assets: impl IntoIterator<Item: ToAsset>) -> DeleteResources {
        let call =
            Group::up_to(MAX_IDS, assets).map(|group| with(delete(&group.path()), "public_ids", group.public_ids));
        DeleteResources(self.checked(call))
    }

    /// Deletes assets by their asset ids, whatever their types: at most [`MAX_IDS`].
    pub fn delete_resources_by_asset_ids(&self, asset_ids: impl IntoIterator<Item: Into<String>>) -> DeleteResources {
        let call = names_up_to(MAX_IDS, "asset_ids", asset_ids)
            .map(|asset_ids| with(delete(&["resources"]), "asset_ids", asset_ids));
        DeleteResources(self.checked(call))
    }

    /// Deletes the uploaded images, unless other types are given, whose public ids begin so.
    pub fn delete_resources_by_prefix(&self, prefix: &str) -> DeleteResources {
        let call = match prefix {
            "" => Err(Error::invalid("prefix", "", "to delete all, say so with delete_all_resources")),
            prefix => Ok(with(delete(&["resources", "image", "upload"]), "prefix", prefix)),
        };
        DeleteResources(self.checked(call))
    }

    /// Deletes **all** uploaded images, or all assets of other types if they are given.
    pub fn delete_all_resources(&self) -> DeleteResources {
        DeleteResources(self.request(with(delete(&["resources", "image", "upload"]), "all", true)))
    }

    /// Deletes the images, unless another resource type is given, that have a tag.
    pub fn delete_resources_by_tag(&self, tag: &str) -> DeleteResources {
        let call = named("tag", tag).map(|tag| delete(&["resources", "image", "tags", tag]));
        DeleteResources(self.checked(call))
    }

    /// Deletes derived assets by their ids, which details tell: at most [`MAX_DERIVED_IDS`].
    pub fn delete_derived_resources(&self, ids: impl IntoIterator<Item: Into<String>>) -> DeleteDerived {
        let call = names_up_to(MAX_DERIVED_IDS, "derived_resource_ids", ids)
            .map(|ids| with(delete(&["derived_resources"]), "derived_resource_ids", ids));
        DeleteDerived(self.checked(call))
    }

    /// Deletes what was derived from assets by one of these transformations; the originals stay. At most [`MAX_IDS`]
    /// assets, all of one resource and delivery type.
    pub fn delete_derived_by_transformation<T: Into<Eager>>(
        &self,
        assets: impl IntoIterator<Item: ToAsset>,
        transformations: impl IntoIterator<Item = T>,
    ) -> DeleteResources {
        self.delete_resources(assets).transformations(transformations).keep_original(true)
    }

    /// Deletes backed up versions of an asset; they cannot be had again.
    pub fn delete_backed_up_assets(
        &self,
        asset_id: &str,
        version_ids: impl IntoIterator<Item: Into<String>>,
    ) -> DeleteDerived {
        let call = named("asset_id", asset_id).and_then(|asset_id| {
            let version_ids = names("version_ids", version_ids)?;
            Ok(with(delete(&["resources", "backup", asset_id]), "version_ids", version_ids))
        });
        DeleteDerived(self.checked(call))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletions() {
        let deletion: Deletion = serde_json::from_str(
            r#"{"deleted":{"a":"deleted","b":"not_found"},"deleted_counts":{"a":{"original":1,"derived":"2"}},
                "partial":false}"#,
        )
        .unwrap();
        assert_eq!((deletion.deleted["b"].as_str(), deletion.deleted_counts["a"].derived), ("not_found", 2));
    }
}
