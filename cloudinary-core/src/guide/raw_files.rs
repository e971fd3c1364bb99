//! Files that are no images.
//!
//! Any file can be stored and delivered with the same calls: its [`ResourceType`](crate::ResourceType) is `raw`. It is
//! kept as it is; there are no transformations of it. Unlike that of an image, its public id has the extension of its
//! file.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{ResourceType, UploadOptions};
//!
//! let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id("sample_spreadsheet.xls");
//! let done = cld.upload(Path::new("sample_spreadsheet.xls"), &options).await?;
//! assert_eq!((done.resource_type.as_str(), done.public_id.as_str()), ("raw", "sample_spreadsheet.xls"));
//! assert_eq!((done.width, done.height, done.format.as_deref()), (None, None, None));
//! assert!(done.url.ends_with(&format!("/raw/upload/v{}/sample_spreadsheet.xls", done.version)));
//! assert_eq!(done.asset()?.to_string(), format!("raw/upload/v{}/sample_spreadsheet.xls", done.version));
//! # Ok(()) }) }
//! ```
//!
//! # When you do not know
//!
//! With [`ResourceType::Auto`](crate::ResourceType::Auto) the service looks at the file and decides: image, video or
//! raw. The answer says what it is. It is what [uploads from the browser](super::direct_upload) often want.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{ResourceType, UploadOptions};
//!
//! let options = UploadOptions::new().resource_type(ResourceType::Auto);
//! let sheet = cld.upload(Path::new("sample_spreadsheet.xls"), &options).await?;
//! let photo = cld.upload(Path::new("my_picture.jpg"), &options).await?;
//! assert_eq!((sheet.resource_type.as_str(), photo.resource_type.as_str()), ("raw", "image"));
//! # Ok(()) }) }
//! ```
//!
//! # Their URLs
//!
//! [`Cloudinary::raw`](crate::Cloudinary::raw) makes the URL from the public id;
//! [`Cloudinary::image`](crate::Cloudinary::image) takes any [`AssetRef`](crate::AssetRef), and makes the right one.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # use cloudinary_core::UploadOptions;
//! # use cloudinary_core::ResourceType::Raw;
//! # let options = UploadOptions::new().resource_type(Raw).public_id("sample_spreadsheet.xls");
//! # let done = cld.upload(Path::new("sample_spreadsheet.xls"), &options).await?;
//! let url = cld.raw("sample_spreadsheet.xls").url()?;
//! assert!(url.ends_with("/raw/upload/sample_spreadsheet.xls"));
//! # assert_eq!(get(&url).await?.0, 200);
//! # assert_eq!(get(&cld.image(done.asset()?).url()?).await?.0, 200);
//! # Ok(()) }) }
//! ```
//!
//! # What can go wrong
//!
//! A file that is no image is refused where an image is asked for, which is the default:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{ApiErrorKind, UploadOptions};
//!
//! let error = cld.upload(Path::new("sample_spreadsheet.xls"), &UploadOptions::new()).await.unwrap_err();
//! assert_eq!(error.api_kind(), Some(ApiErrorKind::BadRequest));
//! assert!(error.to_string().contains("Invalid image file"), "{error}");
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/upload_parameters#uploading_non_media_files_as_raw_files>.
