//! From a file to an upright picture.

use cloudinary_pixels::{Decode, Limits, Orientation, Picture, decode_with, probe};

use super::super::Source;
use super::super::error::PipelineError;
use super::super::image::{Image, Regions};

/// How a file is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reading {
    /// The note of the camera does not count.
    pub(crate) ignore_orientation: bool,
    /// Only the first frame is wanted.
    pub(crate) still: bool,
    /// Only this frame is wanted, counted from 1.
    pub(crate) page: Option<u32>,
}

/// Decodes and turns upright. `decode_size` tells, for an upright size and what is known of the picture, how much of
/// it is needed.
pub(crate) fn read(
    source: &Source,
    limits: &Limits,
    reading: Reading,
    decode_size: impl FnOnce((u32, u32), &Regions) -> Option<(u32, u32)>,
) -> Result<Image, PipelineError> {
    let info = probe(&source.bytes, limits)?;
    let orientation = if reading.ignore_orientation { Orientation::Upright } else { info.orientation };
    let size = orientation.oriented((info.width, info.height));
    let regions = Regions::told(source.faces.clone(), source.custom);
    let at_least = decode_size(size, &regions).map(|needed| orientation.oriented(needed));
    let how = Decode { at_least, first_frame_only: reading.still };
    let mut picture = decode_with(&source.bytes, limits, &how)?;
    if let Some(page) = reading.page {
        let frame = picture.frames().nth(page as usize - 1).map(|frame| frame.bitmap.clone());
        picture = Picture::still(frame.ok_or_else(|| PipelineError::invalid("page", &page.to_string()))?);
    }
    let picture = picture.map(|bitmap| orientation.apply(bitmap));
    Ok(Image::new(picture, size, regions))
}
