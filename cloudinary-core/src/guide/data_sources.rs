//! Where the file comes from.
//!
//! A file is an [`UploadSource`](crate::UploadSource). A plain string is none: whether it is a path, a URL or the text
//! itself has to be said, so that what a visitor typed can never become a path of your server.
//!
//! # A path
//!
//! A [`Path`](std::path::Path) is read from disk while it is sent; nothing of it is held in memory.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new()).await?;
//! assert_eq!(done.original_filename.as_deref(), Some("my_picture"));
//! # Ok(()) }) }
//! ```
//!
//! # A reader, a stream, or bytes
//!
//! Anything that can be read asynchronously will do, with the file name to send along. If you know its length, say so:
//! it is then sent in one request. Otherwise it goes in chunks, one of which is in memory at a time.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{UploadOptions, UploadSource};
//!
//! let file = tokio::fs::File::open("my_picture.jpg").await?;
//! let length = file.metadata().await?.len();
//! let source = UploadSource::reader("my_picture.jpg", file).with_length(length);
//! cld.upload(source, &UploadOptions::new()).await?;
//!
//! let bytes = tokio::fs::read("my_picture.jpg").await?;
//! let done = cld.upload(UploadSource::bytes("from_memory.jpg", bytes), &UploadOptions::new()).await?;
//! assert_eq!(done.original_filename.as_deref(), Some("from_memory"));
//! # Ok(()) }) }
//! ```
//!
//! [`UploadSource::stream`](crate::UploadSource::stream) takes a stream of bytes, and
//! [`UploadSource::data_uri`](crate::UploadSource::data_uri) what a canvas of a browser gives.
//!
//! # A URL
//!
//! What is on the web already need not pass through your server: the service fetches it. This is the quick way to move
//! many images from elsewhere.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # cld.upload(Path::new("my_picture.jpg"), &cloudinary_core::UploadOptions::new().public_id("elsewhere")).await?;
//! use cloudinary_core::{UploadOptions, UploadSource};
//!
//! let url = cld.image("elsewhere").format("jpg").url()?; // any http or https URL
//! let done = cld.upload(UploadSource::remote(url)?, &UploadOptions::new()).await?;
//! assert_eq!(done.width, Some(451));
//! # Ok(()) }) }
//! ```
//!
//! What cannot be fetched is an error that says why:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{UploadOptions, UploadSource};
//!
//! let nothing = UploadSource::remote(format!("{}/local/image/upload/nothing.jpg", server.url()))?;
//! let error = cld.upload(nothing, &UploadOptions::new()).await.unwrap_err();
//! assert!(error.to_string().contains("Error in loading http"), "{error}");
//! # Ok(()) }) }
//! ```
//!
//! # A bucket
//!
//! Files in an S3 bucket of yours go by their `s3` URL. The service must be allowed to read the bucket, which is set up
//! with its support once. `gs` URLs are the same for Google's storage.
//!
//! ```no_run
//! // Only the service itself can be given access to a bucket.
//! # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
//! use cloudinary_core::{UploadOptions, UploadSource};
//!
//! cld.upload(UploadSource::remote("s3://my-bucket/my-path/my-file.jpg")?, &UploadOptions::new()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # A file of a web form
//!
//! A file that a visitor sends to your server arrives as a stream: hand it on as it comes. The crate `cloudinary-axum`
//! does that for the fields of a form, with limits of size and format; by hand it is a stream like any other.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{UploadOptions, UploadSource};
//! use futures_util::stream;
//!
//! // What a multipart field gives: a name, and pieces of bytes as they arrive.
//! # let photo = std::fs::read("my_picture.jpg")?;
//! # let pieces: Vec<Result<Vec<u8>, std::io::Error>> = photo.chunks(1000).map(|piece| Ok(piece.to_vec())).collect();
//! let (filename, field) = ("my_picture.jpg", stream::iter(pieces));
//! let done = cld.upload(UploadSource::stream(filename, field), &UploadOptions::new()).await?;
//! assert_eq!(done.format.as_deref(), Some("jpg"));
//! # Ok(()) }) }
//! ```
//!
//! # Many files
//!
//! [`Cloudinary::upload_many`](crate::Cloudinary::upload_many) uploads several, a few at a time, and gives each result
//! as it comes.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{UploadOptions, UploadSource};
//! use futures_util::StreamExt as _;
//!
//! let names = ["my_picture.jpg", "sample.jpg", "couple.jpg"];
//! let items = names.map(|name| (UploadSource::path(name), UploadOptions::new().folder("album")));
//! let mut results = cld.upload_many(items, 2);
//! while let Some((item, result)) = results.next().await {
//!     println!("{}: {}", names[item], result?.asset()?);
//! }
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/upload_parameters#required_file_parameter>.
