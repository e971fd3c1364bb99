//! Replacing and deleting.
//!
//! What is uploaded stays until it is deleted. [`Cloudinary::destroy`](crate::Cloudinary::destroy) deletes one asset
//! and all versions made of it. That there was none is no error, so that deleting twice does no harm.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # cld.upload(Path::new("my_picture.jpg"), &cloudinary_core::UploadOptions::new().public_id("zombie")).await?;
//! use cloudinary_core::{AssetRef, DestroyResult};
//!
//! assert_eq!(cld.destroy(AssetRef::image("zombie")).await?, DestroyResult::Deleted);
//! assert_eq!(cld.destroy(AssetRef::image("zombie")).await?, DestroyResult::NotFound);
//! # Ok(()) }) }
//! ```
//!
//! A bare id means a public image; to delete a raw file or a private image, hand over its
//! [`AssetRef`](crate::AssetRef), which says what it is.
//!
//! # Caches
//!
//! Copies of what was delivered may stay in caches for weeks, in the service's and in browsers. If you upload another
//! image under the same id, a visitor may see the old one. Three ways around that, the first being the best:
//!
//! * a new random id for each upload: let the service choose it, see [chapter 2](super::public_ids);
//! * the version in the URL: an [`AssetRef`](crate::AssetRef) from an answer or a column has it, so the URLs of
//!   [`Cloudinary::image`](crate::Cloudinary::image) change with each upload;
//! * `invalidate`, which asks the caches of the service to forget; that can take an hour, and reaches no browser.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # cld.upload(Path::new("my_picture.jpg"), &cloudinary_core::UploadOptions::new().public_id("zombie")).await?;
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! cld.destroy("zombie").invalidate(true).await?;
//!
//! let options = UploadOptions::new().public_id("zombie").invalidate(true);
//! let done = cld.upload(Path::new("new_zombie.jpg"), &options).await?;
//! assert!(cld.image(done.asset()?).url()?.contains(&format!("/v{}/zombie", done.version)));
//! # Ok(()) }) }
//! ```
//!
//! # Replacing, or not
//!
//! An upload under an id that is taken replaces what is there, with its tags, and the answer says so. With
//! [`overwrite`](crate::UploadOptions::overwrite) false nothing changes, and the answer describes what is there
//! already.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().public_id("cover");
//! let first = cld.upload(Path::new("my_picture.jpg"), &options).await?;
//! let second = cld.upload(Path::new("sample.jpg"), &options.clone().overwrite(false)).await?;
//! assert!(second.existing && second.etag == first.etag);
//! let third = cld.upload(Path::new("sample.jpg"), &options).await?;
//! assert!(third.overwritten && third.etag != first.etag && third.version > first.version);
//! # Ok(()) }) }
//! ```
//!
//! # A visitor's change of mind
//!
//! An upload with [`return_delete_token`](crate::UploadOptions::return_delete_token) answers with a token that deletes
//! the asset within ten minutes, without key and secret: for a page that uploads and offers to take it back.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{DestroyResult, UploadOptions};
//!
//! let done = cld.upload(Path::new("sample.jpg"), &UploadOptions::new().return_delete_token(true)).await?;
//! let token = done.delete_token.as_deref().unwrap_or_default();
//! assert_eq!(cld.delete_by_token(token).await?, DestroyResult::Deleted);
//! # Ok(()) }) }
//! ```
//!
//! # Many at once
//!
//! The Admin API lists and deletes many: by ids, by the beginning of the id, by tag.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # for name in ["my_picture.jpg", "sample.jpg"] {
//! #     cld.upload(Path::new(name), &cloudinary_core::UploadOptions::new().folder("old")).await?;
//! # }
//! let page = cld.admin().resources().prefix("old/").await?;
//! assert_eq!(page.resources.len(), 2);
//!
//! let deletion = cld.admin().delete_resources_by_prefix("old/").await?;
//! assert_eq!(deletion.deleted.len(), 2);
//! assert!(!deletion.partial); // true if there were more than one call deletes: call again
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/delete_assets> and
//! <https://cloudinary.com/documentation/invalidate_cached_media_assets_on_the_cdn>.
