//! `video`: sources in several formats, a poster, and what is shown where there is no video.

use std::borrow::Cow;
use std::fmt;

use super::attributes::{Attributes, Escaped};
use super::html_size;
use crate::error::Result;
use crate::escape::write_html;
use crate::transformation::Transformation;
use crate::url::AssetUrl;

/// The formats a video is offered in unless others are named: WebM, MP4 and Ogg.
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, DEFAULT_VIDEO_FORMATS, ResourceType};
/// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
/// let tag = dog.video_tag().to_string();
/// assert!(DEFAULT_VIDEO_FORMATS.iter().all(|format| tag.contains(&format!("/dog.{format}\""))));
/// ```
pub const DEFAULT_VIDEO_FORMATS: [&str; 3] = ["webm", "mp4", "ogv"];

/// A `video` tag. Printing it gives HTML that is safe to put into a page.
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, ResourceType, VideoSource};
/// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
/// let base = "https://res.cloudinary.com/demo/video/upload";
/// assert_eq!(
///     dog.video_tag().source(VideoSource::new("mp4").codecs(["avc1.42E01E"])).switch("controls").to_string(),
///     format!(
///         "<video controls poster=\"{base}/dog.jpg\">\
///          <source src=\"{base}/dog.mp4\" type=\"video/mp4; codecs=avc1.42E01E\"></video>"
///     ),
/// );
/// ```
///
/// Follows <https://cloudinary.com/documentation/django_video_manipulation#video_tag>.
#[derive(Debug, Clone)]
pub struct VideoTag {
    url: AssetUrl,
    attributes: Attributes,
    sources: Vec<VideoSource>,
    single: Option<String>,
    poster: Poster,
    fallback: String,
    size_attributes: bool,
}

#[derive(Debug, Clone)]
enum Poster {
    /// A frame of the video, under the video's transformation.
    Frame,
    /// A frame of the video, under another.
    TransformedFrame(Transformation),
    Url(String),
    None,
}

/// One format of a video, with its codecs and parameters of its own.
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, ResourceType, VideoSource};
/// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
/// let tag = VideoSource::recommended().into_iter().fold(dog.video_tag(), |tag, source| tag.source(source)).to_string();
/// assert!(tag.contains("/video/upload/vc_h265/dog.mp4\" type=\"video/mp4; codecs=hev1\">"));
/// ```
///
/// Follows <https://cloudinary.com/documentation/django_video_manipulation#video_tag>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoSource {
    format: String,
    codecs: Vec<String>,
    transformation: Transformation,
}

impl VideoSource {
    /// A format, as `mp4`.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType, VideoSource};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// let tag = dog.video_tag().source(VideoSource::new("mp4")).to_string();
    /// assert!(tag.contains("<source src=\"https://res.cloudinary.com/demo/video/upload/dog.mp4\" type=\"video/mp4\">"));
    /// ```
    pub fn new(format: impl Into<String>) -> Self {
        Self { format: format.into(), codecs: Vec::new(), transformation: Transformation::new() }
    }

    /// The codecs, for the source's media type. Default: none named.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType, VideoSource};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// let tag = dog.video_tag().source(VideoSource::new("mp4").codecs(["avc1.42E01E", "mp4a.40.2"])).to_string();
    /// assert!(tag.contains("type=\"video/mp4; codecs=avc1.42E01E, mp4a.40.2\""));
    /// ```
    pub fn codecs<T: Into<String>>(mut self, codecs: impl IntoIterator<Item = T>) -> Self {
        self.codecs = codecs.into_iter().map(Into::into).collect();
        self
    }

    /// Parameters of the last step that are this source's own, as its `video_codec`. Default: none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType, Transformation, VideoSource};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// let vp9 = VideoSource::new("webm").transformation(Transformation::new().video_codec("vp9"));
    /// let tag = dog.transform(Transformation::new().width(320)).video_tag().source(vp9).to_string();
    /// assert!(tag.contains("https://res.cloudinary.com/demo/video/upload/vc_vp9,w_320/dog.webm"));
    /// ```
    pub fn transformation(mut self, transformation: impl Into<Transformation>) -> Self {
        self.transformation = transformation.into();
        self
    }

