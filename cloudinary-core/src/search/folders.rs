//! Finding folders.

use super::Expression;
use super::assets::request;
use super::query::query;
use crate::answer::record;
use crate::client::{Cloudinary, Page, pages, request};

record! {
    /// A page of found folders.
    pub struct FolderSearchPage {
        /// The folders.
        folders: Vec<FoundFolder>,
        /// How many were found in all.
        total_count: Option<u64>,
        /// How long the search took, in milliseconds.
        time: Option<u64>,
        /// Where the next page begins; absent on the last.
        next_cursor: Option<String>,
    }
}

record! {
    /// A found folder.
    pub struct FoundFolder {
        /// The last part of its path.
        name: String = String::new(),
        /// All of it, from the root.
        path: String = String::new(),
        /// An id that never changes.
        external_id: Option<String>,
        /// When it was made, as `2013-06-25T17:20:30Z`.
        created_at: Option<String>,
    }
}

impl Page for FolderSearchPage {
    type Item = FoundFolder;

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }

    fn into_items(self) -> Vec<FoundFolder> {
        self.folders
    }
}

request! {
    /// A search for folders; `.await` one page, or [`stream`](Self::stream) all results. Made by
    /// [`Cloudinary::search_folders`].
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#search_folders>.
    pub struct SearchFolders -> FolderSearchPage;

    /// Where to begin: the `next_cursor` of the page before.
    next_cursor: text => "next_cursor",
}

query!(SearchFolders);
pages!(SearchFolders of FoundFolder);

impl Cloudinary {
    /// Searches for folders, by their `name`, `path` and `created_at`.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::search::{Ago, Direction, field};
    /// let recent = field("path").starts_with("albums/").and(field("created_at").over(Ago::days(7)));
    /// let page = cld.search_folders(recent).sort_by("name", Direction::Asc).await?;
    /// println!("{:?}", page.folders.first().map(|folder| &folder.path));
    /// # Ok(())
    /// # }
    /// ```
    pub fn search_folders(&self, expression: impl Into<Expression>) -> SearchFolders {
        SearchFolders(request(self, "folders", &expression.into()))
    }
}
