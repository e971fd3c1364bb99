//! Options of one URL from an option map, as the other SDKs take them.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::AssetUrl;
use crate::error::Result;
use crate::transformation::Transformation;

impl AssetUrl {
    /// Appends a transformation from an option map, under this URL's configuration: `responsive_width` says whether the
    /// configured responsive step ends the URL's transformation, and overrules the configuration.
    ///
    /// # Errors
    /// As [`Transformation::from_options`].
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let config = Config::from_url("cloudinary://demo?responsive_width_transformation=c_pad,w_auto")?;
    /// let options = serde_json::json!({"width": 100, "crop": "crop", "responsive_width": true});
    /// let url = AssetUrl::new(&config, "a").transform_options(options.as_object().unwrap())?;
    /// assert_eq!(url.to_string(), "https://res.cloudinary.com/demo/image/upload/c_crop,w_100/c_pad,w_auto/a");
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/responsive_html>.
    pub fn transform_options(mut self, options: &Map<String, Json>) -> Result<Self> {
        // Decoded with the rest, so that a value of the wrong shape is refused there.
        let responsive = match options.get("responsive_width") {
            Some(Json::Bool(responsive)) => Some(*responsive),
            _ => None,
        };
        let transformation = if responsive.is_some() {
            let mut others = options.clone();
            others.shift_remove("responsive_width");
            Transformation::from_options_with(&others, &self.config)?
        } else {
            Transformation::from_options_with(options, &self.config)?
        };
        if let Some(responsive) = responsive {
            self = self.responsive_width(responsive);
        }
        Ok(self.transform(&transformation))
    }

    /// Whether [`Config::responsive_width_transformation`](crate::Config::responsive_width_transformation) ends the
    /// transformation. The default is the configuration's.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let url = AssetUrl::new(&Config::new("demo"), "a").responsive_width(true);
    /// assert_eq!(url.to_string(), "https://res.cloudinary.com/demo/image/upload/c_limit,w_auto/a");
    /// ```
    pub fn responsive_width(mut self, responsive: bool) -> Self {
        if self.config.responsive_width != responsive {
            Arc::make_mut(&mut self.config).responsive_width = responsive;
        }
        self
    }

    /// The transformation with the responsive step, if that is wanted.
    pub(crate) fn responsive_transformation(&self) -> Transformation {
        if self.config.responsive_width {
            self.transformation.clone().append(&self.config.responsive_width_transformation)
        } else {
            self.transformation.clone()
        }
    }
}
