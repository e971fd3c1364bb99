//! The richer column type.

use std::borrow::Cow;
use std::fmt::Write as _;

use cloudinary_core::{AssetRef, AssetUrl, ImgTag, ToAsset, UploadResponse};
use serde::{Deserialize, Serialize};
use sqlx::database::Database;
use sqlx::decode::Decode;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::types::{Json, Type};

use crate::error::Error;
use crate::field::{self, CloudinaryField};

/// The most bytes of a placeholder.
pub const MAX_PLACEHOLDER_BYTES: usize = 4096;

/// The most colours that a placeholder made from an upload answer shows.
const MAX_COLORS: usize = 4;

/// An image held by a row, with what a page needs to lay it out before the picture is there: its size and a blurred
/// placeholder. Binds to, and reads from, a JSON column.
///
/// `JSON` or `JSONB` on PostgreSQL, `JSON` on MySQL and MariaDB, `TEXT` on SQLite. No image is `Option::None`, NULL. What
/// is not known is left out of the JSON; names this crate does not know are refused, so that nothing is lost when the
/// row is written again.
///
/// ```
/// use cloudinary_core::{AssetUrl, Config, UploadResponse};
/// use cloudinary_sqlx::CloudinaryImage;
///
/// # let answer = r##"{"public_id": "beach", "version": 7, "format": "jpg", "resource_type": "image", "type": "upload",
/// #     "width": 1200, "height": 800, "bytes": 90000, "colors": [["#0A6EB4", 60.0], ["#E8D8A0", 40.0]]}"##;
/// # let answer: UploadResponse = serde_json::from_str(answer).unwrap();
/// let image = CloudinaryImage::from_answer(&answer)?; // of an upload with .colors(true)
/// let tag = image.img_tag(AssetUrl::new(Config::new("demo"), &image), [320, 640, 1280, 2560]).alt("The beach");
/// assert_eq!(image.widths([320, 640, 1280, 2560]), [320, 640, 1200]);
/// assert!(tag.to_string().contains("width=\"1200\""));
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CloudinaryImage {
    /// The asset, as a [`CloudinaryField`] holds it.
    pub image: CloudinaryField,
    /// Width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Its size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// The service's id that never changes, whatever the public id does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    placeholder: Option<Placeholder>,
}

/// A small picture in a data URI, safe to stand in an attribute and in a style.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Placeholder(String);

impl TryFrom<String> for Placeholder {
    type Error = Error;

    fn try_from(uri: String) -> Result<Self, Error> {
        let refuse = |reason| Err(Error::Placeholder { reason, limit: MAX_PLACEHOLDER_BYTES });
        if uri.len() > MAX_PLACEHOLDER_BYTES {
            return refuse("it is too long");
        }
        if !uri.starts_with("data:image/") {
            return refuse("it does not start with data:image/");
        }
        // Anything else could end the url("…") it stands in.
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?@!$&*+,;=%".contains(&b);
        if !uri.bytes().all(plain) {
            return refuse("it has characters that need to be percent-encoded");
        }
        Ok(Self(uri))
    }
}

impl From<Placeholder> for String {
    fn from(placeholder: Placeholder) -> Self {
        placeholder.0
    }
}

impl CloudinaryImage {
    /// From the answer to an upload, with no further request. If it has colours, which the upload option
    /// [`colors`](cloudinary_core::UploadOptions::colors) asks for, they make the placeholder: the main ones, blurred
    /// into each other in a few hundred bytes of SVG.
    ///
    /// # Errors
    /// [`cloudinary_core::Error::InvalidParameter`] for a resource or delivery type this crate does not know.
    pub fn from_answer(answer: &UploadResponse) -> Result<Self, cloudinary_core::Error> {
        Ok(Self {
            image: CloudinaryField::try_from(answer)?,
            width: answer.width.filter(|width| *width > 0),
            height: answer.height.filter(|height| *height > 0),
            bytes: Some(answer.bytes).filter(|bytes| *bytes > 0),
            asset_id: answer.asset_id.clone(),
            placeholder: of_colors(answer.colors.iter().map(|share| (share.color.as_str(), share.percent))),
        })
    }

    /// The placeholder, a data URI. `None` if the answer had no colours and none was set.
    pub fn placeholder(&self) -> Option<&str> {
        self.placeholder.as_ref().map(|placeholder| placeholder.0.as_str())
    }

