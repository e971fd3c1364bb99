//! The setters of how the result is delivered: quality, format, resolution, pages.

use std::fmt;

use super::key::Key;
use super::parameters::is_no_number;
use super::setting::Given;
use super::value::{Value, text_fault};
use super::{ColorSpace, Flag, Quality, Transformation};

impl Transformation {
    /// `q_`: 1 (smallest file) to 100 (best), or automatic. The default is set in the account.
    ///
    /// ```
    /// use cloudinary_core::{Quality, Transformation};
    /// assert_eq!(Transformation::new().quality(80).to_string(), "q_80");
    /// assert_eq!(Transformation::new().quality(Quality::AutoEco).to_string(), "q_auto:eco");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#q_quality>.
    #[inline(always)]
    pub fn quality(mut self, quality: impl Into<Quality>) -> Self {
        match quality.into().into_given() {
            Given::Text(text) => self.word(Key::Quality, text),
            Given::Int(level) => self.value(Key::Quality, Value::Int(level)),
            level @ Given::Leveled(..) => self.set(Key::Quality, level),
        }
        self
    }

    /// `f_`: the format to deliver, or `auto` for the best the browser takes. Default: by the URL's extension, and
    /// without one the original's.
    ///
    /// ```
    /// use cloudinary_core::{Quality, Transformation};
    /// let best = Transformation::new().fetch_format("auto").quality(Quality::Auto);
    /// assert_eq!(best.to_string(), "f_auto,q_auto");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#f_format>.
    #[inline(always)]
    pub fn fetch_format(mut self, format: impl AsRef<str>) -> Self {
        self.word(Key::Format, format.as_ref().to_owned());
        self
    }

    /// `dpr_`: device pixels for each pixel, above 0, or `auto`, which asks the browser; beside a size. Default: 1.0.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Transformation};
    /// let sharp = Transformation::new().width(150).crop(Crop::Scale).dpr(2.0);
    /// assert_eq!(sharp.to_string(), "c_scale,dpr_2.0,w_150");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#dpr_dpr>.
    #[inline(always)]
    pub fn dpr(mut self, ratio: impl Into<Value>) -> Self {
        self.value(Key::Dpr, ratio.into());
        self
    }

    /// `dn_`: dots per inch, of an image for printing or of a document that is turned into one. Default: what the image
    /// says, else 150.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().density(300).page(2).to_string(), "dn_300,pg_2");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#dn_density>.
    pub fn density(mut self, dots: impl Into<Value>) -> Self {
        self.value(Key::Density, dots.into());
        self
    }

    /// `pg_`: pages of a document, frames of an animation or layers of a drawing: a number, some of them as `"3-5;7"`,
    /// layers by their names as `"name:logo"`, or what is embedded in a drawing as `"embedded:8"`, which stand in the URL as
    /// they are given. Default, of a document that becomes
    /// an image: the first page.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().page(2).to_string(), "pg_2");
    /// assert_eq!(Transformation::new().page("3-5;7").to_string(), "pg_3-5;7");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#pg_page_or_file_layer>.
    pub fn page(mut self, page: impl fmt::Display) -> Self {
        // No value like the others: a layer's name may have the name of a variable in it.
        let page = page.to_string();
        if is_no_number(&page) {
            self.put_refused(Key::Page.name(), &page, "use a finite number, or a text");
        } else {
            self.word(Key::Page, page);
        }
        self
    }

    /// `dl_`: milliseconds between the frames of an animation. Default: as in the original.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().delay(200).to_string(), "dl_200");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#dl_delay>.
    pub fn delay(mut self, milliseconds: impl Into<Value>) -> Self {
        self.value(Key::Delay, milliseconds.into());
        self
    }

    /// `d_`: the image to deliver when this one does not exist: the id of a public one, with its extension, and with
    /// colons between folders. Default: none, and the service answers 404.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().default_image("samples:avatar.png").to_string(), "d_samples:avatar.png");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#d_default_image>.
    pub fn default_image(mut self, public_id: impl AsRef<str>) -> Self {
        self.word(Key::DefaultImage, public_id.as_ref().to_owned());
        self
    }

    /// `p_`: prefix of the class names in a sprite's style sheet.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// assert_eq!(Transformation::new().prefix("logo").width(40).to_string(), "p_logo,w_40");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#sprite>.
    pub fn prefix(mut self, prefix: impl AsRef<str>) -> Self {
        self.word(Key::Prefix, prefix.as_ref().to_owned());
        self
    }

    /// `cs_`: the colour space of what is delivered. Default: mostly that of the original.
    ///
    /// ```
    /// use cloudinary_core::{ColorSpace, Transformation};
    /// assert_eq!(Transformation::new().color_space(ColorSpace::Srgb).to_string(), "cs_srgb");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#cs_color_space>.
    pub fn color_space(mut self, space: impl Into<ColorSpace>) -> Self {
        let space = space.into();
        let fault = space.fault();
        self.set_checked(Key::ColorSpace, space.into_text(), fault);
        self
    }

    /// `fl_`: switches; at least one.
    ///
    /// ```
    /// use cloudinary_core::{Flag, Transformation};
    /// let flags = Transformation::new().flags([Flag::KeepIptc, Flag::attachment("sea")]);
    /// assert_eq!(flags.to_string(), "fl_keep_iptc.attachment:sea");
    /// assert_eq!(Transformation::new().flags(["progressive:semi"]).to_string(), "fl_progressive:semi");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#fl_flag>.
    pub fn flags<F: Into<Flag>>(mut self, flags: impl IntoIterator<Item = F>) -> Self {
        let mut names = String::new();
        let mut fault = None;
        for flag in flags {
            let flag = flag.into();
            if !names.is_empty() {
                names.push('.');
            }
            fault = fault.or_else(|| flag.fault());
            names.push_str(&flag.into_text());
        }
        if names.is_empty() {
            fault = fault.or_else(|| text_fault(&names));
        }
        self.set_checked(Key::Flag, names, fault);
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::Transformation;

    #[test]
    fn pages_are_written_as_in_option_maps() {
        for (page, expected) in [
            (serde_json::json!(2), "pg_2"),
            (serde_json::json!("name:my_width"), "pg_name:my_width"),
            (serde_json::json!("3-5;7"), "pg_3-5;7"),
        ] {
            let options = serde_json::json!({"page": page});
            let read = Transformation::from_options(options.as_object().unwrap()).unwrap();
            let made = Transformation::new().page(page.as_str().map_or_else(|| page.to_string(), str::to_owned));
            assert_eq!((made.as_str(), read.as_str()), (expected, expected));
        }
        for wrong in ["", "1/e_sepia", "name:a b"] {
            assert!(Transformation::new().page(wrong).check().is_err(), "{wrong}");
        }
        assert!(Transformation::new().page(f64::NAN).check().is_err());
    }
}
