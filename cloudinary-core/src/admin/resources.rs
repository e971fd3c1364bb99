//! Lists of stored assets.

use super::resource::Resource;
use super::{Admin, at_most, get, named, names, names_up_to, with};
use crate::answer::record;
use crate::asset::{AssetRef, DeliveryType, ResourceType, ToAsset};
use crate::client::{Call, Page, pages, request};
use crate::error::{Error, Result};

/// The most assets that one call lists, deletes or restores by their ids.
pub const MAX_IDS: usize = 100;
/// The most assets that one call lists by their asset ids.
pub const MAX_LISTED_ASSET_IDS: usize = 10;

/// Which comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The smallest, or oldest.
    Asc,
    /// The largest, or newest.
    Desc,
}

impl Direction {
    /// `asc` or `desc`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }
}

record! {
    /// A page of stored assets.
    pub struct ResourcePage {
        /// The assets.
        resources: Vec<Resource>,
        /// Where the next page begins; absent on the last.
        next_cursor: Option<String>,
    }
}

impl Page for ResourcePage {
    type Item = Resource;

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }

    fn into_items(self) -> Vec<Resource> {
        self.resources
    }
}

request! {
    /// A call that lists stored assets; `.await` one page, or [`stream`](Self::stream) them all.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_resources>.
    ///
    /// ```no_run
    /// # async fn example() -> cloudinary_core::Result<()> {
    /// use std::pin::pin;
    /// use cloudinary_core::Cloudinary;
    /// use futures_util::TryStreamExt as _;
    ///
    /// let cld = Cloudinary::from_env()?;
    /// let mut all = pin!(cld.admin().resources().prefix("albums/").max_results(500).stream());
    /// while let Some(resource) = all.try_next().await? {
    ///     println!("{}", resource.public_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub struct ListResources -> ResourcePage;

    /// How many a page has: 1 to 500. Default: 10.
    max_results: number => "max_results",
    /// Where to begin: the `next_cursor` of the page before.
    next_cursor: text => "next_cursor",
    /// Whether to tell the tags. Default: false.
    tags: switch => "tags",
    /// Whether to tell the contextual texts. Default: false.
    context: switch => "context",
    /// Whether to tell the structured metadata. Default: false.
    metadata: switch => "metadata",
    /// Whether to tell the moderations. Default: false.
    moderations: switch => "moderations",
    /// The only fields to tell, beside the ids, by the service's names. Default: all.
    fields: csv => "fields",
}

pages!(ListResources of Resource);

impl ListResources {
    /// Only those whose public id begins so, in the order of their public ids. The service asks for a delivery type beside:
    /// without one these are the uploaded assets. A list that is not by type refuses it.
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self(self.0.try_edit(|call| {
            set_list_filter(call, "prefix", prefix.into())?;
            if call.part(2).is_none() {
                call.set_part(2, DeliveryType::Upload.as_str());
            }
            Ok(())
        }))
    }

    /// Only those stored since then, as `2026-01-31 12:00:00` in UTC; the service heeds it without a prefix only. A list
    /// that is not by type refuses it.
    pub fn start_at(self, time: impl Into<String>) -> Self {
        Self(self.0.try_edit(|call| set_list_filter(call, "start_at", time.into())))
    }

    /// Which comes first, by the time they were stored, in a list without a prefix. Default: the newest.
    pub fn direction(self, direction: Direction) -> Self {
        Self(self.0.set("direction", direction.as_str()))
    }
}

/// Adds the choice of types to a call whose path begins with them.
macro_rules! by_types {
    ($call:ident) => {
        $crate::admin::resources::by_types!(resource_type of $call);

        impl $call {
            /// Those stored or reached so, as `private` or `facebook`. A call that is not by delivery type refuses it.
            pub fn delivery_type(self, delivery_type: $crate::asset::DeliveryType) -> Self {
                Self(self.0.try_edit(|call| $crate::admin::resources::set_delivery_type(call, delivery_type)))
            }
        }
    };
    (resource_type of $call:ident) => {
        impl $call {
            /// Images, videos or raw files. Default: images, or what the assets given are. A call that is not by resource
            /// type refuses it.
            pub fn resource_type(self, resource_type: $crate::asset::ResourceType) -> Self {
                Self(self.0.try_edit(|call| $crate::admin::resources::set_resource_type(call, resource_type)))
            }
        }
    };
}
pub(super) use by_types;

