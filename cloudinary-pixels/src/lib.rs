//! The image engine: decode, resize, crop, recolour, draw and encode pictures, and find faces.
//!
//! Everything here is synchronous and pure: bytes and bitmaps in, bytes and bitmaps out, no files,
//! no network, no threads, no globals. It reads and writes [JPEG, PNG, WebP and GIF](Format), GIF
//! also animated; animated WebP is read and written as a still or as GIF.
//!
//! Every picture is straight (not premultiplied) RGBA with eight bits a channel. Colour profiles
//! are ignored: samples are taken as sRGB. Metadata is never written.
//!
//! ```
//! use cloudinary_pixels::{Bitmap, Color, Encode, Format, Limits, Picture, decode, encode, probe, resize};
//!
//! # fn main() -> Result<(), cloudinary_pixels::Error> {
//! let square = Picture::still(Bitmap::filled(64, 64, Color::rgb(200, 30, 30)));
//! let bytes = encode(&square, Format::Png, &Encode::default())?;
//!
//! let limits = Limits::default();
//! assert_eq!(probe(&bytes, &limits)?.width, 64);
//! let thumbnail = decode(&bytes, &limits)?.map(|bitmap| resize(&bitmap, 16, 8));
//! let jpeg = encode(&thumbnail, Format::Jpeg, &Encode::default())?;
//! assert_eq!(probe(&jpeg, &limits)?.height, 8);
//! # Ok(())
//! # }
//! ```

mod error;
mod limits;

mod bitmap;
mod color;
mod picture;
mod rect;

mod format;
mod orientation;

mod codec;
mod decode;
mod encode;
mod probe;

pub mod adjust;
pub mod blur;
pub mod draw;
pub mod geometry;
mod resize;

mod faces;

pub use bitmap::Bitmap;
pub use color::Color;
pub use decode::{Decode, decode, decode_with};
pub use encode::{Encode, encode};
pub use error::Error;
pub use faces::FaceDetector;
pub use format::Format;
pub use limits::Limits;
pub use orientation::Orientation;
pub use picture::{Frame, Picture};
pub use probe::{Info, probe};
pub use rect::Rect;
pub use resize::resize;
