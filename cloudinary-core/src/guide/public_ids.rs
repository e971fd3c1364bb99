//! What a file is called.
//!
//! Each asset has a public id: a text that names it in every call and stands in each of its URLs. It may have up to 255
//! characters, but none of `? & # \ % < > +`, and no space or `/` at either end. Images and videos have it without an
//! extension, [raw files](super::raw_files) with theirs.
//!
//! # A random one
//!
//! Without any wish the service makes up 20 random letters and digits. That is the best choice for what visitors
//! upload: no file can replace another, and caches never hold an older one.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new()).await?;
//! let url = cld.image(done.public_id.as_str()).format("jpg").url()?;
//! assert!(url.ends_with(&format!("/image/upload/{}.jpg", done.public_id)));
//! # assert_eq!(get(&url).await?.0, 200);
//! # Ok(()) }) }
//! ```
//!
//! # One of your own
//!
//! [`public_id`](crate::UploadOptions::public_id) makes readable URLs that say what they belong to, as a user's name
//! and number in your database. A second upload under the same id replaces the first, unless
//! [`overwrite`](crate::UploadOptions::overwrite) is false; see [chapter 10](super::update_and_delete) for what caches
//! do then.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let picture = Path::new("my_picture.jpg");
//! cld.upload(picture, &UploadOptions::new().public_id("sample_id")).await?;
//! let done = cld.upload(picture, &UploadOptions::new().public_id("john_doe_1001")).await?;
//! assert_eq!(done.public_id, "john_doe_1001");
//! # Ok(()) }) }
//! ```
//!
//! Slashes put it into folders, as many as you like; the folders need not be made before.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let picture = Path::new("my_picture.jpg");
//! let one = cld.upload(picture, &UploadOptions::new().public_id("my_folder/my_name")).await?;
//! let two = cld.upload(picture, &UploadOptions::new().public_id("my_folder/my_sub_folder/my_name")).await?;
//! assert_eq!(one.public_id, "my_folder/my_name");
//! assert!(two.url.ends_with("/my_folder/my_sub_folder/my_name.jpg"));
//! # Ok(()) }) }
//! ```
//!
//! [`folder`](crate::UploadOptions::folder) puts a folder before an id wherever that comes from, a random one too.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().folder("albums/summer")).await?;
//! assert!(done.public_id.starts_with("albums/summer/"));
//! # Ok(()) }) }
//! ```
//!
//! # That of its file
//!
//! [`use_filename`](crate::UploadOptions::use_filename) names it after its file: characters that an id cannot have
//! become `_`, and six random ones are added so that two files of one name do not meet. Only with
//! [`unique_filename`](crate::UploadOptions::unique_filename) false are they left out.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().use_filename(true);
//! let done = cld.upload(Path::new("sample.jpg"), &options).await?;
//! let random = done.public_id.strip_prefix("sample_").expect("as sample_apvz1t");
//! assert_eq!(random.len(), 6);
//!
//! let done = cld.upload(Path::new("sample.jpg"), &options.unique_filename(false)).await?;
//! assert_eq!(done.public_id, "sample");
//! # Ok(()) }) }
//! ```
//!
//! # What can go wrong
//!
//! A public id that no URL can have is refused, with
//! [`ApiErrorKind::BadRequest`](crate::ApiErrorKind::BadRequest).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{ApiErrorKind, UploadOptions};
//!
//! let options = UploadOptions::new().public_id("what?");
//! let error = cld.upload(Path::new("sample.jpg"), &options).await.unwrap_err();
//! assert_eq!(error.api_kind(), Some(ApiErrorKind::BadRequest));
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/upload_parameters#public_id>.
