//! Round corners and turns.

use super::value::Value;

/// How round corners are: `r_`. Default: not at all.
///
/// ```
/// use cloudinary_core::{Radius, Transformation};
/// assert_eq!(Transformation::new().radius(Radius::Max).to_string(), "r_max");
/// assert_eq!(Radius::from([20, 0]), Radius::Corners(vec![20.into(), 0.into()]));
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#r_round_corners>.
#[derive(Debug, Clone, PartialEq)]
pub enum Radius {
    /// An ellipse; of a square, a circle.
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

/// A turn or a flip: `a_`. Default: only the turn that the camera recorded.
///
/// ```
/// use cloudinary_core::{Angle, Transformation};
/// assert_eq!(Transformation::new().angle(Angle::Ignore).to_string(), "a_ignore");
/// assert_eq!(Angle::from(90), Angle::Degrees(90.into()));
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#a_angle>.
#[derive(Debug, Clone, PartialEq)]
pub enum Angle {
    /// Degrees, clockwise. But for multiples of 90 the image grows to hold its corners.
    Degrees(Value),
    /// Mirror left and right.
    HorizontalFlip,
    /// Mirror top and bottom.
    VerticalFlip,
    /// Do not turn by what the camera recorded.
    Ignore,
    /// A quarter right, if that suits the shape that a crop of the same step asks for.
    AutoRight,
    /// A quarter left, if that suits the shape that a crop of the same step asks for.
    AutoLeft,
}

impl Angle {
    pub(super) fn into_value(self) -> Value {
        let word = match self {
            Self::Degrees(degrees) => return degrees,
            Self::HorizontalFlip => "hflip",
            Self::VerticalFlip => "vflip",
            Self::Ignore => "ignore",
            Self::AutoRight => "auto_right",
            Self::AutoLeft => "auto_left",
        };
        Value::Text(word.to_owned())
    }
}

impl<V: Into<Value>> From<V> for Angle {
    fn from(degrees: V) -> Self {
        Self::Degrees(degrees.into())
    }
}
