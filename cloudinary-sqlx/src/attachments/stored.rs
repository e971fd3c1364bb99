//! What the service has stored.

use cloudinary_core::admin::Resource;
use cloudinary_core::{Cloudinary, DeliveryType, ResourceType};
use futures_util::TryStreamExt as _;

use crate::error::Error;

/// The most that a page of the list can have.
const MOST_A_PAGE: u32 = 500;

/// Every resource type that something can be stored as.
const RESOURCE_TYPES: [ResourceType; 3] = [ResourceType::Image, ResourceType::Video, ResourceType::Raw];

/// Every delivery type of what apps upload.
pub(super) const DELIVERY_TYPES: [DeliveryType; 3] =
    [DeliveryType::Upload, DeliveryType::Private, DeliveryType::Authenticated];

/// The resource types to look for: all, unless an app has some only.
#[derive(Debug, Clone)]
pub(super) struct Kinds(Vec<ResourceType>);

impl Default for Kinds {
    fn default() -> Self {
        Self(RESOURCE_TYPES.to_vec())
    }
}

impl Kinds {
    /// `auto` stands for all.
    pub(super) fn only(kinds: impl IntoIterator<Item = ResourceType>) -> Self {
        let wanted: Vec<ResourceType> = kinds.into_iter().collect();
        let all = wanted.contains(&ResourceType::Auto);
        Self(RESOURCE_TYPES.into_iter().filter(|kind| all || wanted.contains(kind)).collect())
    }

    pub(super) fn contains(&self, kind: ResourceType) -> bool {
        self.0.contains(&kind)
    }
}

/// Everything with a tag, whatever its delivery type.
pub(super) async fn with_tag(cld: &Cloudinary, tag: &str, kinds: &Kinds) -> Result<Vec<Resource>, Error> {
    let mut found = Vec::new();
    for resource_type in kinds.0.iter().copied() {
        let list = cld.admin().resources_by_tag(tag).resource_type(resource_type);
        found.extend(list.tags(true).max_results(MOST_A_PAGE).stream().try_collect::<Vec<_>>().await?);
    }
    Ok(found)
}

/// Everything that was uploaded and whose public id begins so.
pub(super) async fn with_prefix(cld: &Cloudinary, prefix: &str, kinds: &Kinds) -> Result<Vec<Resource>, Error> {
    let mut found = Vec::new();
    for resource_type in kinds.0.iter().copied() {
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

/// When an asset was stored, in Unix milliseconds: when it came, or when it was last overwritten, which the version tells
/// unless it lies in the future: a server that gives every upload another version may be ahead of the time.
pub(super) fn stored_at(resource: &Resource, now: i64) -> Option<i64> {
    let created = resource.created_at.as_deref().and_then(millis_of);
    let version = i64::try_from(resource.version).ok()?.checked_mul(1000)?;
    match created {
        Some(created) if version > now => Some(created),
        Some(created) => Some(created.max(version)),
        None if version > 0 => Some(version),
        None => None,
    }
}

/// A time in UTC as the service writes it, `2013-06-25T17:20:30Z`, in Unix milliseconds.
fn millis_of(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let plain = text.ends_with('Z') && text.get(10..11) == Some("T");
    if !plain || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2013-06-25T17:20:30Z", Some(1_372_180_830)),
            ("2024-02-29T23:59:59Z", Some(1_709_251_199)),
            ("2000-03-01T00:00:00Z", Some(951_868_800)),
            ("2013-06-25T17:20:30+02:00", None),
            ("2013-06-25 17:20:30Z", None),
            ("2013-13-25T17:20:30Z", None),
            ("ünïcödé", None),
            ("", None),
        ] {
            assert_eq!(millis_of(text), seconds.map(|seconds: i64| seconds * 1000), "{text}");
        }
    }

    #[test]
    fn when_it_was_stored() {
        let created = 1_372_180_830_000;
        let (before, after) = (1_372_180_000, 1_372_190_000);
        for (created_at, version, now, expected) in [
            (Some("2013-06-25T17:20:30Z"), before, i64::MAX, Some(created)),
            (Some("2013-06-25T17:20:30Z"), after, i64::MAX, Some(i64::from(after) * 1000)),
            (Some("2013-06-25T17:20:30Z"), after, created + 1, Some(created)),
            (None, after, i64::MAX, Some(i64::from(after) * 1000)),
            (None, 0, i64::MAX, None),
        ] {
            let json = serde_json::json!({"public_id": "a", "version": version, "created_at": created_at});
            let resource: Resource = serde_json::from_value(json).unwrap();
            assert_eq!(stored_at(&resource, now), expected, "{created_at:?} {version}");
        }
    }

    #[test]
    fn resource_types() {
        use ResourceType::{Auto, Image, Raw};
        for (wanted, expected) in
            [(vec![Raw, Image, Raw], vec![Image, Raw]), (vec![Auto], RESOURCE_TYPES.to_vec()), (vec![], vec![])]
        {
            assert_eq!(Kinds::only(wanted).0, expected);
        }
    }
}
