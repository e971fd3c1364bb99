//! Upload mappings: folders whose files are fetched from elsewhere when they are first asked for.

use super::{Admin, delete, get, named, post, put, with};
use crate::answer::record;
use crate::client::{Call, Page, pages, request};
use crate::error::Result;

record! {
    /// A page of upload mappings.
    pub struct UploadMappingPage {
        /// The mappings.
        mappings: Vec<UploadMapping>,
        /// Where the next page begins; absent on the last.
        next_cursor: Option<String>,
    }
}

record! {
    /// A folder, and where its files come from.
    pub struct UploadMapping {
        /// The folder; absent in the answers to changes.
        folder: Option<String>,
        /// The URL that the rest of a file's path is put behind.
        template: Option<String>,
        /// What was done, in the answers to changes.
        message: Option<String>,
    }
}

impl Page for UploadMappingPage {
    type Item = UploadMapping;

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }

    fn into_items(self) -> Vec<UploadMapping> {
        self.mappings
    }
}

request! {
    /// A call that lists upload mappings; `.await` one page, or [`stream`](Self::stream) them all.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_upload_mappings>.
    pub struct ListUploadMappings -> UploadMappingPage;

    /// How many a page has: 1 to 500. Default: 10.
    max_results: number => "max_results",
    /// Where to begin: the `next_cursor` of the page before.
    next_cursor: text => "next_cursor",
}

pages!(ListUploadMappings of UploadMapping);

request! {
    /// A call that tells of an upload mapping; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_the_details_of_a_single_upload_mapping>.
    pub struct GetUploadMapping -> UploadMapping;
}

request! {
    /// A call that makes, changes or deletes an upload mapping; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#create_an_upload_mapping>.
    pub struct PutUploadMapping -> UploadMapping;
}

impl Admin {
    /// Lists the upload mappings.
    pub fn upload_mappings(&self) -> ListUploadMappings {
        ListUploadMappings(self.request(get(&["upload_mappings"])))
    }

    /// The upload mapping of a folder.
    pub fn upload_mapping(&self, folder: &str) -> GetUploadMapping {
        GetUploadMapping(self.checked(of_folder(get, folder)))
    }

    /// Makes an upload mapping: files of the folder that are not there are fetched from behind the template, a URL.
    pub fn create_upload_mapping(&self, folder: &str, template: &str) -> PutUploadMapping {
        let call = of_folder(post, folder).and_then(|call| Ok(with(call, "template", named("template", template)?)));
        PutUploadMapping(self.checked(call))
    }

    /// Gives the upload mapping of a folder another template.
    pub fn update_upload_mapping(&self, folder: &str, template: &str) -> PutUploadMapping {
        let call = of_folder(put, folder).and_then(|call| Ok(with(call, "template", named("template", template)?)));
        PutUploadMapping(self.checked(call))
    }

    /// Deletes the upload mapping of a folder; what was fetched stays.
    pub fn delete_upload_mapping(&self, folder: &str) -> PutUploadMapping {
        PutUploadMapping(self.checked(of_folder(delete, folder)))
    }
}

fn of_folder(call: impl FnOnce(&[&str]) -> Call, folder: &str) -> Result<Call> {
    Ok(with(call(&["upload_mappings"]), "folder", named("folder", folder)?))
}
