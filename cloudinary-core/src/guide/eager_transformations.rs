//! Other versions of an image.
//!
//! # When they are first asked for
//!
//! A delivery URL says what is to be done to an image. Who first asks for it waits while the version is made; it is
//! then stored, and everybody after gets it from a cache. Nothing has to be prepared:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # cld.upload(Path::new("sample.jpg"), &cloudinary_core::UploadOptions::new().public_id("sample")).await?;
//! use cloudinary_core::{Crop, Gravity, Transformation};
//!
//! let face = Transformation::new().width(150).height(100).crop(Crop::Thumb).gravity(Gravity::Face);
//! let url = cld.image("sample").transform(face).format("jpg").url()?;
//! assert!(url.ends_with("/image/upload/c_thumb,g_face,h_100,w_150/sample.jpg"));
//! # let first = get(&url).await?;
//! # assert_eq!((first.0, &first.2[..2]), (200, &[0xFF, 0xD8][..]));
//! # assert_eq!(get(&url).await?.2, first.2, "the second time it is the same");
//! # Ok(()) }) }
//! ```
//!
//! # At once
//!
//! Where you know that a version will be wanted, as the thumbnail of a photo, the upload can make it:
//! [`UploadOptions::eager`](crate::UploadOptions::eager). It is ready when the upload answers, and nobody waits. Here a
//! thumbnail around the face that is found:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Crop, Gravity, Transformation, UploadOptions};
//!
//! let face = Transformation::new().width(150).height(100).crop(Crop::Thumb).gravity(Gravity::Face);
//! let options = UploadOptions::new().public_id("eager_sample").eager([&face]);
//! let done = cld.upload(Path::new("sample.jpg"), &options).await?;
//!
//! let thumbnail = &done.eager[0];
//! assert_eq!(thumbnail.transformation, "c_thumb,g_face,h_100,w_150");
//! assert_eq!((thumbnail.width, thumbnail.height), (150, 100));
//!
//! // The page shows it with the same transformation.
//! let tag = cld.image("eager_sample").transform(&face).format("jpg").img_tag().alt("A portrait");
//! assert!(tag.to_string().contains("/c_thumb,g_face,h_100,w_150/eager_sample.jpg"));
//! # Ok(()) }) }
//! ```
//!
//! Several at once; one of them in another format, which is no parameter of the transformation but an
//! [`Eager::with_format`](crate::Eager::with_format), and one by its name in the account:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Crop, Eager, Transformation, UploadOptions};
//!
//! let fit = Transformation::new().width(100).height(150).crop(Crop::Fit);
//! let options = UploadOptions::new()
//!     .eager([Eager::with_format(&fit, "png"), Transformation::named("jpg_with_quality_30").into()]);
//! assert_eq!(options.get("eager"), Some("c_fit,h_150,w_100/png|t_jpg_with_quality_30"));
//! let done = cld.upload(Path::new("sample.jpg"), &options).await?;
//! assert_eq!(done.eager[0].format.as_deref(), Some("png"));
//! assert_eq!(done.eager[1].format.as_deref(), Some("jpg"));
//! # Ok(()) }) }
//! ```
//!
//! Together with an incoming transformation, the versions are made from its result:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Crop, Effect, Transformation, UploadOptions};
//!
//! let incoming = Transformation::new()
//!     .width(100).height(120).crop(Crop::Limit)
//!     .then()
//!     .crop(Crop::Crop).x(5).y(10).width(40).height(10);
//! let options = UploadOptions::new().incoming(incoming).eager([
//!     Transformation::new().width(0.2).crop(Crop::Scale),
//!     Transformation::new().effect(Effect::hue(30)),
//! ]);
//! let done = cld.upload(Path::new("sample.jpg"), &options).await?;
//! assert_eq!((done.width, done.height), (Some(40), Some(10)));
//! assert_eq!((done.eager[0].width, done.eager[0].height), (8, 2));
//! assert_eq!((done.eager[1].width, done.eager[1].height), (40, 10));
//! # Ok(()) }) }
//! ```
//!
//! # Limits
//!
//! Accounts may restrict which transformations can be asked for by URL ("strict transformations"): then eager ones,
//! signed URLs ([`AssetUrl::signed_url`](crate::AssetUrl::signed_url)) and those allowed by name
//! ([`Admin::update_transformation`](crate::admin::Admin::update_transformation)) remain. Many or large versions are
//! better made [in the background](super::notifications). For what is stored already see [chapter 11](super::refresh).
//!
//! It follows <https://cloudinary.com/documentation/eager_and_incoming_transformations#eager_transformations> and
//! <https://cloudinary.com/documentation/transformation_reference>.
