//! `b_`: what lies behind transparent pixels.

use cloudinary_pixels::draw;

use super::super::component::Component;
use super::super::image::Image;

pub(crate) fn apply(component: &Component, image: &mut Image) {
    let Some(color) = component.background.filter(|color| color.a > 0) else { return };
    image.picture.for_each(|bitmap| draw::flatten(bitmap, color));
}
