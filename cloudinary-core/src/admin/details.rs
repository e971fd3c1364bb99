//! Everything about one asset.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};

use super::resource::Resource;
use super::{Admin, get, named};
use crate::answer::{record, tolerant};
use crate::asset::AssetRef;
use crate::client::request;

/// Everything about one asset: what lists tell of it, to which this dereferences, and the extras.
///
/// Follows <https://cloudinary.com/documentation/admin_api#get_details_of_a_single_resource_by_public_id>.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ResourceDetails {
    /// What lists tell of it.
    #[serde(flatten)]
    pub resource: Resource,
    /// What was asked for beside it. What the service adds is kept in its `more`.
    #[serde(flatten)]
    pub extras: ResourceExtras,
}

impl<'de> Deserialize<'de> for ResourceDetails {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut resource = Resource::deserialize(deserializer)?;
        let rest = Json::Object(std::mem::take(&mut resource.more));
        let extras = serde_json::from_value(rest).map_err(D::Error::custom)?;
        Ok(Self { resource, extras })
    }
}

impl Deref for ResourceDetails {
    type Target = Resource;

    fn deref(&self) -> &Resource {
        &self.resource
    }
}

tolerant!((String, f64));

record! {
    /// What can be asked for beside an asset.
    pub struct ResourceExtras {
        /// Its derived assets, a page of them.
        derived: Vec<DerivedResource>,
        /// Where the next page of derived assets begins, for [`GetResource::derived_next_cursor`].
        next_cursor: Option<String>,
        /// Where the next page of derived assets begins, in newer answers.
        derived_next_cursor: Option<String>,
        /// Faces as `[x, y, width, height]` in pixels.
        faces: Option<Vec<Vec<f64>>>,
        /// Faces and custom regions.
        coordinates: Option<Coordinates>,
        /// The main colours as `#RRGGBB`, and how many percent of the picture they are.
        colors: Vec<(String, f64)>,
        /// The main colours by their names, by the service that named them.
        predominant: BTreeMap<String, Vec<(String, f64)>>,
        /// The camera's data, by its names.
        exif: Option<Map<String, Json>>,
        /// All metadata of an image.
        image_metadata: Option<Map<String, Json>>,
        /// All metadata of the file.
        media_metadata: Option<Map<String, Json>>,
        /// The quality, each aspect from 0 to 1.
        quality_analysis: Option<Json>,
        /// The quality in all, from 0 to 1.
        quality_score: Option<f64>,
        /// How well people with colour blindness can tell its parts.
        accessibility_analysis: Option<Json>,
        /// How much it is a still with one moving part, from 0 to 1.
        cinemagraph_analysis: Option<Json>,
        /// Its versions that are backed up.
        versions: Vec<AssetVersion>,
        /// Its related assets, a page of them.
        related_assets: Vec<RelatedAsset>,
        /// Where the next page of related assets begins.
        related_next_cursor: Option<String>,
        /// What add-ons found.
        info: Option<Json>,
        /// Whether it has no colours.
        grayscale: Option<bool>,
        /// Whether parts of it let what is behind shine through.
        semi_transparent: Option<bool>,
        /// How likely it is a drawing, from 0 to 1.
        illustration_score: Option<f64>,
    }
}

record! {
    /// An asset derived from another.
    pub struct DerivedResource {
        /// Its id, to delete it by.
        id: Option<String>,
        /// The transformation that it was made by.
        transformation: String = String::new(),
        /// Its format, as `jpg`.
        format: Option<String>,
        /// Its size in bytes.
        bytes: u64,
        /// Its `http` address.
        url: Option<String>,
        /// Its `https` address.
        secure_url: Option<String>,
    }
}

record! {
    /// Regions of an image as `[x, y, width, height]` in pixels.
    pub struct Coordinates {
        /// Faces.
        faces: Vec<Vec<f64>>,
        /// The regions that gravity `custom` keeps.
        custom: Vec<Vec<f64>>,
    }
}

record! {
    /// A version of an asset that is backed up.
    pub struct AssetVersion {
        /// Its id, to restore or delete it by.
        version_id: String,
        /// When it was stored, in Unix seconds.
        version: u64,
        /// Its size in bytes.
        size: u64,
        /// When it was stored, as `2013-06-25T17:20:30Z`.
        time: Option<String>,
        /// Whether it can be restored.
        restorable: bool,
    }
}

