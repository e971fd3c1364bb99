//! HTML tags, always escaped. They print into any `fmt::Write` without strings in between.

mod attributes;
mod picture;
mod srcset;
mod video;

use std::borrow::Cow;
use std::fmt;

use self::attributes::{Attributes, Escaped};
pub use self::picture::{Picture, PictureSource};
use self::srcset::{SizesOf, SrcsetOf};
pub use self::video::{DEFAULT_VIDEO_FORMATS, VideoSource, VideoTag};
use crate::error::Result;
use crate::srcset::Srcset;
use crate::transformation::{Crop, Transformation};
use crate::url::AssetUrl;

/// An `img` tag. Printing it gives HTML that is safe to put into a page.
///
/// `width` and `height` come from the last step of the transformation where that step fixes them, so that the page
/// does not jump when the image arrives.
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, Crop, Transformation};
/// let thumbnail = Transformation::new().width(120).height(80).crop(Crop::Fill);
/// let tag = AssetUrl::new(&Config::new("demo"), "sample.jpg").transform(&thumbnail).img_tag().alt("A \"sample\"");
/// assert_eq!(
///     tag.to_string(),
///     "<img alt=\"A &quot;sample&quot;\" height=\"80\" \
///      src=\"https://res.cloudinary.com/demo/image/upload/c_fill,h_80,w_120/sample.jpg\" width=\"120\"/>",
/// );
/// ```
///
/// A thumbnail of a face that was made at upload, and a text over an image:
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, Crop, Gravity, Transformation};
/// let (config, base) = (Config::new("demo"), "https://res.cloudinary.com/demo/image/upload");
/// let thumbnail = Transformation::new().width(150).height(100).crop(Crop::Thumb).gravity(Gravity::Face);
/// assert_eq!(
///     AssetUrl::new(&config, "eager_sample.jpg").transform(&thumbnail).img_tag().to_string(),
///     format!("<img height=\"100\" src=\"{base}/c_thumb,g_face,h_100,w_150/eager_sample.jpg\" width=\"150\"/>"),
/// );
/// let text = Transformation::new().overlay("text:bold_dark:Hello+World").gravity(Gravity::SouthEast).x(5).y(5);
/// assert_eq!(
///     AssetUrl::new(&config, "sample.jpg").transform(&text).img_tag().to_string(),
///     format!("<img src=\"{base}/g_south_east,l_text:bold_dark:Hello+World,x_5,y_5/sample.jpg\"/>"),
/// );
/// ```
///
/// An image whose last step says `w_auto` or `dpr_auto` waits for the official responsive script: its address stands
/// in `data-src`, and its class is `cld-responsive` or `cld-hidpi`. Where browsers tell their widths themselves, set
/// [`Config::client_hints`](crate::Config::client_hints), or [`client_hints`](Self::client_hints) here.
///
/// Follows <https://cloudinary.com/documentation/django_image_manipulation#embedding_images_in_web_pages>.
#[derive(Debug, Clone)]
pub struct ImgTag {
    url: AssetUrl,
    attributes: Attributes,
    srcset: Srcset,
    size_attributes: bool,
    client_hints: bool,
    placeholder: Option<String>,
}

/// The smallest image there is, for tags whose image comes later.
const BLANK: &str = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

impl ImgTag {
    pub(crate) fn new(url: AssetUrl) -> Self {
        let config = url.config();
        let (srcset, client_hints) = (config.srcset.clone(), config.client_hints);
        let placeholder = config.responsive_placeholder.clone();
        Self { url, attributes: Attributes::default(), srcset, size_attributes: true, client_hints, placeholder }
    }

    /// The text for who cannot see the image; `""` says it is decoration. Default: no such attribute.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// assert_eq!(
    ///     image.img_tag().alt("A & B").to_string(),
    ///     "<img alt=\"A &amp; B\" src=\"https://res.cloudinary.com/demo/image/upload/a\"/>",
    /// );
    /// ```
    pub fn alt(self, text: impl Into<String>) -> Self {
        self.attr("alt", text)
    }

    /// The `class` attribute: names between spaces. Default: none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// assert_eq!(
    ///     image.img_tag().class("round big").to_string(),
    ///     "<img class=\"round big\" src=\"https://res.cloudinary.com/demo/image/upload/a\"/>",
    /// );
    /// ```
    pub fn class(self, names: impl Into<String>) -> Self {
        self.attr("class", names)
    }

