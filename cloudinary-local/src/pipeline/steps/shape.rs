//! `r_` and `bo_`: round corners, and a border that follows them.

use cloudinary_pixels::draw::{self, Corners};

use super::super::component::{Component, Radius};
use super::super::error::PipelineError;
use super::super::image::Image;
use super::Context;

pub(crate) fn apply(component: &Component, image: &mut Image, context: Context<'_>) -> Result<(), PipelineError> {
    let (width, height) = image.size();
    let corners = match component.radius {
        None => Corners::default(),
        Some(Radius::Max) => Corners::ellipse(width, height),
        Some(Radius::Corners(radii)) => Corners::circular(radii.map(|radius| (radius * component.dpr) as f32)),
    };
    if !corners.are_square() {
        image.picture.for_each(|bitmap| draw::round_corners(bitmap, corners));
    }
    let Some(border) = component.border.filter(|border| border.width > 0) else { return Ok(()) };
    let grown = |side: u32| side.saturating_add(2 * border.width);
    context.check((grown(width), grown(height)), image.picture.frame_count())?;
    let at = border.width as i32;
    image.enlarge((at, at), |picture| picture.map(|bitmap| draw::border(&bitmap, border.width, border.color, corners)));
    Ok(())
}
