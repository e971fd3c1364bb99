//! askama filters: `{{ photo.image|cloudinary(width=120, height=80, crop="fill") }}`.
//!
//! askama finds filters in a module `filters` beside the template, so import this one there:
//! `use cloudinary_axum::filters;`. Render with [`render`], which hands the configuration over.

// The filters' documentation and attributes do not reach the builders that askama's macro makes of them.
#![allow(missing_docs, clippy::missing_errors_doc, clippy::inline_always)]

use askama::{Template, Values};
use axum::response::Html;
use cloudinary_core::{
    AssetRef, AssetUrl, Cloudinary, Crop, Effect, Gravity, Radius, ResourceType, Srcset, ToAsset, Transformation,
};

use crate::html::SafeHtml;
use crate::prepared::{self, Page, Prepared};

/// The name the client has among askama's runtime values.
pub const VALUES_KEY: &str = "cloudinary";

/// What stands for no transformation.
static NOTHING: Transformation = Transformation::new();

/// Renders a template whose filters need to know the cloud.
///
/// # Errors
/// [`askama::Error`], as from any template.
///
/// ```
/// use askama::Template;
/// use cloudinary_axum::{filters, render};
/// use cloudinary_core::{AssetRef, Cloudinary, Config};
///
/// #[derive(Template)]
/// #[template(source = r#"{{ image|cloudinary(width=120, height=80, crop="fill", alt="Me") }}"#, ext = "html")]
/// struct Page { image: AssetRef }
///
/// let cld = Cloudinary::new(Config::new("demo")).unwrap();
/// let page = render(&Page { image: AssetRef::image("me") }, &cld).unwrap();
/// assert_eq!(
///     page.0,
///     "<img alt=\"Me\" height=\"80\" src=\"https://res.cloudinary.com/demo/image/upload/c_fill,h_80,w_120/me\" width=\"120\"/>",
/// );
/// ```
pub fn render(template: &impl Template, client: &Cloudinary) -> askama::Result<Html<String>> {
    template.render_with_values(&Page::new(client.clone())).map(Html)
}

