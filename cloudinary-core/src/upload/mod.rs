//! The Upload API: storing files, and what can be done to them afterwards.
//!
//! Follows <https://cloudinary.com/documentation/image_upload_api_reference>.

mod options;
mod response;
mod signed;
#[cfg(feature = "client")]
mod destroy;
#[cfg(feature = "client")]
mod send;
#[cfg(feature = "client")]
mod source;

pub use self::options::{Eager, UPLOAD_PARAMETERS, UploadOptions};
pub use self::response::{Derived, UploadResponse};
pub use self::signed::SignedUpload;
#[cfg(feature = "client")]
pub use self::destroy::{Destroy, DestroyResult};
#[cfg(feature = "client")]
pub use self::send::{DEFAULT_CHUNK_BYTES, MIN_CHUNK_BYTES, STREAM_CHUNK_BYTES, Upload};
#[cfg(feature = "client")]
pub use self::source::{ByteStream, UploadSource};
