//! What a crop keeps, and where a layer goes.

use super::error::PipelineError;

/// What to keep in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Gravity {
    /// A place by its shares of width and height: north west is 0, 0 and center 0.5, 0.5.
    Compass(f64, f64),
    /// The point that `x` and `y` tell.
    XyCenter,
    /// The largest face, or when there is none the fallback.
    Face(Fallback),
    /// All faces, or when there is none the fallback.
    Faces(Fallback),
    /// The region stored with the asset, or the fallback.
    Custom(Fallback),
    /// What matters most. Taken for the center here.
    Auto,
}

/// What stands in when there are no faces, or no stored region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fallback {
    /// The top edge, in the middle: where faces are more often than not.
    North,
    /// The middle.
    Center,
    /// The largest face.
    Face,
    /// All faces.
    Faces,
}

impl Gravity {
    pub(crate) const NORTH: Self = Self::Compass(0.5, 0.0);
    pub(crate) const NORTH_WEST: Self = Self::Compass(0.0, 0.0);
    pub(crate) const CENTER: Self = Self::Compass(0.5, 0.5);

    pub(crate) fn parse(text: &str) -> Result<Self, PipelineError> {
        Ok(match text {
            "north_west" => Self::NORTH_WEST,
            "north" => Self::NORTH,
            "north_east" => Self::Compass(1.0, 0.0),
            "west" => Self::Compass(0.0, 0.5),
            "center" => Self::CENTER,
            "east" => Self::Compass(1.0, 0.5),
            "south_west" => Self::Compass(0.0, 1.0),
            "south" => Self::Compass(0.5, 1.0),
            "south_east" => Self::Compass(1.0, 1.0),
            "xy_center" => Self::XyCenter,
            "face" => Self::Face(Fallback::North),
            "faces" => Self::Faces(Fallback::North),
            // Automatic framing is the center.
            "face:center" | "face:auto" | "auto:face" => Self::Face(Fallback::Center),
            "faces:center" | "faces:auto" | "auto:faces" => Self::Faces(Fallback::Center),
            "custom" | "custom:center" => Self::Custom(Fallback::Center),
            "custom:face" => Self::Custom(Fallback::Face),
            "custom:faces" => Self::Custom(Fallback::Faces),
            "auto" | "auto:subject" | "auto:classic" => Self::Auto,
            _ => return Err(Self::refusal(text)),
        })
    }

    fn refusal(text: &str) -> PipelineError {
        let kind = text.split([':', '_']).next().unwrap_or(text);
        match kind {
            "adv" | "auto" | "custom" | "face" | "faces" | "liquid" | "ocr" | "region" | "track" | "clipping" => {
                PipelineError::Unsupported(format!("Gravity {text}"))
            }
            _ => PipelineError::invalid("gravity", text),
        }
    }

    /// Whether it asks for automatic framing, which few crop modes take.
    pub(crate) fn is_auto(self) -> bool {
        matches!(self, Self::Auto)
    }

    /// Whether faces have to be known.
    pub(crate) fn needs_faces(self) -> bool {
        matches!(self, Self::Face(_) | Self::Faces(_) | Self::Custom(Fallback::Face | Fallback::Faces))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, expected) in [
            ("south_east", Ok(Gravity::Compass(1.0, 1.0))),
            ("face", Ok(Gravity::Face(Fallback::North))),
            ("custom:face", Ok(Gravity::Custom(Fallback::Face))),
            ("auto:subject", Ok(Gravity::Auto)),
            ("auto:cat", Err("Gravity auto:cat is not supported by the local media server")),
            ("adv_eyes", Err("Gravity adv_eyes is not supported by the local media server")),
            ("up", Err("Invalid gravity in transformation: up")),
            ("", Err("Invalid gravity in transformation: ")),
        ] {
            assert_eq!(Gravity::parse(text).map_err(|error| error.to_string()), expected.map_err(str::to_owned));
        }
    }
}
