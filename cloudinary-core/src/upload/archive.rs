//! Archives of assets.

use super::ArchiveOptions;
use super::action::required;
use crate::answer::record;
use crate::client::{Cloudinary, Request, request};
use crate::error::Result;

record! {
    /// An archive that was made and stored as a raw asset.
    ///
    /// All but `status` and `batch_id` are absent while a call that was to answer early is still at work.
    pub struct Archive {
        /// Its id, extension included.
        public_id: Option<String>,
        /// When it was made, in Unix seconds.
        version: Option<u64>,
        /// An id that never changes.
        asset_id: Option<String>,
        /// Its `http` address.
        url: Option<String>,
        /// Its `https` address.
        secure_url: Option<String>,
        /// Its size in bytes.
        bytes: Option<u64>,
        /// How many assets are in it.
        resource_count: Option<u64>,
        /// How many files are in it: originals and derived ones.
        file_count: Option<u64>,
        /// The tags of the archive itself.
        tags: Vec<String>,
        /// How far it is, when it was to answer early.
        status: Option<String>,
        /// The id that the notification will have, when it was to answer early.
        batch_id: Option<String>,
    }
}

request! {
    /// A call that makes an archive; `.await` it. Made by [`Cloudinary::create_archive`] and [`Cloudinary::create_zip`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#generate_archive>.
    pub struct CreateArchive -> Archive;
}

impl Cloudinary {
    /// Makes an archive and stores it as a raw asset. `.await` the answer.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for options that put nothing in, or with a broken
    /// transformation; [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret;
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::upload::ArchiveOptions;
    /// let archive = cld.create_archive(&ArchiveOptions::new().tags(["album"]).target_format("tgz")).await?;
    /// println!("{:?} files at {:?}", archive.file_count, archive.secure_url);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_archive(&self, options: &ArchiveOptions) -> CreateArchive {
        CreateArchive(Request::checked(self, options.call()))
    }

    /// Makes a ZIP archive, as [`create_archive`](Self::create_archive).
    ///
    /// # Errors
    /// As [`create_archive`](Self::create_archive).
    pub fn create_zip(&self, options: &ArchiveOptions) -> CreateArchive {
        self.create_archive(&options.clone().target_format("zip"))
    }

    /// A signed URL that makes an archive and downloads it, without storing it.
    ///
    /// # Errors
    /// As [`create_archive`](Self::create_archive).
    ///
    /// ```
    /// use cloudinary_core::{Cloudinary, Config, upload::ArchiveOptions};
    /// let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret"))?;
    /// let url = cld.download_archive_url(&ArchiveOptions::new().tags(["album"]).timestamp(1_700_000_000))?;
    /// assert!(url.starts_with(
    ///     "https://api.cloudinary.com/v1_1/demo/image/generate_archive?mode=download&tags%5B%5D=album&timestamp=1700000000&signature="
    /// ));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn download_archive_url(&self, options: &ArchiveOptions) -> Result<String> {
        options.download()?.download_url(self.config())
    }

    /// A signed URL that makes a ZIP archive and downloads it, without storing it.
    ///
    /// # Errors
    /// As [`create_archive`](Self::create_archive).
    pub fn download_zip_url(&self, options: &ArchiveOptions) -> Result<String> {
        self.download_archive_url(&options.clone().target_format("zip"))
    }

    /// A signed URL that downloads an archive of all files in a folder, of every sort unless the options say a
    /// [`resource_type`](ArchiveOptions::resource_type).
    ///
    /// # Errors
    /// As [`create_archive`](Self::create_archive); [`Error::InvalidParameter`](crate::Error::InvalidParameter) for an empty
    /// path.
    ///
    /// ```
    /// use cloudinary_core::{Cloudinary, Config, upload::ArchiveOptions};
    /// let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret"))?;
    /// let url = cld.download_folder_url("albums/summer", &ArchiveOptions::new())?;
    /// assert!(url.starts_with("https://api.cloudinary.com/v1_1/demo/all/generate_archive?mode=download&prefixes%5B%5D="));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn download_folder_url(&self, folder: impl Into<String>, options: &ArchiveOptions) -> Result<String> {
        let folder = folder.into();
        required("folder", &folder)?;
        self.download_archive_url(&options.of_folder(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let made = r#"{"public_id":"a.zip","version":"7","bytes":"120","file_count":4,"resource_count":2,"tags":null,"etag":"e"}"#;
        let archive: Archive = serde_json::from_str(made).unwrap();
        assert_eq!((archive.version, archive.bytes, archive.file_count), (Some(7), Some(120), Some(4)));
        assert_eq!(archive.more["etag"], "e");
        let pending: Archive = serde_json::from_str(r#"{"status":"pending","batch_id":"b"}"#).unwrap();
        assert_eq!((pending.status.as_deref(), pending.public_id), (Some("pending"), None));
    }
}
