//! Why an image cannot be derived, in the words of the service.

/// Why a transformation was refused or failed. The text is what goes into `X-Cld-Error`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum PipelineError {
    /// The transformation makes no sense, for the service neither.
    #[error("{0}")]
    Invalid(String),
    /// The service would do it, this server does not.
    #[error("{0} is not supported by the local media server")]
    Unsupported(String),
    /// An overlay or underlay that does not exist.
    #[error("Resource not found - {0}")]
    LayerNotFound(String),
    /// Its steps and layers together pass through too many pixels.
    #[error(
        "Transformation is too complex: its steps and layers may process {megapixels} Megapixels together; scale down \
         first, or use fewer steps"
    )]
    TooMuch {
        /// The limit.
        megapixels: u64,
    },
    /// Image and layers under way would take too much memory at a time.
    #[error(
        "Transformation is too large: the image and its layers may have {megapixels} Megapixels at a time; scale down \
         first"
    )]
    TooManyAtATime {
        /// The limit.
        megapixels: u64,
    },
    /// The time for one rendering is over.
    #[error("Transformation took too long; scale down first, or use fewer steps")]
    TooLong,
    /// The source, or a layer, is no image that can be read, or is too large.
    #[error("{}", words(.0))]
    Image(#[from] cloudinary_pixels::Error),
}

impl PipelineError {
    /// The HTTP status the service answers with.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::LayerNotFound(_) => 404,
            Self::Invalid(_)
            | Self::Unsupported(_)
            | Self::TooMuch { .. }
            | Self::TooManyAtATime { .. }
            | Self::TooLong
            | Self::Image(_) => 400,
        }
    }

    /// A parameter whose value cannot be: `Invalid width in transformation: abc`.
    pub(crate) fn invalid(name: &str, value: &str) -> Self {
        Self::Invalid(format!("Invalid {name} in transformation: {value}"))
    }

    /// A parameter that does not exist: `Invalid transformation component - ab_cd`.
    pub(crate) fn component(text: &str) -> Self {
        Self::Invalid(format!("Invalid transformation component - {text}"))
    }
}

/// The service says no more than this of files it cannot read.
fn words(error: &cloudinary_pixels::Error) -> String {
    use cloudinary_pixels::Error;
    match error {
        Error::TooLarge { .. } | Error::TooManyPixels { .. } => error.to_string(),
        Error::NotAnImage => "Invalid image file".to_owned(),
        other => format!("Invalid image file: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_service() {
        let large = cloudinary_pixels::Error::TooLarge { width: 7000, height: 4800, limit: 25_000_000 };
        for (error, text, status) in [
            (PipelineError::invalid("width", "abc"), "Invalid width in transformation: abc", 400),
            (PipelineError::component("ab_cd"), "Invalid transformation component - ab_cd", 400),
            (PipelineError::LayerNotFound("a/b".into()), "Resource not found - a/b", 404),
            (large.into(), "Maximum image size is 25 Megapixels. Requested 33.6 Megapixels", 400),
            (cloudinary_pixels::Error::NotAnImage.into(), "Invalid image file", 400),
        ] {
            assert_eq!((error.to_string().as_str(), error.status()), (text, status));
        }
    }
}
