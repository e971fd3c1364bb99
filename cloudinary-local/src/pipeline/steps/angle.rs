//! `a_`: mirrored, then turned.

use cloudinary_pixels::{geometry, resize};

use super::super::component::Component;
use super::super::error::PipelineError;
use super::super::image::Image;
use super::Context;

/// Pictures are made this small before they are turned by other than quarter turns.
const MAX_SIDE: u32 = 3000;

pub(crate) fn apply(component: &Component, image: &mut Image, context: Context<'_>) -> Result<(), PipelineError> {
    let Some(angle) = component.angle else { return Ok(()) };
    let degrees = angle.degrees.rem_euclid(360.0);
    if degrees == 0.0 && !angle.hflip && !angle.vflip {
        return Ok(());
    }
    let (width, height) = image.size();
    let quarters = degrees % 90.0 == 0.0;
    let longer = width.max(height);
    let (width, height) = if quarters || longer <= MAX_SIDE {
        (width, height)
    } else {
        let scaled = |side: u32| ((u64::from(side) * u64::from(MAX_SIDE)) / u64::from(longer)).max(1) as u32;
        (scaled(width), scaled(height))
    };
    let grown = geometry::rotated_size(width, height, degrees);
    context.check(grown, image.picture.frame_count())?;
    context.spend(grown, image.picture.frame_count())?;
    image.reshape(|picture| {
        picture.map(|bitmap| {
            let bitmap = if angle.hflip { geometry::mirror(&bitmap) } else { bitmap };
            let bitmap = if angle.vflip { geometry::flip(&bitmap) } else { bitmap };
            let bitmap = if bitmap.size() == (width, height) { bitmap } else { resize(&bitmap, width, height) };
            if degrees == 0.0 { bitmap } else { geometry::rotate(&bitmap, degrees) }
        })
    });
    Ok(())
}
