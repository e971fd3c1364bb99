//! An embedded media server that speaks Cloudinary's upload API and delivery URLs: files go in by HTTP, images come out
//! transformed, with no account and no network.
//!
//! Start one beside an app or in a test, and hand its [`Config`] to the client:
//!
//! ```
//! use cloudinary_local::LocalServer;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), cloudinary_local::Error> {
//! let server = LocalServer::start().await?;
//! println!("{} {}", server.url(), server.config().cloud_name);
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! It is strict: a wrong signature, a stale timestamp, an unknown parameter or transformation gets the status and the
//! message of the real service. What it knows and does not carry out it refuses, saying so; the README lists that.
//!
//! An upload is answered only after it is safely on disk: content written, synced, renamed, then recorded.

mod admin;
mod analysis;
mod app;
mod archive;
mod background;
mod builder;
mod delivery;
mod differences;
mod error;
mod flights;
mod http;
mod ids;
mod limits;
#[cfg(feature = "remote")]
mod outbound;
mod pipeline;
mod search;
mod server;
mod settings;
mod shelf;
mod slots;
mod store;
mod upload;
mod urls;
mod webhook;

pub use builder::Builder;
pub use differences::differences;
pub use error::Error;
pub use limits::Limits;
pub use server::LocalServer;
pub use upload::UploadPreset;

// What the options are made of.
pub use cloudinary_core::{Config, Secret, Transformation};
pub use cloudinary_pixels::Limits as PictureLimits;
