//! The setters of size and place.

use super::key::Key;
use super::value::Value;
use super::{Crop, Gravity, Transformation};

impl Transformation {
    /// `w_`: the width, in pixels as a whole number, or as a fraction of the original's (`0.5`); `auto`, rounded up to
    /// 100 pixels, or an expression as `"iw / 2"`. Default: the original's, or what the height leaves.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Transformation};
    /// assert_eq!(Transformation::new().width(400).crop(Crop::Scale).to_string(), "c_scale,w_400");
    /// assert_eq!(Transformation::new().width("iw / 2").to_string(), "w_iw_div_2");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#w_width>.
    #[inline(always)]
    pub fn width(mut self, width: impl Into<Value>) -> Self {
        self.value(Key::Width, width.into());
        self
    }

    /// `h_`: the height, in pixels as a whole number, or as a fraction of the original's; or an expression. Default: the
    /// original's, or what the width leaves.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Transformation};
    /// assert_eq!(Transformation::new().height(0.5).crop(Crop::Fit).to_string(), "c_fit,h_0.5");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#h_height>.
    #[inline(always)]
    pub fn height(mut self, height: impl Into<Value>) -> Self {
        self.value(Key::Height, height.into());
        self
    }

    /// `ar_`: width by height, as `"16:9"` or `1.5`; beside a [`crop`](Self::crop) and at most one side. Default: the
    /// original's.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Transformation};
    /// let wide = Transformation::new().width(400).aspect_ratio("16:9").crop(Crop::Fill);
    /// assert_eq!(wide.to_string(), "ar_16:9,c_fill,w_400");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#ar_aspect_ratio>.
    #[inline(always)]
    pub fn aspect_ratio(mut self, ratio: impl Into<Value>) -> Self {
        self.value(Key::AspectRatio, ratio.into());
        self
    }

    /// `c_`: how the image is fitted to the size. Default: scaled, and distorted when both sides are given.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Transformation};
    /// let square = Transformation::new().width(150).height(150).crop(Crop::Fill);
    /// assert_eq!(square.to_string(), "c_fill,h_150,w_150");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#c_crop_resize>.
    #[inline(always)]
    pub fn crop(mut self, crop: impl Into<Crop>) -> Self {
        let crop = crop.into();
        let fault = crop.fault();
        self.set_checked(Key::Crop, crop.into_text(), fault);
        self
    }

    /// `g_`: which part of the image matters, or where a layer goes. Default: the middle.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Gravity, Transformation};
    /// let face = Transformation::new().width(150).crop(Crop::Thumb).gravity(Gravity::Face);
    /// assert_eq!(face.to_string(), "c_thumb,g_face,w_150");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#g_gravity>.
    #[inline(always)]
    pub fn gravity(mut self, gravity: impl Into<Gravity>) -> Self {
        let gravity = gravity.into();
        let fault = gravity.fault();
        self.set_checked(Key::Gravity, gravity.into_text(), fault);
        self
    }

    /// `x_`: how far from the left, or from where gravity says: in pixels as a whole number, or as a fraction of the
    /// width. Default: 0.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Transformation};
    /// let part = Transformation::new().x(50).y(80).width(400).height(300).crop(Crop::Crop);
    /// assert_eq!(part.to_string(), "c_crop,h_300,w_400,x_50,y_80");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#x_y_coordinates>.
    #[inline(always)]
    pub fn x(mut self, x: impl Into<Value>) -> Self {
        self.value(Key::X, x.into());
        self
    }

    /// `y_`: how far from the top, or from where gravity says: in pixels as a whole number, or as a fraction of the
    /// height. Default: 0.
    ///
    /// ```
    /// use cloudinary_core::{Gravity, Transformation};
    /// let logo = Transformation::new().overlay("logo").gravity(Gravity::South).y(0.1);
    /// assert_eq!(logo.to_string(), "g_south,l_logo,y_0.1");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#x_y_coordinates>.
    #[inline(always)]
    pub fn y(mut self, y: impl Into<Value>) -> Self {
        self.value(Key::Y, y.into());
        self
    }

    /// `z_`: how close a crop goes to what gravity found. Default: 1.0, exactly that; below it more is seen around, above
    /// it less.
    ///
    /// ```
    /// use cloudinary_core::{Crop, Gravity, Transformation};
    /// let portrait = Transformation::new().width(150).crop(Crop::Thumb).gravity(Gravity::Face).zoom(0.75);
    /// assert_eq!(portrait.to_string(), "c_thumb,g_face,w_150,z_0.75");
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#z_zoom>.
    #[inline(always)]
    pub fn zoom(mut self, zoom: impl Into<Value>) -> Self {
        self.value(Key::Zoom, zoom.into());
        self
    }
}