    /// Any attribute; the value is escaped. Setting one twice replaces it.
    ///
    /// A name that HTML does not allow, with a quote or a space, say, comes out as the value of
    /// `data-invalid-attribute`.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// assert_eq!(
    ///     image.img_tag().attr("loading", "lazy").to_string(),
    ///     "<img loading=\"lazy\" src=\"https://res.cloudinary.com/demo/image/upload/a\"/>",
    /// );
    /// ```
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.set(name.into(), Some(value.into()));
        self
    }

    /// An attribute without a value, as `hidden`.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// assert_eq!(
    ///     image.img_tag().switch("hidden").to_string(),
    ///     "<img hidden src=\"https://res.cloudinary.com/demo/image/upload/a\"/>",
    /// );
    /// ```
    pub fn switch(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.attributes.set(name.into(), None);
        self
    }

    /// Lets the browser choose among widths. The `width` and `height` attributes are then left out. What it leaves open
    /// is taken from [`Config::srcset`](crate::Config::srcset), which is the default.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Srcset};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// let tag = image.img_tag().srcset(Srcset::range(320, 640, 2)).to_string();
    /// assert!(tag.contains("/c_scale,w_320/a 320w, ") && tag.ends_with("/c_scale,w_640/a 640w\"/>"));
    /// ```
    pub fn srcset(mut self, srcset: Srcset) -> Self {
        self.srcset = srcset.or(&self.url.config().srcset);
        self
    }

    /// One width only, whatever the configuration says.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Srcset};
    /// let config = Config::new("demo").srcset(Srcset::widths([320]));
    /// assert!(!AssetUrl::new(&config, "a").img_tag().without_srcset().to_string().contains("srcset"));
    /// ```
    pub fn without_srcset(mut self) -> Self {
        self.srcset = Srcset::default();
        self
    }

    /// As [`srcset`](Self::srcset), of these widths in pixels.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let base = "https://res.cloudinary.com/demo/image/upload";
    /// let tag = AssetUrl::new(&Config::new("demo"), "a").img_tag().srcset_widths([320, 640]).sizes("50vw");
    /// assert_eq!(
    ///     tag.to_string(),
    ///     format!(
    ///         "<img sizes=\"50vw\" src=\"{base}/a\" \
    ///          srcset=\"{base}/c_scale,w_320/a 320w, {base}/c_scale,w_640/a 640w\"/>"
    ///     ),
    /// );
    /// ```
    pub fn srcset_widths(self, widths: impl IntoIterator<Item = u32>) -> Self {
        self.srcset(Srcset::widths(widths))
    }

    /// How wide the image is shown, as `(max-width: 600px) 100vw, 600px`; for use with a `srcset`. Wins over
    /// [`Srcset::with_sizes`]. Default: none, and browsers take the whole window's width.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// let tag = image.img_tag().srcset_widths([320]).sizes("50vw").to_string();
    /// assert!(tag.starts_with("<img sizes=\"50vw\" "));
    /// ```
    pub fn sizes(self, sizes: impl Into<String>) -> Self {
        self.attr("sizes", sizes)
    }

    /// Whether `width` and `height`, in whole pixels, are taken from the transformation. Default: true.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// let small = image.transform(Transformation::new().width(80));
    /// assert!(small.clone().img_tag().to_string().ends_with(" width=\"80\"/>"));
    /// assert!(!small.img_tag().size_attributes(false).to_string().contains("width="));
    /// ```
    pub fn size_attributes(mut self, wanted: bool) -> Self {
        self.size_attributes = wanted;
        self
    }

    /// Whether the browser tells its widths itself. The default is the configuration's.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// let fitted = image.transform(Transformation::new().width("auto"));
    /// assert!(fitted.clone().img_tag().to_string().starts_with("<img class=\"cld-responsive\" data-src="));
    /// assert!(fitted.img_tag().client_hints(true).to_string().starts_with("<img src="));
    /// ```
    pub fn client_hints(mut self, hints: bool) -> Self {
        self.client_hints = hints;
        self
    }

    /// What an image that waits for the responsive script shows meanwhile: an address, or `blank` for the smallest image
    /// there is. The default is [`Config::responsive_placeholder`](crate::Config::responsive_placeholder), and without
    /// that the image has no `src`.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// let fitted = image.transform(Transformation::new().width("auto"));
    /// assert!(fitted.img_tag().responsive_placeholder("/wait.gif").to_string().contains(" src=\"/wait.gif\""));
    /// ```
    pub fn responsive_placeholder(mut self, source: impl Into<String>) -> Self {
        self.placeholder = Some(source.into());
        self
    }

    /// Reports what would be printed all the same, but that no page can use: since a tag prints always, whatever it was
    /// given.
    ///
    /// # Errors
    /// As [`AssetUrl::url`]; as [`AssetUrl::srcset`], where the `srcset` has widths; and for an attribute whose name is none.
    ///
    /// ```
    /// use cloudinary_core::{AssetUrl, Config, Transformation};
    /// let image = AssetUrl::new(&Config::new("demo"), "a");
    /// assert!(image.clone().img_tag().alt("A").check().is_ok());
    /// assert!(image.clone().img_tag().srcset_widths([0]).check().is_err());
    /// assert!(image.transform(Transformation::new().width(f64::NAN)).img_tag().check().is_err());
    /// ```
    pub fn check(&self) -> Result<()> {
        self.url.url()?;
        self.attributes.check()?;
        if self.srcset.is_empty() { Ok(()) } else { self.srcset.check() }
    }

    /// The class by which the responsive script finds the image, if it is left to that.
    fn script_class(&self) -> Option<&'static str> {
        if self.client_hints {
            return None;
        }
        if self.url.config().responsive_width {
            return Some("cld-responsive");
        }
        let transformation = self.url.effective_transformation();
        let step = transformation.steps().last()?;
        if step.get("w").is_some_and(|width| width.starts_with("auto")) {
            Some("cld-responsive")
        } else if step.get("dpr") == Some("auto") {
            Some("cld-hidpi")
        } else {
            None
        }
    }

    fn html_size(&self) -> [Option<u32>; 2] {
        if !self.size_attributes || self.makes_srcset() || self.makes_sizes() || self.url.config().responsive_width {
            return [None, None];
        }
        html_size(self.url.transformation())
    }

    fn makes_srcset(&self) -> bool {
        !self.srcset.is_empty() && !self.attributes.has("srcset")
    }

    fn makes_sizes(&self) -> bool {
        self.srcset.has_sizes() && !self.attributes.has("sizes")
    }
}

