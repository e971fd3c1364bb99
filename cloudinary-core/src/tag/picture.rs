//! `picture`: another image for another width of the window.

use std::fmt;

use super::ImgTag;
use super::attributes::{Attributes, Escaped};
use super::srcset::{SizesOf, SrcsetOf};
use crate::error::{Error, Result};
use crate::transformation::Transformation;

/// A `picture` tag: the image, and sources that replace it under a condition.
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, Picture, PictureSource, Transformation};
/// let image = AssetUrl::new(&Config::new("demo"), "a").img_tag();
/// let narrow = PictureSource::new().max_width(600).transformation(Transformation::new().width(300));
/// let base = "https://res.cloudinary.com/demo/image/upload";
/// assert_eq!(
///     Picture::new(image).source(narrow).to_string(),
///     format!("<picture><source media=\"(max-width: 600px)\" srcset=\"{base}/w_300/a\"><img src=\"{base}/a\"/></picture>"),
/// );
/// ```
///
/// Follows <https://cloudinary.com/documentation/responsive_html#the_html_picture_element>.
#[derive(Debug, Clone)]
pub struct Picture {
    image: ImgTag,
    sources: Vec<PictureSource>,
}

/// One of a picture's sources: under which condition it stands in for the image, and what is done to it then.
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, Picture, PictureSource};
/// let wide = PictureSource::new().min_width(600).max_width(1200).media_type("image/avif");
/// let picture = Picture::new(AssetUrl::new(&Config::new("demo"), "a").img_tag()).source(wide).to_string();
/// assert!(picture.contains("<source media=\"(min-width: 600px) and (max-width: 1200px)\" srcset="));
/// ```
///
/// Follows <https://cloudinary.com/documentation/responsive_html#the_html_picture_element>.
#[derive(Debug, Clone, Default)]
pub struct PictureSource {
    min_width: Option<u32>,
    max_width: Option<u32>,
    media_type: Option<String>,
    transformation: Transformation,
}

impl PictureSource {
    /// A source without a condition, which every browser takes.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Picture, PictureSource};
    /// let image = AssetUrl::new(&Config::new("demo"), "a").img_tag();
    /// let picture = Picture::new(image).source(PictureSource::new()).to_string();
    /// assert!(picture.contains("<source srcset=\"https://res.cloudinary.com/demo/image/upload/a\">"));
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The narrowest window it is for, in CSS pixels. Default: any.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Picture, PictureSource};
    /// let image = AssetUrl::new(&Config::new("demo"), "a").img_tag();
    /// let picture = Picture::new(image).source(PictureSource::new().min_width(600)).to_string();
    /// assert!(picture.contains("media=\"(min-width: 600px)\""));
    /// ```
    pub fn min_width(mut self, pixels: u32) -> Self {
        self.min_width = Some(pixels);
        self
    }

    /// The widest window it is for, in CSS pixels. Default: any.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Picture, PictureSource};
    /// let image = AssetUrl::new(&Config::new("demo"), "a").img_tag();
    /// let picture = Picture::new(image).source(PictureSource::new().max_width(600)).to_string();
    /// assert!(picture.contains("media=\"(max-width: 600px)\""));
    /// ```
    pub fn max_width(mut self, pixels: u32) -> Self {
        self.max_width = Some(pixels);
        self
    }

    /// The media type a browser must know to take it, as `image/avif`. Default: any.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Picture, PictureSource};
    /// let image = AssetUrl::new(&Config::new("demo"), "a").img_tag();
    /// let picture = Picture::new(image).source(PictureSource::new().media_type("image/avif")).to_string();
    /// assert!(picture.contains(" type=\"image/avif\">"));
    /// ```
    pub fn media_type(mut self, name: impl Into<String>) -> Self {
        self.media_type = Some(name.into());
        self
    }

    /// What is done to the image, after its own transformation. Default: nothing more.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Picture, PictureSource, Transformation};
    /// let image = AssetUrl::new(&Config::new("demo"), "a").img_tag();
    /// let small = PictureSource::new().transformation(Transformation::new().width(300));
    /// let picture = Picture::new(image).source(small).to_string();
    /// assert!(picture.contains("srcset=\"https://res.cloudinary.com/demo/image/upload/w_300/a\""));
    /// ```
    pub fn transformation(mut self, transformation: impl Into<Transformation>) -> Self {
        self.transformation = transformation.into();
        self
    }

    fn media(&self) -> Option<String> {
        let min = self.min_width.map(|width| format!("(min-width: {width}px)"));
        let max = self.max_width.map(|width| format!("(max-width: {width}px)"));
        match (min, max) {
            (Some(min), Some(max)) => Some(format!("{min} and {max}")),
            (min, max) => min.or(max),
        }
    }
}

impl Picture {
    /// A picture that shows this image where no source fits.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Picture};
    /// let image = AssetUrl::new(&Config::new("demo"), "a").img_tag();
    /// assert_eq!(
    ///     Picture::new(image).to_string(),
    ///     "<picture><img src=\"https://res.cloudinary.com/demo/image/upload/a\"/></picture>",
    /// );
    /// ```
    pub fn new(image: ImgTag) -> Self {
        Self { image, sources: Vec::new() }
    }

    /// Adds a source; browsers take the first that fits.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Picture, PictureSource};
    /// let image = AssetUrl::new(&Config::new("demo"), "a").img_tag();
    /// let upto = |width| PictureSource::new().max_width(width);
    /// let picture = Picture::new(image).source(upto(400)).source(upto(800)).to_string();
    /// assert!(picture.starts_with("<picture><source media=\"(max-width: 400px)\" "));
    /// assert_eq!(picture.matches("<source ").count(), 2);
    /// ```
    pub fn source(mut self, source: PictureSource) -> Self {
        self.sources.push(source);
        self
    }

    /// Reports what would be printed all the same, but that no page can use.
    ///
    /// # Errors
    /// As [`ImgTag::check`], of the image and of each source; and for a source whose widths no window has.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Picture, PictureSource};
    /// let picture = Picture::new(AssetUrl::new(&Config::new("demo"), "a").img_tag());
    /// assert!(picture.check().is_ok());
    /// assert!(picture.source(PictureSource::new().min_width(800).max_width(400)).check().is_err());
    /// ```
    pub fn check(&self) -> Result<()> {
        self.image.check()?;
        for source in &self.sources {
            source.transformation.check()?;
            if let (Some(min), Some(max)) = (source.min_width, source.max_width)
                && min > max
            {
                return Err(Error::invalid("min_width", &min.to_string(), "it is at most max_width"));
            }
        }
        Ok(())
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<picture>")?;
        for source in &self.sources {
            let url = self.image.url.clone().transform(&source.transformation);
            let widths = Escaped(SrcsetOf(&url, &self.image.srcset));
            let one = Escaped(&url);
            let sizes = SizesOf(&self.image.srcset);
            let media = source.media();
            let media_type = source.media_type.as_deref().map(Escaped);
            let mut made: Vec<(&str, &dyn fmt::Display)> = Vec::with_capacity(4);
            made.push(if self.image.srcset.is_empty() { ("srcset", &one) } else { ("srcset", &widths) });
            if self.image.srcset.has_sizes() {
                made.push(("sizes", &sizes));
            }
            if let Some(media) = &media {
                made.push(("media", media));
            }
            if let Some(media_type) = &media_type {
                made.push(("type", media_type));
            }
            f.write_str("<source ")?;
            Attributes::default().write(f, &made)?;
            f.write_str(">")?;
        }
        write!(f, "{}</picture>", self.image)
    }
}
