//! Effects: their names, what they take, and which are left to the service.

use super::error::PipelineError;
use super::values::number;

/// One effect, its strength within the service's range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    BlackWhite(f32),
    Blue(f32),
    Blur(f32),
    BlurFaces(f32),
    BlurRegion(f32),
    Brightness(f32),
    Colorize(f32),
    Contrast(f32),
    Gamma(f32),
    Grayscale,
    Green(f32),
    Hue(f32),
    Negate,
    OpacityThreshold(f32),
    /// Sides of the squares; `None` is by the picture's size.
    Pixelate(Option<u32>),
    PixelateFaces(Option<u32>),
    PixelateRegion(Option<u32>),
    Recolor([[f32; 3]; 3]),
    Red(f32),
    Saturation(f32),
    Sepia(f32),
    Sharpen(f32),
    UnsharpMask(f32),
    Vibrance(f32),
    Vignette(f32),
}

/// An effect that takes one number: name, lowest, highest, default, constructor.
type Row = (&'static str, f64, f64, f64, fn(f32) -> Effect);

const STRENGTHS: [Row; 20] = [
    ("blackwhite", 0.0, 100.0, 50.0, Effect::BlackWhite),
    ("blue", -100.0, 100.0, 0.0, Effect::Blue),
    ("blur", 1.0, 2000.0, 100.0, Effect::Blur),
    ("blur_faces", 1.0, 2000.0, 500.0, Effect::BlurFaces),
    ("blur_region", 1.0, 2000.0, 100.0, Effect::BlurRegion),
    ("brightness", -99.0, 100.0, 80.0, Effect::Brightness),
    ("colorize", 0.0, 100.0, 100.0, Effect::Colorize),
    ("contrast", -100.0, 100.0, 0.0, Effect::Contrast),
    ("gamma", -50.0, 150.0, 0.0, Effect::Gamma),
    ("green", -100.0, 100.0, 0.0, Effect::Green),
    ("hue", -100.0, 100.0, 80.0, Effect::Hue),
    ("opacity_threshold", 1.0, 100.0, 50.0, Effect::OpacityThreshold),
    ("red", -100.0, 100.0, 0.0, Effect::Red),
    ("saturation", -100.0, 100.0, 80.0, Effect::Saturation),
    ("sepia", 1.0, 100.0, 80.0, Effect::Sepia),
    ("sharpen", 1.0, 2000.0, 100.0, Effect::Sharpen),
    ("unsharp_mask", 1.0, 2000.0, 100.0, Effect::UnsharpMask),
    ("vibrance", -100.0, 100.0, 20.0, Effect::Vibrance),
    ("vignette", 0.0, 100.0, 20.0, Effect::Vignette),
    // Spelled so in one version of the service's reference.
    ("black_white", 0.0, 100.0, 50.0, Effect::BlackWhite),
];

/// An effect in squares: name, constructor.
type SquaresRow = (&'static str, fn(Option<u32>) -> Effect);

/// Squares of 1 to 200 pixels, the size chosen by the picture's when left out.
const SQUARES: [SquaresRow; 3] = [
    ("pixelate", Effect::Pixelate),
    ("pixelate_faces", Effect::PixelateFaces),
    ("pixelate_region", Effect::PixelateRegion),
];

/// Effects of the service that are not carried out here. `gen_…` and others by their beginning.
pub(super) const LEFT_TO_THE_SERVICE: [&str; 59] = [
    "accelerate",
    "adv_redeye",
    "anti_removal",
    "art",
    "assist_colorblind",
    "auto_brightness",
    "auto_color",
    "auto_contrast",
    "auto_enhance",
    "background_removal",
    "bgremoval",
    "boomerang",
    "brightness_hsb",
    "camera",
    "cartoonify",
    "cut_out",
    "deshake",
    "displace",
    "distort",
    "dropshadow",
    "embed_clipping_path",
    "enhance",
    "extract",
    "fade",
    "fill_light",
    "gradient_fade",
    "improve",
    "light",
    "loop",
    "make_transparent",
    "mask",
    "morphology",
    "multiply",
    "noise",
    "oil_paint",
    "ordered_dither",
    "outline",
    "overlay",
    "preview",
    "progressbar",
    "redeye",
    "replace_color",
    "reverse",
    "screen",
    "shadow",
    "shear",
    "simulate_colorblind",
    "style_transfer",
    "swap_image",
    "theme",
    "tint",
    "transition",
    "trim",
    "upscale",
    "vectorize",
    "viesus_correct",
    "visualize_edges",
    "volume",
    "zoompan",
];

impl Effect {
    /// Reads `sepia`, `sepia:50`.
    pub(crate) fn parse(text: &str) -> Result<Self, PipelineError> {
        let (name, value) = match text.split_once(':') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let invalid = || PipelineError::invalid("effect", text);
        match (name, value) {
            ("grayscale", None) => return Ok(Self::Grayscale),
            ("negate", None) => return Ok(Self::Negate),
            ("recolor", Some(value)) => return recolor(value).ok_or_else(invalid),
            _ => {}
        }
        if let Some((_, low, high, default, make)) = STRENGTHS.iter().find(|row| row.0 == name) {
            let strength = match value {
                None => *default,
                Some(value) => number(value).filter(|value| (*low..=*high).contains(value)).ok_or_else(invalid)?,
            };
            return Ok(make(strength as f32));
        }
        if let Some((_, make)) = SQUARES.iter().find(|row| row.0 == name) {
            let side = match value {
                None => None,
                Some(value) => Some(value.parse().ok().filter(|side| (1..=200).contains(side)).ok_or_else(invalid)?),
            };
            return Ok(make(side));
        }
        if name.starts_with("gen_") || name.starts_with("generative_") || LEFT_TO_THE_SERVICE.contains(&name) {
            return Err(PipelineError::Unsupported(format!("The effect {name}")));
        }
        Err(invalid())
    }

    /// How often it passes through all pixels; what looks at neighbours takes the time of four.
    pub(crate) fn passes(&self) -> u64 {
        match self {
            Self::Blur(_) | Self::BlurFaces(_) | Self::BlurRegion(_) | Self::Sharpen(_) | Self::UnsharpMask(_) => 4,
            _ => 1,
        }
    }

    /// Whether `x`, `y`, `w` and `h` tell it where to work, instead of resizing.
    pub(crate) fn takes_region(&self) -> bool {
        matches!(self, Self::BlurRegion(_) | Self::PixelateRegion(_))
    }
}

/// Nine numbers, the rows of a matrix.
fn recolor(value: &str) -> Option<Effect> {
    let numbers: Vec<f32> = value.split(':').map(|text| number(text).map(|n| n as f32)).collect::<Option<_>>()?;
    let rows = <[f32; 9]>::try_from(numbers).ok()?;
    let [a, b, c, d, e, f, g, h, i] = rows;
    Some(Effect::Recolor([[a, b, c], [d, e, f], [g, h, i]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ranges_and_defaults() {
        for (text, expected) in [
            ("sepia", Ok(Effect::Sepia(80.0))),
            ("sepia:50", Ok(Effect::Sepia(50.0))),
            ("blur", Ok(Effect::Blur(100.0))),
            ("blur:2000", Ok(Effect::Blur(2000.0))),
            ("hue:-100", Ok(Effect::Hue(-100.0))),
            ("grayscale", Ok(Effect::Grayscale)),
            ("pixelate", Ok(Effect::Pixelate(None))),
            ("pixelate:8", Ok(Effect::Pixelate(Some(8)))),
            ("recolor:1:0:0:0:1:0:0:0:1", Ok(Effect::Recolor([[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]]))),
            ("sepia:0", Err("Invalid effect in transformation: sepia:0")),
            ("blur:2001", Err("Invalid effect in transformation: blur:2001")),
            ("blur:much", Err("Invalid effect in transformation: blur:much")),
            ("blur:", Err("Invalid effect in transformation: blur:")),
            ("grayscale:5", Err("Invalid effect in transformation: grayscale:5")),
            ("pixelate:0", Err("Invalid effect in transformation: pixelate:0")),
            ("recolor:1:2", Err("Invalid effect in transformation: recolor:1:2")),
            ("sparkle", Err("Invalid effect in transformation: sparkle")),
            ("gen_fill", Err("The effect gen_fill is not supported by the local media server")),
            ("art:zorro", Err("The effect art is not supported by the local media server")),
            ("background_removal", Err("The effect background_removal is not supported by the local media server")),
        ] {
            let got = Effect::parse(text).map_err(|error| error.to_string());
            assert_eq!(got, expected.map_err(str::to_owned), "{text}");
        }
        for (name, low, high, default, _) in STRENGTHS {
            assert!((low..=high).contains(&default), "{name}");
        }
    }
}
