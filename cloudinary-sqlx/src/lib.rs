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
//! share a table.

mod error;
mod field;

pub use self::error::Error;
pub use self::field::CloudinaryField;
