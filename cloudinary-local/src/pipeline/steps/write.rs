//! `f_` and `q_`: from the picture to a file.

use cloudinary_pixels::{Format, encode};

use super::super::Rendered;
use super::super::error::PipelineError;
use super::super::image::Image;
use super::super::output::Output;

pub(crate) fn write(image: &Image, format: Format, output: Output) -> Result<Rendered, PipelineError> {
    let bytes = encode(&image.picture, format, &output.encode())?;
    let (width, height) = image.picture.size();
    Ok(Rendered { bytes: bytes.into(), format, width, height })
}
