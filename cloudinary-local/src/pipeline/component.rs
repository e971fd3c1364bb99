//! One step of a transformation, checked: every parameter read, in its range, and known.

use cloudinary_core::transformation::Step;
use cloudinary_pixels::Color;

use super::color;
use super::effect::Effect;
use super::error::PipelineError;
use super::gravity::Gravity;
use super::values::{Length, aspect_ratio, number, number_in, refusal};

/// How a picture comes to its size: `c_…`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CropMode {
    Scale,
    Fit,
    Limit,
    Mfit,
    Fill,
    Lfill,
    Pad,
    Lpad,
    Mpad,
    Crop,
    Thumb,
}

/// Turning: `a_…`
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Angle {
    /// Clockwise.
    pub(crate) degrees: f64,
    /// Mirrored left to right, before turning.
    pub(crate) hflip: bool,
    /// Mirrored top to bottom, before turning.
    pub(crate) vflip: bool,
    /// Not turned as the camera noted.
    pub(crate) ignore: bool,
}

/// `r_…`
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Radius {
    Max,
    /// Top left, top right, bottom right, bottom left, in pixels.
    Corners([f64; 4]),
}

/// `bo_4px_solid_red`
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Border {
    pub(crate) width: u32,
    pub(crate) color: Color,
}

/// Flags that change what a step does.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct Flags {
    pub(crate) layer_apply: bool,
    pub(crate) relative: bool,
    pub(crate) no_overflow: bool,
    pub(crate) tiled: bool,
    pub(crate) ignore_aspect_ratio: bool,
    pub(crate) progressive: bool,
    pub(crate) lossy: bool,
}

/// What one step does to the picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Component {
    pub(crate) crop: Option<CropMode>,
    pub(crate) width: Option<Length>,
    pub(crate) height: Option<Length>,
    pub(crate) aspect_ratio: Option<f64>,
    pub(crate) dpr: f64,
    pub(crate) x: Option<Length>,
    pub(crate) y: Option<Length>,
    pub(crate) zoom: f64,
    pub(crate) gravity: Option<Gravity>,
    pub(crate) angle: Option<Angle>,
    pub(crate) radius: Option<Radius>,
    pub(crate) border: Option<Border>,
    pub(crate) background: Option<Color>,
    pub(crate) color: Option<Color>,
    pub(crate) opacity: Option<f32>,
    pub(crate) effect: Option<Effect>,
    pub(crate) flags: Flags,
}

/// Longest border, in pixels.
const MAX_BORDER: f64 = 1000.0;
/// Highest device pixel ratio.
const MAX_DPR: f64 = 10.0;
/// Zoom beyond these shows nothing.
const ZOOM: std::ops::RangeInclusive<f64> = 0.01..=100.0;

/// Parameters that other files read: format, quality, layers, named transformations, the page.
const READ_ELSEWHERE: [&str; 6] = ["f", "q", "l", "u", "t", "pg"];

/// Parameters of the service that are not carried out here.
pub(super) const LEFT_TO_THE_SERVICE: [&str; 19] =
    ["ac", "af", "bl", "br", "cs", "d", "dl", "dn", "dr", "du", "eo", "fn", "fps", "if", "ki", "p", "so", "sp", "vc"];

/// Crop modes of the service that are not carried out here.
pub(super) const OTHER_CROPS: [&str; 5] = ["fill_pad", "imagga_crop", "imagga_scale", "object_crop", "text"];

/// Flags that ask for what is done anyway: metadata is always stripped, transparency kept where the format has it.
const FLAGS_DONE_ANYWAY: [&str; 4] = ["any_format", "force_strip", "preserve_transparency", "strip_profile"];

/// Flags of the service that are not carried out here.
pub(super) const OTHER_FLAGS: [&str; 30] = [
    "alternate",
    "animated",
    "apng",
    "awebp",
    "c2pa",
    "clip",
    "clip_evenodd",
    "cutter",
    "draco",
    "force_icc",
    "getinfo",
    "hlsv3",
    "ignore_mask_channels",
    "immutable_cache",
    "keep_attribution",
    "keep_dar",
    "keep_iptc",
    "mono",
    "no_stream",
    "original",
    "png24",
    "png32",
    "png8",
    "rasterize",
    "region_relative",
    "replace_image",
    "sanitize",
    "splice",
    "streaming_attachment",
    "tiff8_lzw",
];

