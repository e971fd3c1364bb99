//! The widths a browser may choose from.

use crate::error::{Error, Result};
use crate::transformation::Transformation;

/// The most widths of one [`Srcset::range`]: 200, as many breakpoints as the service itself ever makes.
///
/// ```
/// use cloudinary_core::{MAX_SRCSET_WIDTHS, Srcset};
/// assert_eq!(Srcset::range(1, 100_000, u32::MAX), Srcset::range(1, 100_000, MAX_SRCSET_WIDTHS));
/// ```
pub const MAX_SRCSET_WIDTHS: u32 = 200;

/// Widths in pixels, for the `srcset` of an image: each is made by a last step `c_scale,w_{width}`.
///
/// ```
/// use cloudinary_core::Srcset;
/// assert_eq!(Srcset::widths([320, 640]), Srcset::range(320, 640, 2));
/// assert_eq!(Srcset::range(100, 500, 5), Srcset::widths([100, 200, 300, 400, 500]));
/// ```
///
/// One in the configuration is that of every image; what an image's own leaves open, it takes from there:
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, Srcset};
/// let config = Config::from_url("cloudinary://demo?srcset[breakpoints]=320,640&srcset[sizes]=true")?;
/// assert_eq!(config.srcset, Srcset::widths([320, 640]).with_sizes());
/// let tag = AssetUrl::new(&config, "a").img_tag().srcset(Srcset::widths([100]));
/// let base = "https://res.cloudinary.com/demo/image/upload";
/// assert_eq!(
///     tag.to_string(),
///     format!("<img sizes=\"(max-width: 100px) 100px\" src=\"{base}/a\" srcset=\"{base}/c_scale,w_100/a 100w\"/>"),
/// );
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/responsive_html>.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Srcset {
    pub(crate) widths: Vec<u32>,
    pub(crate) transformation: Option<Transformation>,
    sizes: Option<bool>,
}

impl Srcset {
    /// These widths, in pixels; the browser is offered them in this order.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Srcset};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// let srcset = image.srcset(&Srcset::widths([320, 640]))?;
    /// assert_eq!(
    ///     srcset,
    ///     "https://res.cloudinary.com/demo/image/upload/c_scale,w_320/a 320w, https://res.cloudinary.com/demo/image/upload/c_scale,w_640/a 640w",
    /// );
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn widths(widths: impl IntoIterator<Item = u32>) -> Self {
        Self { widths: widths.into_iter().collect(), ..Self::default() }
    }

    /// So many widths in even steps, both ends included; at most [`MAX_SRCSET_WIDTHS`]. One image is the widest. None
    /// at all when the widest is below the narrowest, or none is wanted.
    ///
    /// ```
    /// use cloudinary_core::Srcset;
    /// assert_eq!(Srcset::range(100, 300, 3), Srcset::widths([100, 200, 300]));
    /// assert!(Srcset::range(300, 100, 3).is_empty());
    /// ```
    pub fn range(min_width: u32, max_width: u32, max_images: u32) -> Self {
        let (Some(span), Some(last)) =
            (max_width.checked_sub(min_width), max_images.min(MAX_SRCSET_WIDTHS).checked_sub(1))
        else {
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

    /// What is done to the images in place of the tag's own transformation, which is the default.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Srcset, Transformation};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// let srcset = Srcset::widths([320]).transformation(Transformation::new().sepia(50));
    /// assert_eq!(
    ///     image.srcset(&srcset)?,
    ///     "https://res.cloudinary.com/demo/image/upload/e_sepia:50/c_scale,w_320/a 320w",
    /// );
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn transformation(mut self, transformation: impl Into<Transformation>) -> Self {
        self.transformation = Some(transformation.into());
        self
    }

    /// Adds a `sizes` attribute by the same widths. Default: as the configuration says, else none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Srcset};
    /// let tag = AssetUrl::new(&Config::new("demo"), "a").img_tag().srcset(Srcset::widths([320, 640]).with_sizes());
    /// assert!(tag.to_string().contains("sizes=\"(max-width: 320px) 320px, (max-width: 640px) 640px\""));
    /// ```
    pub fn with_sizes(mut self) -> Self {
        self.sizes = Some(true);
        self
    }

    /// Adds no `sizes` attribute, whatever the configuration says.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Srcset};
    /// let config = Config::new("demo").srcset(Srcset::widths([320]).with_sizes());
    /// let tag = AssetUrl::new(&config, "a").img_tag().srcset(Srcset::widths([640]).without_sizes());
    /// assert!(!tag.to_string().contains("sizes="));
    /// ```
    pub fn without_sizes(mut self) -> Self {
        self.sizes = Some(false);
        self
    }

    /// Reports what makes no attribute that a browser could use.
    pub(crate) fn check(&self) -> Result<()> {
        if self.widths.is_empty() {
            return Err(Error::invalid("srcset", "", "give at least one width; a range starts with the narrowest"));
        }
        if self.widths.contains(&0) {
            return Err(Error::invalid("srcset", "0", "each width is pixels above 0"));
        }
        self.transformation.as_ref().map_or(Ok(()), Transformation::check)
    }

    /// This one, and for what it leaves open another.
    pub(crate) fn or(mut self, other: &Self) -> Self {
        if self.widths.is_empty() {
            self.widths.clone_from(&other.widths);
        }
        self.transformation = self.transformation.or_else(|| other.transformation.clone());
        self.sizes = self.sizes.or(other.sizes);
        self
    }

    /// Whether there is no width at all, as for a range that is none.
    ///
    /// ```
    /// use cloudinary_core::Srcset;
    /// assert!(Srcset::default().is_empty() && !Srcset::widths([320]).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.widths.is_empty()
    }

    pub(crate) fn has_sizes(&self) -> bool {
        self.sizes == Some(true) && !self.is_empty()
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
            ((0, 199, u32::MAX), (0..200).collect()),
        ] {
            assert_eq!(Srcset::range(min, max, count), Srcset::widths(expected), "{min} {max} {count}");
        }
    }
}
