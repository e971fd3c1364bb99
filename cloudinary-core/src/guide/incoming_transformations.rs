//! Changing an image before it is stored.
//!
//! Images are stored as they come, and other versions are made from that original. Where the original itself should be
//! another, smaller than what a camera makes or of another format, an incoming transformation does it:
//! [`UploadOptions::incoming`](crate::UploadOptions::incoming). Only its result is kept, and the answer describes that.
//!
//! The usual one limits the size of what visitors upload. `limit` makes an image smaller where it is too large, and
//! never larger:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Crop, Transformation, UploadOptions};
//!
//! let limit = Transformation::new().width(1000).height(1000).crop(Crop::Limit);
//! let done = cld.upload(Path::new("couple.jpg"), &UploadOptions::new().incoming(&limit)).await?;
//! assert!(done.width <= Some(1000) && done.height <= Some(1000));
//! # Ok(()) }) }
//! ```
//!
//! Cutting out a part by its coordinates, and storing it as PNG:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Crop, Transformation, UploadOptions};
//!
//! let part = Transformation::new().width(400).height(300).x(50).y(80).crop(Crop::Crop);
//! let done = cld.upload(Path::new("sample.jpg"), &UploadOptions::new().incoming(part).format("png")).await?;
//! assert_eq!((done.width, done.height, done.format.as_deref()), (Some(400), Some(300), Some("png")));
//! # Ok(()) }) }
//! ```
//!
//! Steps follow each other with [`then`](crate::Transformation::then): first a largest size, then a watermark over it,
//! half as wide as the image.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # cld.upload(Path::new("my_picture.jpg"), &cloudinary_core::UploadOptions::new().public_id("my_watermark")).await?;
//! use cloudinary_core::{Crop, Flag, Layer, Transformation, UploadOptions};
//!
//! let marked = Transformation::new()
//!     .width(1000).height(1000).crop(Crop::Limit)
//!     .then()
//!     .overlay(Layer::image("my_watermark")).flags([Flag::Relative]).width(0.5);
//! assert_eq!(marked.to_string(), "c_limit,h_1000,w_1000/fl_relative,l_my_watermark,w_0.5");
//! let done = cld.upload(Path::new("couple.jpg"), &UploadOptions::new().incoming(marked)).await?;
//! # assert_eq!(done.width, Some(1000));
//! # Ok(()) }) }
//! ```
//!
//! A transformation with a name, defined once in the account, is used by it:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Transformation, UploadOptions};
//!
//! let options = UploadOptions::new().incoming(Transformation::named("jpg_with_quality_30"));
//! let done = cld.upload(Path::new("sample.jpg"), &options).await?;
//! assert!(done.bytes < std::fs::metadata("sample.jpg")?.len());
//! # Ok(()) }) }
//! ```
//!
//! # What can go wrong
//!
//! A number that is none, or a parameter given a value that can never work, is
//! [`Error::InvalidParameter`](crate::Error::InvalidParameter) when the upload is awaited, before anything is sent.
//! What only the service can know, as the name of a transformation or of a layer, it refuses with
//! [`ApiErrorKind::BadRequest`](crate::ApiErrorKind::BadRequest); nothing is stored then.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{ApiErrorKind, Error, Transformation, UploadOptions};
//!
//! let picture = Path::new("sample.jpg");
//! let broken = UploadOptions::new().incoming(Transformation::new().width(f64::NAN));
//! assert!(matches!(cld.upload(picture, &broken).await, Err(Error::InvalidParameter { .. })));
//!
//! let unknown = UploadOptions::new().incoming(Transformation::named("nobody_made_it"));
//! assert_eq!(cld.upload(picture, &unknown).await.unwrap_err().api_kind(), Some(ApiErrorKind::BadRequest));
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/eager_and_incoming_transformations#incoming_transformations>; what
//! a [`Transformation`](crate::Transformation) can do is in [`transformation`](crate::transformation).
