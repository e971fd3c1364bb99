//! askama filters: `{{ photo.image|cloudinary(width=120, height=80, crop="fill") }}`.
//!
//! askama finds filters in a module `filters` beside the template, so import this one there:
//! `use cloudinary_axum::filters;`. Render with [`render`], which hands the configuration over.

// The filters' documentation and attributes do not reach the builders that askama's macro makes of them.
#![allow(missing_docs, clippy::missing_errors_doc, clippy::inline_always)]

use std::any::Any;

use askama::{Template, Values};
use axum::response::Html;
use cloudinary_core::{AssetUrl, Cloudinary, Crop, Effect, Gravity, Radius, ToAsset, Transformation};

use crate::html::SafeHtml;

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
    let client: Box<dyn Any> = Box::new(client.clone());
    template.render_with_values(&(VALUES_KEY, client)).map(Html)
}

/// An `img` tag of an asset. All arguments are optional; `0` and `""` stand for unset. `transformation` is one made in
/// Rust, and comes before the others.
///
/// # Errors
/// An argument that cannot be used, by name; or a template that was not rendered by [`render`].
#[askama::filter_fn]
#[allow(clippy::too_many_arguments)] // They are named, in the template.
pub fn cloudinary<A: ToAsset>(
    asset: A,
    values: &dyn Values,
    #[optional(&NOTHING)] transformation: &Transformation,
    #[optional("")] format: &str,
    #[optional(0)] width: u32,
    #[optional(0)] height: u32,
    #[optional("")] crop: &str,
    #[optional("")] gravity: &str,
    #[optional("")] radius: &str,
    #[optional("")] effect: &str,
    #[optional("")] quality: &str,
    #[optional(0)] angle: i32,
    #[optional("")] background: &str,
    #[optional("")] border: &str,
    #[optional("")] overlay: &str,
    #[optional("")] named: &str,
    #[optional("")] alt: &str,
    #[optional("")] class: &str,
    #[optional("")] loading: &str,
) -> askama::Result<SafeHtml> {
    let step =
        Arguments { width, height, crop, gravity, radius, effect, quality, angle, background, border, overlay, named };
    let url = asset_url(&asset, values, transformation, format, &step)?;
    let mut tag = url.img_tag().alt(alt);
    if !class.is_empty() {
        tag = tag.class(class);
    }
    if !loading.is_empty() {
        tag = tag.attr("loading", loading);
    }
    Ok(SafeHtml(tag.to_string()))
}

/// The delivery URL of an asset; arguments as for `cloudinary`.
///
/// # Errors
/// As `cloudinary`.
#[askama::filter_fn]
#[allow(clippy::too_many_arguments)] // They are named, in the template.
pub fn cloudinary_url<A: ToAsset>(
    asset: A,
    values: &dyn Values,
    #[optional(&NOTHING)] transformation: &Transformation,
    #[optional("")] format: &str,
    #[optional(0)] width: u32,
    #[optional(0)] height: u32,
    #[optional("")] crop: &str,
    #[optional("")] gravity: &str,
    #[optional("")] radius: &str,
    #[optional("")] effect: &str,
    #[optional("")] quality: &str,
    #[optional(0)] angle: i32,
    #[optional("")] background: &str,
    #[optional("")] border: &str,
    #[optional("")] overlay: &str,
    #[optional("")] named: &str,
) -> askama::Result<String> {
    let step =
        Arguments { width, height, crop, gravity, radius, effect, quality, angle, background, border, overlay, named };
    asset_url(&asset, values, transformation, format, &step)?.url().map_err(askama::Error::custom)
}

/// The arguments that make a step of their own.
struct Arguments<'a> {
    width: u32,
    height: u32,
    crop: &'a str,
    gravity: &'a str,
    radius: &'a str,
    effect: &'a str,
    quality: &'a str,
    angle: i32,
    background: &'a str,
    border: &'a str,
    overlay: &'a str,
    named: &'a str,
}

impl Arguments<'_> {
    fn add_to(&self, base: &Transformation) -> Transformation {
        type Set<'a> = (&'a str, fn(Transformation, &str) -> Transformation);
        let words: [Set<'_>; 9] = [
            (self.crop, |t, text| t.crop(Crop::from(text))),
            (self.gravity, |t, text| t.gravity(Gravity::from(text))),
            (self.radius, |t, text| t.radius(Radius::from(text))),
            (self.effect, |t, text| t.effect(Effect::from(text))),
            (self.quality, |t, text| t.quality(text)),
            (self.background, |t, text| t.background(text)),
            (self.border, |t, text| t.param("bo", text.replace('#', "rgb:"))),
            (self.overlay, |t, text| t.overlay(text)),
            (self.named, |t, text| t.named_transformation(text)),
        ];
        let mut step = base.clone().then();
        for (text, set) in words {
            if !text.is_empty() {
                step = set(step, text);
            }
        }
        for (key, number) in [("w", i64::from(self.width)), ("h", i64::from(self.height)), ("a", i64::from(self.angle))]
        {
            if number != 0 {
                step = step.param(key, number);
            }
        }
        step
    }
}

fn asset_url(
    asset: &impl ToAsset,
    values: &dyn Values,
    base: &Transformation,
    format: &str,
    arguments: &Arguments<'_>,
) -> askama::Result<AssetUrl> {
    let client: &Cloudinary = askama::get_value(values, VALUES_KEY).map_err(|_| {
        askama::Error::custom(
            "the cloudinary filters do not know the cloud; render the template with cloudinary_axum::render(&template, &cld)",
        )
    })?;
    let transformation = arguments.add_to(base);
    transformation.check().map_err(askama::Error::custom)?;
    let url = client.image(asset.to_asset()).transform(&transformation);
    Ok(if format.is_empty() { url } else { url.format(format) })
}

#[cfg(test)]
mod tests {
    use cloudinary_core::AssetRef;

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
        #[template(source = r#"{{ image|cloudinary_url(gravity="a/b") }}"#, ext = "html")]
        pub(super) struct Wrong {
            pub(super) image: AssetRef,
        }
    }
    use templates::{Declared, Named, Tags, Wrong};

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
    }
}
