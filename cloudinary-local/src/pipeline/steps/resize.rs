//! `c_`, `w_`, `h_`, `ar_`, `dpr_`, `g_`, `x_`, `y_`, `z_`: the size, and what is cut away.

use cloudinary_pixels::{Color, Rect};

use super::super::component::{Component, CropMode};
use super::super::error::PipelineError;
use super::super::framing::{Area, Ask, Focus, Framing, frame};
use super::super::gravity::{Fallback, Gravity};
use super::super::image::{Image, Regions};
use super::super::plan::{Node, Plan};
use super::super::values::Length;
use super::Context;

/// A thumbnail of a face shows this many times the face's size: the detector's box goes from the brows to the chin.
const FACE_MARGIN: f64 = 1.8;
/// A thumbnail of several faces shows this many times the box around them.
const FACES_MARGIN: f64 = 1.4;

pub(crate) fn apply(component: &Component, image: &mut Image, context: Context<'_>) -> Result<(), PipelineError> {
    if !component.resizes() {
        return Ok(());
    }
    if component.gravity.is_some_and(Gravity::needs_faces) && uses_gravity(component) {
        image.find_faces(context.engine.detector());
    }
    let framing = framing(component, image.size(), image.regions(), context.base);
    let (width, height) = framing.output();
    let frames = image.picture.frame_count();
    for size in [(width, height), framing.size] {
        context.check(size, frames)?;
        context.spend(size, frames)?;
    }
    image.reframe(&framing, component.background.unwrap_or(Color::TRANSPARENT));
    Ok(())
}

/// The smallest size the picture can be decoded at so that the first step has enough pixels; `None` is all of it.
pub(crate) fn decode_size(plan: &Plan, size: (u32, u32), regions: &Regions) -> Option<(u32, u32)> {
    let Some(Node::Component(component)) = plan.nodes.first() else { return None };
    let looks_for_faces = component.gravity.is_some_and(Gravity::needs_faces) && regions.faces.is_none();
    if !component.resizes() || (looks_for_faces && uses_gravity(component)) {
        return None;
    }
    let framing = framing(component, size, regions, None);
    let across = f64::from(framing.size.0) / framing.area.width;
    let down = f64::from(framing.size.1) / framing.area.height;
    let needed = |length: u32, scale: f64| (f64::from(length) * scale).ceil() as u32;
    Some((needed(size.0, across), needed(size.1, down)))
}

/// Crop modes that only scale have nothing for a gravity to choose.
fn uses_gravity(component: &Component) -> bool {
    matches!(component.crop, Some(CropMode::Fill | CropMode::Lfill | CropMode::Crop | CropMode::Thumb))
}

/// The framing that a component asks for, of a picture of this size. Inside a layer with `fl_relative`, shares are of
/// the picture it goes on, whose size is `base`.
fn framing(component: &Component, size: (u32, u32), regions: &Regions, base: Option<(u32, u32)>) -> Framing {
    let of = base.filter(|_| component.flags.relative).unwrap_or(size);
    let length = |length: Option<Length>, source: u32| length.map(|length| length.of(source) * component.dpr);
    let (x, y) = (length(component.x, size.0), length(component.y, size.1));
    let (focus, offset) = focus(component, size, regions, (x, y));
    let ask = Ask {
        crop: component.crop.unwrap_or(CropMode::Scale),
        width: length(component.width, of.0),
        height: length(component.height, of.1),
        aspect_ratio: component.aspect_ratio,
        ignore_aspect_ratio: component.flags.ignore_aspect_ratio,
        focus,
        offset,
        zoom: component.zoom,
    };
    frame(size, &ask)
}

/// What is kept in view, and how far from it.
fn focus(
    component: &Component,
    size: (u32, u32),
    regions: &Regions,
    (x, y): (Option<f64>, Option<f64>),
) -> (Focus, (f64, f64)) {
    let offset = (x.unwrap_or(0.0), y.unwrap_or(0.0));
    // A crop by coordinates alone counts from the top left.
    let by_coordinates = component.crop == Some(CropMode::Crop) && (x.is_some() || y.is_some());
    let focus = match component.gravity {
        None if by_coordinates => Focus::Place(0.0, 0.0),
        None | Some(Gravity::Auto) => Focus::Place(0.5, 0.5),
        Some(Gravity::Compass(across, down)) => Focus::Place(across, down),
        Some(Gravity::XyCenter) => {
            let area = Area { x: offset.0, y: offset.1, width: 0.0, height: 0.0 };
            return (Focus::Target { area, margin: 1.0 }, (0.0, 0.0));
        }
        Some(Gravity::Face(fallback)) => largest(regions).unwrap_or_else(|| fallen_back(fallback, regions)),
        Some(Gravity::Faces(fallback)) => all(regions).unwrap_or_else(|| fallen_back(fallback, regions)),
        Some(Gravity::Custom(fallback)) => match regions.custom.and_then(|rect| rect.clipped(size.0, size.1)) {
            Some(rect) => Focus::Target { area: area(&rect), margin: 1.0 },
            None => fallen_back(fallback, regions),
        },
    };
    (focus, offset)
}

fn fallen_back(fallback: Fallback, regions: &Regions) -> Focus {
    let center = Focus::Place(0.5, 0.5);
    match fallback {
        Fallback::North => Focus::Place(0.5, 0.0),
        Fallback::Center => center,
        Fallback::Face => largest(regions).unwrap_or(center),
        Fallback::Faces => all(regions).unwrap_or(center),
    }
}

fn largest(regions: &Regions) -> Option<Focus> {
    let face = regions.faces.as_ref()?.iter().max_by_key(|face| face.area())?;
    Some(Focus::Target { area: area(face), margin: FACE_MARGIN })
}

fn all(regions: &Regions) -> Option<Focus> {
    let faces = regions.faces.as_ref()?;
    let around = faces.iter().copied().reduce(|around, face| around.union(&face))?;
    let margin = if faces.len() == 1 { FACE_MARGIN } else { FACES_MARGIN };
    Some(Focus::Target { area: area(&around), margin })
}

fn area(rect: &Rect) -> Area {
    Area { x: rect.x.into(), y: rect.y.into(), width: rect.width.into(), height: rect.height.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoded_no_larger_than_needed() {
        let known = Regions::told(vec![Rect::new(1000, 1000, 500, 500)], None);
        for (text, regions, expected) in [
            ("w_400", Regions::default(), Some((400, 300))),
            ("c_fill,w_300,h_300", Regions::default(), Some((400, 300))),
            ("c_pad,w_300,h_300", Regions::default(), Some((300, 225))),
            ("c_crop,w_300,h_300", Regions::default(), Some((4000, 3000))),
            ("c_limit,w_9000,h_9000", Regions::default(), Some((4000, 3000))),
            ("w_400,dpr_2", Regions::default(), Some((800, 600))),
            ("c_fill,g_face,w_300,h_300", Regions::default(), None),
            ("c_thumb,g_face,w_300,h_300", known, Some((1334, 1000))),
            ("e_sepia/w_400", Regions::default(), None),
            ("q_80/w_400", Regions::default(), Some((400, 300))),
            ("l_logo,w_4/w_400", Regions::default(), None),
            ("", Regions::default(), None),
        ] {
            let plan = Plan::parse(&text.parse().unwrap(), &|_| None).unwrap();
            assert_eq!(decode_size(&plan, (4000, 3000), &regions), expected, "{text}");
        }
    }
}
