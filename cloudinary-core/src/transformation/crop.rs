//! How an image is fitted to a size.

use std::fmt;

use super::words::words;

words! {
    /// How an image is fitted to the asked size: `c_`. Default: [`Scale`](Self::Scale).
    ///
    /// ```
    /// use cloudinary_core::{Crop, Transformation};
    /// let filled = Transformation::new().width(120).height(80).crop(Crop::Fill);
    /// assert_eq!(filled.to_string(), "c_fill,h_80,w_120");
    /// assert_eq!(Crop::from("mpad"), Crop::MinimumPad);
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/transformation_reference#c_crop_resize>.
    Crop {
        /// Exactly the size; distorts when both sides are given.
        Scale => "scale",
        /// The largest that fits inside, larger than the original if need be.
        Fit => "fit",
        /// As fit, but never larger than the original.
        Limit => "limit",
        /// As fit, but never smaller than the original.
        MinimumFit => "mfit",
        /// Covers the size and cuts what is over, by gravity.
        Fill => "fill",
        /// As fill, but never larger than the original.
        LimitFill => "lfill",
        /// Fills when little is lost, else pads; with automatic gravity.
        FillPad => "fill_pad",
        /// Fits inside and fills the rest with the background.
        Pad => "pad",
        /// As pad, but never larger than the original.
        LimitPad => "lpad",
        /// As pad, but only when the original is smaller.
        MinimumPad => "mpad",
        /// Cuts a part out, without scaling.
        Crop => "crop",
        /// Frames what gravity names, then scales to the size.
        Thumb => "thumb",
        /// Frames automatically.
        Auto => "auto",
        /// Frames automatically and pads.
        AutoPad => "auto_pad",
        /// The Imagga add-on's crop.
        ImaggaCrop => "imagga_crop",
        /// The Imagga add-on's scale.
        ImaggaScale => "imagga_scale",
    }
}
