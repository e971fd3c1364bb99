//! `e_`: colours, blur and the like.

use cloudinary_pixels::{Bitmap, Color, Rect, adjust, blur};

use super::super::component::Component;
use super::super::effect::Effect;
use super::super::image::Image;
use super::super::values::Length;
use super::Context;

/// Strengths of blur, as the service counts them, in one pixel of standard deviation.
const STRENGTH_PER_PIXEL: f32 = 40.0;
/// Squares along the longer side, when a pixelation does not tell their size.
const SQUARES: u32 = 40;
/// Squares across a face.
const SQUARES_IN_FACE: u32 = 8;

pub(crate) fn apply(component: &Component, image: &mut Image, context: Context<'_>) {
    let Some(effect) = &component.effect else { return };
    let areas = match effect {
        Effect::BlurFaces(_) | Effect::PixelateFaces(_) => image.find_faces(context.engine.detector()).to_vec(),
        Effect::BlurRegion(_) | Effect::PixelateRegion(_) => vec![region(component, image.size())],
        _ => {
            let color = component.color.unwrap_or(Color::BLACK);
            return image.picture.for_each(|bitmap| whole(effect, bitmap, color));
        }
    };
    image.picture.for_each(|bitmap| {
        for area in &areas {
            blur::within(bitmap, *area, |part| within(effect, part));
        }
    });
}

fn whole(effect: &Effect, bitmap: &mut Bitmap, color: Color) {
    match *effect {
        Effect::BlackWhite(threshold) => adjust::black_and_white(bitmap, threshold),
        Effect::Blue(amount) => adjust::channels(bitmap, 0.0, 0.0, amount),
        Effect::Blur(strength) => blur::blur(bitmap, strength / STRENGTH_PER_PIXEL),
        Effect::Brightness(amount) => adjust::brightness(bitmap, amount),
        Effect::Colorize(strength) => adjust::colorize(bitmap, color, strength),
        Effect::Contrast(amount) => adjust::contrast(bitmap, amount),
        Effect::Gamma(amount) => adjust::gamma(bitmap, amount),
        Effect::Grayscale => adjust::grayscale(bitmap),
        Effect::Green(amount) => adjust::channels(bitmap, 0.0, amount, 0.0),
        Effect::Hue(amount) => adjust::hue(bitmap, amount),
        Effect::Negate => adjust::negate(bitmap),
        Effect::OpacityThreshold(percent) => adjust::opacity_threshold(bitmap, percent),
        Effect::Pixelate(side) => {
            let longer = bitmap.width().max(bitmap.height());
            blur::pixelate(bitmap, side.unwrap_or_else(|| longer.div_ceil(SQUARES).clamp(1, 200)));
        }
        Effect::Recolor(matrix) => adjust::recolor(bitmap, &matrix),
        Effect::Red(amount) => adjust::channels(bitmap, amount, 0.0, 0.0),
        Effect::Saturation(amount) => adjust::saturation(bitmap, amount),
        Effect::Sepia(strength) => adjust::sepia(bitmap, strength),
        Effect::Sharpen(strength) => blur::sharpen(bitmap, 1.0, strength / 100.0),
        Effect::UnsharpMask(strength) => blur::sharpen(bitmap, 2.0, strength / 100.0),
        Effect::Vibrance(amount) => adjust::vibrance(bitmap, amount),
        Effect::Vignette(strength) => adjust::vignette(bitmap, strength),
        Effect::BlurFaces(_) | Effect::BlurRegion(_) | Effect::PixelateFaces(_) | Effect::PixelateRegion(_) => {
            within(effect, bitmap);
        }
    }
}

/// Effects that work on parts.
fn within(effect: &Effect, part: &mut Bitmap) {
    let side = part.width().min(part.height());
    match *effect {
        Effect::BlurFaces(strength) | Effect::BlurRegion(strength) => blur::blur(part, strength / STRENGTH_PER_PIXEL),
        Effect::PixelateFaces(squares) | Effect::PixelateRegion(squares) => {
            blur::pixelate(part, squares.unwrap_or_else(|| side.div_ceil(SQUARES_IN_FACE).clamp(1, 200)));
        }
        _ => {}
    }
}

/// Where `x`, `y`, `w` and `h` point; what is not told is all of it.
fn region(component: &Component, (width, height): (u32, u32)) -> Rect {
    let at = |length: Option<Length>, source| length.map_or(0.0, |length| length.of(source));
    let side = |length: Option<Length>, source: u32| length.map_or(f64::from(source), |length| length.of(source));
    Rect::new(
        at(component.x, width).round() as i32,
        at(component.y, height).round() as i32,
        side(component.width, width).round() as u32,
        side(component.height, height).round() as u32,
    )
}