/// What the last step fixes the size to, if it does.
fn html_size(transformation: &Transformation) -> [Option<u32>; 2] {
    let Some(step) = transformation.steps().last() else {
        return [None, None];
    };
    let floating = [Crop::Fit, Crop::Limit].iter().any(|crop| step.get("c") == Some(crop.as_str()));
    if floating || ["l", "u", "a"].iter().any(|key| step.get(key).is_some()) {
        return [None, None];
    }
    ["w", "h"].map(|key| step.get(key)?.parse().ok())
}

impl fmt::Display for ImgTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = Escaped(&self.url);
        let srcset = Escaped(SrcsetOf(&self.url, &self.srcset));
        let sizes = SizesOf(&self.srcset);
        let [width, height] = self.html_size();
        let mut made: Vec<(&str, &dyn fmt::Display)> = Vec::with_capacity(6);
        for (name, size) in [("width", &width), ("height", &height)] {
            if let Some(size) = size {
                made.push((name, size));
            }
        }
        if self.makes_srcset() {
            made.push(("srcset", &srcset));
        }
        if self.makes_sizes() {
            made.push(("sizes", &sizes));
        }
        let script_class = self.script_class();
        let mut attributes = Cow::Borrowed(&self.attributes);
        let placeholder =
            self.placeholder.as_deref().map(|source| Escaped(if source == "blank" { BLANK } else { source }));
        match script_class {
            None => made.push(("src", &url)),
            Some(class) => {
                made.push(("data-src", &url));
                if let Some(placeholder) = &placeholder {
                    made.push(("src", placeholder));
                }
                let class = match self.attributes.get("class") {
                    Some(own) => format!("{class} {own}"),
                    None => class.to_owned(),
                };
                attributes.to_mut().set("class".into(), Some(class));
            }
        }
        f.write_str("<img ")?;
        attributes.write(f, &made)?;
        f.write_str("/>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn tag(transformation: &str) -> ImgTag {
        AssetUrl::new(Config::new("demo"), "a").transform(transformation.parse::<Transformation>().unwrap()).img_tag()
    }

    #[test]
    fn sizes_come_from_the_last_step() {
        let src = |t: &str| format!("src=\"https://res.cloudinary.com/demo/image/upload/{t}/a\"");
        for (transformation, before, after) in [
            ("c_fill,h_80,w_120", " height=\"80\"", " width=\"120\""),
            ("w_120", "", " width=\"120\""),
            ("c_fit,w_120", "", ""),
            ("a_5,w_120", "", ""),
            ("l_logo,w_120", "", ""),
            ("w_0.5", "", ""),
            ("w_100/e_sepia", "", ""),
        ] {
            assert_eq!(tag(transformation).to_string(), format!("<img{before} {}{after}/>", src(transformation)));
        }
    }

    #[test]
    fn automatic_sizes_wait_for_the_script() {
        let base = "https://res.cloudinary.com/demo/image/upload";
        for (tag, expected) in [
            (tag("w_auto"), format!("<img class=\"cld-responsive\" data-src=\"{base}/w_auto/a\"/>")),
            (tag("dpr_auto").class("x"), format!("<img class=\"cld-hidpi x\" data-src=\"{base}/dpr_auto/a\"/>")),
            (tag("w_auto").client_hints(true), format!("<img src=\"{base}/w_auto/a\"/>")),
            (
                tag("w_auto").responsive_placeholder("blank"),
                format!("<img class=\"cld-responsive\" data-src=\"{base}/w_auto/a\" src=\"{BLANK}\"/>"),
            ),
        ] {
            assert_eq!(tag.to_string(), expected);
        }
    }

    #[test]
    fn what_no_page_can_use_is_reported() {
        use crate::{Picture, PictureSource, ResourceType, VideoSource};
        let broken = || Transformation::new().width(f64::NAN);
        let video = || AssetUrl::new(Config::new("demo"), "a").resource_type(ResourceType::Video).video_tag();
        let picture = |source| Picture::new(tag("w_1")).source(source);
        for (checked, expected) in [
            (tag("w_1").alt("x").check(), ""),
            (tag("w_1/../x").check(), "transformation: "),
            (tag("w_1").attr("on load", "x").check(), "attribute: \"on load\""),
            (tag("w_1").srcset(Srcset::widths([1]).transformation(broken())).check(), "w: \"NaN\""),
            (AssetUrl::new(Config::new("demo"), "").img_tag().check(), "public_id: \"\""),
            (picture(PictureSource::new().min_width(1).max_width(1)).check(), ""),
            (picture(PictureSource::new().min_width(2).max_width(1)).check(), "min_width: \"2\""),
            (picture(PictureSource::new().transformation(broken())).check(), "w: \"NaN\""),
            (video().only_source("mp4").check(), ""),
            (video().only_source("m p4").check(), "format: \"m p4\""),
            (video().source(VideoSource::new("mp4").transformation(broken())).check(), "w: \"NaN\""),
            (video().poster_transformation(broken()).check(), "w: \"NaN\""),
            (video().switch("").check(), "attribute: \"\""),
        ] {
            let error = checked.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.starts_with(expected) && error.is_empty() == expected.is_empty(), "{expected}: {error}");
        }
    }

    #[test]
    fn nothing_breaks_out_of_its_quotes() {
        let html =
            tag("w_1").alt("\"><script>alert('1')</script>").attr("x\" onload=\"y", "z").switch("hidden").to_string();
        assert!(!html.contains("<script>") && !html.contains("\" onload=\""), "{html}");
        assert!(
            html.contains(" hidden ") && html.contains("data-invalid-attribute=\"x&quot; onload=&quot;y\""),
            "{html}"
        );
        assert!(tag("w_1").alt("").to_string().contains("alt=\"\""));
    }

    #[test]
    fn srcset() {
        let base = "https://res.cloudinary.com/demo/image/upload";
        let own = "c_fill,h_80,w_120";
        for (tag, expected) in [
            (
                tag(own).srcset_widths([10, 20]).sizes("100vw"),
                format!(
                    "<img sizes=\"100vw\" src=\"{base}/{own}/a\" \
                     srcset=\"{base}/{own}/c_scale,w_10/a 10w, {base}/{own}/c_scale,w_20/a 20w\"/>"
                ),
            ),
            (
                tag(own).srcset(Srcset::range(1, 9, 1).transformation(Transformation::new().sepia(5)).with_sizes()),
                format!(
                    "<img sizes=\"(max-width: 9px) 9px\" src=\"{base}/{own}/a\" \
                     srcset=\"{base}/e_sepia:5/c_scale,w_9/a 9w\"/>"
                ),
            ),
        ] {
            assert_eq!(tag.to_string(), expected);
        }
    }
}