by_types!(ListResources);

pub(super) fn set_resource_type(call: &mut Call, resource_type: ResourceType) -> Result<()> {
    let by_type = call.part(1).is_some_and(|part| part.parse::<ResourceType>().is_ok());
    if !by_type || resource_type == ResourceType::Auto {
        return Err(Error::invalid("resource_type", resource_type.as_str(), NOT_BY_TYPE));
    }
    call.set_part(1, resource_type.as_str());
    Ok(())
}

pub(super) fn set_delivery_type(call: &mut Call, delivery_type: DeliveryType) -> Result<()> {
    if !is_by_type(call) {
        return Err(Error::invalid("type", delivery_type.as_str(), NOT_BY_TYPE));
    }
    call.set_part(2, delivery_type.as_str());
    Ok(())
}

/// What only the list of a type can be narrowed by.
fn set_list_filter(call: &mut Call, name: &str, value: String) -> Result<()> {
    if !is_by_type(call) || call.params.contains_key("public_ids") {
        return Err(Error::invalid(name, &value, "only Admin::resources lists by it; leave it out"));
    }
    call.set(name, value);
    Ok(())
}

fn is_by_type(call: &Call) -> bool {
    call.part(1).is_some_and(|part| part.parse::<ResourceType>().is_ok())
        && call.part(2).is_none_or(|part| part.parse::<DeliveryType>().is_ok())
        && call.part(3).is_none()
}

const NOT_BY_TYPE: &str = "this call is not by that type; leave it out";

impl Admin {
    /// Lists the assets of a resource type, and of a delivery type if given: uploaded ones, and those from elsewhere.
    pub fn resources(&self) -> ListResources {
        ListResources(self.request(get(&["resources", "image"])))
    }

    /// Lists the assets that have a tag.
    pub fn resources_by_tag(&self, tag: &str) -> ListResources {
        let call = named("tag", tag).map(|tag| get(&["resources", "image", "tags", tag]));
        ListResources(self.checked(call))
    }

    /// Lists the assets that have a key in their context, with any value, or with the one given.
    pub fn resources_by_context(&self, key: &str, value: Option<&str>) -> ListResources {
        let call = named("key", key).map(|key| {
            let call = with(get(&["resources", "image", "context"]), "key", key);
            value.into_iter().fold(call, |call, value| with(call, "value", value))
        });
        ListResources(self.checked(call))
    }

    /// Lists the assets that a moderator, as `manual`, has given a status: `pending`, `approved` or `rejected`.
    pub fn resources_by_moderation(&self, kind: &str, status: &str) -> ListResources {
        let call = named("kind", kind)
            .and_then(|kind| Ok(get(&["resources", "image", "moderations", kind, named("status", status)?])));
        ListResources(self.checked(call))
    }

    /// Lists the assets that there are of these: at most [`MAX_IDS`], all of one resource and delivery type.
    pub fn resources_by_ids(&self, assets: impl IntoIterator<Item: ToAsset>) -> ListResources {
        let call = Group::up_to(MAX_IDS, assets).map(|group| with(get(&group.path()), "public_ids", group.public_ids));
        ListResources(self.checked(call))
    }

    /// Lists the assets that there are of these asset ids, whatever their types: at most
    /// [`MAX_LISTED_ASSET_IDS`].
    pub fn resources_by_asset_ids(&self, asset_ids: impl IntoIterator<Item: Into<String>>) -> ListResources {
        let call = names_up_to(MAX_LISTED_ASSET_IDS, "asset_ids", asset_ids)
            .map(|asset_ids| with(get(&["resources", "by_asset_ids"]), "asset_ids", asset_ids));
        ListResources(self.checked(call))
    }

