//! What the service has stored.

use cloudinary_core::admin::Resource;
use cloudinary_core::{Cloudinary, DeliveryType, ResourceType};
use futures_util::TryStreamExt as _;

use crate::error::Error;

/// The most that a page of the list can have.
const MOST_A_PAGE: u32 = 500;

/// Every resource type that something can be stored as.
pub(super) const RESOURCE_TYPES: [ResourceType; 3] = [ResourceType::Image, ResourceType::Video, ResourceType::Raw];

/// Every delivery type of what apps upload.
pub(super) const DELIVERY_TYPES: [DeliveryType; 3] =
    [DeliveryType::Upload, DeliveryType::Private, DeliveryType::Authenticated];

/// Everything with a tag, whatever its type.
pub(super) async fn with_tag(cld: &Cloudinary, tag: &str) -> Result<Vec<Resource>, Error> {
    let mut found = Vec::new();
    for resource_type in RESOURCE_TYPES {
        let list = cld.admin().resources_by_tag(tag).resource_type(resource_type);
        found.extend(list.tags(true).max_results(MOST_A_PAGE).stream().try_collect::<Vec<_>>().await?);
    }
    Ok(found)
}

/// Everything that was uploaded and whose public id begins so.
pub(super) async fn with_prefix(cld: &Cloudinary, prefix: &str) -> Result<Vec<Resource>, Error> {
    let mut found = Vec::new();
    for resource_type in RESOURCE_TYPES {
        for delivery_type in DELIVERY_TYPES {
            let mut list = cld.admin().resources().resource_type(resource_type).delivery_type(delivery_type);
            if !prefix.is_empty() {
                list = list.prefix(prefix);
            }
            found.extend(list.max_results(MOST_A_PAGE).stream().try_collect::<Vec<_>>().await?);
        }
    }
    // What only its backups remain of is gone.
    found.retain(|resource| !resource.placeholder);
    Ok(found)
}
