//! Uploading from the server.
//!
//! An upload is one call of [`Cloudinary::upload`](crate::Cloudinary::upload), with a file and
//! [`UploadOptions`](crate::UploadOptions). It travels over HTTPS and is signed with the API key and secret of the
//! configuration. It is synchronous: once the answer is there, the asset is stored and can be delivered.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new()).await?;
//! let url = cld.image(done.asset()?).url()?;
//! # assert_eq!(get(&url).await?.0, 200);
//! println!("{} is at {url}", done.public_id);
//! # Ok(()) }) }
//! ```
//!
//! # The answer
//!
//! An [`UploadResponse`](crate::UploadResponse) says where the asset is and what was found out about it. What was not
//! asked for, and what does not apply to the file, is `None` or empty.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{ResourceType, UploadOptions};
//!
//! let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new()).await?;
//! assert_eq!(done.public_id.len(), 20); // random, as none was given
//! assert_eq!((done.resource_type.as_str(), done.delivery_type.as_str()), ("image", "upload"));
//! assert_eq!(done.format.as_deref(), Some("jpg"));
//! assert_eq!((done.width, done.height), (Some(451), Some(300))); // pixels
//! assert!(done.bytes > 10_000);
//! assert!(done.version > 1_700_000_000); // Unix seconds
//! assert!(done.created_at.as_deref().is_some_and(|time| time.ends_with('Z'))); // as 2013-06-25T17:20:30Z
//! let tail = format!("/image/upload/v{}/{}.jpg", done.version, done.public_id);
//! assert!(done.url.ends_with(&tail) && done.secure_url.ends_with(&tail));
//!
//! // The answer is signed, so that a page can hand it on and you can tell that nobody changed it.
//! done.verify(cld.config())?;
//!
//! // What to keep in your database: one short text.
//! let column = done.asset()?.to_string();
//! assert_eq!(column, format!("image/upload/v{}/{}.jpg", done.version, done.public_id));
//! # Ok(()) }) }
//! ```
//!
//! The answer is an [`Answer`](crate::Answer), which reads like the `UploadResponse` in it and also has the call's
//! [`request_id`](crate::Answer::request_id), to name when asking the service's support. Fields that the service adds
//! later are in `more`.
//!
//! Where only the stored asset is wanted and not the whole answer, [`asset`](crate::UploadResponse::asset) gives an
//! [`AssetRef`](crate::AssetRef): its resource type, delivery type, version, public id and format, which is all that
//! URLs and tags need.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{AssetRef, UploadOptions};
//!
//! let photo: AssetRef = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new()).await?.asset()?;
//! println!("{}", cld.image(&photo).img_tag().alt("My picture"));
//! # Ok(()) }) }
//! ```
//!
//! # Limits
//!
//! The service takes images and raw files of 10 MB on its free plan, and videos of 100 MB. A file above
//! [`DEFAULT_CHUNK_BYTES`](crate::upload::DEFAULT_CHUNK_BYTES) goes in several requests by itself; how that works, and
//! what can go wrong, is in [the last chapter](super::when_it_fails).
//!
//! It follows <https://cloudinary.com/documentation/django_image_and_video_upload#server_side_upload>; all options are
//! in [chapter 16](super::upload_options).
