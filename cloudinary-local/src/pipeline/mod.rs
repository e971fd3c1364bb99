//! From a stored image and a transformation to the image that is delivered.

use std::collections::HashMap;

use bytes::Bytes;
use cloudinary_core::Transformation;
use cloudinary_pixels::{FaceDetector, Format, Limits, Rect};

use crate::store::AssetKey;

pub(crate) type LayerRef = AssetKey;

pub(crate) struct Source {
    pub(crate) bytes: Bytes,
    pub(crate) faces: Vec<Rect>,
    pub(crate) custom: Option<Rect>,
}

#[derive(Debug)]
pub(crate) struct Plan {}

impl Plan {
    pub(crate) fn parse(
        t: &Transformation,
        _named: &dyn Fn(&str) -> Option<Transformation>,
    ) -> Result<Plan, PipelineError> {
        if t.is_empty() { Ok(Plan {}) } else { Err(PipelineError(format!("Invalid transformation component - {}", t.as_str()))) }
    }

    pub(crate) fn layers(&self) -> Vec<LayerRef> {
        Vec::new()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PipelineError(String);

pub(crate) struct Engine {
    detector: FaceDetector,
    limits: Limits,
}

impl Engine {
    pub(crate) fn new(limits: Limits) -> Result<Self, cloudinary_pixels::Error> {
        Ok(Self { detector: FaceDetector::new()?, limits })
    }

    pub(crate) fn detector(&self) -> &FaceDetector {
        &self.detector
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

pub(crate) struct Rendered {
    pub(crate) bytes: Bytes,
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

pub(crate) fn render(
    source: Source,
    _plan: &Plan,
    _layers: &HashMap<LayerRef, Source>,
    format: Option<Format>,
    engine: &Engine,
) -> Result<Rendered, PipelineError> {
    let _ = (&source.faces, &source.custom, &engine.detector);
    let fault = |error: cloudinary_pixels::Error| PipelineError(error.to_string());
    let picture = cloudinary_pixels::decode(&source.bytes, &engine.limits).map_err(fault)?;
    let format = format.or_else(|| Format::sniff(&source.bytes)).unwrap_or(Format::Png);
    let bytes = cloudinary_pixels::encode(&picture, format, &cloudinary_pixels::Encode::default()).map_err(fault)?;
    Ok(Rendered { bytes: bytes.into(), format, width: picture.width(), height: picture.height() })
}
