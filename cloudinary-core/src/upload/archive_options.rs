//! What goes into an archive, and how.

use serde_json::Value as Json;

use super::Eager;
use super::UploadOptions;
use super::action::in_order;
use crate::asset::{DeliveryType, ResourceType, ToAsset};
use crate::client::{Call, Params, Repeat, setter};
use crate::clock::now;
use crate::error::{Error, Result};

/// The order other clients write the parameters of a URL in.
const ORDER: [&str; 23] = [
    "allow_missing",
    "async",
    "batch_id",
    "expires_at",
    "flatten_folders",
    "flatten_transformations",
    "keep_derived",
    "mode",
    "notification_url",
    "phash",
    "prefixes",
    "public_ids",
    "fully_qualified_public_ids",
    "skip_transformation_name",
    "tags",
    "target_format",
    "target_asset_folder",
    "target_public_id",
    "target_tags",
    "timestamp",
    "transformations",
    "type",
    "use_original_filename",
];

/// The parameters of which at least one says what goes in.
const SELECTORS: [&str; 4] = ["prefixes", "public_ids", "fully_qualified_public_ids", "tags"];

/// What goes into an archive, and how: for [`create_archive`](crate::Cloudinary::create_archive) and
/// [`download_archive_url`](crate::Cloudinary::download_archive_url).
///
/// At least one of [`tags`](Self::tags), [`public_ids`](Self::public_ids), [`prefixes`](Self::prefixes) and
/// [`assets`](Self::assets) says what; an archive holds at most 1000 assets and 100 MB unless the account allows more.
///
/// ```
/// use cloudinary_core::{Transformation, upload::ArchiveOptions};
/// let small = Transformation::new().width(1000).crop("limit");
/// let options = ArchiveOptions::new().tags(["album"]).transformations([&small]).flatten_folders(true);
/// ```
///
/// Follows <https://cloudinary.com/documentation/image_upload_api_reference#generate_archive>.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ArchiveOptions(Parts);

#[derive(Debug, Clone, Default, PartialEq)]
struct Parts {
    /// The part of the path: a resource type, or `all`; `None` if none was said.
    kind: Option<&'static str>,
    params: Params,
    transformations: Vec<Eager>,
}