    /// The set that suits most browsers: H.265, VP9, then whatever the service finds best.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType, VideoSource};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// let tag = VideoSource::recommended().into_iter().fold(dog.video_tag(), |tag, source| tag.source(source));
    /// assert_eq!(tag.to_string().matches("<source ").count(), 4);
    /// ```
    pub fn recommended() -> [Self; 4] {
        let codec = |codec: &str| Transformation::new().param("vc", codec);
        [
            Self::new("mp4").codecs(["hev1"]).transformation(codec("h265")),
            Self::new("webm").codecs(["vp9"]).transformation(codec("vp9")),
            Self::new("mp4").transformation(codec("auto")),
            Self::new("webm").transformation(codec("auto")),
        ]
    }

    fn media_type(&self) -> String {
        let kind = if self.format == "ogv" { "ogg" } else { &self.format };
        if self.codecs.is_empty() {
            format!("video/{kind}")
        } else {
            format!("video/{kind}; codecs={}", self.codecs.join(", "))
        }
    }
}

impl VideoTag {
    pub(crate) fn new(url: AssetUrl) -> Self {
        Self {
            url,
            attributes: Attributes::default(),
            sources: Vec::new(),
            single: None,
            poster: Poster::Frame,
            fallback: String::new(),
            size_attributes: true,
        }
    }

    /// Adds a source; browsers take the first they can play. Without any, [`DEFAULT_VIDEO_FORMATS`] are offered.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType, VideoSource};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// let tag = dog.video_tag().source(VideoSource::new("webm")).source(VideoSource::new("mp4")).to_string();
    /// assert_eq!(tag.matches("<source ").count(), 2);
    /// ```
    pub fn source(mut self, source: VideoSource) -> Self {
        self.sources.push(source);
        self
    }

    /// Offers one format only, as the tag's own `src`.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// let tag = dog.video_tag().only_source("mp4").without_poster().to_string();
    /// assert_eq!(tag, "<video src=\"https://res.cloudinary.com/demo/video/upload/dog.mp4\"></video>");
    /// ```
    pub fn only_source(mut self, format: impl Into<String>) -> Self {
        self.single = Some(format.into());
        self
    }

    /// The address of the picture that is shown before the video plays. Default: a frame of it, as JPEG.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// assert!(dog.video_tag().poster("/dog.png").to_string().starts_with("<video poster=\"/dog.png\">"));
    /// ```
    pub fn poster(mut self, url: impl Into<String>) -> Self {
        self.poster = Poster::Url(url.into());
        self
    }

    /// The poster is a frame of the video under this transformation, and not the video's own.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType, Transformation};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// let tag = dog.video_tag().poster_transformation(Transformation::new().start_offset(3)).to_string();
    /// assert!(tag.contains("poster=\"https://res.cloudinary.com/demo/video/upload/so_3/dog.jpg\""));
    /// ```
    pub fn poster_transformation(mut self, transformation: impl Into<Transformation>) -> Self {
        self.poster = Poster::TransformedFrame(transformation.into());
        self
    }

    /// No poster.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// assert!(!dog.video_tag().without_poster().to_string().contains("poster"));
    /// ```
    pub fn without_poster(mut self) -> Self {
        self.poster = Poster::None;
        self
    }

    /// The text for browsers that show no video; it is escaped. Default: none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// assert!(dog.video_tag().fallback("A <dog>").to_string().ends_with("A &lt;dog&gt;</video>"));
    /// ```
    pub fn fallback(mut self, text: impl Into<String>) -> Self {
        self.fallback = text.into();
        self
    }

    /// Whether `width` and `height`, in whole pixels, are taken from the transformation. Default: true.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType, Transformation};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// let small = dog.transform(Transformation::new().width(320));
    /// assert!(small.clone().video_tag().to_string().contains(" width=\"320\">"));
    /// assert!(!small.video_tag().size_attributes(false).to_string().contains("width="));
    /// ```
    pub fn size_attributes(mut self, wanted: bool) -> Self {
        self.size_attributes = wanted;
        self
    }

