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

mod expression;
mod layer;
mod options;
mod parameters;
mod parse;
mod value;
mod values;
mod video;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result, shorten};

pub use self::layer::{Layer, MAX_LAYER_TEXT_CHARS};
pub use self::options::{MAX_OPTION_DEPTH, is_option};
pub use self::parse::{Param, Step, is_step};
pub use self::value::Value;
pub use self::values::{Angle, Color, Crop, Effect, Flag, Gravity, Quality, Radius};
pub use self::video::VideoCodec;

/// The most bytes a transformation may have; a longer one can never be part of a URL.
pub const MAX_TRANSFORMATION_BYTES: usize = 16 * 1024;

/// As much as two ordinary steps need, so that building them does not move them about.
const USUAL_BYTES: usize = 96;

/// A chain of steps, each a set of parameters.
///
/// Setters act on the last step; [`then`](Self::then) starts the next. Setting a parameter twice replaces it. The
/// value *is* its canonical text: printing, cloning and comparing it cost what they cost for a string.
///
/// ```
/// use cloudinary_core::{Crop, Gravity, Layer, Transformation};
/// let card = Transformation::new()
///     .width(400).height(300).crop(Crop::Fill).gravity(Gravity::Face).radius(20)
///     .then().overlay(Layer::text("Hi, there", "Arial", 40).bold()).gravity(Gravity::SouthEast).x(5).y(5);
/// assert_eq!(
///     card.to_string(),
///     "c_fill,g_face,h_300,r_20,w_400/g_south_east,l_text:Arial_40_bold:Hi%252C%20there,x_5,y_5",
/// );
/// ```
///
/// It parses back without loss, and serialises as that text; it deserialises from the text, from the option map the
/// other SDKs take, or from a list of either:
///
/// ```
/// use cloudinary_core::Transformation;
/// let from_text: Transformation = "w_150,c_fill/e_sepia:50".parse()?;
/// assert_eq!(from_text.to_string(), "w_150,c_fill/e_sepia:50");
/// let from_map: Transformation = serde_json::from_str(r#"{"width": 150, "crop": "fill"}"#).unwrap();
/// assert_eq!(from_map.to_string(), "c_fill,w_150");
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// A value that can never work, as a `NaN` width, is written so that the service refuses it instead of delivering
/// another picture: one value never makes two parameters. [`check`](Self::check) reports it beforehand.
#[derive(Clone, Default)]
pub struct Transformation {
    text: String,
    /// Where the last step starts in `text`; past its end when that step is still empty and will need a `/`.
    step: usize,
    /// Where raw text starts in the last step, which stays at its end.
    raw: Option<usize>,
    /// Whether the last step was read from text, where a key may stand more than once and in any place.
    read: bool,
    invalid: Option<Box<Invalid>>,
}

/// The first value that was given to a setter and can never work.
#[derive(Debug, Clone)]
struct Invalid {
    parameter: String,
    value: String,
    remedy: &'static str,
}

impl Transformation {
    /// An empty transformation, which delivers the original.
    pub const fn new() -> Self {
        Self { text: String::new(), step: 0, raw: None, read: false, invalid: None }
    }

    /// A transformation that is defined under a name in the account: `t_{name}`.
    pub fn named(name: &str) -> Self {
        Self::new().named_transformation(name)
    }

    /// Starts the next step. Does nothing while the last one is empty.
    pub fn then(mut self) -> Self {
        if self.step < self.text.len() {
            self.step = self.text.len() + 1;
            self.raw = None;
            self.read = false;
        }
        self
    }

    /// Appends all steps of another transformation.
    pub fn append(self, other: &Self) -> Self {
        let mut joined = self.then();
        if other.text.is_empty() {
            return joined;
        }
        if !joined.text.is_empty() {
            joined.text.push('/');
        }
        let offset = joined.text.len();
        joined.text.push_str(&other.text);
        joined.step = offset + other.step;
        joined.raw = other.raw.map(|at| offset + at);
        joined.read = other.read;
        joined.invalid = joined.invalid.or_else(|| other.invalid.clone());
        joined
    }

    /// Sets the parameters of another transformation's last step in the last step of this one. Its steps before that
    /// do not count.
    pub fn merge(mut self, other: &Self) -> Self {
        let Some(last) = other.steps().last() else {
            return self;
        };
        for param in last.params() {
            if param.value.is_empty() {
                self = self.raw(param.key);
            } else {
                self.put(param.key, &[param.value]);
            }
        }
        self.invalid = self.invalid.or_else(|| other.invalid.clone());
        self
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The canonical text, as it stands in a URL.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Reports the first value given to a setter that can never work.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], naming the parameter, the value and what would be accepted.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert!(Transformation::new().width(f64::NAN).check().is_err());
    /// assert!(Transformation::new().width(0.5).check().is_ok());
    /// ```
    pub fn check(&self) -> Result<()> {
        match &self.invalid {
            Some(invalid) => Err(Error::InvalidParameter {
                parameter: invalid.parameter.clone(),
                value: invalid.value.clone(),
                remedy: invalid.remedy.to_owned(),
            }),
            None if self.text.len() > MAX_TRANSFORMATION_BYTES => {
                Err(Error::invalid("transformation", &self.text, "it may have 16384 bytes at most"))
            }
            None => Ok(()),
        }
    }