impl Component {
    /// Reads and checks every parameter of a step.
    pub(crate) fn parse(step: Step<'_>) -> Result<Self, PipelineError> {
        for param in step.params() {
            check_key(param.key, param.value)?;
        }
        let side = |key, name| step.get(key).map(|text| Length::parse_side(name, text)).transpose();
        let auto_width = step.get("w").is_some_and(|width| width == "auto" || width.starts_with("auto:"));
        let component = Self {
            crop: step.get("c").map(CropMode::parse).transpose()?,
            // Client hints would tell the width; without them it stays as it is.
            width: if auto_width { None } else { side("w", "width")? },
            height: side("h", "height")?,
            aspect_ratio: step.get("ar").map(aspect_ratio).transpose()?,
            dpr: match step.get("dpr") {
                None | Some("auto") => 1.0,
                Some(text) => number_in("dpr", text, 0.01, MAX_DPR)?,
            },
            x: step.get("x").map(|text| Length::parse("x", text)).transpose()?,
            y: step.get("y").map(|text| Length::parse("y", text)).transpose()?,
            zoom: match step.get("z") {
                None => 1.0,
                Some(text) => number_in("zoom", text, *ZOOM.start(), *ZOOM.end())?,
            },
            gravity: step.get("g").map(Gravity::parse).transpose()?,
            angle: step.get("a").map(Angle::parse).transpose()?,
            radius: step.get("r").map(Radius::parse).transpose()?,
            border: step.get("bo").map(Border::parse).transpose()?,
            background: step.get("b").map(|text| color::parse("background", text)).transpose()?,
            color: step.get("co").map(|text| color::parse("color", text)).transpose()?,
            opacity: step
                .get("o")
                .map(|text| number_in("opacity", text, 0.0, 100.0).map(|percent| percent as f32))
                .transpose()?,
            effect: step.get("e").map(Effect::parse).transpose()?,
            flags: Flags::parse(step.get("fl").unwrap_or_default())?,
        };
        component.check()?;
        Ok(component)
    }

    /// What only several parameters together tell.
    fn check(&self) -> Result<(), PipelineError> {
        let takes_auto = matches!(self.crop, Some(CropMode::Crop | CropMode::Fill | CropMode::Lfill | CropMode::Thumb));
        if self.gravity.is_some_and(Gravity::is_auto) && self.crop.is_some() && !takes_auto {
            return Err(PipelineError::Invalid(
                "Use auto gravity only with crop, fill, lfill, fill_pad or thumb".to_owned(),
            ));
        }
        if self.color.is_some() && !matches!(self.effect, Some(Effect::Colorize(_))) {
            return Err(PipelineError::Unsupported("A color (co) without the effect colorize".to_owned()));
        }
        if self.crop == Some(CropMode::Thumb) && self.gravity.is_none() {
            return Err(PipelineError::Invalid("Crop mode thumb requires a gravity".to_owned()));
        }
        Ok(())
    }

    /// Whether it gives the picture another size or part.
    pub(crate) fn resizes(&self) -> bool {
        let region = self.effect.as_ref().is_some_and(Effect::takes_region);
        let sized = self.width.is_some() || self.height.is_some() || self.aspect_ratio.is_some();
        let cut_to_target = matches!(self.crop, Some(CropMode::Crop | CropMode::Thumb)) && self.gravity.is_some();
        !region && (sized || cut_to_target)
    }

    /// How often it passes through all pixels, resizing and turning not counted; what looks at neighbours counts more.
    pub(crate) fn passes(&self) -> u64 {
        let once = [
            self.radius.is_some(),
            self.border.is_some(),
            self.opacity.is_some(),
            self.angle.is_some(),
            self.background.is_some(),
        ];
        once.into_iter().map(u64::from).sum::<u64>() + self.effect.as_ref().map_or(0, Effect::passes)
    }

    /// Whether it changes pixels in other ways.
    pub(crate) fn paints(&self) -> bool {
        self.angle.is_some()
            || self.radius.is_some()
            || self.border.is_some()
            || self.background.is_some()
            || self.opacity.is_some()
            || self.effect.is_some()
    }
}

