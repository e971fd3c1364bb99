//! Another public id.
//!
//! [`Cloudinary::rename`](crate::Cloudinary::rename) gives a stored asset another public id, folders included. Its old
//! URLs no longer work, but for copies in caches; its versions are made anew under the new id when they are asked for.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # use cloudinary_core::UploadOptions;
//! # cld.upload(Path::new("sample.jpg"), &UploadOptions::new().public_id("old_name")).await?;
//! use cloudinary_core::AssetRef;
//!
//! let renamed = cld.rename(AssetRef::image("old_name"), "new_name").await?;
//! assert_eq!(renamed.asset()?.public_id, "new_name");
//! # assert_eq!(get(&cld.image("new_name").format("jpg").url()?).await?.0, 200);
//! # assert_eq!(get(&cld.image("old_name").format("jpg").url()?).await?.0, 404);
//! # Ok(()) }) }
//! ```
//!
//! Keep the answer's [`asset`](crate::UploadResponse::asset) in place of the old column value.
//!
//! # When the new id is taken
//!
//! Then it is an error, and nothing changes, unless [`overwrite`](crate::upload::Rename::overwrite) is true: the asset
//! that has the id is deleted, and this one takes its place.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # use cloudinary_core::UploadOptions;
//! # cld.upload(Path::new("sample.jpg"), &UploadOptions::new().public_id("old_name")).await?;
//! # cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().public_id("new_name")).await?;
//! use cloudinary_core::{ApiErrorKind, AssetRef};
//!
//! let old = AssetRef::image("old_name");
//! let error = cld.rename(&old, "new_name").await.unwrap_err();
//! assert_eq!(error.api_kind(), Some(ApiErrorKind::BadRequest));
//!
//! let renamed = cld.rename(&old, "new_name").overwrite(true).invalidate(true).await?;
//! assert_eq!(renamed.original_filename.as_deref(), Some("sample"));
//! # Ok(()) }) }
//! ```
//!
//! An asset that is not there is [`ApiErrorKind::NotFound`](crate::ApiErrorKind::NotFound).
//!
//! # Another delivery type
//!
//! [`to_type`](crate::upload::Rename::to_type) moves an asset between public and private, with or without another id.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # use cloudinary_core::UploadOptions;
//! # cld.upload(Path::new("sample.jpg"), &UploadOptions::new().public_id("portrait")).await?;
//! use cloudinary_core::{AssetRef, DeliveryType};
//!
//! let hidden = cld.rename(AssetRef::image("portrait"), "portrait").to_type(DeliveryType::Private).await?;
//! assert_eq!(hidden.asset()?.delivery_type, DeliveryType::Private);
//! # assert_eq!(get(&cld.image("portrait").format("jpg").url()?).await?.0, 404);
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/image_upload_api_reference#rename>.
