//! What the service finds in an image.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{record, tolerant};

/// A colour, and how much of an image has it. In answers it is a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "(String, f64)", into = "(String, f64)")]
pub struct ColorShare {
    /// As `#162E02`, or a name as `green`.
    pub color: String,
    /// 0 to 100.
    pub percent: f64,
}

impl From<(String, f64)> for ColorShare {
    fn from((color, percent): (String, f64)) -> Self {
        Self { color, percent }
    }
}

impl From<ColorShare> for (String, f64) {
    fn from(share: ColorShare) -> Self {
        (share.color, share.percent)
    }
}

tolerant!(ColorShare);

record! {
    /// The main colours, by their names in the palette of each.
    pub struct Predominant {
        /// In Google's palette.
        google: Vec<ColorShare>,
        /// In the service's own.
        cloudinary: Vec<ColorShare>,
    }
}

record! {
    /// Parts of an image, each as `[x, y, width, height]` in whole pixels.
    pub struct Coordinates {
        /// Faces, found or given.
        faces: Vec<Vec<i64>>,
        /// The interesting part that was given.
        custom: Vec<Vec<i64>>,
        /// Named parts, by the corners of each.
        regions: BTreeMap<String, Vec<Vec<i64>>>,
    }
}

record! {
    /// How good an image is: each from 0.0, which is bad, to 1.0. Accounts without the extended analysis get the focus
    /// only.
    ///
    /// Follows <https://cloudinary.com/documentation/analysis_on_upload#image_quality_analysis>.
    pub struct QualityAnalysis {
        /// How sharp it is.
        focus: Option<f64>,
        /// How free it is of visible noise.
        noise: Option<f64>,
        /// How much its lights and darks differ.
        contrast: Option<f64>,
        /// Whether it is neither too bright nor too dark.
        exposure: Option<f64>,
        /// How rich its colours are.
        saturation: Option<f64>,
        /// How well it is lit.
        lighting: Option<f64>,
        /// Whether it has enough pixels; full HD and more is good.
        resolution: Option<f64>,
        /// All of what is said of its colours.
        color_score: Option<f64>,
        /// All of what is said of its compression.
        pixel_score: Option<f64>,
        /// How well a JPEG was compressed.
        jpeg_quality: Option<f64>,
        /// How much of its colours a JPEG kept.
        jpeg_chroma: Option<f64>,
        /// How free it is of visible blocks.
        blockiness: Option<f64>,
        /// How free it is of traces of compression.
        dct: Option<f64>,
        /// How much of its colours was kept.
        chroma_subsampling: Option<f64>,
    }
}

record! {
    /// How well the colour-blind can see an image.
    ///
    /// Follows <https://cloudinary.com/documentation/analysis_on_upload#accessibility_analysis>.
    pub struct AccessibilityAnalysis {
        /// 0.0 to 1.0, which is good.
        colorblind_accessibility_score: Option<f64>,
        /// Where it comes from.
        colorblind_accessibility_analysis: Option<ColorblindAnalysis>,
    }
}

record! {
    /// Where the score of accessibility comes from.
    pub struct ColorblindAnalysis {
        /// How many of its edges can be told, 0.0 to 1.0.
        distinct_edges: Option<f64>,
        /// How many of its colours can be told apart, 0.0 to 1.0.
        distinct_colors: Option<f64>,
        /// The two colours that are hardest to tell apart, as `#162E02`.
        most_indistinct_pair: Vec<String>,
    }
}

record! {
    /// How much of a moving image moves.
    pub struct CinemagraphAnalysis {
        /// 0.0 to 1.0, which is a still with one moving part.
        cinemagraph_score: Option<f64>,
    }
}
