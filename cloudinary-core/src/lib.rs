//! Cloudinary for Rust: upload images and other files to the cloud, and show them well.
//!
#![cfg_attr(feature = "client", doc = "```no_run")]
#![cfg_attr(not(feature = "client"), doc = "```ignore")]
//! # async fn example() -> cloudinary_core::Result<()> {
//! use std::path::Path;
//! use cloudinary_core::{Cloudinary, Crop, Gravity, Transformation, UploadOptions};
//!
//! let cld = Cloudinary::from_env()?; // CLOUDINARY_URL=cloudinary://key:secret@cloud_name
//! let done = cld.upload(Path::new("me.jpg"), &UploadOptions::new().tags(["portrait"])).await?;
//! let round = Transformation::new().width(150).height(150).crop(Crop::Thumb).gravity(Gravity::Face).radius("max");
//! println!("{}", cld.image(done.asset()?).transform(&round).format("png").img_tag().alt("Me"));
//! # Ok(())
//! # }
//! ```
//!
//! # A tour, in the order of the flow
//!
//! [`Config`] says which cloud: from `CLOUDINARY_URL`, from separate variables, or built. An unknown key is an error.
//!
//! ```
//! use cloudinary_core::Config;
//! let config = Config::from_url("cloudinary://key:secret@demo?secure_distribution=img.example.com")?;
//! let error = Config::from_url("cloudinary://key:secret@demo?secure_distribtion=x").unwrap_err();
//! assert_eq!(error.to_string(), "unknown option \"secure_distribtion\"; did you mean \"secure_distribution\"?");
//! # Ok::<(), cloudinary_core::Error>(())
//! ```
//!
//! [`signing`] makes and checks the four signatures, of requests, URLs, answers and notifications; [`AuthToken`] opens
//! assets for a while.
//!
//! ```
//! use cloudinary_core::{AuthToken, Config};
//! let config = Config::new("demo").credentials("key", "abcd");
//! let signature = config.sign_params([("public_id", "sample_image"), ("timestamp", "1315060510")])?;
//! assert_eq!(signature, "b4ad47fb4e25c7bf5f92a20089f9db59bc302313");
//! let cookie = AuthToken::new("00112233FF99").acl("/image/*").expiration(1_700_000_000).generate(0)?;
//! assert!(cookie.starts_with("__cld_token__=exp=1700000000~acl=%2fimage%2f*~hmac="));
//! # Ok::<(), cloudinary_core::Error>(())
//! ```
//!
//! An [`AssetRef`] is what an app keeps: the value of a column that a Django app can share. A [`PresignedAsset`] is the
//! same with a signature, as a form posts it.
//!
//! ```
//! use cloudinary_core::AssetRef;
//! let asset: AssetRef = "image/upload/v1372180830/sample.jpg".parse()?;
//! assert_eq!((asset.public_id.as_str(), asset.version), ("sample", Some(1372180830)));
//! # Ok::<(), cloudinary_core::Error>(())
//! ```
//!
//! A [`Transformation`] says what is done to an image. Setters are typed where the set of values is known; it parses
//! from text and from option maps, so that it can live in a file or a database. See [`transformation`].
//!
//! ```
//! use cloudinary_core::{Crop, Gravity, Radius, Transformation};
//! let round = Transformation::new().width(150).height(150).crop(Crop::Thumb).gravity(Gravity::Face).radius(Radius::Max);
//! assert_eq!(round.to_string(), "c_thumb,g_face,h_150,r_max,w_150");
//! assert_eq!("c_thumb,g_face,h_150,r_max,w_150".parse::<Transformation>()?, round);
//! # Ok::<(), cloudinary_core::Error>(())
//! ```
//!
//! An [`AssetUrl`] is where the result is found; a [`DeliveredAsset`] is read back from one. [`ImgTag`], [`Picture`] and
//! [`VideoTag`] show it, escaped; with a [`Srcset`] the browser chooses the width.
//!
//! ```
//! use cloudinary_core::{AssetUrl, Config, Transformation};
//! let card = Transformation::new().width(400).crop("fill");
//! let tag = AssetUrl::new(Config::new("demo"), "summer/beach").transform(&card).format("jpg").img_tag().alt("Beach");
//! assert_eq!(
//!     tag.to_string(),
//!     "<img alt=\"Beach\" src=\"https://res.cloudinary.com/demo/image/upload/c_fill,w_400/v1/summer/beach.jpg\" width=\"400\"/>",
//! );
//! ```
//!
//! [`SignedUpload`] is what a browser needs to upload by itself.
//!
//! ```
//! use cloudinary_core::{Config, SignedUpload, UploadOptions};
//! let config = Config::new("demo").credentials("key", "secret");
//! let upload = SignedUpload::new(&config, &UploadOptions::new().tags(["visitor"]), 1_700_000_000)?;
//! assert_eq!(upload.fields.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["tags", "timestamp", "signature", "api_key"]);
//! # Ok::<(), cloudinary_core::Error>(())
//! ```
//!
#![cfg_attr(
    feature = "client",
    doc = "[`Cloudinary`] is the client: it uploads from an [`UploadSource`] with [`UploadOptions`], in one request or in chunks,"
)]
#![cfg_attr(
    feature = "client",
    doc = "and gets an [`UploadResponse`], which yields the [`AssetRef`]. Every fault is an [`Error`] that names the thing and the"
)]
#![cfg_attr(feature = "client", doc = "remedy.")]
//!
#![cfg_attr(feature = "client", doc = "New here? The [`guide`] is to be read in order.")]
//!
//! Without the default feature `client` the crate is pure: no HTTP, no async runtime.

#![allow(clippy::inline_always, reason = "a setter does less than a call costs; benches/urls measures it")]

#[cfg(feature = "client")]
pub mod admin;
mod answer;
mod asset;
mod auth_token;
mod call_info;
#[cfg(feature = "client")]
pub mod client;
mod clock;
mod config;
mod error;
mod escape;
mod gather;
#[cfg(feature = "client")]
pub mod guide;
#[cfg(feature = "client")]
pub mod search;
mod short;
pub mod signing;
mod srcset;
mod tag;
pub mod transformation;
pub mod upload;
mod url;

pub use self::asset::{
    AssetRef, DeliveryType, MAX_COLUMN_BYTES, MAX_FORMAT_BYTES, MAX_PUBLIC_ID_CHARS, PresignedAsset, ResourceType,
    ToAsset,
};
pub use self::auth_token::{AUTH_TOKEN_NAME, AuthToken};
pub use self::call_info::{CallInfo, RateLimit};
#[cfg(feature = "client")]
pub use self::client::{Answer, Cloudinary, MAX_ANSWER_BYTES};
pub use self::config::{Config, DEFAULT_TIMEOUT, DEFAULT_UPLOAD_PREFIX, Secret};
pub use self::error::{ApiErrorKind, Error, Result};
pub use self::srcset::{MAX_SRCSET_WIDTHS, Srcset};
pub use self::tag::{DEFAULT_VIDEO_FORMATS, ImgTag, Picture, PictureSource, VideoSource, VideoTag};
pub use self::transformation::{
    Angle, Color, ColorSpace, Crop, Effect, Flag, Gravity, Layer, Quality, Radius, Transformation, Value, VideoCodec,
};
pub use self::upload::{Derived, Eager, ResumePoint, SignedUpload, UploadOptions, UploadResponse};
#[cfg(feature = "client")]
pub use self::upload::{DestroyResult, Progress, UploadSource};
pub use self::url::{AssetUrl, DeliveredAsset};
