//! Image tags that a page has many of: what they have in common is made once, by the first of them.
//!
//! Of an `img` tag, only the version and the id in its URL and the `alt` text differ from image to image, as long as
//! the id is an ordinary one and the URL is neither signed nor spread over hosts. What is not ordinary is always made
//! anew.

use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;

use askama::Values;
use cloudinary_core::{AssetRef, Cloudinary, Config, DeliveryType, ResourceType, Srcset};

use crate::filters::VALUES_KEY;
use crate::html::push_escaped;

/// How many kinds of tags of one page are remembered; further ones take the place of the oldest.
const MAX_KINDS: usize = 16;
/// The name that [`Prepared`] has among askama's runtime values.
const PREPARED_KEY: &str = "cloudinary_axum::prepared";
/// What every tag begins with.
const OPENING: &str = "<img alt=\"";

/// The runtime values of a page: the client, and what its filters have prepared.
pub(crate) struct Page {
    client: Cloudinary,
    prepared: Prepared,
}

impl Page {
    pub(crate) fn new(client: Cloudinary) -> Self {
        Self { client, prepared: Prepared::default() }
    }
}

impl Values for Page {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        match key {
            VALUES_KEY => Some(&self.client),
            PREPARED_KEY => Some(&self.prepared),
            _ => None,
        }
    }
}

/// What a page's filters have prepared.
#[derive(Default)]
pub(crate) struct Prepared(RefCell<Vec<Kind>>);

/// Everything that makes a tag besides its asset and `alt`.
pub(crate) struct Arguments<'a> {
    /// In an order of the caller's.
    pub(crate) numbers: [i64; NUMBERS],
    /// The same.
    pub(crate) texts: [&'a str; TEXTS],
    /// In place of the asset's own, unless it is empty.
    pub(crate) format: &'a str,
}

pub(crate) const NUMBERS: usize = 6;
pub(crate) const TEXTS: usize = 21;

/// Tags that have all but asset and `alt` in common.
struct Kind {
    numbers: [i64; NUMBERS],
    lengths: [usize; TEXTS],
    texts: String,
    place: Place,
    /// From the end of `alt` to where version and id stand.
    middle: String,
    /// After the id.
    end: String,
}

/// What of an asset decides the shape of its URL.
#[derive(PartialEq, Eq)]
struct Place {
    resource_type: ResourceType,
    delivery_type: DeliveryType,
    format: Option<Cow<'static, str>>,
    has_version: bool,
}

impl Prepared {
    /// What the page has, if it was rendered by [`render`](crate::render).
    pub(crate) fn of(values: &dyn Values) -> Option<&Self> {
        askama::get_value(values, PREPARED_KEY).ok()
    }

    /// The tag of an asset, if one of its kind was made before.
    pub(crate) fn tag(&self, arguments: &Arguments<'_>, asset: &AssetRef, alt: &str) -> Option<String> {
        let kinds = self.0.borrow();
        let kind =
            kinds.iter().rev().find(|kind| kind.place.holds(asset, arguments.format) && kind.is_of(arguments))?;
        is_ordinary(asset).then(|| kind.tag(asset, alt))
    }

    /// Takes a tag, with the URL in it, as the model of its kind, if its asset can be one.
    pub(crate) fn learn(&self, arguments: &Arguments<'_>, asset: &AssetRef, alt: &str, [url, tag]: [&str; 2]) {
        if let Some(kind) = Kind::from_model(arguments, asset, alt, [url, tag]) {
            let mut kinds = self.0.borrow_mut();
            if kinds.len() == MAX_KINDS {
                kinds.remove(0);
            }
            kinds.push(kind);
        }
    }
}

