//! Making derived images: once each, and kept.

use std::{collections::HashMap, io};

use bytes::Bytes;
use cloudinary_core::Transformation;
use cloudinary_pixels::{Format, Rect};

use crate::{
    app::App,
    http::ApiError,
    ids,
    pipeline::{self, PipelineError, Plan, Rendered, Source},
    slots::Slot,
    store::{Asset, Derived, Details, NewDerived, Spooled},
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

    /// The format that the transformation itself names.
    pub(crate) fn named_format(&self) -> Option<Format> {
        self.plan.named_format()
    }

    /// The same, but written as PNG whatever the transformation says: to be worked on further.
    pub(crate) fn into_png(mut self) -> Self {
        self.plan.write_as(Format::Png);
        self
    }

    /// The assets that are laid over or under the image, as they are now.
    pub(crate) async fn find_layers(&self, app: &App) -> Result<Vec<Asset>, ApiError> {
        let mut found = Vec::new();
        for key in self.plan.layers() {
            let missing = || ApiError::not_found(format!("Resource not found - {}", key.public_id));
            found.push(app.store.asset(&key).await?.ok_or_else(missing)?);
        }
        Ok(found)
    }

    /// What names the result beside its source: every step, those of named transformations spelled out, and the
    /// versions of the layers. What is defined or stored anew makes another name.
    pub(crate) fn key(&self, layers: &[Asset]) -> String {
        let mut key = self.plan.expanded.clone();
        for layer in layers {
            key.push_str(" + ");
            key.push_str(&layer.version_id);
        }
        key
    }

    pub(crate) async fn render(
        self,
        app: &App,
        slot: &Slot,
        image: Source,
        found: &[Asset],
    ) -> Result<Rendered, ApiError> {
        let mut layers = HashMap::new();
        for layer in found {
            let bytes = app.store.blobs().read(&layer.file.blob).await.map_err(unreadable)?;
            layers.insert(layer.key.clone(), source(&layer.details, bytes));
        }
        let most = app.settings.limits.derived_result_max_bytes;
        let rendered =
            slot.run(move |engine| pipeline::render(image, &self.plan, &layers, self.format, engine)).await??;
        if rendered.bytes.len() as u64 > most {
            return Err(ApiError::bad_request(format!(
                "The derived image is too large: it has {} bytes, at most {most} are delivered",
                rendered.bytes.len()
            )));
        }
        Ok(rendered)
    }
}

/// Why a content that a record speaks of cannot be read: most likely an overwrite or a destroy came in between.
pub(crate) fn unreadable(error: io::Error) -> ApiError {
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

/// A derived image, with its bytes when it was made just now: it may already be gone from the store again.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) derived: Derived,
    pub(crate) bytes: Option<Bytes>,
}

/// The derived image: from the store, or else made and kept. Of many who ask for the same one, one has it made; the
/// work goes on when they are gone.
pub(crate) async fn derive(
    app: &App,
    asset: &Asset,
    transformation: &Transformation,
    format: Option<Format>,
) -> Result<Made, ApiError> {
    let rendering = Rendering::plan(app, transformation, format)?;
    let layers = rendering.find_layers(app).await?;
    let key = rendering.key(&layers);
    let extension = extension(format);
    if let Some(derived) = app.store.derived(asset.row, &key, extension).await? {
        return Ok(Made { derived, bytes: None });
    }
    let name = format!("{} {} {key}/{extension}", asset.row, asset.version_id);
    let (task_app, asset) = (app.clone(), asset.clone());
    app.makings.join(name, async move { make(&task_app, &asset, rendering, layers, key).await }).await
}

async fn make(
    app: &App,
    asset: &Asset,
    rendering: Rendering,
    layers: Vec<Asset>,
    key: String,
) -> Result<Made, ApiError> {
    let format = rendering.format;
    // Somebody may have made it between the look into the store and here.
    if let Some(derived) = app.store.derived(asset.row, &key, extension(format)).await? {
        return Ok(Made { derived, bytes: None });
    }
    let slot = app.slots.take().await?;
    let bytes = app.store.blobs().read(&asset.file.blob).await.map_err(unreadable)?;
    let rendered = rendering.render(app, &slot, source(&asset.details, bytes), &layers).await?;
    drop(slot);
    let bytes = rendered.bytes.clone();
    let limits = &app.settings.limits;
    let (derived, content) = keep(app, asset.row, &asset.version_id, key, format, rendered).await?;
    if let Err(error) = app.store.record_derived(&derived, content, limits).await {
        // The disk may be full; the image is there all the same.
        tracing::error!(%error, "a derived image could not be kept");
    }
    Ok(Made { derived: derived.result, bytes: Some(bytes) })
}

/// A rendered image on its way into the store.
pub(crate) async fn keep(
    app: &App,
    asset: i64,
    version_id: &str,
    key: String,
    format: Option<Format>,
    rendered: Rendered,
) -> Result<(NewDerived, Spooled), ApiError> {
    let content = app.store.blobs().receive_bytes(&rendered.bytes).await?;
    let derived = NewDerived {
        asset,
        version_id: version_id.to_owned(),
        transformation: key,
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cloudinary_pixels::{Bitmap, Color, Encode, Picture, encode};

    use super::*;
    use crate::{
        LocalServer,
        store::{AssetKey, DeliveryType, FileFacts, NewAsset, Recorded, ResourceType},
    };

    async fn store(app: &App, bytes: &[u8]) -> Asset {
        let content = app.store.blobs().receive_bytes(bytes).await.unwrap();
        let file = FileFacts {
            format: Some("png".to_owned()),
            size: Some((40, 40)),
            pages: Some(1),
            bytes: content.length,
            etag: content.md5.clone(),
            blob: content.sha256.clone(),
        };
        let key = AssetKey {
            resource_type: ResourceType::Image,
            delivery_type: DeliveryType::Upload,
            public_id: "a".to_owned(),
        };
        let (asset_id, version_id) = (ids::hex_id(), ids::hex_id());
        let new = NewAsset { key, asset_id, version_id, file, now: 1, details: Details::default() };
        match app.store.record(new, content, true).await.unwrap() {
            Recorded::New(asset) | Recorded::Overwritten(asset) | Recorded::Existing(asset) => asset,
        }
    }

    #[tokio::test]
    async fn each_is_rendered_once() {
        let server = LocalServer::start().await.unwrap();
        let app = server.app();
        let picture = Picture::still(Bitmap::filled(40, 40, Color::WHITE));
        let bytes = encode(&picture, Format::Png, &Encode::default()).unwrap();
        let asset = store(app, &bytes).await;
        let (small, broken): (Transformation, Transformation) = ("w_5".parse().unwrap(), "w_99999".parse().unwrap());
        let together = (0..8).map(|_| derive(app, &asset, &small, None));
        assert!(futures_util::future::join_all(together).await.iter().all(Result::is_ok));
        assert_eq!(app.slots.engine().renderings(), 1);
        // Who goes away while it is made does not end it, nor make it be done again.
        let other = "w_6".parse().unwrap();
        for _ in 0..5 {
            let _ = tokio::time::timeout(Duration::ZERO, derive(app, &asset, &other, None)).await;
        }
        assert!(derive(app, &asset, &other, None).await.is_ok());
        assert_eq!(app.slots.engine().renderings(), 2);
        let together = (0..8).map(|_| derive(app, &asset, &broken, None));
        assert!(futures_util::future::join_all(together).await.iter().all(Result::is_err));
        assert!(derive(app, &asset, &broken, None).await.is_err());
        assert_eq!(app.slots.engine().renderings(), 3, "a refusal is shared, too");
    }
}