    fn refuse(&mut self, parameter: &str, value: &str, remedy: &'static str) {
        self.invalid.get_or_insert_with(|| {
            Box::new(Invalid { parameter: parameter.to_owned(), value: shorten(value), remedy })
        });
    }

    /// Puts `key_value` where it belongs in the last step: conditions first, then variables, then by key, then raw.
    /// A value in parts, so that no setter needs a string of its own.
    fn put(&mut self, key: &str, value: &[&str]) {
        if self.read {
            self.forget(key);
        }
        if self.text.capacity() == 0 {
            self.text.reserve(USUAL_BYTES);
        }
        let (start, end, replace) = self.place(key);
        if replace {
            self.text.replace_range(start..end, "");
            self.shift_raw(start as isize - end as isize);
        }
        let opens_step = self.step > self.text.len();
        let follows = !replace && start > self.step && start == self.end_of_sorted();
        let mut at = start;
        if opens_step {
            self.insert(&mut at, "/");
        } else if follows {
            self.insert(&mut at, ",");
        }
        self.insert(&mut at, key);
        self.insert(&mut at, "_");
        for piece in value {
            self.insert(&mut at, piece);
        }
        if !replace && !opens_step && !follows && at < self.text.len() {
            self.insert(&mut at, ",");
        }
        self.shift_raw(at as isize - start as isize);
    }

    /// Takes every parameter with this key out of the last step.
    fn forget(&mut self, key: &str) {
        let has_key = |param: &str| param.strip_prefix(key).is_some_and(|rest| rest.starts_with('_'));
        let step = self.text.get(self.step..).unwrap_or_default();
        if step.split(',').any(has_key) {
            let kept: Vec<&str> = step.split(',').filter(|param| !has_key(param)).collect();
            let kept = kept.join(",");
            self.text.truncate(self.step);
            self.text.push_str(&kept);
        }
    }

    fn insert(&mut self, at: &mut usize, piece: &str) {
        if *at == self.text.len() {
            self.text.push_str(piece);
        } else {
            self.text.insert_str(*at, piece);
        }
        *at += piece.len();
    }

    fn shift_raw(&mut self, by: isize) {
        if let Some(raw) = self.raw {
            self.raw = Some(raw.saturating_add_signed(by));
        }
    }

    /// Where the parameters that are kept in order end: before the comma of raw text, or at the end.
    fn end_of_sorted(&self) -> usize {
        match self.raw {
            Some(raw) if raw > self.step => raw - 1,
            Some(raw) => raw,
            None => self.text.len(),
        }
    }

    /// Where a parameter with this key goes: an empty range to insert at, or the range to replace.
    fn place(&self, key: &str) -> (usize, usize, bool) {
        let end = self.end_of_sorted();
        let Some(step) = self.text.get(self.step..end).filter(|step| !step.is_empty()) else {
            return (self.step.min(self.text.len()), self.step.min(self.text.len()), false);
        };
        let mut at = self.step;
        let rank = Rank::of_key(key);
        for param in step.as_bytes().split(|byte| *byte == b',') {
            match Rank::of(param).cmp(&rank).then_with(|| compare_keys(param, key, &rank)) {
                std::cmp::Ordering::Less => at += param.len() + 1,
                std::cmp::Ordering::Equal => return (at, at + param.len(), true),
                std::cmp::Ordering::Greater => return (at, at, false),
            }
        }
        (end, end, false)
    }
}

/// The sections of a step, in order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Condition,
    Variable,
    Parameter,
}

impl Rank {
    fn of(param: &[u8]) -> Self {
        match param {
            [b'i', b'f', b'_', ..] => Self::Condition,
            [b'$', ..] => Self::Variable,
            _ => Self::Parameter,
        }
    }

    fn of_key(key: &str) -> Self {
        match key.as_bytes() {
            b"if" => Self::Condition,
            [b'$', ..] => Self::Variable,
            _ => Self::Parameter,
        }
    }
}

/// Compares a written parameter with `{key}_`; equal when it has that very key. Variables keep the order they are set
/// in, since one may be made from another.
fn compare_keys(param: &[u8], key: &str, rank: &Rank) -> std::cmp::Ordering {
    let start = param.get(..key.len()).unwrap_or(param);
    match start.cmp(key.as_bytes()).then_with(|| param.get(key.len()).cmp(&Some(&b'_'))) {
        std::cmp::Ordering::Greater if *rank == Rank::Variable => std::cmp::Ordering::Less,
        ordering => ordering,
    }
}

impl fmt::Display for Transformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Transformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transformation").field(&self.text).finish()
    }
}

impl PartialEq for Transformation {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Transformation {}

impl std::hash::Hash for Transformation {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl From<&Self> for Transformation {
    fn from(transformation: &Self) -> Self {
        transformation.clone()
    }
}

impl FromStr for Transformation {
    type Err = Error;

