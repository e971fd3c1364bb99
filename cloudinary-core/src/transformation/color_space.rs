//! Colour spaces.

use std::fmt;

use super::words::words;

words! {
    /// The colour space of what is delivered: `cs_`. Default: mostly that of the original.
    ///
    /// ```
    /// use cloudinary_core::{ColorSpace, Transformation};
    /// assert_eq!(Transformation::new().color_space(ColorSpace::NoCmyk).to_string(), "cs_no_cmyk");
    /// assert_eq!(ColorSpace::from("srgb:truecolor"), ColorSpace::SrgbTruecolor);
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#cs_color_space>.
    ColorSpace {
        /// sRGB, which browsers expect.
        Srgb => "srgb",
        /// sRGB with three channels always, never a palette or grey. Images only, and not with automatic quality.
        SrgbTruecolor => "srgb:truecolor",
        /// sRGB with Facebook's small profile.
        TinySrgb => "tinysrgb",
        /// CMYK, for printing.
        Cmyk => "cmyk",
        /// sRGB where the original is in CMYK.
        NoCmyk => "no_cmyk",
        /// CMYK where the original is in CMYK.
        KeepCmyk => "keep_cmyk",
        /// That of the original, which is else made one for the web when a video is encoded again. Videos only.
        Copy => "copy",
    }
}

impl ColorSpace {
    /// That of an ICC profile: the id of a raw file of type `authenticated`, extension included. Images only.
    ///
    /// ```
    /// use cloudinary_core::ColorSpace;
    /// assert_eq!(ColorSpace::icc("profiles/swop.icc").to_string(), "icc:profiles:swop.icc");
    /// ```
    pub fn icc(public_id: impl AsRef<str>) -> Self {
        Self::Other(format!("icc:{}", public_id.as_ref().replace('/', ":")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Transformation;

    #[test]
    fn words_print_as_they_are_read() {
        for text in ["srgb", "srgb:truecolor", "tinysrgb", "cmyk", "no_cmyk", "keep_cmyk", "copy"] {
            let space = ColorSpace::from(text);
            assert!(!matches!(space, ColorSpace::Other(_)), "{text}");
            let made = Transformation::new().color_space(space);
            assert!(made.check().is_ok(), "{text}");
            assert_eq!(made.to_string(), format!("cs_{text}"));
            let options = serde_json::json!({"color_space": text});
            assert_eq!(Transformation::from_options(options.as_object().unwrap()).unwrap(), made);
        }
    }

    #[test]
    fn others_are_kept_and_stay_one_parameter() {
        for (space, expected, works) in [
            (ColorSpace::icc("a.icc"), "cs_icc:a.icc", true),
            (ColorSpace::icc("a,w_1"), "cs_icc:a%2Cw_1", false),
            (ColorSpace::from("adobe"), "cs_adobe", true),
            (ColorSpace::from("a/w_1".to_owned()), "cs_a%2Fw_1", false),
            (ColorSpace::from(""), "cs_", false),
        ] {
            let made = Transformation::new().color_space(space);
            assert_eq!(made.to_string(), expected);
            assert_eq!(made.check().is_ok(), works, "{expected}");
        }
        assert_eq!(ColorSpace::from("icc:a.icc"), ColorSpace::icc("a.icc"));
    }
}
