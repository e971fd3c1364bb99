//! Tags.
//!
//! A tag is a short text by which assets are found again: in the media library, with the Admin API and in searches. An
//! asset has up to 1000 of them, of 255 characters at most and without commas.
//!
//! # While uploading
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().public_id("sample_id").tags(["special", "for_homepage"]);
//! let done = cld.upload(Path::new("my_picture.jpg"), &options).await?;
//! assert_eq!(done.tags.len(), 2);
//! # Ok(()) }) }
//! ```
//!
//! # Afterwards
//!
//! A tag is added to, or taken from, up to 1000 assets in one call, all of one resource type and delivery type. The
//! answer names those that were there: an id that names nothing is left out, and is no error.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # use cloudinary_core::UploadOptions;
//! # cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().public_id("sample_id").tags(["special"])).await?;
//! let assets = ["sample_id", "de9wjix4hhnqpxixq6cw"];
//! let changed = cld.add_tag("another_tag", assets).await?;
//! assert_eq!(changed.public_ids, ["sample_id"]);
//! # assert_eq!(cld.admin().resource("sample_id").await?.tags, ["another_tag", "special"]);
//!
//! cld.remove_tag("another_tag", assets).await?;
//! # assert_eq!(cld.admin().resource("sample_id").await?.tags, ["special"]);
//! # Ok(()) }) }
//! ```
//!
//! Two calls put one state in place of another: [`replace_tag`](crate::Cloudinary::replace_tag) leaves a tag as the
//! only one, and [`remove_all_tags`](crate::Cloudinary::remove_all_tags) leaves none.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # use cloudinary_core::UploadOptions;
//! # cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().public_id("sample_id").tags(["a", "b"])).await?;
//! cld.replace_tag("another_tag", ["sample_id"]).await?;
//! # assert_eq!(cld.admin().resource("sample_id").await?.tags, ["another_tag"]);
//! cld.remove_all_tags(["sample_id"]).await?;
//! # assert!(cld.admin().resource("sample_id").await?.tags.is_empty());
//! # Ok(()) }) }
//! ```
//!
//! With [`exclusive`](crate::upload::AddTag::exclusive) a tag is taken from all other assets: one cover for all albums.
//!
//! # Finding them
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # use cloudinary_core::UploadOptions;
//! # cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().public_id("sample_id").tags(["for_homepage"])).await?;
//! use cloudinary_core::ResourceType;
//! use cloudinary_core::search::field;
//!
//! let page = cld.admin().resources_by_tag("for_homepage").await?;
//! assert_eq!(page.resources[0].public_id, "sample_id");
//! assert_eq!(cld.admin().tags(ResourceType::Image).await?.tags, ["for_homepage"]);
//!
//! // A search can ask for more. What was just stored may take seconds to be found.
//! let found = cld.search(field("tags").is("for_homepage").and(field("width").over(400))).await?;
//! assert_eq!(found.resources[0].public_id, "sample_id");
//! # Ok(()) }) }
//! ```
//!
//! [`Admin::delete_resources_by_tag`](crate::admin::Admin::delete_resources_by_tag) deletes all that have a tag.
//!
//! # Putting them together
//!
//! All images of a tag make one sprite, with a style sheet to show each; one animated GIF, film or PDF with a page for
//! each; or an archive to download.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # use cloudinary_core::UploadOptions;
//! # for (name, id) in [("my_picture.jpg", "cat"), ("sample.jpg", "portrait")] {
//! #     cld.upload(Path::new(name), &UploadOptions::new().public_id(id).tags(["logo"])).await?;
//! # }
//! use cloudinary_core::{Crop, Transformation};
//! use cloudinary_core::upload::{ArchiveOptions, ImageSet};
//!
//! let small = Transformation::new().width(50).height(50).crop(Crop::Fill);
//! let sprite = cld.generate_sprite(&ImageSet::tagged("logo").transformation(&small)).await?;
//! assert_eq!(sprite.image_infos["cat"].width, 50);
//! println!("<link rel=\"stylesheet\" href=\"{}\">", sprite.secure_css_url.as_deref().unwrap_or_default());
//!
//! let animation = cld.multi(&ImageSet::tagged("logo").transformation(&small)).await?;
//! # assert_eq!(&get(animation.url.as_deref().unwrap_or_default()).await?.2[..4], b"GIF8");
//! println!("{:?}", animation.secure_url); // .format("pdf") makes a document
//!
//! let archive = cld.create_zip(&ArchiveOptions::new().tags(["logo"])).await?;
//! assert_eq!(archive.file_count, Some(2));
//! let url = cld.download_zip_url(&ArchiveOptions::new().tags(["logo"]))?; // to be followed by a browser
//! # assert_eq!(&get(&url).await?.2[..2], b"PK");
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/tags> and
//! <https://cloudinary.com/documentation/image_upload_api_reference#tags>.
