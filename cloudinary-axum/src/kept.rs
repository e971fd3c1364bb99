//! Files that a rendered field has already: stored with the form before, or held by the row it edits.

use cloudinary_core::{AssetRef, Crop, Result, Transformation};

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
            Ok(Self { value, thumbnail: thumbnail(rendering, asset)?, name: file_name(asset) })
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
            Some(asset) => Ok(Some(Self { thumbnail: thumbnail(rendering, asset)?, clear })),
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

/// A small picture; nothing for what is no picture.
fn thumbnail(rendering: &Rendering<'_>, asset: &AssetRef) -> Result<String> {
    if asset.resource_type != cloudinary_core::ResourceType::Image {
        return Ok(String::new());
    }
    let small = Transformation::new().width(150).height(100).crop(Crop::Fill);
    rendering.uploads.client().image(asset).transform(&small).url()
}
