//! Making derived images: once each, and kept.

use std::{collections::HashMap, io};

use bytes::Bytes;
use cloudinary_core::Transformation;
use cloudinary_pixels::{Format, Rect};

use crate::{
    app::App,
    http::ApiError,
    ids,
    pipeline::{self, LayerRef, PipelineError, Plan, Rendered, Source},
    slots::Slot,
    store::{Asset, AssetKey, Derived, Details, NewDerived, Spooled},
};

/// A checked transformation and the format it is to end in.
#[derive(Debug)]
pub(crate) struct Rendering {
    plan: Plan,
    format: Option<Format>,
}

impl Rendering {
    pub(crate) fn plan(app: &App, transformation: &Transformation, format: Option<Format>) -> Result<Self, ApiError> {
        let plan = Plan::parse(transformation, &|name| app.settings.named_transformation(name))?;
        Ok(Self { plan, format })
    }

    /// Whether the client's `Accept` header chooses the format: `f_auto`.
    pub(crate) fn wants_auto_format(&self) -> bool {
        self.plan.wants_auto_format()
    }

    /// The assets that are laid over or under the image.
    pub(crate) fn layers(&self) -> Vec<LayerRef> {
        self.plan.layers()
    }

    pub(crate) async fn render(self, app: &App, slot: &Slot, image: Source) -> Result<Rendered, ApiError> {
        let mut layers = HashMap::new();
        for layer in self.plan.layers() {
            let source = load(app, &layer).await?;
            layers.insert(layer, source);
        }
        let rendered =
            slot.run(move |engine| pipeline::render(image, &self.plan, &layers, self.format, engine)).await??;
        Ok(rendered)
    }
}

async fn load(app: &App, key: &AssetKey) -> Result<Source, ApiError> {
    let missing = || ApiError::not_found(format!("Resource not found - {}", key.public_id));
    let asset = app.store.asset(key).await?.ok_or_else(missing)?;
    Ok(source(&asset.details, app.store.blobs().read(&asset.file.blob).await.map_err(unreadable)?))
}

/// Why a content that a record speaks of cannot be read: most likely an overwrite or a destroy came in between.
pub(super) fn unreadable(error: io::Error) -> ApiError {
    if error.kind() == io::ErrorKind::NotFound {
        return ApiError::not_found("Resource not found - it was removed or replaced just now");
    }
    error.into()
}

/// An image with what its uploader told of it.
pub(crate) fn source(details: &Details, bytes: Bytes) -> Source {
    let rectangle = |[x, y, width, height]: [u32; 4]| {
        let side = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
        Rect::new(side(x), side(y), width, height)
    };
    Source {
        bytes,
        faces: details.face_coordinates.iter().copied().map(rectangle).collect(),
        custom: details.custom_coordinates.first().copied().map(rectangle),
    }
}

/// The derived image: from the store, or else made and kept.
pub(crate) async fn derive(
    app: &App,
    asset: &Asset,
    transformation: &Transformation,
    format: Option<Format>,
) -> Result<Derived, ApiError> {
    let (text, extension) = (transformation.as_str(), extension(format));
    if let Some(derived) = app.store.derived(asset.row, text, extension).await? {
        return Ok(derived);
    }
    let _alone = app.flights.alone(&format!("derive {} {} {text}/{extension}", asset.row, asset.file.blob)).await;
    if let Some(derived) = app.store.derived(asset.row, text, extension).await? {
        return Ok(derived);
    }
    let rendering = Rendering::plan(app, transformation, format)?;
    let slot = app.slots.take().await?;
    let bytes = app.store.blobs().read(&asset.file.blob).await.map_err(unreadable)?;
    let rendered = rendering.render(app, &slot, source(&asset.details, bytes)).await?;
    drop(slot);
    let (derived, content) = keep(app, asset.row, &asset.file.blob, transformation, format, rendered).await?;
    app.store.record_derived(&derived, content, app.settings.limits.derived_max).await?;
    Ok(derived.result)
}

/// A rendered image on its way into the store.
pub(crate) async fn keep(
    app: &App,
    asset: i64,
    source: &str,
    transformation: &Transformation,
    format: Option<Format>,
    rendered: Rendered,
) -> Result<(NewDerived, Spooled), ApiError> {
    let content = app.store.blobs().receive_bytes(&rendered.bytes).await?;
    let derived = NewDerived {
        asset,
        source: source.to_owned(),
        transformation: transformation.as_str().to_owned(),
        extension: extension(format).to_owned(),
        result: Derived {
            format: rendered.format.extension().to_owned(),
            width: rendered.width,
            height: rendered.height,
            bytes: content.length,
            blob: content.sha256.clone(),
            created_at: ids::now(),
        },
    };
    Ok((derived, content))
}

fn extension(format: Option<Format>) -> &'static str {
    format.map_or("", Format::extension)
}

impl From<PipelineError> for ApiError {
    fn from(error: PipelineError) -> Self {
        let status = http::StatusCode::from_u16(error.status()).unwrap_or(http::StatusCode::BAD_REQUEST);
        Self::new(status, error.to_string())
    }
}
