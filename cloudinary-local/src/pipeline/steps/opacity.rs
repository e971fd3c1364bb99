//! `o_`: how much shines through.

use cloudinary_pixels::adjust;

use super::super::component::Component;
use super::super::image::Image;

pub(crate) fn apply(component: &Component, image: &mut Image) {
    let Some(percent) = component.opacity.filter(|percent| *percent < 100.0) else { return };
    image.picture.for_each(|bitmap| adjust::opacity(bitmap, percent));
}
