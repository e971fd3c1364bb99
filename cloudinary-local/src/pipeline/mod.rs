//! From a stored image and a transformation to the image that is delivered.
//!
//! [`Plan::parse`] checks the whole transformation before anything is loaded; [`render`] then reads the image, runs
//! the [steps](self::steps) in order and writes the result. Both are synchronous: run them off the request threads.

mod color;
mod component;
mod differences;
mod effect;
mod error;
mod framing;
mod gravity;
mod image;
mod layer;
mod output;
mod plan;
mod steps;
#[cfg(test)]
mod tests;
mod values;
mod work;

use std::collections::HashMap;

use bytes::Bytes;
use cloudinary_pixels::{FaceDetector, Format, Limits, Rect};

use crate::store::AssetKey;

pub(crate) use self::differences::differences;
pub(crate) use self::error::PipelineError;
pub(crate) use self::plan::Plan;
pub(crate) use self::work::WorkLimits;

/// What names a layer's image: as any asset.
pub(crate) type LayerRef = AssetKey;

/// An image and what its uploader told of it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The file.
    pub(crate) bytes: Bytes,
    /// `face_coordinates`, upright; none means that faces are looked for when they are needed.
    pub(crate) faces: Vec<Rect>,
    /// `custom_coordinates`.
    pub(crate) custom: Option<Rect>,
}

/// What all renderings share.
#[derive(Debug)]
pub(crate) struct Engine {
    detector: FaceDetector,
    limits: Limits,
    work: WorkLimits,
    #[cfg(test)]
    renderings: std::sync::atomic::AtomicU64,
}

impl Engine {
    /// An engine with these limits for sources, and for every picture made on the way.
    ///
    /// # Errors
    /// When the model of the face detector cannot be read.
    pub(crate) fn new(limits: Limits, work: WorkLimits) -> Result<Self, cloudinary_pixels::Error> {
        Ok(Self {
            detector: FaceDetector::new()?,
            limits,
            work,
            #[cfg(test)]
            renderings: std::sync::atomic::AtomicU64::default(),
        })
    }

    pub(crate) fn detector(&self) -> &FaceDetector {
        &self.detector
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How often [`render`] was called.
    #[cfg(test)]
    pub(crate) fn renderings(&self) -> u64 {
        self.renderings.load(std::sync::atomic::Ordering::SeqCst)
    }
}

/// A derived image.
#[derive(Debug, Clone)]
pub(crate) struct Rendered {
    pub(crate) bytes: Bytes,
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Carries out a plan. `format` is the URL's extension, or for `f_auto` what the client was found to accept; without
/// one the source's own format is kept, unless the plan names another. Every layer of [`Plan::layers`] must be there.
pub(crate) fn render(
    source: Source,
    plan: &Plan,
    layers: &HashMap<LayerRef, Source>,
    format: Option<Format>,
    engine: &Engine,
) -> Result<Rendered, PipelineError> {
    #[cfg(test)]
    engine.renderings.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    // What is no image of ours is refused when it is read.
    let own = Format::sniff(&source.bytes).unwrap_or(Format::Png);
    let format = plan.output.format(format, own);
    plan.output.check(format)?;
    let work = work::Work::new(&engine.work);
    let reading = steps::Reading {
        ignore_orientation: plan.ignores_orientation,
        still: format != Format::Gif && plan.page.is_none(),
        page: plan.page,
    };
    let mut image =
        steps::read(&source, engine.limits(), reading, |size, regions| steps::decode_size(plan, size, regions))?;
    // The file is not needed any more, and can be large.
    drop(source);
    let context = steps::Context { engine, layers, work: &work, base: None, outer: 0 };
    context.spend(image.size(), image.picture.frame_count())?;
    steps::run(&plan.nodes, &mut image, context)?;
    context.spend(image.size(), image.picture.frame_count())?;
    steps::write(&image, format, plan.output)
}