/// Declares a filter: its own arguments, and after them those that every filter takes. `0` and `""` stand for unset.
macro_rules! filter {
    (
        $(#[$doc:meta])*
        $name:ident -> $answer:ident;
        [$($own:tt)*]
        |$asset:ident, $values:ident, $transformation:ident, $format:ident, $step:ident| $body:block
    ) => {
        $(#[$doc])*
        #[askama::filter_fn]
        #[allow(clippy::too_many_arguments)] // They are named, in the template.
        pub fn $name<A: ToAsset>(
            $asset: A,
            $values: &dyn Values,
            #[optional(&NOTHING)] $transformation: &Transformation,
            #[optional("")] $format: &str,
            #[optional(0)] width: u32,
            #[optional(0)] height: u32,
            #[optional("")] crop: &str,
            #[optional("")] gravity: &str,
            #[optional(0)] x: i32,
            #[optional(0)] y: i32,
            #[optional("")] aspect_ratio: &str,
            #[optional("")] zoom: &str,
            #[optional("")] radius: &str,
            #[optional("")] effect: &str,
            #[optional("")] quality: &str,
            #[optional("")] fetch_format: &str,
            #[optional("")] dpr: &str,
            #[optional(0)] angle: i32,
            #[optional(0)] opacity: u32,
            #[optional("")] background: &str,
            #[optional("")] color: &str,
            #[optional("")] border: &str,
            #[optional("")] overlay: &str,
            #[optional("")] underlay: &str,
            #[optional("")] default_image: &str,
            #[optional("")] flags: &str,
            #[optional("")] named: &str,
            $($own)*
        ) -> askama::Result<$answer> {
            let $step = Arguments {
                numbers: [i64::from(width), i64::from(height), i64::from(x), i64::from(y), i64::from(angle),
                    i64::from(opacity)],
                words: [crop, gravity, aspect_ratio, zoom, radius, effect, quality, fetch_format, dpr, background, color,
                    border, overlay, underlay, default_image, flags, named],
            };
            $body
        }
    };
}

filter! {
    /// An `img` tag of an asset. All arguments are optional; `0` and `""` stand for unset. `transformation` is one made
    /// in Rust, and comes before the others. `srcset` is a list of widths in pixels, as `"320,640,1280"`.
    ///
    /// # Errors
    /// An argument that cannot be used, by name; or a template that was not rendered by [`render`].
    cloudinary -> SafeHtml;
    [
        #[optional("")] srcset: &str,
        #[optional("")] sizes: &str,
        #[optional("")] alt: &str,
        #[optional("")] class: &str,
        #[optional("")] loading: &str,
    ]
    |asset, values, transformation, format, step| {
        let asset = asset.as_asset();
        // Each URL of a `srcset` has the asset in it.
        let prepared = Prepared::of(values).filter(|_| srcset.is_empty());
        let attributes = [transformation.as_str(), sizes, class, loading];
        let known = prepared::Arguments { numbers: step.numbers, texts: concat(&step.words, attributes), format };
        if let Some(tag) = prepared.and_then(|prepared| prepared.tag(&known, &asset, alt)) {
            transformation.check().map_err(askama::Error::custom)?;
            return Ok(SafeHtml(tag));
        }
        let url = asset_url(asset.into_owned(), values, transformation, format, &step)?;
        let config = client(values)?.config();
        let model = prepared.filter(|_| prepared::can_be_model(config, url.asset()));
        let model = model.map(|prepared| (prepared, url.asset().clone(), url.to_string()));
        let mut tag = url.img_tag().alt(alt);
        if !srcset.is_empty() {
            tag = tag.srcset_widths(widths(srcset)?);
        }
        if !sizes.is_empty() {
            tag = tag.sizes(sizes);
        }
        if !class.is_empty() {
            tag = tag.class(class);
        }
        if !loading.is_empty() {
            tag = tag.attr("loading", loading);
        }
        let tag = tag.to_string();
        if let Some((prepared, asset, url)) = model {
            prepared.learn(&known, &asset, alt, [&url, &tag]);
        }
        Ok(SafeHtml(tag))
    }
}

filter! {
    /// The delivery URL of an asset; arguments as for `cloudinary`.
    ///
    /// # Errors
    /// As `cloudinary`.
    cloudinary_url -> String;
    []
    |asset, values, transformation, format, step| {
        asset_url(asset.to_asset(), values, transformation, format, &step)?.url().map_err(askama::Error::custom)
    }
}

filter! {
    /// The value of a `srcset` attribute, for an `img` or `source` of your own: one image a width. `widths` are pixels, as
    /// `"320,640,1280"`.
    ///
    /// # Errors
    /// As `cloudinary`; and without widths.
    cloudinary_srcset -> String;
    [#[optional("")] widths_in_pixels: &str,]
    |asset, values, transformation, format, step| {
        let url = asset_url(asset.to_asset(), values, transformation, format, &step)?;
        let srcset = Srcset::widths(widths(widths_in_pixels)?);
        url.srcset(&srcset).map_err(askama::Error::custom)
    }
}

filter! {
    /// A `video` tag of an asset, with sources for every browser, and a poster that the service makes of it. `attributes`
    /// are words such as `"controls muted loop autoplay"`.
    ///
    /// # Errors
    /// As `cloudinary`.
    cloudinary_video -> SafeHtml;
    [
        #[optional("controls")] attributes: &str,
        #[optional("")] poster: &str,
        #[optional("")] class: &str,
        #[optional("")] fallback: &str,
    ]
    |asset, values, transformation, format, step| {
        let url = asset_url(asset.to_asset(), values, transformation, "", &step)?;
        let mut tag = url.resource_type(ResourceType::Video).video_tag();
        if !format.is_empty() {
            check_format(format)?;
            tag = tag.only_source(format);
        }
        for word in attributes.split_whitespace() {
            tag = tag.switch(word.to_owned());
        }
        if !poster.is_empty() {
            tag = tag.poster(poster);
        }
        if !class.is_empty() {
            tag = tag.attr("class", class);
        }
        if !fallback.is_empty() {
            tag = tag.fallback(fallback);
        }
        Ok(SafeHtml(tag.to_string()))
    }
}

/// Refuses a format that is none: the template says it. What is wrong with an asset is one row's, and breaks its own
/// picture only.
fn check_format(format: &str) -> askama::Result<()> {
    if format.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(askama::Error::custom(cloudinary_core::Error::InvalidParameter {
        parameter: "format".to_owned(),
        value: format.to_owned(),
        remedy: "a format has letters and digits only".to_owned(),
    }))
}

/// Widths in pixels, with commas or spaces between them.
fn widths(text: &str) -> askama::Result<Vec<u32>> {
    let words = text.split([',', ' ']).filter(|word| !word.is_empty());
    let widths: Vec<u32> = words
        .map(|word| word.parse().map_err(|_| askama::Error::custom(format!("srcset: {word:?} is no width in pixels"))))
        .collect::<askama::Result<_>>()?;
    if widths.is_empty() {
        return Err(askama::Error::custom("srcset: name the widths in pixels, as \"320,640,1280\""));
    }
    Ok(widths)
}

/// The parameters that [`Arguments`] set.
const NUMBERS: [&str; 6] = ["w", "h", "x", "y", "a", "o"];
const WORDS: [&str; 17] = ["c", "g", "ar", "z", "r", "e", "q", "f", "dpr", "b", "co", "bo", "l", "u", "d", "fl", "t"];

/// The arguments that make a step of their own.
struct Arguments<'a> {
    numbers: [i64; NUMBERS.len()],
    words: [&'a str; WORDS.len()],
}

#[inline]
fn concat<'a>(words: &[&'a str; WORDS.len()], others: [&'a str; 4]) -> [&'a str; prepared::TEXTS] {
    let mut all = [""; prepared::TEXTS];
    all[..WORDS.len()].copy_from_slice(words);
    all[WORDS.len()..].copy_from_slice(&others);
    all
}

impl Arguments<'_> {
    fn add_to(&self, base: &Transformation) -> Transformation {
        let mut step = base.clone().then();
        for (key, text) in WORDS.into_iter().zip(self.words) {
            step = match key {
                _ if text.is_empty() => step,
                "c" => step.crop(Crop::from(text)),
                "g" => step.gravity(Gravity::from(text)),
                "r" => step.radius(Radius::from(text)),
                "e" => step.effect(Effect::from(text)),
                "b" => step.background(text),
                "co" => step.color(text),
                "bo" => step.param("bo", text.replace('#', "rgb:")),
                "l" => step.overlay(text),
                "u" => step.underlay(text),
                "t" => step.named_transformation(text),
                key => step.param(key, text),
            };
        }
        for (key, number) in NUMBERS.into_iter().zip(self.numbers) {
            if number != 0 {
                step = step.param(key, number);
            }
        }
        step
    }
}

fn client(values: &dyn Values) -> askama::Result<&Cloudinary> {
    askama::get_value(values, VALUES_KEY).map_err(|_| {
        askama::Error::custom(
            "the cloudinary filters do not know the cloud; render the template with cloudinary_axum::render(&template, &cld)",
        )
    })
}

fn asset_url(
    asset: AssetRef,
    values: &dyn Values,
    base: &Transformation,
    format: &str,
    arguments: &Arguments<'_>,
) -> askama::Result<AssetUrl> {
    let client = client(values)?;
    let transformation = arguments.add_to(base);
    transformation.check().map_err(askama::Error::custom)?;
    check_format(format)?;
    let url = client.image(asset).transform(transformation);
    Ok(if format.is_empty() { url } else { url.format(format) })
}

#[cfg(test)]
mod tests {
    use super::*;

    mod templates {
        use askama::Template;
        use cloudinary_core::{AssetRef, Transformation};

        use crate::filters;

        #[derive(Template)]
        #[template(
            source = r#"{{ image|cloudinary_url(format="jpg", width=120, crop="fill", radius="max") }}"#,
            ext = "html"
        )]
        pub(super) struct Named {
            pub(super) image: AssetRef,
        }

        #[derive(Template)]
        #[template(
            source = r#"{{ image|cloudinary_url(thumbnail) }}|{{ image|cloudinary_url(thumbnail, effect="sepia") }}"#,
            ext = "html"
        )]
        pub(super) struct Declared {
            pub(super) image: AssetRef,
            pub(super) thumbnail: Transformation,
        }

        #[derive(Template)]
        #[template(
            source = r#"{% for image in images %}{{ image|cloudinary(alt=alt, class="x") }}{% endfor %}"#,
            ext = "html"
        )]
        pub(super) struct Tags {
            pub(super) images: Vec<AssetRef>,
            pub(super) alt: String,
        }

        #[derive(Template)]
        #[template(
            source = r#"{{ image|cloudinary_srcset(widths_in_pixels="320, 640", crop="fill") }}|{{ image|cloudinary(srcset="100 200", sizes="50vw") }}"#,
            ext = "html"
        )]
        pub(super) struct Srcsets {
            pub(super) image: AssetRef,
        }

        #[derive(Template)]
        #[template(
            source = r#"{{ clip|cloudinary_video(width=300, format="mp4", attributes="muted loop") }}"#,
            ext = "html"
        )]
        pub(super) struct Video {
            pub(super) clip: AssetRef,
        }

        #[derive(Template)]
        #[template(source = r#"{{ image|cloudinary_url(gravity="a/b") }}"#, ext = "html")]
        pub(super) struct Wrong {
            pub(super) image: AssetRef,
        }

        #[derive(Template)]
        #[template(source = r#"{{ image|cloudinary(format=".jpg") }}"#, ext = "html")]
        pub(super) struct Dotted {
            pub(super) image: AssetRef,
        }

        #[derive(Template)]
        #[template(source = r#"{{ image|cloudinary_video(format=".jpg") }}"#, ext = "html")]
        pub(super) struct DottedVideo {
            pub(super) image: AssetRef,
        }
    }
    use templates::{Declared, Dotted, DottedVideo, Named, Srcsets, Tags, Video, Wrong};

    fn cld() -> Cloudinary {
        Cloudinary::new(cloudinary_core::Config::new("demo")).unwrap()
    }

    #[test]
    fn arguments_and_transformations() {
        let image = || AssetRef::image("a");
        let base = "https://res.cloudinary.com/demo/image/upload";
        assert_eq!(render(&Named { image: image() }, &cld()).unwrap().0, format!("{base}/c_fill,r_max,w_120/a.jpg"));
        let thumbnail = Transformation::new().width(5);
        let declared = render(&Declared { image: image(), thumbnail }, &cld()).unwrap().0;
        assert_eq!(declared, format!("{base}/w_5/a|{base}/w_5/e_sepia/a"));
    }

    #[test]
    fn widths_and_videos() {
        let html = render(&Srcsets { image: AssetRef::image("a") }, &cld()).unwrap().0;
        let base = "https://res.cloudinary.com/demo/image/upload";
        let (srcset, tag) = html.split_once('|').unwrap();
        assert_eq!(srcset, format!("{base}/c_fill/c_scale,w_320/a 320w, {base}/c_fill/c_scale,w_640/a 640w"));
        assert!(tag.contains("sizes=\"50vw\"") && tag.contains("200w"), "{tag}");
        let clip = AssetRef { resource_type: ResourceType::Video, ..AssetRef::image("clip") };
        let html = render(&Video { clip }, &cld()).unwrap().0;
        assert!(
            html.starts_with("<video ") && html.contains(" loop muted") && html.contains("w_300/clip.mp4"),
            "{html}"
        );
        for (text, expected) in [("", "name the widths"), ("1,x", "\"x\" is no width")] {
            assert!(widths(text).unwrap_err().to_string().contains(expected));
        }
    }

    #[test]
    fn tags_are_escaped_once() {
        let html = render(&Tags { images: vec![AssetRef::image("a")], alt: "\"<b>\"".to_owned() }, &cld()).unwrap().0;
        assert_eq!(
            html,
            "<img alt=\"&quot;&lt;b&gt;&quot;\" class=\"x\" src=\"https://res.cloudinary.com/demo/image/upload/a\"/>"
        );
    }

    #[test]
    fn faults_are_loud() {
        let missing = Named { image: AssetRef::image("a") }.render().unwrap_err().to_string();
        assert!(missing.contains("cloudinary_axum::render"), "{missing}");
        let wrong = render(&Wrong { image: AssetRef::image("a") }, &cld()).unwrap_err().to_string();
        assert!(wrong.starts_with("g: \"a/b\""), "{wrong}");
        for dotted in [
            render(&Dotted { image: AssetRef::image("a") }, &cld()),
            render(&DottedVideo { image: AssetRef::image("a") }, &cld()),
        ] {
            let dotted = dotted.unwrap_err().to_string();
            assert!(dotted.starts_with("format: \".jpg\""), "{dotted}");
        }
    }
}
