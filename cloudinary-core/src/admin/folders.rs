//! Folders.

use super::{Admin, delete, get, named, post, put, with};
use crate::answer::record;
use crate::client::{Page, Repeat, pages, request};

record! {
    /// A page of folders.
    pub struct FolderPage {
        /// The folders, by the alphabet.
        folders: Vec<Folder>,
        /// Where the next page begins; absent on the last.
        next_cursor: Option<String>,
        /// How many there are on all pages.
        total_count: Option<u64>,
    }
}

record! {
    /// A folder.
    pub struct Folder {
        /// The last part of its path.
        name: String,
        /// Its path from the root.
        path: String = String::new(),
        /// The id that never changes, whatever the path does.
        external_id: Option<String>,
    }
}

impl Page for FolderPage {
    type Item = Folder;

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }

    fn into_items(self) -> Vec<Folder> {
        self.folders
    }
}

record! {
    /// A folder that was made.
    pub struct CreatedFolder {
        /// Whether it was.
        success: bool,
        /// The last part of its path.
        name: Option<String>,
        /// Its path from the root.
        path: Option<String>,
    }
}

record! {
    /// A folder that has another path now.
    pub struct RenamedFolder {
        /// What it was.
        from: Option<Folder>,
        /// What it is.
        to: Option<Folder>,
    }
}

record! {
    /// Folders that were deleted.
    pub struct DeletedFolder {
        /// Their paths.
        deleted: Vec<String>,
    }
}

request! {
    /// A call that lists folders; `.await` one page, or [`stream`](Self::stream) them all.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_root_folders>.
    pub struct ListFolders -> FolderPage;

    /// How many a page has: 1 to 500. Default: 10.
    max_results: number => "max_results",
    /// Where to begin: the `next_cursor` of the page before.
    next_cursor: text => "next_cursor",
}

pages!(ListFolders of Folder);

request! {
    /// A call that makes a folder; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#create_folder>.
    pub struct CreateFolder -> CreatedFolder;
}

request! {
    /// A call that gives a folder another path; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#update_folder>.
    pub struct RenameFolder -> RenamedFolder;
}

request! {
    /// A call that deletes a folder; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#delete_folder>.
    pub struct DeleteFolder -> DeletedFolder;

    /// Whether to delete it though the backups of its assets go with it. Default: false.
    skip_backup: switch => "skip_backup",
}

impl Admin {
    /// Lists the folders at the root.
    pub fn root_folders(&self) -> ListFolders {
        ListFolders(self.request(get(&["folders"])))
    }

    /// Lists the folders right in another.
    pub fn subfolders(&self, path: &str) -> ListFolders {
        ListFolders(self.checked(named("folder", path).map(|path| get(&["folders", path]))))
    }

    /// Makes a folder, and those above it where they are not there.
    pub fn create_folder(&self, path: &str) -> CreateFolder {
        CreateFolder(self.checked(named("folder", path).map(|path| post(&["folders", path]))))
    }

    /// Gives a folder another path, with all that is in it. Only where folders are not part of the public id.
    pub fn rename_folder(&self, from: &str, to: &str) -> RenameFolder {
        let call = named("folder", from).and_then(|from| {
            // Once it has gone, it cannot be found again.
            Ok(with(put(&["folders", from]).repeat(Repeat::IfRefused), "to_folder", named("to_folder", to)?))
        });
        RenameFolder(self.checked(call))
    }

    /// Deletes a folder without assets, and the empty folders in it.
    pub fn delete_folder(&self, path: &str) -> DeleteFolder {
        DeleteFolder(self.checked(named("folder", path).map(|path| delete(&["folders", path]))))
    }
}