impl Kind {
    /// `None` where version and id are not found in the tag.
    fn from_model(arguments: &Arguments<'_>, asset: &AssetRef, alt: &str, [url, tag]: [&str; 2]) -> Option<Self> {
        if url.contains(['&', '<', '>', '"', '\'']) {
            return None;
        }
        let mut opening = OPENING.to_owned();
        push_escaped(&mut opening, alt);
        let (before, after) = tag.strip_prefix(&opening)?.split_once(url)?;
        if after.contains(url) {
            return None;
        }
        let extension = asset.format.as_ref().map(|format| format!(".{format}")).filter(|end| url.ends_with(end));
        let extension = extension.unwrap_or_default();
        let mut head = url.strip_suffix(&extension)?.strip_suffix(&asset.public_id)?;
        if let Some(version) = asset.version {
            head = head.strip_suffix(&format!("{version}/"))?.strip_suffix("/v")?;
            head = &url[..head.len() + "/v".len()];
        }
        Some(Self {
            numbers: arguments.numbers,
            lengths: arguments.texts.map(str::len),
            texts: arguments.texts.concat(),
            place: Place {
                resource_type: asset.resource_type,
                delivery_type: asset.delivery_type,
                format: asset.format.clone(),
                has_version: asset.version.is_some(),
            },
            middle: [before, head].concat(),
            end: [&extension, after].concat(),
        })
    }

    fn is_of(&self, arguments: &Arguments<'_>) -> bool {
        let mut start = 0;
        self.numbers == arguments.numbers
            && arguments.texts.iter().zip(self.lengths).all(|(text, length)| {
                let end = start + length;
                // Most are empty, and are not worth a call.
                let same = text.len() == length && (length == 0 || self.texts.get(start..end) == Some(text));
                start = end;
                same
            })
    }

    fn tag(&self, asset: &AssetRef, alt: &str) -> String {
        let fixed = OPENING.len() + self.middle.len() + self.end.len();
        let mut tag = String::with_capacity(fixed + alt.len() + "18446744073709551615/".len() + asset.public_id.len());
        tag.push_str(OPENING);
        push_escaped(&mut tag, alt);
        tag.push_str(&self.middle);
        if let Some(version) = asset.version {
            push_number(&mut tag, version);
            tag.push('/');
        }
        tag.push_str(&asset.public_id);
        tag.push_str(&self.end);
        tag
    }
}

/// A formatter would take longer than the rest of a tag.
fn push_number(out: &mut String, mut number: u64) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while number > 0 || start == digits.len() {
        start -= 1;
        digits[start] += (number % 10) as u8;
        number /= 10;
    }
    out.extend(digits[start..].iter().copied().map(char::from));
}

impl Place {
    fn holds(&self, asset: &AssetRef, format: &str) -> bool {
        let format = if format.is_empty() { asset.format.as_deref() } else { Some(format) };
        self.resource_type == asset.resource_type
            && self.delivery_type == asset.delivery_type
            && self.has_version == asset.version.is_some()
            && self.format.as_deref() == format
    }
}

/// Whether the tags of other assets would differ in nothing but version and id.
pub(crate) fn can_be_model(config: &Config, asset: &AssetRef) -> bool {
    let by_asset = config.sign_url || config.cdn_subdomain || config.secure_cdn_subdomain == Some(true);
    let format = asset.format.as_deref();
    let named = format.is_none_or(|format| !format.is_empty() && format.bytes().all(|b| b.is_ascii_alphanumeric()));
    !by_asset && named && config.srcset == Srcset::default() && is_ordinary(asset)
}

/// Whether an asset's version and id stand in its URL as they are, and the same way as those of all others.
fn is_ordinary(asset: &AssetRef) -> bool {
    let (mut seen, mut doubled, mut before) = (0, 0, 0);
    for byte in asset.public_id.bytes() {
        let class = CLASSES[usize::from(byte)];
        seen |= class;
        doubled |= class & before;
        before = class;
    }
    // Without a version, an id with folders gets one.
    let is_placed = match asset.version {
        Some(version) => version > 0,
        None => seen & SLASH == 0,
    };
    seen & OTHER == 0 && doubled & SLASH == 0 && seen != 0 && is_placed
}

