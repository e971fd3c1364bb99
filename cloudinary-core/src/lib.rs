//! Cloudinary for Rust: upload images and other files to the cloud, and show them well.
//!
//! The crate in the order of its flow: [`Config`] says which cloud; [`signing`] signs for it; a [`Transformation`]
//! says what is done to an image; an [`AssetUrl`] is where the result is found, an [`ImgTag`] shows it;
//! [`Cloudinary`] is the client that uploads with [`UploadOptions`] and gets an [`UploadResponse`], which yields the
//! [`AssetRef`] an app keeps.
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
//! Without the default feature `client` the crate is pure: no HTTP, no async runtime.

mod asset;
mod auth_token;
#[cfg(feature = "client")]
mod client;
mod config;
mod error;
mod escape;
pub mod signing;
mod tag;
pub mod transformation;
pub mod upload;
mod url;

pub use self::asset::{
    AssetRef, DeliveryType, MAX_COLUMN_BYTES, MAX_PUBLIC_ID_CHARS, PresignedAsset, ResourceType, ToAsset,
};
pub use self::auth_token::{AUTH_TOKEN_NAME, AuthToken};
#[cfg(feature = "client")]
pub use self::client::{Cloudinary, MAX_ANSWER_BYTES};
pub use self::config::{Config, DEFAULT_TIMEOUT, DEFAULT_UPLOAD_PREFIX, Secret};
pub use self::error::{ApiErrorKind, Error, Result};
pub use self::tag::{DEFAULT_VIDEO_FORMATS, ImgTag, Picture, PictureSource, Srcset, VideoSource, VideoTag};
pub use self::transformation::{
    Angle, Color, Crop, Effect, Flag, Gravity, Layer, Quality, Radius, Transformation, Value, VideoCodec,
};
pub use self::upload::{Derived, Eager, SignedUpload, UploadOptions, UploadResponse};
#[cfg(feature = "client")]
pub use self::upload::{DestroyResult, UploadSource};
pub use self::url::{AssetUrl, DeliveredAsset};
