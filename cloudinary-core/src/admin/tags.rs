//! The tags in use.

use super::{Admin, get};
use crate::answer::record;
use crate::asset::ResourceType;
use crate::client::{Page, pages, request};

record! {
    /// A page of tags.
    pub struct TagPage {
        /// The tags, by the alphabet.
        tags: Vec<String>,
        /// Where the next page begins; absent on the last.
        next_cursor: Option<String>,
    }
}

impl Page for TagPage {
    type Item = String;

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }

    fn into_items(self) -> Vec<String> {
        self.tags
    }
}

request! {
    /// A call that lists the tags in use; `.await` one page, or [`stream`](Self::stream) them all.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_tags>.
    pub struct ListTags -> TagPage;

    /// Only those that begin so.
    prefix: text => "prefix",
    /// How many a page has: 1 to 500. Default: 10.
    max_results: number => "max_results",
    /// Where to begin: the `next_cursor` of the page before.
    next_cursor: text => "next_cursor",
}

pages!(ListTags of String);

impl Admin {
    /// Lists the tags in use for a resource type.
    pub fn tags(&self, resource_type: ResourceType) -> ListTags {
        ListTags(self.request(get(&["tags", resource_type.as_str()])))
    }
}