const PLAIN: u8 = 1;
const SLASH: u8 = 2;
const OTHER: u8 = 4;
/// What each byte of an id is.
const CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < classes.len() {
        match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'.' | b'-' => classes[byte] = PLAIN,
            b'/' => classes[byte] = SLASH,
            _ => {}
        }
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;
    use crate::{filters, render};

    #[derive(Template)]
    #[template(
        source = r#"{% for image in images %}{{ image|cloudinary(alt=alt, class="x") }}{% endfor %}"#,
        ext = "html"
    )]
    struct Tags {
        images: Vec<AssetRef>,
        alt: String,
    }

    #[derive(Template)]
    #[template(
        source = r#"{% for image in images %}{{ image|cloudinary(width=1, height=2) }}{{ image|cloudinary(width=2, height=1)
        -}} {{- image|cloudinary(crop="ab") }}{{ image|cloudinary(crop="a", gravity="b") }}{{ image|cloudinary(format="png")
        -}} {{- image|cloudinary(class="x", alt=image.public_id) }}{% endfor %}"#,
        ext = "html"
    )]
    struct Kinds {
        images: Vec<AssetRef>,
    }

    /// The second image of a page is made from the first where it can be; nobody may see a difference.
    #[test]
    fn tags_of_one_kind() {
        let ids = [
            "a",
            "albums/b-1_c.d",
            "v1/a",
            "a b",
            "ünï",
            "100%",
            "%41",
            "a//b",
            "http://x.com/a?b&c",
            "https:x",
            "a:b",
            "",
            "/a",
            "a/",
            "<i>",
            "..",
            "-",
            "2",
        ];
        let versions = [None, Some(0), Some(7), Some(u64::MAX)];
        let formats = [None, Some("jpg"), Some(""), Some("a\"b")];
        let mut images = Vec::new();
        for id in ids {
            for version in versions {
                for format in formats {
                    let image = AssetRef { version, format: format.map(Into::into), ..AssetRef::image(id) };
                    let kinds = [DeliveryType::Private, DeliveryType::Fetch];
                    images.extend(kinds.map(|kind| image.clone().with_delivery_type(kind)));
                    images.push(AssetRef { resource_type: ResourceType::Video, ..image.clone() });
                    images.push(image);
                }
            }
        }
        let config = || Config::new("demo").credentials("key", "secret");
        for config in [
            config(),
            config().sign_url(true),
            config().cdn_subdomain(true),
            config().secure_cdn_subdomain(true),
            config().secure(false).cname("img.example.com"),
            config().private_cdn(true),
            config().use_root_path(true),
            config().shorten(true),
            config().force_version(false),
            config().use_fetch_format(true),
            config().dpr(2.0),
            config().responsive_width(true),
            config().srcset(Srcset::widths([10, 20])),
        ] {
            let cld = Cloudinary::new(config).unwrap();
            for alt in ["", "A photo", "\"<&>'"] {
                let one = |image: &AssetRef| render(&Tags { images: vec![image.clone()], alt: alt.to_owned() }, &cld);
                let alone: String = images.iter().map(|image| one(image).unwrap().0).collect();
                // Next to one of its kind, and after any others.
                let twice: Vec<AssetRef> = images.iter().chain(&images).cloned().collect();
                let together = render(&Tags { images: twice, alt: alt.to_owned() }, &cld).unwrap().0;
                assert_eq!(together, alone.repeat(2));
            }
        }
    }

    #[test]
    fn kinds_do_not_mix() {
        let page = Kinds { images: (0..3).map(|at| AssetRef::image(format!("i{at}"))).collect() };
        let html = render(&page, &Cloudinary::new(Config::new("demo")).unwrap()).unwrap().0;
        let base = "https://res.cloudinary.com/demo/image/upload";
        let mut expected = String::new();
        for at in 0..3 {
            for (between, id) in [
                ("\" height=\"2\" src=\"{base}/h_2,w_1/", "{at}\" width=\"1\""),
                ("\" height=\"1\" src=\"{base}/h_1,w_2/", "{at}\" width=\"2\""),
                ("\" src=\"{base}/c_ab/", "{at}\""),
                ("\" src=\"{base}/c_a,g_b/", "{at}\""),
                ("\" src=\"{base}/", "{at}.png\""),
                ("i{at}\" class=\"x\" src=\"{base}/", "{at}\""),
            ] {
                let tag = format!("<img alt=\"{between}i{id}/>");
                expected.push_str(&tag.replace("{base}", base).replace("{at}", &at.to_string()));
            }
        }
        assert_eq!(html, expected);
    }
}