    /// Lists the assets right in a folder of the media library. Only where folders are not part of the public id.
    pub fn resources_by_asset_folder(&self, asset_folder: &str) -> ListResources {
        ListResources(self.request(with(get(&["resources", "by_asset_folder"]), "asset_folder", asset_folder)))
    }
}

/// Assets that one call is about: all of one resource type and delivery type, which stand in its path.
pub(super) struct Group {
    pub(super) resource_type: ResourceType,
    pub(super) delivery_type: DeliveryType,
    pub(super) public_ids: Vec<String>,
}

impl Group {
    pub(super) fn up_to(most: usize, assets: impl IntoIterator<Item: ToAsset>) -> Result<Self> {
        let group = Self::of(assets)?;
        at_most(most, "public_ids", group.public_ids.len())?;
        Ok(group)
    }

    pub(super) fn of(assets: impl IntoIterator<Item: ToAsset>) -> Result<Self> {
        let assets: Vec<AssetRef> = assets.into_iter().map(|asset| asset.to_asset()).collect();
        let types = assets.first().map(|first| (first.resource_type, first.delivery_type));
        let (resource_type, delivery_type) = types.unwrap_or_default();
        if let Some(other) =
            assets.iter().find(|asset| (asset.resource_type, asset.delivery_type) != (resource_type, delivery_type))
        {
            let remedy = format!("the others are {resource_type}/{delivery_type}; make one call for each type");
            return Err(Error::invalid("public_ids", &other.to_string(), remedy));
        }
        let public_ids = names("public_ids", assets.into_iter().map(|asset| asset.public_id))?;
        Ok(Self { resource_type, delivery_type, public_ids })
    }

    pub(super) fn path(&self) -> [&'static str; 3] {
        ["resources", self.resource_type.as_str(), self.delivery_type.as_str()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Cloudinary;
    use crate::config::Config;

    fn admin() -> Admin {
        Admin::new(Cloudinary::new(Config::new("demo").credentials("key", "secret")).unwrap())
    }

    #[test]
    fn paths_by_type() {
        use DeliveryType::{Private, Upload};
        use ResourceType::{Auto, Raw, Video};
        for (list, expected) in [
            (admin().resources(), Some("GET resources/image")),
            (admin().resources().delivery_type(Private).resource_type(Raw), Some("GET resources/raw/private")),
            (admin().resources().delivery_type(Private).delivery_type(Upload), Some("GET resources/image/upload")),
            (admin().resources().resource_type(Auto), None),
            (admin().resources().prefix("a"), Some("GET resources/image/upload")),
            (admin().resources().prefix("a").resource_type(Raw), Some("GET resources/raw/upload")),
            (admin().resources().prefix("a").delivery_type(Private), Some("GET resources/image/private")),
            (admin().resources().delivery_type(Private).prefix("a"), Some("GET resources/image/private")),
            (admin().resources().start_at("2026-01-31"), Some("GET resources/image")),
            (admin().resources_by_tag("upload").prefix("a"), None),
            (admin().resources_by_asset_folder("a").prefix("a"), None),
            (admin().resources_by_context("a", None).start_at("2026-01-31"), None),
            (admin().resources_by_ids(["a"]).prefix("a"), None),
            (admin().resources_by_tag("upload").resource_type(Video), Some("GET resources/video/tags/upload")),
            (admin().resources_by_tag("upload").delivery_type(Private), None),
            (admin().resources_by_asset_ids(["a"]).resource_type(Video), None),
            (admin().resources_by_asset_folder("a").delivery_type(Private), None),
            (admin().resources_by_ids([""]), None),
            (admin().resources_by_ids([AssetRef::image("a")]), Some("GET resources/image/upload")),
        ] {
            let action = list.0.into_call().ok().map(|(_, call)| call.action);
            assert_eq!(action.as_deref(), expected);
        }
    }

    #[test]
    fn groups_are_of_one_type() {
        let error = Group::of([AssetRef::image("a"), AssetRef::raw("b")]).err().map(|error| error.to_string());
        let expected =
            "public_ids: \"raw/upload/b\" cannot be used; the others are image/upload; make one call for each type";
        assert_eq!(error.as_deref(), Some(expected));
    }
}
