//! The widths a browser may choose from.

use std::fmt;

use crate::transformation::{Crop, Transformation};
use crate::url::AssetUrl;

/// Widths in pixels, for the `srcset` of an image: each is made by a last step `c_scale,w_{width}`.
///
/// ```
/// use cloudinary_core::Srcset;
/// assert_eq!(Srcset::widths([320, 640]), Srcset::range(320, 640, 2));
/// assert_eq!(Srcset::range(100, 500, 5), Srcset::widths([100, 200, 300, 400, 500]));
/// ```
///
/// Follows <https://cloudinary.com/documentation/responsive_html>.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Srcset {
    widths: Vec<u32>,
    transformation: Option<Transformation>,
    sizes: bool,
}

impl Srcset {
    /// These widths.
    pub fn widths(widths: impl IntoIterator<Item = u32>) -> Self {
        Self { widths: widths.into_iter().collect(), ..Self::default() }
    }

    /// So many widths in even steps, both ends included. One image is the widest.
    pub fn range(min_width: u32, max_width: u32, max_images: u32) -> Self {
        let (Some(span), Some(last)) = (max_width.checked_sub(min_width), max_images.checked_sub(1)) else {
            return Self::default();
        };
        let step = if last == 0 { 0 } else { span.div_ceil(last).max(1) };
        let mut widths = Vec::new();
        if last > 0 {
            widths.extend((0..last).map_while(|at| {
                Some(min_width.checked_add(step.checked_mul(at)?)?).filter(|width| *width < max_width)
            }));
        }
        widths.push(max_width);
        Self { widths, ..Self::default() }
    }

    /// What is done to the images in place of the tag's own transformation.
    pub fn transformation(mut self, transformation: impl Into<Transformation>) -> Self {
        self.transformation = Some(transformation.into());
        self
    }

    /// Adds a `sizes` attribute by the same widths.
    pub fn with_sizes(mut self) -> Self {
        self.sizes = true;
        self
    }

    /// Whether there is no width at all, as for a range that is none.
    pub fn is_empty(&self) -> bool {
        self.widths.is_empty()
    }

    pub(super) fn has_sizes(&self) -> bool {
        self.sizes && !self.is_empty()
    }
}

/// The value of a `srcset` attribute.
pub(super) struct SrcsetOf<'a>(pub(super) &'a AssetUrl, pub(super) &'a Srcset);

impl fmt::Display for SrcsetOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = self.1.transformation.as_ref().unwrap_or_else(|| self.0.transformation());
        let mut url = self.0.clone();
        for (at, width) in self.1.widths.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            let scale = Transformation::new().crop(Crop::Scale).width(*width);
            url = url.replace_transformation(base.clone().append(&scale));
            write!(f, "{url} {width}w")?;
        }
        Ok(())
    }
}

/// The value of a `sizes` attribute.
pub(super) struct SizesOf<'a>(pub(super) &'a Srcset);

impl fmt::Display for SizesOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, width) in self.0.widths.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            write!(f, "(max-width: {width}px) {width}px")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for ((min, max, count), expected) in [
            ((100, 500, 5), vec![100, 200, 300, 400, 500]),
            ((100, 500, 1), vec![500]),
            ((100, 399, 3), vec![100, 250, 399]),
            ((5, 5, 3), vec![5]),
            ((500, 100, 3), vec![]),
            ((1, 2, 0), vec![]),
            ((0, u32::MAX, 2), vec![0, u32::MAX]),
        ] {
            assert_eq!(Srcset::range(min, max, count), Srcset::widths(expected), "{min} {max} {count}");
        }
    }
}
