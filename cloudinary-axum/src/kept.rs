//! Files that a rendered field has already: stored with the form before, or held by the row it edits.

use cloudinary_core::{AssetRef, Cloudinary, Crop, DeliveryType, ResourceType, Result, Transformation};

use crate::form::Rendering;

/// A file that is stored and no row holds yet.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) value: String,
    pub(crate) thumbnail: String,
    /// The end of its path.
    pub(crate) name: String,
}

impl Kept {
    /// Each with a signature of its own.
    pub(crate) fn all(rendering: &Rendering<'_>) -> Result<Vec<Self>> {
        let config = rendering.uploads.client().config();
        let kept = |asset: &AssetRef| {
            let value = asset.presigned(config)?.to_string();
            Ok(Self { value, thumbnail: thumbnail(rendering.uploads.client(), asset)?, name: file_name(asset) })
        };
        rendering.kept.iter().map(kept).collect()
    }
}

/// The file that the row holds.
#[derive(Debug, Clone)]
pub(crate) struct Current {
    pub(crate) thumbnail: String,
    /// Whether the box that removes it is there, and ticked.
    pub(crate) clear: Option<bool>,
}

impl Current {
    pub(crate) fn of(rendering: &Rendering<'_>) -> Result<Option<Self>> {
        let clear = rendering.field.editable.then_some(rendering.cleared);
        match rendering.current {
            Some(asset) => Ok(Some(Self { thumbnail: thumbnail(rendering.uploads.client(), asset)?, clear })),
            // The app did not say again what the row has; a box that was ticked must stay ticked all the same.
            None if rendering.cleared => Ok(Some(Self { thumbnail: String::new(), clear })),
            None => Ok(None),
        }
    }
}

fn file_name(asset: &AssetRef) -> String {
    let name = asset.public_id.rsplit('/').next().unwrap_or_default();
    match &asset.format {
        Some(format) => [name, ".", format].concat(),
        None => name.to_owned(),
    }
}

/// The formats that every browser shows; of another, the picture is a JPEG.
const SHOWN_BY_BROWSERS: [&str; 6] = ["jpg", "png", "gif", "webp", "avif", "svg"];

/// A small picture; nothing for what is no picture.
fn thumbnail(client: &Cloudinary, asset: &AssetRef) -> Result<String> {
    if asset.resource_type != ResourceType::Image {
        return Ok(String::new());
    }
    let mut small = client.image(asset).transform(Transformation::new().width(150).height(100).crop(Crop::Fill));
    if asset.format.as_deref().is_some_and(|format| !SHOWN_BY_BROWSERS.contains(&format)) {
        small = small.format("jpg");
    }
    // What is not public is delivered to whom it is signed for, as to this visitor.
    if asset.delivery_type == DeliveryType::Upload { small.url() } else { small.signed_url() }
}

#[cfg(test)]
mod tests {
    use cloudinary_core::Config;

    use super::*;

    #[test]
    fn pictures_that_a_browser_can_show() {
        let client = Cloudinary::new(Config::new("demo").credentials("key", "secret")).unwrap();
        for (asset, expected) in [
            ("image/upload/v1/a.jpg", "/image/upload/c_fill,h_100,w_150/v1/a.jpg"),
            ("image/upload/v1/a.heic", "/image/upload/c_fill,h_100,w_150/v1/a.jpg"),
            ("image/upload/v1/a.pdf", "/image/upload/c_fill,h_100,w_150/v1/a.jpg"),
            ("image/authenticated/v1/a.png", "--/c_fill,h_100,w_150/v1/a.png"),
            ("image/private/v1/a.tiff", "--/c_fill,h_100,w_150/v1/a.jpg"),
            ("raw/upload/v1/a.txt", ""),
            ("video/upload/v1/a.mp4", ""),
        ] {
            let found = thumbnail(&client, &asset.parse().unwrap()).unwrap();
            assert!(found.ends_with(expected) && found.is_empty() == expected.is_empty(), "{asset}: {found}");
        }
    }
}
