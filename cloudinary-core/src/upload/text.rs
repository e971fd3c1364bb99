//! Images made of text.

use super::UploadResponse;
use super::action::required;
use crate::client::{Call, Cloudinary, Params, Repeat, Request, request};

request! {
    /// A call that makes an image of a text; `.await` it. Made by [`Cloudinary::text`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#text>.
    pub struct Text -> UploadResponse;

    /// The font, as `Arial`. Default: Helvetica.
    font_family: text => "font_family",
    /// The size of the letters in points. Default: 12.
    font_size: number => "font_size",
    /// The colour of the letters: a name, or hexadecimal digits as `#990C47`. Default: black.
    font_color: text => "font_color",
    /// `normal` or `bold`. Default: normal.
    font_weight: text => "font_weight",
    /// `normal` or `italic`. Default: normal.
    font_style: text => "font_style",
    /// `left`, `center`, `right`, `end` or `justify`, for text of many lines. Default: left.
    text_align: text => "text_align",
    /// `none` or `underline`. Default: none.
    text_decoration: text => "text_decoration",
    /// The colour behind the letters. Default: transparent.
    background: text => "background",
    /// How opaque the letters are, 0 to 100 per cent. Default: 100.
    opacity: number => "opacity",
}

impl Text {
    /// The id to store under, for `l_text:{public_id}:…` in transformations. Default: one made by the service from the text.
    pub fn public_id(self, public_id: impl Into<String>) -> Self {
        let public_id = public_id.into();
        // Made twice under one id it is one image.
        Self(self.0.set("public_id", public_id).edit(|call| call.repeat = Repeat::Safe))
    }
}

impl Cloudinary {
    /// Makes an image of a text and stores it, of delivery type `text`. `.await` the answer.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for an empty text;
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret;
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// let image = cld.text("Sample Name").public_id("dark_name").font_family("Arial").font_size(12).await?;
    /// println!("{} × {}", image.width.unwrap_or_default(), image.height.unwrap_or_default());
    /// # Ok(())
    /// # }
    /// ```
    pub fn text(&self, text: impl Into<String>) -> Text {
        let text = text.into();
        let call = required("text", &text).map(|()| {
            let params = Params::from_iter([("text".to_owned(), text.into())]);
            Call::upload_api("image", "text", params).repeat(Repeat::IfRefused)
        });
        Text(Request::checked(self, call))
    }
}
