//! Text.
//!
//! # An image of a text
//!
//! [`Cloudinary::text`](crate::Cloudinary::text) makes a PNG of a text and stores it as an asset of delivery type
//! `text`. Its public id is also the name of its style, font, size, colour and all, for other texts.
//!
//! ```no_run
//! // The media server of the samples comes without fonts.
//! # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
//! let image = cld
//!     .text("Sample Name")
//!     .public_id("dark_name")
//!     .font_family("Arial")
//!     .font_size(12) // points
//!     .font_color("black")
//!     .opacity(90) // per cent
//!     .await?;
//! println!("{} × {} pixels at {}", image.width.unwrap_or_default(), image.height.unwrap_or_default(), image.secure_url);
//! # Ok(())
//! # }
//! ```
//!
//! An empty text is an error before anything is sent:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::Error;
//!
//! let error = cld.text("").await.unwrap_err();
//! assert!(matches!(error, Error::InvalidParameter { .. }));
//! # Ok(()) }) }
//! ```
//!
//! # Text on an image
//!
//! A layer puts text over an image: in a stored style, by its name, at the lower right, five pixels from both edges.
//! The text is escaped for the URL.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{Gravity, Layer, Transformation};
//!
//! let caption = Transformation::new()
//!     .overlay(Layer::styled_text("bold_dark", "Hello World"))
//!     .gravity(Gravity::SouthEast)
//!     .x(5)
//!     .y(5);
//! assert_eq!(caption.to_string(), "g_south_east,l_text:bold_dark:Hello%20World,x_5,y_5");
//! let tag = cld.image("sample").transform(caption).format("jpg").img_tag();
//! # assert!(tag.to_string().contains("l_text:bold_dark:Hello%20World"));
//! # Ok(()) }) }
//! ```
//!
//! Where the text of the layer is in the service's own form already, it is taken as it is:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{Layer, Transformation};
//!
//! let caption = Transformation::new().overlay("text:bold_dark:Hello+World");
//! assert_eq!(caption.to_string(), "l_text:bold_dark:Hello+World");
//! # Ok(()) }) }
//! ```
//!
//! Without a stored style, font and size are said in the layer, and more with [`bold`](crate::Layer::bold),
//! [`italic`](crate::Layer::italic), [`style`](crate::Layer::style) and the
//! [`color`](crate::Transformation::color) of its step.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{Layer, Transformation};
//!
//! let caption = Transformation::new().overlay(Layer::text("Hello, World", "Arial", 20).bold()).color("white");
//! assert_eq!(caption.to_string(), "co_white,l_text:Arial_20_bold:Hello%252C%20World");
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/image_upload_api_reference#text> and
//! <https://cloudinary.com/documentation/layers#text_overlays>.
