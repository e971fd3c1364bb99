//! When it fails.
//!
//! Every call gives an [`Answer`](crate::Answer) or an [`Error`](crate::Error), whose text names the thing and the
//! remedy. An app usually wants to know one of four things.
//!
//! # Is the request itself wrong?
//!
//! Then [`Error::InvalidParameter`](crate::Error::InvalidParameter),
//! [`Error::MissingConfig`](crate::Error::MissingConfig) or [`Error::Source`](crate::Error::Source) says so, and
//! nothing was sent.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Cloudinary, Config, Error, UploadOptions};
//!
//! let missing = cld.upload(Path::new("missing.jpg"), &UploadOptions::new()).await;
//! assert!(matches!(missing, Err(Error::Source { .. })));
//!
//! let nobody = Cloudinary::new(Config::new("demo"))?; // no key, no secret
//! let error = nobody.upload(Path::new("my_picture.jpg"), &UploadOptions::new()).await.unwrap_err();
//! assert!(error.to_string().starts_with("no api_"), "{error}");
//! # Ok(()) }) }
//! ```
//!
//! # What did the service say?
//!
//! [`Error::Api`](crate::Error::Api) has its status, its own words, and the kind of error; what it says of the call is
//! in [`call_info`](crate::Error::call_info).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{ApiErrorKind, Cloudinary, UploadOptions};
//!
//! let error = cld.admin().resource("nobody").await.unwrap_err();
//! assert_eq!(error.api_kind(), Some(ApiErrorKind::NotFound));
//! assert!(error.to_string().contains("Resource not found - nobody"), "{error}");
//! println!("{:?}", error.call_info().and_then(|info| info.request_id.as_deref()));
//!
//! // A wrong secret: the service shows what it would have signed.
//! let wrong = cld.config().require_api_key()?.to_owned();
//! let wrong = Cloudinary::new(cloudinary_core::Config::clone(cld.config()).credentials(wrong, "not_the_secret"))?;
//! let error = wrong.upload(Path::new("my_picture.jpg"), &UploadOptions::new()).await.unwrap_err();
//! assert_eq!(error.api_kind(), Some(ApiErrorKind::Unauthorized));
//! assert!(error.to_string().contains("Invalid Signature"), "{error}");
//! # Ok(()) }) }
//! ```
//!
//! # Will it help to try again?
//!
//! The client has tried by then: calls that are safe to repeat are, by the [`RetryPolicy`](crate::client::RetryPolicy).
//! An upload under a random id is not, unless the service said that it did not take it, since it might be stored twice.
//! How long things may take is in [`Timeouts`](crate::client::Timeouts).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::time::Duration;
//! use cloudinary_core::client::{RetryPolicy, Timeouts};
//!
//! let mut timeouts: Timeouts = *cld.timeouts();
//! timeouts.whole = Duration::from_secs(5);
//! let hasty = cld.clone().with_timeouts(timeouts)?.with_retry(RetryPolicy::never());
//! assert_eq!(hasty.admin().ping().await?.status, "ok");
//! # Ok(()) }) }
//! ```
//!
//! Calls of the Admin API are counted by the hour. Each answer tells what is left, and over the limit is
//! [`ApiErrorKind::RateLimited`](crate::ApiErrorKind::RateLimited).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! let pong = cld.admin().ping().await?;
//! let limit = pong.rate_limit().expect("the Admin API tells it");
//! assert!(limit.remaining < limit.limit);
//! # Ok(()) }) }
//! ```
//!
//! # Must a large file be sent again from its beginning?
//!
//! No. What is larger than a chunk goes in chunks, of [`DEFAULT_CHUNK_BYTES`](crate::upload::DEFAULT_CHUNK_BYTES) or as
//! [`chunk_bytes`](crate::upload::Upload::chunk_bytes) says, each repeated by itself. When the connection fails for
//! good, [`Error::resume_point`](crate::Error::resume_point) says where the upload can go on, also from another
//! process: it serialises.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{ResourceType, UploadOptions, UploadSource};
//! use cloudinary_core::upload::MIN_CHUNK_BYTES;
//!
//! let large: Vec<u8> = (0..MIN_CHUNK_BYTES + 1000).map(|at| (at % 251) as u8).collect();
//! let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id("large.bin");
//! let source = || UploadSource::bytes("large.bin", large.clone());
//!
//! let done = match cld.upload(source(), &options).chunk_bytes(MIN_CHUNK_BYTES).await {
//!     Err(error) if error.resume_point().is_some() => {
//!         let point = error.resume_point().cloned().unwrap_or_default();
//!         cld.upload(source(), &options).chunk_bytes(MIN_CHUNK_BYTES).resume(point).await?
//!     }
//!     other => other?,
//! };
//! assert_eq!(done.bytes, MIN_CHUNK_BYTES + 1000);
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/upload_images#chunked_asset_upload> and
//! <https://cloudinary.com/documentation/upload_troubleshooting>.
