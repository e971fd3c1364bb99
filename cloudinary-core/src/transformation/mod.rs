//! Transformations: what is done to an image on its way, as an ordered chain of steps.
//!
//! Each step is a set of parameters, which print in the service's order whatever order they are set in.
//!
//! A face thumbnail; an image that fits a box, in another format; what is never larger than the page shows it:
//!
//! ```
//! use cloudinary_core::{Crop, Eager, Gravity, Transformation};
//! let thumbnail = Transformation::new().width(150).height(100).crop(Crop::Thumb).gravity(Gravity::Face);
//! assert_eq!(thumbnail.to_string(), "c_thumb,g_face,h_100,w_150");
//! let filled = Transformation::new().width(120).height(80).crop(Crop::Fill);
//! assert_eq!(filled.to_string(), "c_fill,h_80,w_120");
//! let fitted = Transformation::new().width(100).height(150).crop(Crop::Fit);
//! assert_eq!(Eager::with_format(&fitted, "png").as_str(), "c_fit,h_150,w_100/png");
//! let limited = Transformation::new().width(1000).height(1000).crop(Crop::Limit);
//! assert_eq!(limited.to_string(), "c_limit,h_1000,w_1000");
//! ```
//!
//! A part cut out; sizes as fractions; effects; a transformation that has a name in the account:
//!
//! ```
//! use cloudinary_core::{Crop, Effect, Transformation};
//! let cut = Transformation::new().width(400).height(300).x(50).y(80).crop(Crop::Crop);
//! assert_eq!(cut.to_string(), "c_crop,h_300,w_400,x_50,y_80");
//! assert_eq!(Transformation::new().width(0.2).crop(Crop::Scale).to_string(), "c_scale,w_0.2");
//! assert_eq!(Transformation::new().effect(Effect::hue(30)).to_string(), "e_hue:30");
//! assert_eq!(Transformation::named("jpg_with_quality_30").to_string(), "t_jpg_with_quality_30");
//! ```
//!
//! Steps one after another; a watermark half as wide as the image; text in a stored style:
//!
//! ```
//! use cloudinary_core::{Crop, Flag, Gravity, Layer, Transformation};
//! let steps = Transformation::new()
//!     .width(100).height(120).crop(Crop::Limit)
//!     .then().crop(Crop::Crop).x(5).y(10).width(40).height(10);
//! assert_eq!(steps.to_string(), "c_limit,h_120,w_100/c_crop,h_10,w_40,x_5,y_10");
//! let marked = Transformation::new()
//!     .width(1000).height(1000).crop(Crop::Limit)
//!     .then().overlay(Layer::image("my_watermark")).flags([Flag::Relative]).width(0.5);
//! assert_eq!(marked.to_string(), "c_limit,h_1000,w_1000/fl_relative,l_my_watermark,w_0.5");
//! let greeting = Transformation::new()
//!     .overlay("text:bold_dark:Hello+World").gravity(Gravity::SouthEast).x(5).y(5);
//! assert_eq!(greeting.to_string(), "g_south_east,l_text:bold_dark:Hello+World,x_5,y_5");
//! ```
//!
//! Variables, arithmetic and conditions:
//!
//! ```
//! use cloudinary_core::{Crop, Transformation};
//! let square = Transformation::new().variable("side", 300).width("$side").height("$side / 2").crop(Crop::Fill);
//! assert_eq!(square.to_string(), "$side_300,c_fill,h_$side_div_2,w_$side");
//! let wide_only = Transformation::new().condition("width > 500").width(500).crop(Crop::Scale).if_end();
//! assert_eq!(wide_only.to_string(), "if_w_gt_500,c_scale,w_500/if_end");
//! ```
//!
//! Follows <https://cloudinary.com/documentation/transformation_reference>.

mod chain;
mod color;
mod color_space;
mod condition;
mod crop;
mod delivery;
mod effect;
mod effects;
mod expression;
mod flag;
mod gravity;
mod key;
mod layer;
mod layer_text;
mod level;
mod look;
mod options;
mod order;
mod parameters;
mod parse;
mod quality;
mod setting;
mod shape;
mod size;
mod steps;
mod text;
mod value;
mod video;
mod words;

pub use self::chain::Transformation;
pub use self::color::Color;
pub use self::color_space::ColorSpace;
pub use self::crop::Crop;
pub use self::effect::Effect;
pub use self::flag::Flag;
pub use self::gravity::Gravity;
pub use self::layer::{Layer, MAX_LAYER_TEXT_CHARS};
pub use self::level::Level;
pub use self::options::{MAX_OPTION_DEPTH, is_option};
pub use self::parse::{Param, Step, is_step};
pub use self::quality::Quality;
pub use self::shape::{Angle, Radius};
pub use self::text::MAX_TRANSFORMATION_BYTES;
pub use self::value::Value;
pub use self::video::VideoCodec;
