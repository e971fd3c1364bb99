//! Tables, forms and pages.
//!
//! What a row of your database keeps of an asset is one text, the column value of an [`AssetRef`](crate::AssetRef):
//! `image/upload/v1372180830/sample.jpg`. It is what Django's `CloudinaryField` writes, so that a Django app and yours
//! can share a table, and never longer than [`MAX_COLUMN_BYTES`](crate::MAX_COLUMN_BYTES), 255 bytes.
//!
//! # A model
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{AssetRef, UploadOptions};
//! use serde::{Deserialize, Serialize};
//!
//! /// A row of a table.
//! #[derive(Serialize, Deserialize)]
//! struct Photo {
//!     id: i64,
//!     title: String,
//!     image: AssetRef,
//! }
//!
//! let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().public_id("cat")).await?;
//! let photo = Photo { id: 1, title: "A cat".to_owned(), image: done.asset()? };
//! let row = serde_json::to_value(&photo)?;
//! assert_eq!(row["image"], format!("image/upload/v{}/cat.jpg", done.version));
//!
//! let read: Photo = serde_json::from_value(row)?;
//! assert_eq!(read.image.public_id, "cat");
//! # Ok(()) }) }
//! ```
//!
//! With sqlx, `cloudinary_sqlx::CloudinaryField` is the type of such a column, and
//! `Option<CloudinaryField>` one that may be NULL. A bare public id in the column is read too.
//!
//! # A form that uploads through your server
//!
//! In the crate `cloudinary-axum` a form declares its fields once, the image among them. Its extractor reads the form,
//! uploads the file while it arrives, and gives a value for the row; if another field is wrong, the form is shown again
//! with the image it has. The options of such a field are [`UploadOptions`](crate::UploadOptions), the same as
//! everywhere: a tag, a largest size, and a thumbnail to be made at once.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Crop, Transformation, UploadOptions};
//!
//! let options = UploadOptions::new()
//!     .tags(["directly_uploaded"])
//!     .incoming(Transformation::new().width(1000).height(1000).crop(Crop::Limit))
//!     .eager([Transformation::new().width(150).height(100).crop(Crop::Fill)]);
//!
//! let done = cld.upload(Path::new("my_picture.jpg"), &options).await?;
//! assert_eq!(done.tags, ["directly_uploaded"]);
//! assert_eq!((done.eager[0].width, done.eager[0].height), (150, 100));
//! # Ok(()) }) }
//! ```
//!
//! Options that come from a file or a database rather than from code are read from an option map, by the names that the
//! service and its other clients use. A name it does not know is an error, with a guess at what was meant.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::UploadOptions;
//!
//! let options: UploadOptions = serde_json::from_str(
//!     r#"{"tags": "directly_uploaded", "crop": "limit", "width": 1000, "height": 1000,
//!         "eager": [{"crop": "fill", "width": 150, "height": 100}]}"#,
//! )?;
//! assert_eq!(options.get("transformation"), Some("c_limit,h_1000,w_1000"));
//! assert_eq!(options.get("eager"), Some("c_fill,h_100,w_150"));
//!
//! let error = serde_json::from_str::<UploadOptions>(r#"{"tgas": "a"}"#).unwrap_err();
//! assert!(error.to_string().contains("did you mean \"tags\"?"), "{error}");
//! # Ok(()) }) }
//! ```
//!
//! # The image in a page
//!
//! [`Cloudinary::image`](crate::Cloudinary::image) makes the delivery URL of what is in the column, and
//! [`img_tag`](crate::AssetUrl::img_tag) an `img` tag, escaped. In askama templates the filter
//! `photo.image|cloudinary(format="jpg", width=120, height=80, crop="fill")` of `cloudinary-axum` writes the same.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # cld.upload(Path::new("my_picture.jpg"), &cloudinary_core::UploadOptions::new().public_id("cat")).await?;
//! use cloudinary_core::{AssetRef, Crop, Transformation};
//!
//! let column: AssetRef = "image/upload/v1372180830/cat.jpg".parse()?;
//! let card = Transformation::new().width(120).height(80).crop(Crop::Fill);
//! let image = cld.image(&column).transform(card).format("jpg");
//! assert!(image.url()?.ends_with("/image/upload/c_fill,h_80,w_120/v1372180830/cat.jpg"));
//! # assert_eq!(get(&image.url()?).await?.0, 200);
//!
//! let tag = image.img_tag().alt("A cat").to_string();
//! assert!(tag.starts_with("<img alt=\"A cat\" height=\"80\" src=\"http"), "{tag}");
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/django_image_and_video_upload#django_forms_and_models>.
