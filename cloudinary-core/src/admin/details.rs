//! Everything about one asset.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::resource::Resource;
use super::{Admin, get, named};
use crate::answer::{
    AccessibilityAnalysis, CinemagraphAnalysis, ColorShare, Coordinates, Predominant, QualityAnalysis, record,
};
use crate::asset::AssetRef;
use crate::client::request;

record! {
    /// Everything about one asset: what lists tell of it, to which this dereferences, and what was asked for beside.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_details_of_a_single_resource_by_public_id>.
    pub struct ResourceDetails of resource: Resource {
        /// Its derived assets, a page of them.
        derived: Vec<DerivedResource>,
        /// Where the next page of derived assets begins, for [`GetResource::derived_next_cursor`].
        next_cursor: Option<String>,
        /// Where the next page of derived assets begins, in newer answers.
        derived_next_cursor: Option<String>,
        /// Faces as `[x, y, width, height]` in pixels, if asked for.
        faces: Option<Vec<Vec<i64>>>,
        /// Faces, the interesting part, and named regions, if asked for.
        coordinates: Option<Coordinates>,
        /// The main colours, if asked for; the largest share first.
        colors: Vec<ColorShare>,
        /// The same by name.
        predominant: Option<Predominant>,
        /// The camera's data, if asked for.
        exif: BTreeMap<String, Json>,
        /// All metadata of an image, if asked for.
        image_metadata: BTreeMap<String, Json>,
        /// All metadata of the file, if asked for.
        media_metadata: BTreeMap<String, Json>,
        /// The quality, if asked for.
        quality_analysis: Option<QualityAnalysis>,
        /// The quality in one number, 0.0 to 1.0, if asked for and where the extended analysis is on.
        quality_score: Option<f64>,
        /// How well the colour-blind can see it, if asked for.
        accessibility_analysis: Option<AccessibilityAnalysis>,
        /// How much of it moves, if asked for.
        cinemagraph_analysis: Option<CinemagraphAnalysis>,
        /// Its versions that are backed up, if asked for.
        versions: Vec<AssetVersion>,
        /// Its related assets, a page of them, if asked for.
        related_assets: Vec<RelatedAsset>,
        /// Where the next page of related assets begins.
        related_next_cursor: Option<String>,
        /// What add-ons found, by kind.
        info: BTreeMap<String, Json>,
        /// Whether it is without colours.
        grayscale: Option<bool>,
        /// Whether it has transparent parts.
        semi_transparent: Option<bool>,
        /// How likely it is drawn and no photo, 0.0 to 1.0.
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
    /// println!("{} bytes, mostly {:?}", details.bytes, details.colors.first());
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
        assert_eq!(details.colors, [ColorShare { color: "#AABBCC".to_owned(), percent: 52.9 }]);
        assert_eq!(details.derived[0].bytes, 7);
        assert_eq!(details.more.keys().collect::<Vec<_>>(), ["new"]);
        assert!(details.resource.more.is_empty());
        assert_eq!(details.coordinates.as_ref().unwrap().faces, [[1, 2, 3, 4]]);
        assert_eq!(details.predominant.as_ref().unwrap().google[0].color, "yellow");
        let again: ResourceDetails = serde_json::from_value(serde_json::to_value(&details).unwrap()).unwrap();
        assert_eq!(again, details);
    }
}