fn check_key(key: &str, value: &str) -> Result<(), PipelineError> {
    const OWN: [&str; 17] = ["a", "ar", "b", "bo", "c", "co", "dpr", "e", "fl", "g", "h", "o", "r", "w", "x", "y", "z"];
    if OWN.contains(&key) || READ_ELSEWHERE.contains(&key) {
        return if value.is_empty() { Err(PipelineError::component(key)) } else { Ok(()) };
    }
    match key {
        "if" => Err(PipelineError::Unsupported(format!("The condition if_{value}"))),
        "vs" => Err(PipelineError::Unsupported(format!("The parameter vs_{value}"))),
        _ if key.starts_with('$') => Err(PipelineError::Unsupported(format!("The variable {key}"))),
        _ if LEFT_TO_THE_SERVICE.contains(&key) => {
            Err(PipelineError::Unsupported(format!("The parameter {key}_{value}")))
        }
        _ if value.is_empty() => Err(PipelineError::component(key)),
        _ => Err(PipelineError::component(&format!("{key}_{value}"))),
    }
}

impl CropMode {
    fn parse(text: &str) -> Result<Self, PipelineError> {
        Ok(match text {
            "scale" => Self::Scale,
            "fit" => Self::Fit,
            "limit" => Self::Limit,
            "mfit" => Self::Mfit,
            // Automatic framing is the center.
            "fill" | "auto" => Self::Fill,
            "lfill" => Self::Lfill,
            "pad" | "auto_pad" => Self::Pad,
            "lpad" => Self::Lpad,
            "mpad" => Self::Mpad,
            "crop" => Self::Crop,
            "thumb" => Self::Thumb,
            _ if OTHER_CROPS.contains(&text) => {
                return Err(PipelineError::Unsupported(format!("The crop mode {text}")));
            }
            _ => return Err(PipelineError::invalid("crop", text)),
        })
    }
}

impl Angle {
    fn parse(text: &str) -> Result<Self, PipelineError> {
        let mut angle = Self::default();
        let mut numbers = 0;
        for part in text.split('.') {
            match part {
                "hflip" => angle.hflip = true,
                "vflip" => angle.vflip = true,
                "ignore" => angle.ignore = true,
                "auto_right" | "auto_left" | "exif" => {
                    return Err(PipelineError::Unsupported(format!("The angle {part}")));
                }
                _ => {
                    numbers += 1;
                    angle.degrees = number(part).filter(|_| numbers == 1).ok_or_else(|| refusal("angle", text))?;
                }
            }
        }
        Ok(angle)
    }
}

impl Radius {
    fn parse(text: &str) -> Result<Self, PipelineError> {
        if text == "max" {
            return Ok(Self::Max);
        }
        let corner = |text: &str| number(text).filter(|radius| *radius >= 0.0);
        let radii: Option<Vec<f64>> = text.split(':').map(corner).collect();
        // As CSS has it: opposite corners share, when there are fewer than four.
        match radii.as_deref() {
            Some(&[all]) => Ok(Self::Corners([all; 4])),
            Some(&[one, other]) => Ok(Self::Corners([one, other, one, other])),
            Some(&[first, sides, third]) => Ok(Self::Corners([first, sides, third, sides])),
            Some(&[a, b, c, d]) => Ok(Self::Corners([a, b, c, d])),
            _ => Err(refusal("radius", text)),
        }
    }
}

impl Border {
    fn parse(text: &str) -> Result<Self, PipelineError> {
        let invalid = || PipelineError::invalid("border", text);
        let (width, rest) = text.split_once("_solid_").ok_or_else(invalid)?;
        let width = number(width.strip_suffix("px").unwrap_or(width))
            .filter(|width| (0.0..=MAX_BORDER).contains(width))
            .ok_or_else(invalid)?;
        Ok(Self { width: width.round() as u32, color: color::parse("border color", rest)? })
    }
}

