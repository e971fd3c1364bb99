//! The Upload API: storing files, and what can be done to them afterwards.
//!
//! Follows <https://cloudinary.com/documentation/image_upload_api_reference>.

#[cfg(feature = "client")]
mod destroy;
mod option_map;
mod options;
mod response;
#[cfg(feature = "client")]
mod send;
mod signed;
#[cfg(feature = "client")]
mod source;

#[cfg(feature = "client")]
pub use self::destroy::{Destroy, DestroyResult};
pub use self::options::{Eager, UPLOAD_PARAMETERS, UploadOptions};
pub use self::response::{Derived, UploadResponse};
#[cfg(feature = "client")]
pub use self::send::{DEFAULT_CHUNK_BYTES, MAX_CHUNK_BYTES, MIN_CHUNK_BYTES, STREAM_CHUNK_BYTES, Upload};
pub use self::signed::SignedUpload;
#[cfg(feature = "client")]
pub use self::source::{ByteStream, UploadSource};
