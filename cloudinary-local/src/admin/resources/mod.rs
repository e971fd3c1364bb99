//! Assets, as an administrator lists, reads, changes and removes them.

pub(super) mod delete;
pub(super) mod details;
pub(super) mod list;
pub(super) mod publish;
pub(super) mod related;
pub(super) mod restore;
pub(crate) mod told;
pub(super) mod update;

use crate::{
    http::ApiError,
    store::{Asset, AssetKey, DeliveryType, ResourceType},
};

/// The most ids one request may name.
const MOST_IDS: usize = 100;

pub(crate) fn resource_type(name: &str) -> Result<ResourceType, ApiError> {
    ResourceType::parse(name).ok_or_else(|| match name {
        "video" => ApiError::bad_request("Resource type video is not carried out by cloudinary-local"),
        other => ApiError::bad_request(format!("Invalid resource type {other}")),
    })
}

/// As [`resource_type`], for a list: `None` stands for the type of which there never are any assets.
pub(crate) fn listed_type(name: &str) -> Result<Option<ResourceType>, ApiError> {
    if name == "video" { Ok(None) } else { resource_type(name).map(Some) }
}

pub(crate) fn delivery_type(name: &str) -> Result<DeliveryType, ApiError> {
    DeliveryType::parse(name).ok_or_else(|| ApiError::bad_request(format!("Invalid type {name}")))
}

fn key(kind: &str, delivery: &str, public_id: &str) -> Result<AssetKey, ApiError> {
    Ok(AssetKey {
        resource_type: resource_type(kind)?,
        delivery_type: delivery_type(delivery)?,
        public_id: public_id.to_owned(),
    })
}

fn not_found(name: &str) -> ApiError {
    ApiError::not_found(format!("Resource not found - {name}"))
}

/// `image/upload/sample`
fn full_id(asset: &Asset) -> String {
    let key = &asset.key;
    format!("{}/{}/{}", key.resource_type.as_str(), key.delivery_type.as_str(), key.public_id)
}

fn check_count(name: &str, ids: &[String]) -> Result<(), ApiError> {
    if ids.len() > MOST_IDS {
        return Err(ApiError::invalid(name, format_args!("at most {MOST_IDS} at a time")));
    }
    Ok(())
}