impl Flags {
    fn parse(text: &str) -> Result<Self, PipelineError> {
        let mut flags = Self::default();
        for flag in text.split('.').filter(|flag| !flag.is_empty()) {
            let name = flag.split(':').next().unwrap_or(flag);
            match name {
                "layer_apply" => flags.layer_apply = true,
                "relative" => flags.relative = true,
                "no_overflow" => flags.no_overflow = true,
                "tiled" => flags.tiled = true,
                "ignore_aspect_ratio" => flags.ignore_aspect_ratio = true,
                "progressive" => flags.progressive = flag != "progressive:none",
                "lossy" => flags.lossy = true,
                // The delivery names the file.
                "attachment" => {}
                _ if FLAGS_DONE_ANYWAY.contains(&name) => {}
                _ if OTHER_FLAGS.contains(&name) => {
                    return Err(PipelineError::Unsupported(format!("The flag {flag}")));
                }
                _ => return Err(PipelineError::invalid("flags", flag)),
            }
        }
        Ok(flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloudinary_core::Transformation;

    fn parse(text: &str) -> Result<Component, String> {
        let transformation: Transformation = text.parse().unwrap();
        let component = Component::parse(transformation.steps().next().unwrap());
        component.map_err(|error| error.to_string())
    }

    #[test]
    fn everything_at_once() {
        let text = "a_10.hflip,ar_16:9,b_red,bo_2px_solid_rgb:00f,c_fill,dpr_2,e_sepia,fl_progressive.relative,g_face,\
                    h_20,o_50,q_70,r_1:2,w_0.5,x_-3,y_4,z_1.5";
        let component = parse(text).unwrap();
        assert_eq!(component.crop, Some(CropMode::Fill));
        assert_eq!((component.width, component.height), (Some(Length::Share(0.5)), Some(Length::Pixels(20.0))));
        assert_eq!(component.radius, Some(Radius::Corners([1.0, 2.0, 1.0, 2.0])));
        assert_eq!(component.border, Some(Border { width: 2, color: Color::rgb(0, 0, 255) }));
        assert_eq!(component.angle, Some(Angle { degrees: 10.0, hflip: true, ..Angle::default() }));
        assert!(component.flags.progressive && component.flags.relative);
        assert!(component.resizes() && component.paints());
        assert!(!parse("q_80,f_png").unwrap().paints());
        assert!(!parse("e_blur_region,x_1,y_1,w_5,h_5").unwrap().resizes());
    }

    #[test]
    fn what_is_refused_and_how() {
        for (text, message) in [
            ("w_abc", "Invalid width in transformation: abc"),
            ("w_0", "Invalid width in transformation: 0"),
            ("h_-5", "Invalid height in transformation: -5"),
            ("x_1e3", "Invalid x in transformation: 1e3"),
            ("c_squash", "Invalid crop in transformation: squash"),
            ("g_up", "Invalid gravity in transformation: up"),
            ("r_round", "Invalid radius in transformation: round"),
            ("r_1:2:3:4:5", "Invalid radius in transformation: 1:2:3:4:5"),
            ("r_-1", "Invalid radius in transformation: -1"),
            ("a_left", "Invalid angle in transformation: left"),
            ("a_12.5", "Invalid angle in transformation: 12.5"),
            ("o_101", "Invalid opacity in transformation: 101"),
            ("dpr_0", "Invalid dpr in transformation: 0"),
            ("ar_0", "Invalid aspect_ratio in transformation: 0"),
            ("bo_red", "Invalid border in transformation: red"),
            ("bo_2px_solid_reddish", "Invalid color in transformation: reddish"),
            ("z_0", "Invalid zoom in transformation: 0"),
            ("fl_sparkle", "Invalid flags in transformation: sparkle"),
            ("e_sparkle", "Invalid effect in transformation: sparkle"),
            ("ab_cd", "Invalid transformation component - ab_cd"),
            ("w150", "Invalid transformation component - w150"),
            ("w_", "Invalid transformation component - w"),
            ("c_fit,g_auto", "Use auto gravity only with crop, fill, lfill, fill_pad or thumb"),
            ("c_thumb,w_10,h_10", "Crop mode thumb requires a gravity"),
            ("if_w_gt_5", "The condition if_w_gt_5 is not supported by the local media server"),
            ("$a_5", "The variable $a is not supported by the local media server"),
            ("dl_2", "The parameter dl_2 is not supported by the local media server"),
            ("fl_cutter", "The flag cutter is not supported by the local media server"),
            ("c_fill_pad", "The crop mode fill_pad is not supported by the local media server"),
            ("a_auto_right", "The angle auto_right is not supported by the local media server"),
            ("b_auto", "The background auto is not supported by the local media server"),
        ] {
            assert_eq!(parse(text), Err(message.to_owned()), "{text}");
        }
    }
}