    /// Sets the placeholder to a picture of one's own, as a data URI: `data:image/webp;base64,…`.
    ///
    /// # Errors
    /// [`Error::Placeholder`] for anything else, and above [`MAX_PLACEHOLDER_BYTES`].
    pub fn with_placeholder(mut self, data_uri: impl Into<String>) -> Result<Self, Error> {
        self.placeholder = Some(data_uri.into().try_into()?);
        Ok(self)
    }

    /// Those of the widths that the image has the pixels for, and its own in place of all that are larger.
    pub fn widths(&self, wanted: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let most = self.width.unwrap_or(u32::MAX);
        let mut widths: Vec<u32> = wanted.into_iter().map(|width| width.min(most)).collect();
        widths.sort_unstable();
        widths.dedup();
        widths
    }

    /// An `img` tag of the image under a URL, with `srcset`, the `width` and `height` of the original, so that the page
    /// does not jump, and the placeholder as background. A transformation that changes the proportions needs
    /// `size_attributes(false)` and sizes of its own.
    pub fn img_tag(&self, url: AssetUrl, widths: impl IntoIterator<Item = u32>) -> ImgTag {
        let mut tag = url.img_tag().srcset_widths(self.widths(widths));
        for (name, pixels) in [("width", self.width), ("height", self.height)] {
            if let Some(pixels) = pixels {
                tag = tag.attr(name, pixels.to_string());
            }
        }
        match self.placeholder() {
            Some(uri) => tag.attr("style", format!("background:url(\"{uri}\") center/cover")),
            None => tag,
        }
    }
}

/// The main colours and their shares, side by side and blurred.
fn of_colors<'a>(colors: impl Iterator<Item = (&'a str, f64)>) -> Option<Placeholder> {
    let shares: Vec<(&str, f64)> = colors
        .filter_map(|(color, share)| {
            let hex = color.strip_prefix('#')?;
            let is_hex = matches!(hex.len(), 3 | 6) && hex.bytes().all(|b| b.is_ascii_hexdigit());
            (is_hex && share.is_finite() && share > 0.0).then_some((hex, share))
        })
        .take(MAX_COLORS)
        .collect();
    let whole: f64 = shares.iter().map(|(_, share)| share).sum();
    if shares.is_empty() {
        return None;
    }
    let mut svg =
        "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20viewBox=%220%200%2080%2060%22%3E\
                   %3Cfilter%20id=%22b%22%20x=%220%22%20y=%220%22%20width=%221%22%20height=%221%22%3E\
                   %3CfeGaussianBlur%20stdDeviation=%2212%22%20edgeMode=%22duplicate%22/%3E%3C/filter%3E\
                   %3Cg%20filter=%22url%28%23b%29%22%3E"
            .to_owned();
    let mut from = 0.0;
    for (hex, share) in shares {
        let width = share / whole * 80.0;
        // Rectangles overlap to the right, so that no gap is rounded in between.
        let _ = write!(svg, "%3Cpath%20fill=%22%23{hex}%22%20d=%22M{from:.1}%200H80V60H{from:.1}z%22/%3E");
        from += width;
    }
    svg.push_str("%3C/g%3E%3C/svg%3E");
    Placeholder::try_from(svg).ok()
}

impl From<CloudinaryField> for CloudinaryImage {
    /// The image, with nothing known of its size.
    fn from(image: CloudinaryField) -> Self {
        Self { image, width: None, height: None, bytes: None, asset_id: None, placeholder: None }
    }
}

impl From<CloudinaryImage> for CloudinaryField {
    fn from(image: CloudinaryImage) -> Self {
        image.image
    }
}

impl From<&CloudinaryImage> for AssetRef {
    fn from(image: &CloudinaryImage) -> Self {
        image.image.asset().clone()
    }
}

impl TryFrom<&UploadResponse> for CloudinaryImage {
    type Error = cloudinary_core::Error;

    fn try_from(answer: &UploadResponse) -> Result<Self, Self::Error> {
        Self::from_answer(answer)
    }
}

impl ToAsset for CloudinaryImage {
    fn to_asset(&self) -> AssetRef {
        self.into()
    }

