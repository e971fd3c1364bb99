//! Straight from the browser.
//!
//! A file that first goes to your server and from there to the service travels twice. The browser can as well send it
//! to the service itself: that is quicker for the visitor, and your server has nothing to do but to sign. The secret
//! stays with you; the page gets a signature that is good for one hour and for these very options.
//!
//! # Signing
//!
//! [`SignedUpload`](crate::SignedUpload) is what the page needs: the address to post to, and the fields to post with
//! the file. All options of an upload from the server can be used here too.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::time::{SystemTime, UNIX_EPOCH};
//! use cloudinary_core::{Crop, ResourceType, SignedUpload, Transformation, UploadOptions};
//!
//! let options = UploadOptions::new()
//!     .resource_type(ResourceType::Auto) // whatever the visitor chooses: an image or another file
//!     .tags(["directly_uploaded"])
//!     .incoming(Transformation::new().width(1000).height(1000).crop(Crop::Limit))
//!     .eager([Transformation::new().width(150).height(100).crop(Crop::Fill)]);
//!
//! let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() as i64;
//! let upload = SignedUpload::new(cld.config(), &options, now)?;
//! assert!(upload.url.ends_with("/auto/upload"));
//! let names: Vec<_> = upload.fields.iter().map(|(name, _)| *name).collect();
//! assert_eq!(names, ["eager", "tags", "timestamp", "transformation", "signature", "api_key"]);
//! # Ok(()) }) }
//! ```
//!
//! The page needs no library for that: `cloudinary-axum` renders the file input from it, and its script uploads a file
//! as soon as it is chosen or dropped, shows a progress bar and a preview, and leaves what was stored in a hidden
//! input. The same field works with the service's jQuery plugin. The page's configuration has the cloud's name and the
//! API key, never the secret.
//!
//! # What comes back
//!
//! The hidden input holds a [`PresignedAsset`](crate::PresignedAsset): the column value, `#`, and the signature that
//! the service put into its answer. It comes from a browser, so it is a claim until it is verified. The signature
//! covers the public id and the version only: check that resource type, delivery type and format are ones that you
//! accept. The forms of `cloudinary-axum` do both.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # let answer = cld.upload(Path::new("my_picture.jpg"), &cloudinary_core::UploadOptions::new()).await?;
//! # let posted = format!("image/upload/v{}/{}.jpg#{}", answer.version, answer.public_id, answer.signature);
//! use cloudinary_core::{DeliveryType, Error, PresignedAsset, ResourceType};
//!
//! let asset = posted.parse::<PresignedAsset>()?.verify(cld.config())?;
//! assert_eq!((asset.resource_type, asset.delivery_type), (ResourceType::Image, DeliveryType::Upload));
//! println!("{}", cld.image(&asset).img_tag());
//!
//! let forged = posted.replace("/upload/v", "/upload/v1");
//! let error = forged.parse::<PresignedAsset>()?.verify(cld.config()).unwrap_err();
//! assert!(matches!(error, Error::SignatureMismatch { .. }));
//! # Ok(()) }) }
//! ```
//!
//! # Without a signature
//!
//! An [upload preset](crate::admin::Admin::create_upload_preset) that is marked as unsigned lets anybody who knows its
//! name upload, by the options that the preset has. Then only these may be sent along: `public_id`, `folder`,
//! `asset_folder`, `tags`, `context`, `metadata`, `face_coordinates`, `custom_coordinates`, `regions`,
//! `filename_override`, `public_id_prefix` and `callback`. Others are refused, and nothing is ever replaced.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{ApiErrorKind, UploadOptions};
//!
//! let picture = Path::new("my_picture.jpg");
//! let done = cld.unsigned_upload(picture, "visitors", &UploadOptions::new().tags(["cat"])).await?;
//! assert_eq!(done.tags, ["visitor", "cat"]); // those of the preset too
//!
//! let options = UploadOptions::new().colors(true);
//! let error = cld.unsigned_upload(picture, "visitors", &options).await.unwrap_err();
//! assert_eq!(error.api_kind(), Some(ApiErrorKind::BadRequest));
//! assert!(error.to_string().contains("Colors parameter is not allowed when using unsigned upload"), "{error}");
//! # Ok(()) }) }
//! ```
//!
//! # Previews, progress, many files
//!
//! In the browser, the script of `cloudinary-axum` fires the same events at the file input as the jQuery plugin:
//! `fileuploadsend`, `fileuploadprogress` with `loaded` and `total`, `fileuploaddone`, `fileuploadfail`, and
//! `cloudinarydone` with the service's answer, from which a page can show a thumbnail made by the service. With the
//! attribute `multiple` an input takes several files; what to do with each is up to a listener of `cloudinarydone`.
//!
//! The thumbnail of an answer is a URL like any other. On the server it is:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # use cloudinary_core::UploadOptions;
//! # let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new()).await?;
//! use cloudinary_core::{Crop, Transformation};
//!
//! let preview = Transformation::new().width(150).height(100).crop(Crop::Fill);
//! let url = cld.image(done.asset()?).transform(preview).url()?;
//! # assert_eq!(get(&url).await?.0, 200);
//! # Ok(()) }) }
//! ```
//!
//! Uploads from the server tell their progress too; see [`Upload::on_progress`](crate::upload::Upload::on_progress).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let upload = cld.upload(Path::new("couple.jpg"), &UploadOptions::new()).on_progress(|progress| {
//!     if let Some(total) = progress.total {
//!         println!("{} %", progress.sent * 100 / total);
//!     }
//! });
//! upload.await?;
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/django_image_and_video_upload#direct_uploading_from_the_browser>
//! and <https://cloudinary.com/documentation/upload_presets>.