impl Parts {
    fn set(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

macro_rules! rows {
    ($($(#[$doc:meta])* $setter:ident: $kind:ident => $param:literal,)*) => {
        $(setter! { $(#[$doc])* $setter: $kind => $param })*
    };
}

impl ArchiveOptions {
    /// Nothing in it yet.
    pub fn new() -> Self {
        Self::default()
    }

    rows! {
        /// All assets with any of these tags.
        tags: texts => "tags",
        /// The assets with these public ids, of one [`resource_type`](Self::resource_type).
        public_ids: texts => "public_ids",
        /// All assets whose public ids start with any of these; `""` for all.
        prefixes: texts => "prefixes",
        /// Whether ids that name no asset are passed over, where they would be an error. Default: false.
        allow_missing: switch => "allow_missing",
        /// Whether to answer before it is made: the service's `async`. Default: false.
        in_background: switch => "async",
        /// The id that the notification will have. Default: one made by the service.
        batch_id: text => "batch_id",
        /// When a URL that downloads it stops working, in Unix seconds. Default: one hour from its timestamp.
        expires_at: number => "expires_at",
        /// Whether all files lie in one folder. Default: false.
        flatten_folders: switch => "flatten_folders",
        /// Whether derived files have names of their own in the folder of the original, where each would have a folder.
        /// Default: false.
        flatten_transformations: switch => "flatten_transformations",
        /// Whether the derived files that were made for it are kept. Default: false.
        keep_derived: switch => "keep_derived",
        /// A URL to notify when it is made. Default: the account's.
        notification_url: text => "notification_url",
        /// Whether the answer has a perceptual hash.
        phash: switch => "phash",
        /// Whether the names of derived files leave out the transformation. Default: false.
        skip_transformation_name: switch => "skip_transformation_name",
        /// `zip` or `tgz`. Default: zip.
        target_format: text => "target_format",
        /// The folder in the media library to store it in.
        target_asset_folder: text => "target_asset_folder",
        /// The id to store it under, as a raw file. Default: random.
        target_public_id: text => "target_public_id",
        /// The tags of the archive itself.
        target_tags: texts => "target_tags",
        /// Whether files have the names they were uploaded with, where they would have their public ids. Default: false.
        use_original_filename: switch => "use_original_filename",
        /// When it is signed, in Unix seconds. Default: now. A URL is good for one hour from then.
        timestamp: number => "timestamp",
    }

    /// The assets, of any resource and delivery types.
    pub fn assets<T: ToAsset>(mut self, assets: impl IntoIterator<Item = T>) -> Self {
        let names = assets.into_iter().map(|asset| {
            let asset = asset.to_asset();
            format!("{}/{}/{}", asset.resource_type, asset.delivery_type, asset.public_id)
        });
        let names: Vec<String> = names.collect();
        self.0.kind = Some(ResourceType::Auto.as_str());
        Self(self.0.set("fully_qualified_public_ids", names))
    }

    /// Adds derived files, in place of the originals; an empty transformation stands for the original.
    pub fn transformations<T: Into<Eager>>(mut self, transformations: impl IntoIterator<Item = T>) -> Self {
        self.0.transformations = transformations.into_iter().map(Into::into).collect();
        self
    }

    /// What sort of files goes in. Part of the path. Default: image.
    pub fn resource_type(mut self, resource_type: ResourceType) -> Self {
        self.0.kind = Some(resource_type.as_str());
        self
    }

    /// Files of every sort go in, chosen by tags or prefixes.
    pub fn all_resource_types(mut self) -> Self {
        self.0.kind = Some("all");
        self
    }

    /// How the assets are reached. Default: upload.
    pub fn delivery_type(self, delivery_type: DeliveryType) -> Self {
        Self(self.0.set("type", delivery_type.as_str()))
    }

    /// Any other parameter, by the service's name.
    pub fn param(self, name: &str, value: impl Into<Json>) -> Self {
        Self(self.0.set(name, value))
    }

    /// The same for all files of a folder, of every sort unless one was said.
    pub(super) fn of_folder(&self, folder: String) -> Self {
        let mut options = self.clone().prefixes([folder]);
        options.0.kind.get_or_insert("all");
        options
    }

    /// The call that makes the archive.
    pub(super) fn call(&self) -> Result<Call> {
        let Parts { kind, params, transformations } = &self.0;
        let kind = kind.unwrap_or(ResourceType::default().as_str());
        let mut params = params.clone();
        let is_list = |name: &&str| params.get(*name).and_then(Json::as_array).is_some_and(|list| !list.is_empty());
        if !SELECTORS.iter().any(is_list) {
            let remedy = "say what goes in: tags, public_ids, prefixes or assets";
            return Err(Error::invalid("tags", "", remedy));
        }
        let is_auto = kind == ResourceType::Auto.as_str();
        if is_auto != params.contains_key("fully_qualified_public_ids") {
            let remedy =
                "auto goes with whole assets, and whole assets with auto; leave resource_type out with `assets`";
            return Err(Error::invalid("resource_type", kind, remedy));
        }
        let eager = UploadOptions::new().eager(transformations.iter().cloned());
        eager.check()?;
        if let Some(text) = eager.get("eager") {
            params.insert("transformations".to_owned(), text.into());
        }
        let repeat = if params.contains_key("target_public_id") { Repeat::Safe } else { Repeat::IfRefused };
        Ok(Call::upload_api(kind, "generate_archive", params).repeat(repeat))
    }

    /// The same as a call to be followed by a browser.
    pub(super) fn download(&self) -> Result<Call> {
        let mut call = self.call()?;
        call.params.entry("timestamp").or_insert_with(|| now().into());
        call.set("mode", "download");
        call.params = in_order(call.params, &ORDER);
        Ok(call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::AssetRef;
    use crate::transformation::Transformation;

    #[test]
    fn what_goes_in() {
        let options = ArchiveOptions::new;
        let video: AssetRef = "video/private/dog.mp4".parse().unwrap();
        let broken = Transformation::new().width(f64::NAN);
        for (options, expected) in [
            (options().tags(["a"]), Ok(("image/generate_archive", r#"{"tags":["a"]}"#))),
            (options().prefixes([""]).all_resource_types(), Ok(("all/generate_archive", r#"{"prefixes":[""]}"#))),
            (
                options().assets([&video]),
                Ok(("auto/generate_archive", r#"{"fully_qualified_public_ids":["video/private/dog"]}"#)),
            ),
            (
                options().tags(["a"]).transformations([Transformation::new(), Transformation::new().width(5)]),
                Ok(("image/generate_archive", r#"{"tags":["a"],"transformations":"|w_5"}"#)),
            ),
            (options(), Err("tags: \"\" cannot be used; say what goes in")),
            (options().tags([""; 0]), Err("tags: \"\" cannot be used; say what goes in")),
            (options().assets([&video]).resource_type(ResourceType::Video), Err("resource_type: \"video\"")),
            (options().tags(["a"]).resource_type(ResourceType::Auto), Err("resource_type: \"auto\"")),
            (options().tags(["a"]).transformations([&broken]), Err("w: \"NaN\"")),
        ] {
            match (options.call(), expected) {
                (Ok(call), Ok((action, params))) => {
                    assert_eq!(
                        (call.action.as_str(), serde_json::to_string(&call.params).unwrap().as_str()),
                        (action, params)
                    );
                }
                (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
                (found, expected) => panic!("{expected:?}: {:?}", found.map(|call| call.params)),
            }
        }
    }
}
