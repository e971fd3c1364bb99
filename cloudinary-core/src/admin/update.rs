//! Changing what is known of an asset.

use serde_json::{Map, Value as Json};

use super::details::ResourceDetails;
use super::{Admin, named, post};
use crate::answer::AccessRule;
use crate::asset::AssetRef;
use crate::client::{Repeat, request};
use crate::error::Result;
use crate::upload::UploadOptions;

request! {
    /// A call that changes what is known of an asset; `.await` it. What is not given stays; an empty list of tags, or an
    /// empty text, takes away.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#update_details_of_an_existing_resource>.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// cld.admin().update("albums/beach").tags(["sea"]).context([("alt", "The beach")]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct UpdateResource -> ResourceDetails;

    /// `approved` or `rejected`, for assets marked for moderation.
    moderation_status: text => "moderation_status",
    /// A conversion add-on for raw files, as `aspose`.
    raw_convert: text => "raw_convert",
    /// A quality in place of automatic quality, as `auto:best` or `80`.
    quality_override: text => "quality_override",
    /// A text recognition add-on, as `adv_ocr`.
    ocr: text => "ocr",
    /// A categorisation add-on, as `google_tagging`.
    categorization: text => "categorization",
    /// A detection add-on, as `adv_face`.
    detection: text => "detection",
    /// A similarity add-on.
    similarity_search: text => "similarity_search",
    /// A background removal add-on, as `cloudinary_ai`.
    background_removal: text => "background_removal",
    /// A URL to notify when the change is made.
    notification_url: text => "notification_url",
    /// The folder in the media library, where folders are not part of the public id.
    asset_folder: text => "asset_folder",
    /// The name in the media library.
    display_name: text => "display_name",
    /// Whether the name must differ from all others in its folder. Default: false.
    unique_display_name: switch => "unique_display_name",
    /// Whether metadata that is no longer valid is taken away. Default: false, which refuses the change.
    clear_invalid: switch => "clear_invalid",
}

impl UpdateResource {
    /// Its tags, in place of those it has.
    pub fn tags<T: AsRef<str>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        self.encoded("tags", Ok(UploadOptions::new().tags(tags)))
    }

    /// Its contextual texts, in place of those it has.
    pub fn context<K: AsRef<str>, V: AsRef<str>>(self, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        self.encoded("context", Ok(UploadOptions::new().context(pairs)))
    }

    /// Values of structured metadata fields by their external ids: texts, numbers, and lists of entries' ids.
    pub fn metadata<K: Into<String>, V: Into<Json>>(self, values: impl IntoIterator<Item = (K, V)>) -> Self {
        let values: Map<String, Json> = values.into_iter().map(|(id, value)| (id.into(), value.into())).collect();
        self.option("metadata", values.into())
    }

    /// Faces as `[x, y, width, height]` in pixels.
    pub fn face_coordinates(self, faces: impl IntoIterator<Item = [u32; 4]>) -> Self {
        self.encoded("face_coordinates", Ok(UploadOptions::new().face_coordinates(faces)))
    }

    /// The interesting part as `[x, y, width, height]` in pixels, for gravity `custom`.
    pub fn custom_coordinates(self, region: [u32; 4]) -> Self {
        self.encoded("custom_coordinates", Ok(UploadOptions::new().custom_coordinates(region)))
    }

    /// Named regions, each by its corners as `[x, y]` in pixels: two for a rectangle, more for a polygon.
    pub fn regions<K: Into<String>>(self, regions: impl IntoIterator<Item = (K, Vec<[u32; 2]>)>) -> Self {
        let regions: Map<String, Json> = regions
            .into_iter()
            .map(|(name, corners)| (name.into(), corners.into_iter().map(|corner| corner.to_vec()).collect()))
            .collect();
        self.option("regions", regions.into())
    }

    /// Tags found with at least this confidence, 0.0 to 1.0, are added; needs `categorization` or `detection`.
    pub fn auto_tagging(self, confidence: f64) -> Self {
        self.encoded("auto_tagging", Ok(UploadOptions::new().auto_tagging(confidence)))
    }

    /// By which rules it may be reached, in place of those it has: it is delivered if one of them allows it. With none,
    /// by everybody.
    pub fn access_control(self, rules: impl IntoIterator<Item = AccessRule>) -> Self {
        self.encoded("access_control", Ok(UploadOptions::new().access_control(rules)))
    }

    fn option(self, name: &'static str, value: Json) -> Self {
        let map = Map::from_iter([(name.to_owned(), value)]);
        self.encoded(name, UploadOptions::from_options(&map))
    }

    /// In the form that an upload sends it.
    fn encoded(self, name: &'static str, options: Result<UploadOptions>) -> Self {
        let value = options.and_then(|options| {
            options.check()?;
            Ok(options.get(name).unwrap_or_default().into())
        });
        Self(self.0.try_set(name, value))
    }
}

impl Admin {
    /// Changes what is known of an asset; its file and its public id stay.
    pub fn update(&self, asset: impl Into<AssetRef>) -> UpdateResource {
        let asset = asset.into();
        let call = named("public_id", &asset.public_id).map(|id| {
            let path = ["resources", asset.resource_type.as_str(), asset.delivery_type.as_str(), id];
            post(&path).repeat(Repeat::Safe)
        });
        UpdateResource(self.checked(call))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Cloudinary;
    use crate::config::Config;

    #[test]
    fn access_rules() {
        let admin = Cloudinary::new(Config::new("demo").credentials("key", "secret")).unwrap().admin();
        for (rules, sent) in [
            (vec![AccessRule::token()], Some(r#"[{"access_type":"token"}]"#)),
            (vec![], Some("")),
            (vec![AccessRule::anonymous().ending("soon")], None),
        ] {
            let call = admin.update("a").access_control(rules).0.into_call().ok();
            let value = call.as_ref().and_then(|(_, call)| call.params["access_control"].as_str());
            assert_eq!(value, sent);
        }
    }
}
