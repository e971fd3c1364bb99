//! The values of parameters, typed where the set is known.

use std::borrow::Cow;
use std::fmt;

use super::value::{Value, float};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident => $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
            /// A value this crate has no name for, in the URL's form.
            Other(String),
        }

        impl $name {
            /// The form in URLs.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$word => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$word,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }
    };
}

words! {
    /// How an image is fitted to the asked size: `c_`.
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#c_crop_resize>.
    Crop {
        /// Exactly the size; distorts when both sides are given.
        Scale => "scale",
        /// The largest that fits inside, larger than the original if need be.
        Fit => "fit",
        /// As fit, but never larger than the original.
        Limit => "limit",
        /// As fit, but never smaller than the original.
        MinimumFit => "mfit",
        /// Covers the size and cuts what is over, by gravity.
        Fill => "fill",
        /// As fill, but never larger than the original.
        LimitFill => "lfill",
        /// Fills when little is lost, else pads; with automatic gravity.
        FillPad => "fill_pad",
        /// Fits inside and fills the rest with the background.
        Pad => "pad",
        /// As pad, but never larger than the original.
        LimitPad => "lpad",
        /// As pad, but only when the original is smaller.
        MinimumPad => "mpad",
        /// Cuts a part out, without scaling.
        Crop => "crop",
        /// Frames what gravity names, then scales to the size.
        Thumb => "thumb",
        /// Frames automatically.
        Auto => "auto",
        /// Frames automatically and pads.
        AutoPad => "auto_pad",
        /// The Imagga add-on's crop.
        ImaggaCrop => "imagga_crop",
        /// The Imagga add-on's scale.
        ImaggaScale => "imagga_scale",
    }
}

words! {
    /// Which part of the image matters, or where a layer goes: `g_`.
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#g_gravity>.
    Gravity {
        /// The middle.
        Center => "center",
        /// The top.
        North => "north",
        /// The top right corner.
        NorthEast => "north_east",
        /// The right.
        East => "east",
        /// The bottom right corner.
        SouthEast => "south_east",
        /// The bottom.
        South => "south",
        /// The bottom left corner.
        SouthWest => "south_west",
        /// The left.
        West => "west",
        /// The top left corner.
        NorthWest => "north_west",
        /// Around the point `x`, `y`.
        XyCenter => "xy_center",
        /// The largest face.
        Face => "face",
        /// All faces.
        Faces => "faces",
        /// The largest face, else the middle.
        FaceCenter => "face:center",
        /// All faces, else the middle.
        FacesCenter => "faces:center",
        /// The largest face, else automatic.
        FaceAuto => "face:auto",
        /// The coordinates given at upload.
        Custom => "custom",
        /// The coordinates given at upload, else the largest face.
        CustomFace => "custom:face",
        /// What looks most interesting.
        Auto => "auto",
        /// Resizes by leaving out what looks least interesting.
        Liquid => "liquid",
        /// Text that the OCR add-on found.
        OcrText => "ocr_text",
    }
}

words! {
    /// A switch: `fl_`.
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#fl_flag>.
    Flag {
        /// Deliver as a download.
        Attachment => "attachment",
        /// Keep animation.
        Animated => "animated",
        /// Animated GIF as animated WebP.
        AnimatedWebp => "awebp",
        /// Animated GIF as animated PNG.
        AnimatedPng => "apng",
        /// Deliver any format, whatever the extension.
        AnyFormat => "any_format",
        /// Trim to the clipping path.
        Clip => "clip",
        /// Trim to the clipping path, even-odd.
        ClipEvenOdd => "clip_evenodd",
        /// Use the layer's shape to cut the image.
        Cutter => "cutter",
        /// Strip all metadata.
        ForceStrip => "force_strip",
        /// Describe the image instead of delivering it.
        GetInfo => "getinfo",
        /// Change one side only.
        IgnoreAspectRatio => "ignore_aspect_ratio",
        /// Cache for ever.
        ImmutableCache => "immutable_cache",
        /// Keep copyright metadata.
        KeepAttribution => "keep_attribution",
        /// Keep all metadata.
        KeepIptc => "keep_iptc",
        /// Place the layer opened before.
        LayerApply => "layer_apply",
        /// Lossy compression where the format has it.
        Lossy => "lossy",
        /// Cut the layer where it leaves the image.
        NoOverflow => "no_overflow",
        /// The original.
        Original => "original",
        /// Fill transparent parts with the background.
        PreserveTransparency => "preserve_transparency",
        /// Progressive JPEG.
        Progressive => "progressive",
        /// Sizes of a layer are fractions of the image.
        Relative => "relative",
        /// Sizes of a layer are fractions of the region.
        RegionRelative => "region_relative",
        /// Join videos.
        Splice => "splice",
        /// Strip the colour profile.
        StripProfile => "strip_profile",
        /// Refuse text that is larger than its box.
        TextDisallowOverflow => "text_disallow_overflow",
        /// Keep the space around text.
        TextNoTrim => "text_no_trim",
        /// Repeat the layer.
        Tiled => "tiled",
    }
}

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
    /// Anything else, as `80:420`.
    Other(String),
}