    /// Keeps the text as it is, to the byte, but for slashes at either end.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for text that can never be part of a URL's path: with `?`, `#`, or a control
    /// character, or longer than [`MAX_TRANSFORMATION_BYTES`].
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim_matches('/');
        if text.len() > MAX_TRANSFORMATION_BYTES {
            return Err(Error::invalid("transformation", text, "it may have 16384 bytes at most"));
        }
        if text.contains(['?', '#']) || text.chars().any(char::is_control) {
            return Err(Error::invalid("transformation", text, "escape ?, # and control characters"));
        }
        let step = text.rfind('/').map_or(0, |slash| slash + 1);
        Ok(Self { text: text.to_owned(), step, raw: None, read: true, invalid: None })
    }
}

impl Serialize for Transformation {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Transformation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        options::from_json(&value).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_sorted_and_replaced() {
        for (transformation, expected) in [
            (Transformation::new(), ""),
            (Transformation::new().then().then(), ""),
            (Transformation::new().width(1).height(2).crop(Crop::Fill), "c_fill,h_2,w_1"),
            (Transformation::new().width(1).width(2), "w_2"),
            (Transformation::new().width(1).height(3).width(222), "h_3,w_222"),
            (Transformation::new().crop(Crop::Fit).width(1).crop(Crop::Scale), "c_scale,w_1"),
            (Transformation::new().angle(20).aspect_ratio("16:9").param("ac", "none"), "a_20,ac_none,ar_16:9"),
            (Transformation::new().width(1).then().then().width(2), "w_1/w_2"),
            (Transformation::new().width(1).raw("x_raw,more").height(2), "h_2,w_1,x_raw,more"),
            (Transformation::new().raw("raw").height(2).width(4).height(3), "h_3,w_4,raw"),
            (Transformation::new().raw("raw").then().height(2), "raw/h_2"),
            (Transformation::new().width("$w").variable("w", 5).condition("w > 5"), "if_w_gt_5,$w_5,w_$w"),
            (Transformation::new().variable("z", 5).variable("a", "$z * 2").variable("z", 6), "$z_6,$a_$z_mul_2"),
            (Transformation::new().append(&Transformation::new().width(1)).height(2), "h_2,w_1"),
            (Transformation::new().radius(3).append(&Transformation::new().width(1)).height(2), "r_3/h_2,w_1"),
            (Transformation::named("thumb").then().angle(5), "t_thumb/a_5"),
        ] {
            assert_eq!(transformation.to_string(), expected);
        }
    }

    #[test]
    fn every_order_of_setters_gives_the_same_step() {
        let setters: [fn(Transformation) -> Transformation; 5] = [
            |t| t.width(150),
            |t| t.height(100),
            |t| t.crop(Crop::Thumb),
            |t| t.gravity(Gravity::Face),
            |t| t.param("bo", "1px_solid_red"),
        ];
        for skip in 0..setters.len() {
            for reversed in [false, true] {
                let mut order: Vec<_> = setters.iter().cycle().skip(skip).take(setters.len()).collect();
                if reversed {
                    order.reverse();
                }
                let built = order.iter().fold(Transformation::new(), |t, set| set(t));
                assert_eq!(built.to_string(), "bo_1px_solid_red,c_thumb,g_face,h_100,w_150");
            }
        }
    }

    #[test]
    fn setters_replace_in_text_that_was_read() {
        for (text, expected) in [
            ("w_1,c_fill", "c_fit,w_3"),
            ("c_fill,w_1,w_2", "c_fit,w_3"),
            ("e_x/w_1,w_2", "e_x/c_fit,w_3"),
            ("", "c_fit,w_3"),
            ("x_1,flag,a_5", "c_fit,w_3,x_1,flag,a_5"),
        ] {
            let changed = text.parse::<Transformation>().unwrap().crop(Crop::Fit).width(3);
            assert_eq!(changed.to_string(), expected, "{text}");
            let appended = Transformation::new().append(&text.parse().unwrap()).crop(Crop::Fit).width(3);
            assert_eq!(appended.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn text_is_kept() {
        for text in
            ["", "w_1", "w_1,c_fill/l_text:Arial_20:a%252Fb,g_north", "c_fill,w_1,w_2", "anything at all", "a//b"]
        {
            assert_eq!(text.parse::<Transformation>().unwrap().to_string(), text);
        }
        assert!("w_1?x".parse::<Transformation>().is_err());
        assert!("w_1\n".parse::<Transformation>().is_err());
    }

    #[test]
    fn impossible_values_are_reported() {
        for (transformation, parameter) in [
            (Transformation::new().width(f64::NAN), "w"),
            (Transformation::new().height(f64::INFINITY), "h"),
            (Transformation::new().width("100/e_sepia"), "w"),
            (Transformation::new().width("100,e_sepia"), "w"),
            (Transformation::new().gravity(Gravity::Other("a/b".into())), "g"),
            (Transformation::new().width(1).append(&Transformation::new().x("1?")), "x"),
        ] {
            let error = transformation.check().unwrap_err().to_string();
            assert!(error.starts_with(&format!("{parameter}: ")), "{error}");
        }
    }
}
