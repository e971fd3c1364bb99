//! A colour.

/// A colour in sRGB with straight alpha, eight bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red, 0 to 255.
    pub r: u8,
    /// Green, 0 to 255.
    pub g: u8,
    /// Blue, 0 to 255.
    pub b: u8,
    /// Alpha: 0 is transparent, 255 opaque.
    pub a: u8,
}

impl Color {
    /// Nothing at all.
    pub const TRANSPARENT: Color = Color { r: 0, g: 0, b: 0, a: 0 };
    /// Opaque white.
    pub const WHITE: Color = Color::rgb(255, 255, 255);
    /// Opaque black.
    pub const BLACK: Color = Color::rgb(0, 0, 0);

    /// An opaque colour.
    pub const fn rgb(r: u8, g: u8, b: u8) -> Color {
        Color { r, g, b, a: 255 }
    }

    /// Whether nothing shines through.
    pub const fn is_opaque(self) -> bool {
        self.a == 255
    }

    /// The colour as one pixel of a [`Bitmap`](crate::Bitmap).
    pub const fn to_pixel(self) -> [u8; 4] {
        [self.r, self.g, self.b, self.a]
    }
}

/// What the eye takes as brightness, 0 to 255 (Rec. 601 weights).
pub(crate) fn luma([r, g, b, _]: [u8; 4]) -> u8 {
    ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114 + 500) / 1000) as u8
}

/// `over` laid on `under`, both straight alpha.
pub(crate) fn blend(under: [u8; 4], over: [u8; 4]) -> [u8; 4] {
    match (under[3], over[3]) {
        (_, 255) | (0, _) => over,
        (_, 0) => under,
        (under_alpha, over_alpha) => {
            let over_share = u32::from(over_alpha) * 255;
            let under_share = u32::from(under_alpha) * (255 - u32::from(over_alpha));
            let total = over_share + under_share;
            let mix = |under: u8, over: u8| {
                let sum = u32::from(over) * over_share + u32::from(under) * under_share;
                ((sum + total / 2) / total) as u8
            };
            [mix(under[0], over[0]), mix(under[1], over[1]), mix(under[2], over[2]), ((total + 127) / 255) as u8]
        }
    }
}

/// Alpha multiplied by a share between 0 and 1.
pub(crate) fn fade(alpha: u8, share: f32) -> u8 {
    (f32::from(alpha) * share.clamp(0.0, 1.0)).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blending() {
        let red = [255, 0, 0, 255];
        let cases = [
            (red, [0, 0, 255, 255], [0, 0, 255, 255]),
            (red, [0, 0, 255, 0], red),
            (red, [0, 0, 255, 128], [127, 0, 128, 255]),
            ([0, 0, 0, 0], [9, 8, 7, 6], [9, 8, 7, 6]),
            ([255, 0, 0, 128], [0, 0, 255, 128], [85, 0, 170, 192]),
        ];
        for (under, over, expected) in cases {
            assert_eq!(blend(under, over), expected, "{over:?} over {under:?}");
        }
    }

    #[test]
    fn brightness() {
        for (pixel, expected) in [([255, 255, 255, 0], 255), ([0, 0, 0, 255], 0), ([0, 255, 0, 255], 150)] {
            assert_eq!(luma(pixel), expected);
        }
    }
}
