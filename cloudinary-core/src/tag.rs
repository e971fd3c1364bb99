//! HTML tags, always escaped.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::escape::{HtmlWriter, write_html};
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
/// Follows <https://cloudinary.com/documentation/django_image_manipulation#embedding_images_in_web_pages>.
#[derive(Debug, Clone)]
pub struct ImgTag {
    url: AssetUrl,
    attributes: Vec<Attribute>,
    widths: Vec<u32>,
    size_attributes: bool,
}

#[derive(Debug, Clone)]
struct Attribute {
    name: Cow<'static, str>,
    /// `None` for a switch such as `hidden`.
    value: Option<String>,
}

impl ImgTag {
    pub(crate) fn new(url: AssetUrl) -> Self {
        Self { url, attributes: Vec::new(), widths: Vec::new(), size_attributes: true }
    }

    /// The text for who cannot see the image; `""` says it is decoration.
    pub fn alt(self, text: impl Into<String>) -> Self {
        self.attr("alt", text)
    }

    /// The `class` attribute.
    pub fn class(self, names: impl Into<String>) -> Self {
        self.attr("class", names)
    }

    /// Any attribute; the value is escaped. Setting one twice replaces it.
    ///
    /// A name that HTML does not allow, with a quote or a space, say, comes out as the value of
    /// `data-invalid-attribute`.
    pub fn attr(self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.set(name.into(), Some(value.into()))
    }

    /// An attribute without a value, as `hidden`.
    pub fn switch(self, name: impl Into<Cow<'static, str>>) -> Self {
        self.set(name.into(), None)
    }

    fn set(mut self, name: Cow<'static, str>, value: Option<String>) -> Self {
        let attribute = if is_attribute_name(&name) {
            Attribute { name, value }
        } else {
            Attribute { name: "data-invalid-attribute".into(), value: Some(name.into_owned()) }
        };
        self.attributes.retain(|known| known.name != attribute.name);
        self.attributes.push(attribute);
        self
    }

    /// Lets the browser choose among these widths, in pixels: a `srcset`, each made by a last step
    /// `c_scale,w_{width}`. The `width` and `height` attributes are then left out.
    pub fn srcset_widths(mut self, widths: impl IntoIterator<Item = u32>) -> Self {
        self.widths = widths.into_iter().collect();
        self
    }

    /// How wide the image is shown, as `(max-width: 600px) 100vw, 600px`; for use with a `srcset`.
    pub fn sizes(self, sizes: impl Into<String>) -> Self {
        self.attr("sizes", sizes)
    }

    /// Whether `width` and `height` are taken from the transformation. Default: true.
    pub fn size_attributes(mut self, wanted: bool) -> Self {
        self.size_attributes = wanted;
        self
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|attribute| attribute.name == name)
    }

    fn html_size(&self) -> [Option<u32>; 2] {
        if !self.size_attributes || !self.widths.is_empty() {
            return [None, None];
        }
        html_size(self.url.transformation())
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

fn is_attribute_name(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(['"', '\'', '>', '<', '/', '=', '&'])
        && !name.chars().any(|c| c.is_control() || c.is_whitespace())
}

impl fmt::Display for ImgTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        enum Value<'a> {
            Text(&'a str),
            Number(u32),
            Url,
            Srcset,
            Switch,
        }
        let mut attributes: Vec<(&str, Value<'_>)> = self
            .attributes
            .iter()
            .map(|a| (a.name.as_ref(), a.value.as_deref().map_or(Value::Switch, Value::Text)))
            .collect();
        let [width, height] = self.html_size();
        for (name, number) in [("width", width), ("height", height)] {
            if let Some(number) = number
                && !self.has(name)
            {
                attributes.push((name, Value::Number(number)));
            }
        }
        if !self.has("src") {
            attributes.push(("src", Value::Url));
        }
        if !self.widths.is_empty() && !self.has("srcset") {
            attributes.push(("srcset", Value::Srcset));
        }
        attributes.sort_by(|(a, _), (b, _)| a.bytes().chain([b'=']).cmp(b.bytes().chain([b'='])));

        f.write_str("<img")?;
        for (name, value) in attributes {
            write!(f, " {name}")?;
            if matches!(value, Value::Switch) {
                continue;
            }
            f.write_str("=\"")?;
            match value {
                Value::Text(text) => write_html(f, text)?,
                Value::Number(number) => write!(f, "{number}")?,
                Value::Url => write!(HtmlWriter(f), "{}", self.url)?,
                Value::Srcset => self.write_srcset(f)?,
                Value::Switch => {}
            }
            f.write_str("\"")?;
        }
        f.write_str("/>")
    }
}

impl ImgTag {
    fn write_srcset(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, width) in self.widths.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            let scale = Transformation::new().crop(Crop::Scale).width(*width);
            write!(HtmlWriter(f), "{} {width}w", self.url.clone().transform(&scale))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn tag(transformation: &str) -> ImgTag {
        AssetUrl::new(Config::new("demo"), "a").transform(&transformation.parse().unwrap()).img_tag()
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
            ("w_auto", "", ""),
            ("w_100/e_sepia", "", ""),
        ] {
            assert_eq!(tag(transformation).to_string(), format!("<img{before} {}{after}/>", src(transformation)));
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
        let html = tag("c_fill,h_80,w_120").srcset_widths([10, 20]).sizes("100vw").to_string();
        let base = "https://res.cloudinary.com/demo/image/upload/c_fill,h_80,w_120";
        assert_eq!(
            html,
            format!(
                "<img sizes=\"100vw\" src=\"{base}/a\" srcset=\"{base}/c_scale,w_10/a 10w, {base}/c_scale,w_20/a 20w\"/>"
            )
        );
    }
}
