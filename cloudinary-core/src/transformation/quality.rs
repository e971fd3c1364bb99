//! How much quality is kept.

/// How much quality is kept: `q_`.
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#q_quality>.
#[derive(Debug, Clone, PartialEq)]
pub enum Quality {
    /// 1 (smallest file) to 100 (best).
    Level(u8),
    /// The service chooses.
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
    /// The form in URLs, but for a level.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Level(_) => "",
            Self::Auto => "auto",
            Self::AutoBest => "auto:best",
            Self::AutoGood => "auto:good",
            Self::AutoEco => "auto:eco",
            Self::AutoLow => "auto:low",
            Self::Jpegmini => "jpegmini",
            Self::JpegminiBest => "jpegmini:best",
            Self::JpegminiHigh => "jpegmini:high",
            Self::JpegminiMedium => "jpegmini:medium",
            Self::Other(text) => text,
        }
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
