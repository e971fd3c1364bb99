//! How much quality is kept.

use super::setting::Given;

/// How much quality is kept: `q_`. The default is set in the account.
///
/// ```
/// use cloudinary_core::{Quality, Transformation};
/// assert_eq!(Transformation::new().quality(Quality::Level(80)).to_string(), "q_80");
/// assert_eq!(Transformation::new().quality("80:420").to_string(), "q_80:420");
/// assert_eq!(Quality::from("auto:best"), Quality::AutoBest);
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#q_quality>.
#[derive(Debug, Clone, PartialEq)]
pub enum Quality {
    /// 1 (smallest file) to 100 (best).
    Level(u8),
    /// The service chooses, as [`AutoGood`](Self::AutoGood).
    Auto,
    /// The service chooses, and rather more quality.
    AutoBest,
    /// The service chooses, balanced.
    AutoGood,
    /// The service chooses, and rather a smaller file.
    AutoEco,
    /// The service chooses, and a small file.
    AutoLow,
    /// The JPEGmini add-on chooses.
    Jpegmini,
    /// The JPEGmini add-on chooses, and the best quality.
    JpegminiBest,
    /// The JPEGmini add-on chooses, and high quality.
    JpegminiHigh,
    /// The JPEGmini add-on chooses, and medium quality.
    JpegminiMedium,
    /// Anything else, as `80:420`.
    Other(String),
}

impl Quality {
    /// The form in URLs.
    pub(super) fn into_given(self) -> Given {
        let word = match self {
            Self::Level(level) => return Given::Int(level.into()),
            Self::Other(text) => return text.into(),
            Self::Auto => "auto",
            Self::AutoBest => "auto:best",
            Self::AutoGood => "auto:good",
            Self::AutoEco => "auto:eco",
            Self::AutoLow => "auto:low",
            Self::Jpegmini => "jpegmini",
            Self::JpegminiBest => "jpegmini:best",
            Self::JpegminiHigh => "jpegmini:high",
            Self::JpegminiMedium => "jpegmini:medium",
        };
        Given::Text(word.into())
    }
}

impl From<u8> for Quality {
    fn from(level: u8) -> Self {
        Self::Level(level)
    }
}

impl From<&str> for Quality {
    fn from(text: &str) -> Self {
        match text {
            "auto" => Self::Auto,
            "auto:best" => Self::AutoBest,
            "auto:good" => Self::AutoGood,
            "auto:eco" => Self::AutoEco,
            "auto:low" => Self::AutoLow,
            "jpegmini" => Self::Jpegmini,
            "jpegmini:best" => Self::JpegminiBest,
            "jpegmini:high" => Self::JpegminiHigh,
            "jpegmini:medium" => Self::JpegminiMedium,
            other => Self::Other(other.to_owned()),
        }
    }
}
