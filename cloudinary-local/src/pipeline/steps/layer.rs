//! `l_` and `u_`: another image over the picture, or under it.

use cloudinary_pixels::{Bitmap, Color, Rect, draw, geometry, probe};

use super::super::component::Component;
use super::super::error::PipelineError;
use super::super::gravity::{Fallback, Gravity};
use super::super::image::Image;
use super::super::plan::Layer;
use super::super::values::Length;
use super::super::work::pixels;
use super::orientation::{Reading, read};
use super::{Context, run};

pub(crate) fn apply(layer: &Layer, image: &mut Image, context: Context<'_>) -> Result<(), PipelineError> {
    let source = context
        .layers
        .get(&layer.reference)
        .ok_or_else(|| PipelineError::LayerNotFound(layer.reference.public_id.clone()))?;
    let still = Reading { still: true, page: None, ignore_orientation: layer.ignores_orientation };
    let outer = context.outer.saturating_add(pixels(image.size(), image.picture.frame_count()));
    let inside = Context { base: Some(image.size()), outer, ..context };
    let info = probe(&source.bytes, context.engine.limits())?;
    inside.check((info.width, info.height), 1)?;
    inside.spend((info.width, info.height), 1)?;
    let mut top = read(source, context.engine.limits(), still, |_, _| None)?;
    run(&layer.inside, &mut top, inside)?;
    let top = top.picture.into_bitmap();

    if layer.place.gravity.is_some_and(Gravity::needs_faces) {
        image.find_faces(context.engine.detector());
    }
    context.spend(image.size(), image.picture.frame_count())?;
    if layer.place.flags.tiled {
        put(image, &tiled(&top, image.size()), &[(0, 0)], layer.under);
        return Ok(());
    }
    let places = places(&layer.place, image, top.size());
    context.spend(top.size(), image.picture.frame_count().saturating_mul(places.len()))?;
    if layer.place.flags.no_overflow {
        put(image, &top, &places, layer.under);
        return Ok(());
    }
    // The canvas grows so that all of the layer is seen.
    let (width, height) = image.size();
    let around = places
        .iter()
        .map(|&(x, y)| Rect::new(x, y, top.width(), top.height()))
        .fold(Rect::new(0, 0, width, height), |around, rect| around.union(&rect));
    if (around.width, around.height) != (width, height) {
        context.check((around.width, around.height), image.picture.frame_count())?;
        context.spend((around.width, around.height), image.picture.frame_count())?;
        let (x, y) = (around.x.saturating_neg(), around.y.saturating_neg());
        image.enlarge((x, y), |picture| {
            picture.map(|bitmap| geometry::place(&bitmap, around.width, around.height, x, y, Color::TRANSPARENT))
        });
    }
    let moved: Vec<(i32, i32)> =
        places.iter().map(|&(x, y)| (x.saturating_sub(around.x), y.saturating_sub(around.y))).collect();
    put(image, &top, &moved, layer.under);
    Ok(())
}

fn put(image: &mut Image, layer: &Bitmap, places: &[(i32, i32)], under: bool) {
    image.picture.for_each(|bitmap| {
        if under {
            let (width, height) = bitmap.size();
            let mut ground = Bitmap::filled(width, height, Color::TRANSPARENT);
            for &(x, y) in places {
                draw::composite(&mut ground, layer, x, y, 1.0);
            }
            draw::composite(&mut ground, bitmap, 0, 0, 1.0);
            *bitmap = ground;
        } else {
            for &(x, y) in places {
                draw::composite(bitmap, layer, x, y, 1.0);
            }
        }
    });
}

/// Where the layer's top left corner goes: once, or on each face.
fn places(place: &Component, image: &Image, layer: (u32, u32)) -> Vec<(i32, i32)> {
    let (width, height) = image.size();
    let offset = |length: Option<Length>, side| length.map_or(0.0, |length| length.of(side));
    let (x, y) = (offset(place.x, width), offset(place.y, height));
    let centered = |(across, down): (f64, f64)| {
        let left = across - f64::from(layer.0) / 2.0 + x;
        let top = down - f64::from(layer.1) / 2.0 + y;
        (left.round() as i32, top.round() as i32)
    };
    let aligned = |across: f64, down: f64| {
        let edge = |base: u32, layer: u32, share: f64, offset: f64| {
            let inwards = if share > 0.9 { -offset } else { offset };
            ((f64::from(base) - f64::from(layer)) * share + inwards).round() as i32
        };
        (edge(width, layer.0, across, x), edge(height, layer.1, down, y))
    };
    let faces = image.regions().faces.as_deref().unwrap_or_default();
    let fallback = |fallback| match fallback {
        // Nothing to put it on: it is left out.
        Fallback::North => vec![],
        Fallback::Center => vec![aligned(0.5, 0.5)],
        Fallback::Face | Fallback::Faces if faces.is_empty() => vec![aligned(0.5, 0.5)],
        Fallback::Face => faces.iter().take(1).map(|face| centered(face.center())).collect(),
        Fallback::Faces => faces.iter().map(|face| centered(face.center())).collect(),
    };
    match place.gravity {
        None | Some(Gravity::Auto) => vec![aligned(0.5, 0.5)],
        Some(Gravity::Compass(across, down)) => vec![aligned(across, down)],
        Some(Gravity::XyCenter) => vec![centered((0.0, 0.0))],
        Some(Gravity::Face(other) | Gravity::Faces(other)) if faces.is_empty() => fallback(other),
        Some(Gravity::Face(_)) => faces.iter().take(1).map(|face| centered(face.center())).collect(),
        Some(Gravity::Faces(_)) => faces.iter().map(|face| centered(face.center())).collect(),
        Some(Gravity::Custom(other)) => match image.regions().custom {
            Some(rect) => vec![centered(rect.center())],
            None => fallback(other),
        },
    }
}

/// The layer side by side, over all of a picture of this size.
fn tiled(layer: &Bitmap, (width, height): (u32, u32)) -> Bitmap {
    Bitmap::from_fn(width, height, |x, y| layer.get(x % layer.width(), y % layer.height()).unwrap_or_default())
}
