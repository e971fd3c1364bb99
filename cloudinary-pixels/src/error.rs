//! What can go wrong with a picture.

use crate::Format;

/// Why a picture was refused. The text names the trouble and, where there is one, the limit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes do not begin like any kind of image.
    #[error("not an image: the first bytes are those of no known image format")]
    NotAnImage,
    /// An image, but of a format or a variant that is not read here.
    #[error("{0} images are not supported; convert it to JPEG, PNG, WebP or GIF")]
    Unsupported(String),
    /// The file ends before the picture does.
    #[error("the {0} image is cut short")]
    Truncated(Format),
    /// The file contradicts its own format.
    #[error("the {format} image is damaged: {reason}")]
    Corrupt {
        /// The format it claims to be.
        format: Format,
        /// What the decoder said.
        reason: String,
    },
    /// One side is zero, or longer than [`Limits::max_side`](crate::Limits::max_side).
    #[error("the image is {width}x{height} pixels; a side may have 1 to {limit}")]
    BadSide {
        /// Width claimed or asked for.
        width: u64,
        /// Height claimed or asked for.
        height: u64,
        /// The longest side allowed.
        limit: u32,
    },
    /// More pixels than [`Limits::max_pixels`](crate::Limits::max_pixels).
    #[error(
        "Maximum image size is {} Megapixels. Requested {} Megapixels",
        megapixels(*limit),
        megapixels(width * height)
    )]
    TooLarge {
        /// Width claimed or asked for.
        width: u64,
        /// Height claimed or asked for.
        height: u64,
        /// The most pixels allowed.
        limit: u64,
    },
    /// More frames than [`Limits::max_frames`](crate::Limits::max_frames).
    #[error("the animation has more than {limit} frames")]
    TooManyFrames {
        /// The most frames allowed.
        limit: usize,
    },
    /// All frames together have more pixels than
    /// [`Limits::max_total_pixels`](crate::Limits::max_total_pixels).
    #[error(
        "Maximum total number of pixels in all frames/pages is {} Megapixels. Requested {} Megapixels",
        megapixels(*limit),
        megapixels(*pixels)
    )]
    TooManyPixels {
        /// Width times height times frames.
        pixels: u64,
        /// The most pixels allowed.
        limit: u64,
    },
    /// The picture cannot be written in this format.
    #[error("cannot write the picture as {format}: {reason}")]
    Encode {
        /// The format asked for.
        format: Format,
        /// Why not.
        reason: String,
    },
    /// The face detector's model could not be read.
    #[error("the face detector's model is unreadable: {0}")]
    FaceModel(String),
}

/// Millions, with one decimal where it says something: `25`, `33.6`.
fn megapixels(pixels: u64) -> String {
    let tenths = (pixels as f64 / 100_000.0).round() / 10.0;
    format!("{tenths}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_name_the_numbers() {
        let cases = [
            (
                Error::TooLarge { width: 7000, height: 4800, limit: 25_000_000 },
                "Maximum image size is 25 Megapixels. Requested 33.6 Megapixels",
            ),
            (
                Error::BadSide { width: 100_000, height: 1, limit: 30_000 },
                "the image is 100000x1 pixels; a side may have 1 to 30000",
            ),
            (Error::Truncated(Format::Jpeg), "the jpg image is cut short"),
        ];
        for (error, text) in cases {
            assert_eq!(error.to_string(), text);
        }
    }
}
