//! Finding images by what they show.

use bytes::Bytes;

use super::resource::Resource;
use super::resources::ResourcePage;
use super::{Admin, named, post};
use crate::client::{Encoding, FilePart, Repeat, pages, request};

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
    /// Finds images by what they show, the most alike first.
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
        let mut call = post(&["resources", "visual_search"]).encoding(Encoding::IndexedForm).repeat(Repeat::Safe);
        let text = match &query {
            VisualQuery::Url(url) => Some(("image_url", url)),
            VisualQuery::AssetId(asset_id) => Some(("image_asset_id", asset_id)),
            VisualQuery::Text(text) => Some(("text", text)),
            VisualQuery::File { .. } => None,
        };
        if let Some((parameter, text)) = text {
            let call = named(parameter, text).map(|text| {
                call.set(parameter, text);
                call
            });
            return VisualSearch(self.checked(call));
        }
        if let VisualQuery::File { filename, bytes } = query {
            call = call.file_as("image_file", FilePart::Bytes { filename, bytes });
        }
        VisualSearch(self.request(call))
    }
}
