//! Round corners and turns.

use super::value::Value;

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
