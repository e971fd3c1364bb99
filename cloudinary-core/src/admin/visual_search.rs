//! Finding images by what they show.

use bytes::Bytes;

use super::resource::Resource;
use super::resources::ResourcePage;
use super::{Admin, named, post};
use crate::client::{Call, Encoding, FilePart, Repeat, pages, request};
use crate::error::{Error, Result};

/// What images should look like.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VisualQuery {
    /// Like the image at an address.
    Url(String),
    /// Like one that is stored, by its asset id.
    AssetId(String),
    /// As described in words.
    Text(String),
    /// Like one that is sent along.
    File {
        /// The file's name.
        filename: String,
        /// All of the file.
        bytes: Bytes,
    },
}

request! {
    /// A call that finds images by what they show; `.await` one page, or [`stream`](Self::stream) them all.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#visual_search_for_resources>.
    pub struct VisualSearch -> ResourcePage;
}

pages!(VisualSearch of Resource);

impl Admin {
    /// Finds images by what they show, the most alike first. The account must have indexed them.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an empty text or file, and as every call here.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::admin::VisualQuery;
    /// let found = cld.admin().visual_search(VisualQuery::Text("a cat in the sun".to_owned())).await?;
    /// println!("{:?}", found.resources.first());
    /// # Ok(())
    /// # }
    /// ```
    pub fn visual_search(&self, query: VisualQuery) -> VisualSearch {
        VisualSearch(self.checked(call(query)))
    }
}

fn call(query: VisualQuery) -> Result<Call> {
    let mut call = post(&["resources", "visual_search"]).encoding(Encoding::IndexedForm).repeat(Repeat::Safe);
    let (parameter, text) = match query {
        VisualQuery::Url(url) => ("image_url", url),
        VisualQuery::AssetId(asset_id) => ("image_asset_id", asset_id),
        VisualQuery::Text(text) => ("text", text),
        VisualQuery::File { filename, bytes } if bytes.is_empty() => {
            return Err(Error::invalid("image_file", &filename, "the file is empty"));
        }
        VisualQuery::File { filename, bytes } => {
            return Ok(call.file_as("image_file", FilePart::Bytes { filename, pieces: vec![bytes] }));
        }
    };
    call.set(parameter, named(parameter, &text)?);
    Ok(call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries() {
        let file = |bytes| VisualQuery::File { filename: "cat.gif".to_owned(), bytes: Bytes::from_static(bytes) };
        for (query, expected) in [
            (VisualQuery::Text("cat".to_owned()), Ok(r#"{"text":"cat"}"#)),
            (VisualQuery::Url("https://a/b".to_owned()), Ok(r#"{"image_url":"https://a/b"}"#)),
            (VisualQuery::AssetId("a1".to_owned()), Ok(r#"{"image_asset_id":"a1"}"#)),
            (file(b"GIF"), Ok("{}")),
            (file(b""), Err("image_file: \"cat.gif\" cannot be used; the file is empty")),
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
