//! Colours.

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
