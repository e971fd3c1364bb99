//! Making private and authenticated assets public.

use super::resource::Resource;
use super::resources::{Group, by_types};
use super::{Admin, named, post, with};
use crate::answer::record;
use crate::asset::{DeliveryType, ToAsset};
use crate::client::{Repeat, request};

record! {
    /// What became of assets that were to be public.
    pub struct Published {
        /// Those that are now.
        published: Vec<Resource>,
        /// Those that are not, with the reason in `more`.
        failed: Vec<Resource>,
    }
}

request! {
    /// A call that makes assets public; `.await` it.
    pub struct Publish -> Published;

    /// Whether a public asset with the same id is replaced. Default: false.
    overwrite: switch => "overwrite",
    /// Whether copies in caches must go; that can take an hour. Default: false.
    invalidate: switch => "invalidate",
}

impl Publish {
    /// Of which delivery type they are now: private or authenticated. Default: authenticated, or that of the assets.
    pub fn delivery_type(self, delivery_type: DeliveryType) -> Self {
        Self(self.0.set("type", delivery_type.as_str()))
    }
}

by_types!(resource_type of Publish);

impl Admin {
    /// Makes assets public, all of one resource and delivery type. The delivery type is not sent
    /// where it is `upload`, of which nothing can be published.
    pub fn publish_by_ids(&self, assets: impl IntoIterator<Item: ToAsset>) -> Publish {
        let call = Group::of(assets).map(|group| {
            let path = ["resources", group.resource_type.as_str(), "publish_resources"];
            let mut call = with(post(&path).repeat(Repeat::Safe), "public_ids", group.public_ids);
            if group.delivery_type != DeliveryType::Upload {
                call.set("type", group.delivery_type.as_str());
            }
            call
        });
        Publish(self.checked(call))
    }

    /// Makes the images, unless another resource type is given, public whose public ids begin so.
    pub fn publish_by_prefix(&self, prefix: &str) -> Publish {
        self.publish_by("prefix", prefix)
    }

    /// Makes the images, unless another resource type is given, public that have a tag.
    pub fn publish_by_tag(&self, tag: &str) -> Publish {
        self.publish_by("tag", tag)
    }

    fn publish_by(&self, parameter: &str, value: &str) -> Publish {
        let call = named(parameter, value).map(|value| {
            with(post(&["resources", "image", "publish_resources"]).repeat(Repeat::Safe), parameter, value)
        });
        Publish(self.checked(call))
    }
}
