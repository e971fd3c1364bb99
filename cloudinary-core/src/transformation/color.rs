//! Colours.

/// A colour: by name, or in hexadecimal with three, four, six or eight digits, the last of four or eight for opacity.
///
/// ```
/// use cloudinary_core::{Color, Transformation};
/// assert_eq!(Transformation::new().background("lightblue").to_string(), "b_lightblue");
/// assert_eq!(Transformation::new().background("#feb61fc2").to_string(), "b_rgb:feb61fc2");
/// assert_eq!(Color::from("#ff0010"), Color::rgb(255, 0, 16));
/// ```
///
/// Follows <https://cloudinary.com/documentation/transformation_reference#co_color>.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Color(pub(crate) String);

impl Color {
    /// A colour from red, green and blue, each 0 to 255; it is opaque.
    ///
    /// ```
    /// use cloudinary_core::{Color, Transformation};
    /// assert_eq!(Transformation::new().color(Color::rgb(255, 0, 16)).to_string(), "co_rgb:ff0010");
    /// ```
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