    fn as_asset(&self) -> Cow<'_, AssetRef> {
        self.image.as_asset()
    }
}

// What holds for sqlx's `Json` holds for the image.
impl<DB: Database> Type<DB> for CloudinaryImage
where
    Json<Self>: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <Json<Self> as Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <Json<Self> as Type<DB>>::compatible(ty)
    }
}

impl<'q, DB: Database> Encode<'q, DB> for CloudinaryImage
where
    Json<Cow<'q, Self>>: Encode<'q, DB>,
{
    fn encode_by_ref(&self, buf: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        field::checked(self.image.asset())?;
        Json(Cow::<'q, Self>::Owned(self.clone())).encode(buf)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for CloudinaryImage
where
    Json<Self>: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let Json(image) = <Json<Self> as Decode<'r, DB>>::decode(value).map_err(Error::Json)?;
        Ok(image)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(colors: &str) -> UploadResponse {
        serde_json::from_str(&format!(
            r#"{{"public_id": "beach", "version": 7, "format": "jpg", "resource_type": "image", "type": "upload",
                "width": 1200, "height": 800, "bytes": 90000, "asset_id": "b5e6d2b39ba3e0869d67141ba7dba6cf", "colors": {colors}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn placeholders_of_answers() {
        for (colors, fills) in [
            (r##"[["#0A6EB4", 60.0], ["#E8D8A0", 40]]"##, 2),
            (r##"[["#000000", 1], ["#000001", 1], ["#000002", 1], ["#000003", 1], ["#000004", 1]]"##, 4),
            (r##"[["red", 1], ["#12345", 1], ["#12345g", 1], ["#123456", 0], ["#123456", -1]]"##, 0),
            (r##"[["#FFF", 90]]"##, 1),
            ("null", 0),
        ] {
            let image = CloudinaryImage::from_answer(&answer(colors)).unwrap();
            let found = image.placeholder().map_or(0, |uri| uri.matches("fill=%22%23").count());
            assert_eq!(found, fills, "{colors}");
            let json = serde_json::to_string(&image).unwrap();
            assert_eq!(serde_json::from_str::<CloudinaryImage>(&json).unwrap(), image, "{json}");
        }
    }

    #[test]
    fn placeholders_of_ones_own() {
        let image = CloudinaryImage::from("a".parse::<CloudinaryField>().unwrap());
        assert!(image.clone().with_placeholder("data:image/webp;base64,UklGRg+/==").is_ok());
        for (uri, reason) in [
            ("https://example.com/a.png".to_owned(), "does not start"),
            ("data:text/html,x".to_owned(), "does not start"),
            ("data:image/png,\")evil".to_owned(), "percent-encoded"),
            ("data:image/png,\\".to_owned(), "percent-encoded"),
            (format!("data:image/png,{}", "x".repeat(MAX_PLACEHOLDER_BYTES)), "too long"),
        ] {
            let error = image.clone().with_placeholder(uri).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
        }
    }

    #[test]
    fn json_says_no_more_than_is_known_and_refuses_what_is_unknown() {
        let field: CloudinaryField = "image/upload/v1/a.jpg".parse().unwrap();
        let image = CloudinaryImage::from(field.clone());
        assert_eq!(serde_json::to_string(&image).unwrap(), r#"{"image":"image/upload/v1/a.jpg"}"#);
        assert_eq!(CloudinaryField::from(image), field);
        for json in [r#"{"image": ""}"#, r#"{"image": "a", "widht": 1}"#, r#"{"width": 1}"#, r#""a""#] {
            assert!(serde_json::from_str::<CloudinaryImage>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn widths_and_tag() {
        let image = CloudinaryImage::from_answer(&answer(r##"[["#0A6EB4", 1]]"##)).unwrap();
        assert_eq!(image.widths([2560, 640, 1280, 640]), [640, 1200]);
        assert_eq!(CloudinaryImage::from(image.image.clone()).widths([640, 2560]), [640, 2560]);
        let url = AssetUrl::new(cloudinary_core::Config::new("demo"), &image);
        let tag = image.img_tag(url, [640, 2560]).to_string();
        for part in ["1200w", "640w", "width=\"1200\"", "height=\"800\"", "center/cover", "data:image/svg+xml"] {
            assert!(tag.contains(part), "{part}: {tag}");
        }
    }
}
