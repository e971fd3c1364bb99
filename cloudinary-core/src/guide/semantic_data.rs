//! What is in an image.
//!
//! Every answer has the width, the height, the size in bytes and the format. On request the service looks closer: for
//! faces, colours, the camera's data, and more. It can do so during the upload, and at any time after.
//!
//! # Faces
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let done = cld.upload(Path::new("sample.jpg"), &UploadOptions::new().faces(true)).await?;
//! for face in done.faces.iter().flatten() {
//!     println!("{} × {} pixels at {}, {}", face[2], face[3], face[0], face[1]); // x, y, width, height
//! }
//! assert_eq!(done.faces.as_ref().map(Vec::len), Some(1));
//! # Ok(()) }) }
//! ```
//!
//! None found is an empty list; not asked for is `None`. If you know better where the faces are, say so with
//! [`face_coordinates`](crate::UploadOptions::face_coordinates).
//!
//! # Colours
//!
//! The colours, each with its share of the image in per cent, the largest first, and the same by their names:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # let couple = cld.upload(Path::new("sample.jpg"), &cloudinary_core::UploadOptions::new()).await?.url.clone();
//! use cloudinary_core::{UploadOptions, UploadSource};
//!
//! let done = cld.upload(UploadSource::remote(couple)?, &UploadOptions::new().colors(true)).await?;
//! let main = &done.colors[0];
//! assert!(main.color.starts_with('#') && main.color.len() == 7); // as #162E02
//! assert!(done.colors.windows(2).all(|pair| pair[0].percent >= pair[1].percent));
//! for named in done.predominant.iter().flat_map(|predominant| &predominant.google) {
//!     println!("{}: {} %", named.color, named.percent); // yellow: 40.1 %
//! }
//! # Ok(()) }) }
//! ```
//!
//! # Everything in one upload
//!
//! [`exif`](crate::UploadOptions::exif) is what the camera wrote;
//! [`image_metadata`](crate::UploadOptions::image_metadata) has that in more detail, and the captions and credits of
//! IPTC. [`phash`](crate::UploadOptions::phash) is a fingerprint: images that look alike have ones that differ in few
//! bits.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().faces(true).exif(true).colors(true).image_metadata(true).phash(true);
//! let done = cld.upload(Path::new("sample.jpg"), &options).await?;
//! assert!(done.faces.is_some() && !done.colors.is_empty());
//! println!("{:?} {:?}", done.exif.get("Model"), done.image_metadata.get("DateTimeOriginal"));
//! assert_eq!(done.phash.as_deref().map(str::len), Some(16));
//! # Ok(()) }) }
//! ```
//!
//! # Of what is stored already
//!
//! The Admin API tells the same, with [`Admin::resource`](crate::admin::Admin::resource):
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # cld.upload(Path::new("sample.jpg"), &cloudinary_core::UploadOptions::new().public_id("portrait")).await?;
//! let details = cld.admin().resource("portrait").faces(true).colors(true).await?;
//! assert_eq!(details.faces.as_ref().map(Vec::len), Some(1));
//! assert!(!details.colors.is_empty());
//! # Ok(()) }) }
//! ```
//!
//! # Limits
//!
//! Not every photo has what is asked for: a picture of an editor has no camera. What add-ons find, as
//! [`categorization`](crate::UploadOptions::categorization) and [`detection`](crate::UploadOptions::detection), is in
//! [`info`](crate::UploadResponse::info), and needs a subscription: without, the upload fails with
//! [`ApiErrorKind::RateLimited`](crate::ApiErrorKind::RateLimited).
//!
//! It follows <https://cloudinary.com/documentation/analysis_on_upload> and
//! <https://cloudinary.com/documentation/admin_api#get_details_of_a_single_resource_by_public_id>.
