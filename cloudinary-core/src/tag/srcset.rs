//! The attributes that let a browser choose a width.

use std::fmt;

use crate::srcset::Srcset;
use crate::transformation::{Crop, Transformation};
use crate::url::AssetUrl;

/// The value of a `srcset` attribute.
pub(super) struct SrcsetOf<'a>(pub(super) &'a AssetUrl, pub(super) &'a Srcset);

impl fmt::Display for SrcsetOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = match &self.1.transformation {
            Some(own) => own.clone(),
            None => self.0.responsive_transformation(),
        };
        // The width is decided here, and no step after it may change it.
        let mut url = self.0.clone().responsive_width(false);
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
