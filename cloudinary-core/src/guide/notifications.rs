//! Work in the background, and hearing of its end.
//!
//! By default an upload answers when all is done: the file is stored, and its eager versions are made.
//!
//! # Eager versions after the answer
//!
//! [`eager_async`](crate::UploadOptions::eager_async) makes them after the answer, and
//! [`eager_notification_url`](crate::UploadOptions::eager_notification_url) is told when they are ready. Until then the
//! answer's versions have the status `processing`.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! # let mysite = format!("http://{}", listener.local_addr()?);
//! use std::path::Path;
//! use cloudinary_core::{Crop, Gravity, Transformation, UploadOptions};
//!
//! let face = Transformation::new().width(150).height(100).crop(Crop::Thumb).gravity(Gravity::Face);
//! let options = UploadOptions::new()
//!     .eager([face])
//!     .eager_async(true)
//!     .eager_notification_url(format!("{mysite}/my_notification_endpoint"));
//! let done = cld.upload(Path::new("sample.jpg"), &options).await?;
//! assert_eq!(done.eager[0].status.as_deref(), Some("processing"));
//! # let (head, body) = received(&listener).await?;
//! # assert!(head.starts_with("post /my_notification_endpoint "), "{head}");
//! # let told: serde_json::Value = serde_json::from_slice(&body)?;
//! # assert_eq!((&told["notification_type"], &told["eager"][0]["width"]), (&"eager".into(), &150.into()));
//! # Ok(()) }) }
//! ```
//!
//! # Being told of uploads
//!
//! [`notification_url`](crate::UploadOptions::notification_url) is told when the upload itself is done: good to know of
//! what [browsers upload](super::direct_upload) without your server. It may name several URLs, with spaces between
//! them.
//!
//! The service sends a POST with JSON, which is the upload's answer with a `notification_type`, and signs it. Verify
//! that before you believe it: anybody can post to your URL.
//! [`signing::verify_notification`](crate::signing::verify_notification) takes the body as it came, and the headers
//! `X-Cld-Timestamp` and `X-Cld-Signature`.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! # let mysite = format!("http://{}", listener.local_addr()?);
//! use std::path::Path;
//! use cloudinary_core::signing::{NOTIFICATION_WINDOW_SECONDS, verify_notification};
//! use cloudinary_core::{UploadOptions, UploadResponse};
//!
//! let options = UploadOptions::new().notification_url(format!("{mysite}/my_notification_endpoint"));
//! let done = cld.upload(Path::new("my_picture.jpg"), &options).await?;
//!
//! // What your handler of POST /my_notification_endpoint receives, and how it checks that.
//! # let (head, body) = received(&listener).await?;
//! # let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
//! # let (timestamp, signature) = (header("x-cld-timestamp:").parse::<i64>()?, header("x-cld-signature:"));
//! # let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs() as i64;
//! let secret = cld.config().require_api_secret()?;
//! verify_notification(&body, timestamp, signature, secret, now, NOTIFICATION_WINDOW_SECONDS)?;
//! let told: UploadResponse = serde_json::from_slice(&body)?;
//! assert_eq!((told.public_id.as_str(), &told.more["notification_type"]), (done.public_id.as_str(), &"upload".into()));
//! # Ok(()) }) }
//! ```
//!
//! A notification is accepted for two hours by its timestamp. The service repeats one that was not answered with 200,
//! after about three, six and nine minutes: so answer soon, and expect the same one twice. A URL for all events of a
//! kind, whoever causes them, is a [trigger](crate::admin::Admin::create_trigger).
//!
//! # The upload itself in the background
//!
//! With [`in_background`](crate::UploadOptions::in_background) the service answers as soon as it has the file, with a
//! status and a `batch_id` that the notification has too.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! # let mysite = format!("http://{}", listener.local_addr()?);
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().in_background(true).notification_url(format!("{mysite}/stored"));
//! let started = cld.upload(Path::new("my_picture.jpg"), &options).await?;
//! assert_eq!((started.status.as_deref(), started.version), (Some("pending"), 0));
//! # let (_, body) = received(&listener).await?;
//! # let told: serde_json::Value = serde_json::from_slice(&body)?;
//! # assert_eq!(told["public_id"], started.public_id.as_str());
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/notifications> and
//! <https://cloudinary.com/documentation/notification_signatures>.
