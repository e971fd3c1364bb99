//! The Upload API: storing files, and what can be done to them afterwards.
//!
//! Follows <https://cloudinary.com/documentation/image_upload_api_reference>.

#[cfg(feature = "client")]
mod action;
#[cfg(feature = "client")]
mod archive;
#[cfg(feature = "client")]
mod archive_options;
#[cfg(feature = "client")]
mod chunks;
#[cfg(feature = "client")]
mod context;
#[cfg(feature = "client")]
mod delete_token;
#[cfg(feature = "client")]
mod destroy;
#[cfg(feature = "client")]
mod download;
#[cfg(feature = "client")]
mod explicit;
#[cfg(feature = "client")]
mod explode;
#[cfg(feature = "client")]
mod image_set;
#[cfg(feature = "client")]
mod many;
#[cfg(feature = "client")]
mod metadata;
#[cfg(feature = "client")]
mod multi;
mod option_map;
mod options;
#[cfg(feature = "client")]
mod progress;
#[cfg(feature = "client")]
mod rename;
mod response;
mod resume;
#[cfg(feature = "client")]
mod send;
mod signed;
#[cfg(feature = "client")]
mod slideshow;
#[cfg(feature = "client")]
mod source;
#[cfg(feature = "client")]
mod sprite;
#[cfg(feature = "client")]
mod tags;
#[cfg(feature = "client")]
mod text;

#[cfg(feature = "client")]
pub use self::action::MAX_ASSETS_PER_CALL;
#[cfg(feature = "client")]
pub use self::archive::{Archive, CreateArchive};
#[cfg(feature = "client")]
pub use self::archive_options::ArchiveOptions;
#[cfg(feature = "client")]
pub use self::context::ChangeContext;
#[cfg(feature = "client")]
pub use self::delete_token::{DELETE_TOKEN_SECONDS, DeleteByToken};
#[cfg(feature = "client")]
pub use self::destroy::{Destroy, DestroyResult};
#[cfg(feature = "client")]
pub use self::download::PrivateDownload;
#[cfg(feature = "client")]
pub use self::explicit::Explicit;
#[cfg(feature = "client")]
pub use self::explode::Explode;
#[cfg(feature = "client")]
pub use self::image_set::ImageSet;
#[cfg(feature = "client")]
pub use self::many::many;
#[cfg(feature = "client")]
pub use self::metadata::UpdateMetadata;
#[cfg(feature = "client")]
pub use self::multi::{Animation, Multi};
#[cfg(feature = "client")]
pub(crate) use self::option_map::ascii_json;
pub use self::options::{AutoTranscription, BreakpointSettings, Eager, UPLOAD_PARAMETERS, UploadOptions};
#[cfg(feature = "client")]
pub use self::progress::Progress;
#[cfg(feature = "client")]
pub use self::rename::Rename;
pub use self::response::{AudioTrack, Breakpoint, Derived, ResponsiveBreakpoints, UploadResponse, VideoTrack};
pub use self::resume::ResumePoint;
#[cfg(feature = "client")]
pub use self::send::{DEFAULT_CHUNK_BYTES, MAX_CHUNK_BYTES, MIN_CHUNK_BYTES, STREAM_CHUNK_BYTES, Upload};
pub use self::signed::SignedUpload;
#[cfg(feature = "client")]
pub use self::slideshow::{CreateSlideshow, SlideshowManifest};
#[cfg(feature = "client")]
pub use self::source::{ByteStream, MAX_FILENAME_CHARS, UploadSource};
#[cfg(feature = "client")]
pub use self::sprite::{GenerateSprite, Sprite, SpritePart};
#[cfg(feature = "client")]
pub use self::tags::{AddTag, ChangeTags};
#[cfg(feature = "client")]
pub use self::text::Text;
pub use crate::answer::{
    AccessRule, AccessibilityAnalysis, CinemagraphAnalysis, ColorShare, ColorblindAnalysis, Coordinates, Moderation,
    Predominant, QualityAnalysis,
};
#[cfg(feature = "client")]
pub use crate::answer::{ChangedAssets, StartedJob};