impl Quality {
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Level(level) => level.to_string().into(),
            Self::Auto => "auto".into(),
            Self::AutoBest => "auto:best".into(),
            Self::AutoGood => "auto:good".into(),
            Self::AutoEco => "auto:eco".into(),
            Self::AutoLow => "auto:low".into(),
            Self::Other(text) => text.into(),
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
        Self::Other(text.to_owned())
    }
}

/// How round corners are: `r_`.
#[derive(Debug, Clone, PartialEq)]
pub enum Radius {
    /// An ellipse.
    Max,
    /// The same for every corner, in pixels.
    All(Value),
    /// One to four corners, clockwise from the top left, as in CSS.
    Corners(Vec<Value>),
}

impl<V: Into<Value>> From<V> for Radius {
    fn from(value: V) -> Self {
        match value.into() {
            Value::Text(text) if text == "max" => Self::Max,
            value => Self::All(value),
        }
    }
}

impl<V: Into<Value>, const N: usize> From<[V; N]> for Radius {
    fn from(corners: [V; N]) -> Self {
        Self::Corners(corners.into_iter().map(Into::into).collect())
    }
}

/// A turn: `a_`.
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#a_angle>.
#[derive(Debug, Clone, PartialEq)]
pub enum Angle {
    /// Degrees, clockwise.
    Degrees(Value),
    /// Mirror left and right.
    HorizontalFlip,
    /// Mirror top and bottom.
    VerticalFlip,
    /// Do not turn by what the camera recorded.
    Ignore,
    /// A quarter right, if that suits the asked shape.
    AutoRight,
    /// A quarter left, if that suits the asked shape.
    AutoLeft,
}

impl<V: Into<Value>> From<V> for Angle {
    fn from(degrees: V) -> Self {
        Self::Degrees(degrees.into())
    }
}

/// A colour: by name, or `#RRGGBB`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Color(pub(crate) String);

impl Color {
    /// A colour from red, green and blue.
    pub fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(format!("rgb:{red:02x}{green:02x}{blue:02x}"))
    }
}

impl From<&str> for Color {
    fn from(text: &str) -> Self {
        Self(text.replace('#', "rgb:"))
    }
}

impl From<String> for Color {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// A filter: `e_`.
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#e_effect>.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Effect(pub(crate) String);

impl Effect {
    /// An effect by name, as `grayscale`.
    pub fn named(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// An effect with a level, as `sepia:50`.
    pub fn with(name: &str, level: impl Into<Value>) -> Self {
        Self(level.into().with_str(|level| [name, ":", level].concat()))
    }

    /// Brown tones; 1 to 100, default 80.
    pub fn sepia(level: u8) -> Self {
        Self::with("sepia", level)
    }

    /// No colours.
    pub fn grayscale() -> Self {
        Self::named("grayscale")
    }

    /// Soft; 1 to 2000, default 100.
    pub fn blur(strength: u16) -> Self {
        Self::with("blur", strength)
    }

    /// Turned colours; -100 to 100, default 80.
    pub fn hue(level: i8) -> Self {
        Self::with("hue", level)
    }

    /// Lighter or darker; -99 to 100, default 80.
    pub fn brightness(level: i8) -> Self {
        Self::with("brightness", level)
    }

    /// More or less colourful; -100 to 100, default 80.
    pub fn saturation(level: i8) -> Self {
        Self::with("saturation", level)
    }

    /// More or less contrast; -100 to 100, default 0.
    pub fn contrast(level: i8) -> Self {
        Self::with("contrast", level)
    }
}

impl From<&str> for Effect {
    fn from(text: &str) -> Self {
        Self(super::expression::normalize(text))
    }
}

impl From<String> for Effect {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl<V: Into<Value>> From<(&str, V)> for Effect {
    fn from((name, level): (&str, V)) -> Self {
        Self::with(name, level)
    }
}

impl From<Value> for Cow<'_, str> {
    fn from(value: Value) -> Self {
        match value {
            Value::Int(number) => number.to_string().into(),
            Value::Float(number) => float(number).into(),
            Value::Text(text) => text.into(),
        }
    }
}