    /// Any attribute; the value is escaped. Setting one twice replaces it.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// assert!(dog.video_tag().attr("preload", "none").to_string().contains(" preload=\"none\">"));
    /// ```
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.set(name.into(), Some(value.into()));
        self
    }

    /// An attribute without a value, as `controls` or `autoplay`.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// assert!(dog.video_tag().switch("controls").to_string().starts_with("<video controls "));
    /// ```
    pub fn switch(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.attributes.set(name.into(), None);
        self
    }

    /// Reports what would be printed all the same, but that no page can use.
    ///
    /// # Errors
    /// As [`AssetUrl::url`], of the video, of each source and of a poster that is a frame; and for an attribute whose name is
    /// none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, ResourceType, VideoSource};
    /// let dog = AssetUrl::new(&Config::new("demo"), "dog").resource_type(ResourceType::Video);
    /// assert!(dog.clone().video_tag().check().is_ok());
    /// assert!(dog.video_tag().source(VideoSource::new("m/p4")).check().is_err());
    /// ```
    pub fn check(&self) -> Result<()> {
        self.url.url()?;
        self.attributes.check()?;
        if let Poster::TransformedFrame(transformation) = &self.poster {
            transformation.check()?;
        }
        if let Some(format) = &self.single {
            self.url.clone().format(format).url()?;
        }
        for source in &self.sources {
            source.transformation.check()?;
            self.url.clone().format(&source.format).url()?;
        }
        Ok(())
    }

    /// The video's address without the extension of a format, as each source has its own.
    fn bare(&self) -> AssetUrl {
        let id = &self.url.asset().public_id;
        let stem = DEFAULT_VIDEO_FORMATS.iter().find_map(|format| id.strip_suffix(format)?.strip_suffix('.'));
        match stem {
            Some(stem) if !self.url.config().use_fetch_format => self.url.clone().public_id(stem),
            _ => self.url.clone(),
        }
    }

    fn poster_url(&self) -> Option<String> {
        let frame = |url: AssetUrl| {
            let format = self.url.asset().format.as_deref().unwrap_or("jpg");
            Some(url.format(format).to_string())
        };
        match &self.poster {
            Poster::Frame => frame(self.bare()),
            Poster::TransformedFrame(transformation) => {
                frame(self.bare().replace_transformation(transformation.clone()))
            }
            Poster::Url(url) => Some(url.clone()),
            Poster::None => None,
        }
    }
}

impl fmt::Display for VideoTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let poster = self.poster_url().map(Escaped);
        let bare = self.bare();
        let single = self.single.as_ref().map(|format| Escaped(one_format(&bare, format)));
        let fixed = self.size_attributes && !self.url.config().responsive_width;
        let [width, height] = if fixed { html_size(self.url.transformation()) } else { [None, None] };
        let mut made: Vec<(&str, &dyn fmt::Display)> = Vec::with_capacity(4);
        for (name, size) in [("width", &width), ("height", &height)] {
            if let Some(size) = size {
                made.push((name, size));
            }
        }
        if let Some(poster) = &poster {
            made.push(("poster", poster));
        }
        if let Some(url) = &single {
            made.push(("src", url));
        }
        f.write_str("<video ")?;
        self.attributes.write(f, &made)?;
        f.write_str(">")?;
        if single.is_none() {
            self.write_sources(f, &bare)?;
        }
        write_html(f, &self.fallback)?;
        f.write_str("</video>")
    }
}

/// A video in one format. The address of a file elsewhere is written as it is, so that its extension is a part of it.
fn one_format(bare: &AssetUrl, format: &str) -> AssetUrl {
    if bare.is_foreign() {
        return bare.clone().public_id(&format!("{}.{format}", bare.asset().public_id));
    }
    bare.clone().format(format)
}

impl VideoTag {
    fn write_sources(&self, f: &mut fmt::Formatter<'_>, bare: &AssetUrl) -> fmt::Result {
        let defaults = DEFAULT_VIDEO_FORMATS.map(VideoSource::new);
        for source in if self.sources.is_empty() { defaults.as_slice() } else { &self.sources } {
            let own = bare.transformation().clone().merge(&source.transformation);
            let url = Escaped(bare.clone().replace_transformation(own).format(&source.format));
            let media_type = Escaped(source.media_type());
            f.write_str("<source ")?;
            Attributes::default().write(f, &[("src", &url), ("type", &media_type)])?;
            f.write_str(">")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{AssetUrl, Config, ResourceType};

    #[test]
    fn a_video_elsewhere_keeps_its_extension() {
        let elsewhere = AssetUrl::new(Config::new("demo"), "http://a.com/dog.webm").resource_type(ResourceType::Video);
        let tag = elsewhere.video_tag().without_poster().only_source("mp4").to_string();
        assert_eq!(tag, "<video src=\"http://a.com/dog.mp4\"></video>");
    }
}
