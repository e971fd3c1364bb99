//! The attributes that let a browser choose a width.

use std::fmt::{self, Write as _};

use crate::error::Result;
use crate::srcset::Srcset;
use crate::transformation::Transformation;
use crate::url::AssetUrl;

/// The value of a `srcset` attribute.
pub(super) struct SrcsetOf<'a>(pub(super) &'a AssetUrl, pub(super) &'a Srcset);

impl fmt::Display for SrcsetOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = match &self.1.transformation {
            Some(own) => own.to_string(),
            None => self.0.responsive_transformation().to_string(),
        };
        if !steps.is_empty() {
            steps.push('/');
        }
        steps.push_str("c_scale,w_");
        let without_width = steps.len();
        // The width is decided here, and no step after it may change it.
        let mut url = self.0.clone().responsive_width(false);
        for (at, width) in self.1.widths.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            steps.truncate(without_width);
            write!(steps, "{width}")?;
            url = url.replace_transformation(Transformation::read(steps.clone()));
            write!(f, "{url} {width}w")?;
        }
        Ok(())
    }
}

impl AssetUrl {
    /// The value of a `srcset` attribute, for an `img` or `source` of the page's own: one URL a width, as `… 320w, … 640w`.
    ///
    /// # Errors
    /// As [`url`](Self::url); and without widths, with one of 0 pixels, or with a transformation that can never work.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Srcset};
    /// let srcset = AssetUrl::new(&Config::new("demo"), "a").srcset(&Srcset::widths([320, 640]))?;
    /// assert!(srcset.starts_with("https://res.cloudinary.com/demo/image/upload/c_scale,w_320/a 320w, "));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn srcset(&self, srcset: &Srcset) -> Result<String> {
        self.url()?;
        srcset.check()?;
        Ok(SrcsetOf(self, srcset).to_string())
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
