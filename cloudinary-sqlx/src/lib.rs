//! A column for images: [`CloudinaryField`] binds to and reads from text columns with sqlx.
//!
//! ```
//! use cloudinary_sqlx::CloudinaryField;
//!
//! #[derive(sqlx::FromRow)]
//! struct Photo {
//!     id: i64,
//!     title: String,
//!     image: CloudinaryField,          // TEXT or VARCHAR(255) NOT NULL
//!     cover: Option<CloudinaryField>,  // NULL is no image
//! }
//! ```
//!
//! The column holds what Django's `CloudinaryField` writes, `image/upload/v1372180830/sample.jpg`, so that both can
//! share a table. [`CloudinaryImage`] is a JSON column with the size and a placeholder too.
//!
#![cfg_attr(
    feature = "attachments",
    doc = "[`attachments`] keeps in the app's own database which row holds which asset, so that none is lost or left behind."
)]
//!
//! Features: `sqlite` (default), `postgres` and `mysql`, which is MariaDB too, for the databases; `attachments` (default).
//! The app chooses sqlx's runtime and TLS: `sqlx = { version = "0.9", features = ["runtime-tokio", "sqlite"] }`. The worker
//! runs on tokio.

#[cfg(feature = "attachments")]
pub mod attachments;
mod error;
mod field;
mod image;

pub use self::error::Error;
pub use self::field::CloudinaryField;
pub use self::image::{CloudinaryImage, MAX_PLACEHOLDER_BYTES};