record! {
    /// An asset that another is related to.
    pub struct RelatedAsset {
        /// The id that never changes.
        asset_id: Option<String>,
        /// The id to deliver it by.
        public_id: Option<String>,
        /// `image`, `video` or `raw`.
        resource_type: Option<String>,
        /// The delivery type, as `upload`.
        delivery_type: Option<String> as "type",
    }
}

request! {
    /// A call that tells everything about one asset; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_details_of_a_single_resource_by_public_id>.
    pub struct GetResource -> ResourceDetails;

    /// Whether to tell the camera's data. Default: false.
    exif: switch => "exif",
    /// Whether to tell the faces found. Default: false.
    faces: switch => "faces",
    /// Whether to tell the main colours. Default: false.
    colors: switch => "colors",
    /// Whether to tell all metadata of an image. Default: false.
    image_metadata: switch => "image_metadata",
    /// Whether to tell all metadata of the file. Default: false.
    media_metadata: switch => "media_metadata",
    /// Whether to tell how much it is a still with one moving part. Default: false.
    cinemagraph_analysis: switch => "cinemagraph_analysis",
    /// Whether to tell how many pages it has. Default: false.
    pages: switch => "pages",
    /// Whether to tell the perceptual hash. Default: false.
    phash: switch => "phash",
    /// Whether to tell faces and custom regions. Default: false.
    coordinates: switch => "coordinates",
    /// Whether to tell the quality. Default: false.
    quality_analysis: switch => "quality_analysis",
    /// Whether to tell how accessible its colours are. Default: false.
    accessibility_analysis: switch => "accessibility_analysis",
    /// Whether to tell the versions that are backed up. Default: false.
    versions: switch => "versions",
    /// Whether to tell the related assets. Default: false.
    related: switch => "related",
    /// How many derived assets to tell: 1 to 500. Default: 10.
    max_results: number => "max_results",
    /// Where to begin with the derived assets: the cursor of the answer before.
    derived_next_cursor: text => "derived_next_cursor",
    /// Where to begin with the related assets: the cursor of the answer before.
    related_next_cursor: text => "related_next_cursor",
}

impl Admin {
    /// Everything about one asset.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// let details = cld.admin().resource("albums/beach").colors(true).versions(true).await?;
    /// println!("{} bytes, mostly {:?}", details.bytes, details.extras.colors.first());
    /// # Ok(())
    /// # }
    /// ```
    pub fn resource(&self, asset: impl Into<AssetRef>) -> GetResource {
        let asset = asset.into();
        let call = named("public_id", &asset.public_id)
            .map(|id| get(&["resources", asset.resource_type.as_str(), asset.delivery_type.as_str(), id]));
        GetResource(self.checked(call))
    }

    /// Everything about the asset with this asset id, whatever its types.
    pub fn resource_by_asset_id(&self, asset_id: &str) -> GetResource {
        GetResource(self.checked(named("asset_id", asset_id).map(|id| get(&["resources", id]))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details() {
        let json = r##"{"public_id":"a","version":1,"resource_type":"image","type":"upload","colors":[["#AABBCC",52.9]],
            "predominant":{"google":[["yellow",52.9]]},"derived":[{"transformation":"c_fill","bytes":"7"}],
            "versions":[{"version_id":"v","size":3,"time":"t","restorable":true}],"new":1,
            "coordinates":{"faces":[[1,2,3,4]]},"exif":{"Make":"x"}}"##;
        let details: ResourceDetails = serde_json::from_str(json).unwrap();
        assert_eq!(details.public_id, "a");
        assert_eq!(details.extras.colors, [("#AABBCC".to_owned(), 52.9)]);
        assert_eq!(details.extras.derived[0].bytes, 7);
        assert_eq!(details.extras.more.keys().collect::<Vec<_>>(), ["new"]);
        assert!(details.resource.more.is_empty());
        let again: ResourceDetails = serde_json::from_value(serde_json::to_value(&details).unwrap()).unwrap();
        assert_eq!(again, details);
    }
}
