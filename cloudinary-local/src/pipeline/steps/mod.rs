//! What is done to a picture, one step a file. Each returns early when the component does not ask for it.

mod angle;
mod background;
mod effect;
mod layer;
mod opacity;
mod orientation;
mod resize;
mod shape;
mod write;

use std::collections::HashMap;

use super::component::Component;
use super::error::PipelineError;
use super::image::Image;
use super::plan::Node;
use super::work::{Work, pixels};
use super::{Engine, LayerRef, Source};

pub(crate) use orientation::{Reading, read};
pub(crate) use resize::decode_size;
pub(crate) use write::write;

/// What every step may need besides the picture.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) layers: &'a HashMap<LayerRef, Source>,
    pub(crate) work: &'a Work,
    /// Inside a layer: the size of the picture it goes on.
    pub(crate) base: Option<(u32, u32)>,
    /// Inside a layer: the pixels of the pictures that wait around it.
    pub(crate) outer: u64,
}

impl Context<'_> {
    /// Whether a picture of this size may be made now.
    pub(crate) fn check(&self, size: (u32, u32), frames: usize) -> Result<(), PipelineError> {
        self.engine.limits().check_frames(size.0, size.1, frames)?;
        let limit = self.engine.work.live_pixels;
        if self.outer.saturating_add(pixels(size, frames)) > limit {
            return Err(PipelineError::TooManyAtATime { megapixels: limit / 1_000_000 });
        }
        Ok(())
    }

    /// Pays for passing once through a picture of this size.
    pub(crate) fn spend(&self, size: (u32, u32), frames: usize) -> Result<(), PipelineError> {
        self.work.spend(pixels(size, frames))
    }
}

/// Carries out a plan.
pub(crate) fn run(nodes: &[Node], image: &mut Image, context: Context<'_>) -> Result<(), PipelineError> {
    for node in nodes {
        match node {
            Node::Component(component) => apply(component, image, context)?,
            Node::Layer(layer) => layer::apply(layer, image, context)?,
        }
    }
    Ok(())
}

/// The order within a component, whatever order its parameters are written in.
fn apply(component: &Component, image: &mut Image, context: Context<'_>) -> Result<(), PipelineError> {
    if component.resizes() {
        context.spend(image.size(), image.picture.frame_count())?;
    }
    resize::apply(component, image, context)?;
    let passes = pixels(image.size(), image.picture.frame_count()).saturating_mul(component.passes());
    context.work.spend(passes)?;
    effect::apply(component, image, context);
    shape::apply(component, image, context)?;
    opacity::apply(component, image);
    angle::apply(component, image, context)?;
    background::apply(component, image);
    Ok(())
}
