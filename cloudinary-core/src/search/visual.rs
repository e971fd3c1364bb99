//! Finding images by what they show.

use bytes::Bytes;
use http::Method;

use super::SearchPage;
use crate::client::{Call, Cloudinary, Encoding, FilePart, Repeat, Request, request};
use crate::error::{Error, Result};

/// What the images are to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VisualQuery {
    /// A description, as `a red bicycle`.
    Text(String),
    /// The image at this address.
    ImageUrl(String),
    /// The stored image with this asset id.
    ImageAssetId(String),
    /// This image: the bytes of its file.
    Image(Bytes),
}

request! {
    /// A search for images by what they show; `.await` it. Made by [`Cloudinary::visual_search`].
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#visual_search_for_resources>.
    pub struct VisualSearch -> SearchPage;
}

impl Cloudinary {
    /// Searches for images by what they show. The account must have indexed them. `.await` the answer.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an empty query; [`Error::MissingConfig`] without key or secret;
    /// [`Error::Transport`] and [`Error::Api`].
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::search::VisualQuery;
    /// let page = cld.visual_search(VisualQuery::Text("a red bicycle".to_owned())).await?;
    /// println!("{:?}", page.resources.first().map(|resource| &resource.public_id));
    /// # Ok(())
    /// # }
    /// ```
    pub fn visual_search(&self, query: VisualQuery) -> VisualSearch {
        VisualSearch(Request::checked(self, call(query)))
    }
}

fn call(query: VisualQuery) -> Result<Call> {
    let call = Call::admin_api(Method::POST, ["resources", "visual_search"])
        .encoding(Encoding::IndexedForm)
        .repeat(Repeat::Safe);
    let (name, text) = match query {
        VisualQuery::Image(bytes) if bytes.is_empty() => ("image_file", String::new()),
        VisualQuery::Image(bytes) => {
            return Ok(call.file_as("image_file", FilePart::Bytes { filename: "file".to_owned(), bytes }));
        }
        VisualQuery::Text(text) => ("text", text),
        VisualQuery::ImageUrl(url) => ("image_url", url),
        VisualQuery::ImageAssetId(id) => ("image_asset_id", id),
    };
    if text.is_empty() {
        return Err(Error::invalid(name, "", "say what the images are to be like"));
    }
    let mut call = call;
    call.set(name, text);
    Ok(call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries() {
        for (query, expected) in [
            (VisualQuery::Text("cat".to_owned()), Ok(r#"{"text":"cat"}"#)),
            (VisualQuery::ImageUrl("https://a/b".to_owned()), Ok(r#"{"image_url":"https://a/b"}"#)),
            (VisualQuery::ImageAssetId("a1".to_owned()), Ok(r#"{"image_asset_id":"a1"}"#)),
            (VisualQuery::Image(Bytes::from_static(b"x")), Ok("{}")),
            (VisualQuery::Image(Bytes::new()), Err("image_file: \"\"")),
            (VisualQuery::Text(String::new()), Err("text: \"\"")),
        ] {
            match (call(query), expected) {
                (Ok(call), Ok(params)) => {
                    assert_eq!(serde_json::to_string(&call.params).unwrap(), params);
                    assert_eq!(call.file.is_some(), params == "{}");
                }
                (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
                (found, expected) => panic!("{expected:?}: {:?}", found.map(|call| call.params)),
            }
        }
    }
}
