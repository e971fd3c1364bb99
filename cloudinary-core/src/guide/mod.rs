//! A guide for newcomers: uploading images and other files, looking at them, changing and deleting them.
//!
//! It is to be read in order; every chapter says what happens, which options and limits there are, and what can go
//! wrong. All samples are compiled and run, against the media server of the crate `cloudinary-local`, which stands in
//! for the service; where that cannot answer, the sample says so.
//!
//! # What the service is
//!
//! The service stores images, videos and any other files, keeps them safe, makes other sizes and formats of them when
//! they are first asked for, and delivers all of it from caches near the visitor. An app uploads through the Upload
//! API, from its server or straight from the visitor's browser, or lets the service fetch what is on the web already.
//! What an app keeps is a short text for each file, an [`AssetRef`](crate::AssetRef).
//!
//! # Before the first upload
//!
//! The client needs the name of your cloud, and for most calls its API key and secret. They are one text, which the
//! service's console shows:
//!
//! ```
//! use cloudinary_core::{Cloudinary, Config};
//!
//! // The value of the environment variable CLOUDINARY_URL; Cloudinary::from_env() reads it there.
//! let config = Config::from_url("cloudinary://key:secret@demo")?;
//! let cld = Cloudinary::new(config)?;
//! assert_eq!(cld.config().cloud_name, "demo");
//! # Ok::<(), cloudinary_core::Error>(())
//! ```
//!
//! [`Cloudinary`](crate::Cloudinary) is cheap to clone: keep one in the state of your app. The secret stays on the
//! server; nothing of this crate prints it or puts it into a page.
//!
//! # The chapters
//!
//! 1. [`server_side_upload`]: the first upload, and what its answer says
//! 2. [`public_ids`]: what a file is called
//! 3. [`data_sources`]: paths, readers, bytes, URLs, buckets, and the files of a web form
//! 4. [`models_and_forms`]: the column of a table, the fields of a form, the image in a page
//! 5. [`direct_upload`]: from the browser, signed or with a preset, with previews and progress
//! 6. [`incoming_transformations`]: changing an image before it is stored
//! 7. [`eager_transformations`]: other versions of it, made at once or when they are first asked for
//! 8. [`semantic_data`]: faces, colours, the camera's data
//! 9. [`raw_files`]: files that are no images
//! 10. [`update_and_delete`]: deleting, replacing, and what caches still have
//! 11. [`refresh`]: applying options to what is stored already
//! 12. [`rename`]: another public id
//! 13. [`tags`]: finding assets again, and putting them together
//! 14. [`text`]: images of text, and text on images
//! 15. [`notifications`]: work in the background, and hearing of its end
//! 16. [`upload_options`]: all options of an upload, each with an example
//! 17. [`when_it_fails`]: errors, repeats, large files and resuming
//!
//! It follows <https://cloudinary.com/documentation/django_image_and_video_upload>.

pub mod data_sources;
pub mod direct_upload;
pub mod eager_transformations;
pub mod incoming_transformations;
pub mod models_and_forms;
pub mod notifications;
pub mod public_ids;
pub mod raw_files;
pub mod refresh;
pub mod rename;
pub mod semantic_data;
pub mod server_side_upload;
pub mod tags;
pub mod text;
pub mod update_and_delete;
pub mod upload_options;
pub mod when_it_fails;
