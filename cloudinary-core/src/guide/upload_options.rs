//! All options of an upload.
//!
//! [`UploadOptions`](crate::UploadOptions) has a setter for each option of the service, and hands it on in the form it
//! is sent. The same value serves an upload from the server, [from the browser](super::direct_upload), an [explicit
//! call](super::refresh), a preset, and the field of a form. A value that can never work is remembered, and
//! [`check`](crate::UploadOptions::check) or the upload itself reports it, before anything is sent:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{Error, UploadOptions};
//!
//! let options = UploadOptions::new().tags(["one,two"]);
//! assert!(matches!(options.check(), Err(Error::InvalidParameter { parameter, .. }) if parameter == "tags"));
//! # Ok(()) }) }
//! ```
//!
//! # The file
//!
//! It is no option but an [`UploadSource`](crate::UploadSource): a path, bytes, a reader or stream, a data URI, or an
//! `http`, `https`, `ftp`, `s3` or `gs` URL; see [chapter 3](super::data_sources).
//!
//! # Its name and place
//!
//! `public_id`, `public_id_prefix`, `folder`, `use_filename`, `unique_filename`, `overwrite` and `invalidate` are in
//! chapters [2](super::public_ids) and [10](super::update_and_delete). `filename_override` gives the file another name,
//! and `discard_original_filename` forgets it; it matters for delivery as an attachment. Where folders are not part of
//! the public id, `asset_folder` and `display_name` say where and how the media library shows it.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().filename_override("holiday.jpg").use_filename(true).unique_filename(false);
//! let done = cld.upload(Path::new("my_picture.jpg"), &options).await?;
//! assert_eq!((done.public_id.as_str(), done.original_filename.as_deref()), ("holiday", Some("holiday")));
//!
//! let options = UploadOptions::new().discard_original_filename(true);
//! assert_ne!(cld.upload(Path::new("my_picture.jpg"), &options).await?.original_filename.as_deref(), Some("my_picture"));
//! # Ok(()) }) }
//! ```
//!
//! # What is known of it
//!
//! `tags` are in [chapter 13](super::tags). `context` keeps up to 1000 texts by their keys, which the Admin API tells,
//! and `metadata` the values of fields that the account defines.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let context = [("alt", "My image"), ("caption", "Profile Photo")];
//! let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().context(context)).await?;
//! assert_eq!(done.context_text("caption"), Some("Profile Photo"));
//!
//! let details = cld.admin().resource(done.asset()?).await?;
//! assert_eq!(details.context_texts()["alt"], "My image");
//! # Ok(()) }) }
//! ```
//!
//! # Its format
//!
//! `format` converts the image before it is stored. `allowed_formats` refuses files of other formats, by what they are
//! and not by their names; by default all are taken. With both, a file of another format is converted, not refused.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{ApiErrorKind, UploadOptions};
//!
//! let picture = Path::new("animation.gif");
//! let options = UploadOptions::new().allowed_formats(["jpg", "png"]);
//! let error = cld.upload(picture, &options).await.unwrap_err();
//! assert_eq!(error.api_kind(), Some(ApiErrorKind::BadRequest));
//!
//! let done = cld.upload(picture, &options.format("jpg")).await?;
//! assert_eq!(done.format.as_deref(), Some("jpg"));
//! # Ok(()) }) }
//! ```
//!
//! # What is made of it
//!
//! [`incoming`](crate::UploadOptions::incoming) is the service's `transformation`, in [chapter
//! 6](super::incoming_transformations); `eager` is in [chapter 7](super::eager_transformations), `eager_async` and
//! `eager_notification_url` in [chapter 15](super::notifications). `responsive_breakpoints` finds the widths at which
//! an image is worth making:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//! use cloudinary_core::upload::BreakpointSettings;
//!
//! let settings = BreakpointSettings::new().create_derived(true).min_width(100).max_width(400).bytes_step(10_000).max_images(4);
//! let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().responsive_breakpoints([settings])).await?;
//! let widths: Vec<u32> = done.responsive_breakpoints[0].breakpoints.iter().map(|point| point.width).collect();
//! assert!(widths.is_sorted_by(|a, b| a > b) && widths.first() == Some(&400), "{widths:?}");
//! # Ok(()) }) }
//! ```
//!
//! # Who may see it
//!
//! [`resource_type`](crate::UploadOptions::resource_type) is image, raw, video or automatic, in [chapter
//! 9](super::raw_files). [`delivery_type`](crate::UploadOptions::delivery_type), the service's `type`, is `upload` for
//! everybody; of a `private` image everybody sees derived versions, and who has a signed URL the original; of an
//! `authenticated` one every version needs a signature.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{DeliveryType, UploadOptions};
//!
//! let options = UploadOptions::new().delivery_type(DeliveryType::Authenticated);
//! let hidden = cld.upload(Path::new("my_picture.jpg"), &options).await?.asset()?;
//! let image = cld.image(&hidden);
//! # assert_eq!(get(&image.url()?).await?.0, 401);
//! # assert_eq!(get(&image.signed_url()?).await?.0, 200);
//! assert!(image.signed_url()?.contains("/s--"));
//! # Ok(()) }) }
//! ```
//!
//! `access_control` opens or closes it by rules and dates. `headers` are sent along when it is delivered; `Link` and
//! `X-Robots-Tag` are allowed:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().headers(["X-Robots-Tag: noindex"]);
//! let done = cld.upload(Path::new("my_picture.jpg"), &options).await?;
//! # assert!(get(&done.url).await?.1.contains("x-robots-tag: noindex"));
//! # Ok(()) }) }
//! ```
//!
//! # How it is done
//!
//! `notification_url` and [`in_background`](crate::UploadOptions::in_background), the service's `async`, are in
//! [chapter 15](super::notifications); `return_delete_token` is in [chapter 10](super::update_and_delete). `callback`
//! is for browsers that post a form: the answer redirects there, with the result in its query; for a script's request
//! it is ignored. `backup` keeps a copy from which a deleted asset can be restored, whatever the account's default is:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//! use cloudinary_core::admin::RestoredAsset;
//!
//! cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().public_id("precious").backup(true)).await?;
//! cld.admin().delete_resources(["precious"]).await?;
//! let restored = cld.admin().restore(["precious"]).await?;
//! assert!(matches!(restored.assets["precious"], RestoredAsset::Back(_)));
//! # Ok(()) }) }
//! ```
//!
//! # What is found out
//!
//! `faces`, `exif`, `colors`, `image_metadata`, `media_metadata` and `phash` are in [chapter 8](super::semantic_data);
//! `quality_analysis`, `accessibility_analysis` and `cinemagraph_analysis` rate it.
//!
//! # What you know better
//!
//! `face_coordinates` replace the faces that would be found, for gravities `face` and `faces`; `custom_coordinates` are
//! the interesting part, for gravity `custom`. All are `[x, y, width, height]` in pixels, from the top left.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Crop, Gravity, Transformation, UploadOptions};
//!
//! let options = UploadOptions::new()
//!     .public_id("group")
//!     .face_coordinates([[10, 20, 150, 130], [213, 345, 82, 61]])
//!     .custom_coordinates([85, 120, 220, 310])
//!     .faces(true);
//! let done = cld.upload(Path::new("sample.jpg"), &options).await?;
//! assert_eq!(done.faces, Some(vec![vec![10, 20, 150, 130], vec![213, 345, 82, 61]]));
//!
//! let part = Transformation::new().crop(Crop::Crop).gravity(Gravity::Custom);
//! let part = cld.image("group").transform(part).format("jpg");
//! # assert_eq!(get(&part.url()?).await?.0, 200);
//! println!("{}", part.url()?); // 220 × 310 pixels
//! # Ok(()) }) }
//! ```
//!
//! # Moderation
//!
//! With [`moderation`](crate::UploadOptions::moderation) `manual` an image waits in a queue until somebody approves or
//! rejects it, in the media library or by the Admin API. Add-ons, as `webpurify`, decide by themselves.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().public_id("visitors/1").moderation("manual");
//! let done = cld.upload(Path::new("my_picture.jpg"), &options).await?;
//! assert_eq!(done.moderation[0].status, "pending");
//!
//! let waiting = cld.admin().resources_by_moderation("manual", "pending").await?;
//! assert_eq!(waiting.resources[0].public_id, "visitors/1");
//! let details = cld.admin().update("visitors/1").moderation_status("approved").await?;
//! assert_eq!(details.moderation[0].status, "approved");
//! # Ok(()) }) }
//! ```
//!
//! # Add-ons
//!
//! `raw_convert` turns office documents into PDF, `categorization`, `detection` and `ocr` say what is in an image,
//! `auto_tagging` makes tags of that from a confidence of 0.0 to 1.0, and `background_removal` cuts out its subject.
//! They need a subscription; a name that is none is refused:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::{Error, UploadOptions};
//!
//! let options = UploadOptions::new().raw_convert("illegal");
//! let error = cld.upload(Path::new("my_picture.jpg"), &options).await.unwrap_err();
//! assert!(matches!(&error, Error::Api { message, status: 400, .. } if message == "Raw convert is invalid"), "{error}");
//!
//! let options = UploadOptions::new().categorization("google_tagging").auto_tagging(1.5);
//! assert!(options.check().is_err()); // no confidence
//! # Ok(()) }) }
//! ```
//!
//! # Presets
//!
//! [`upload_preset`](crate::UploadOptions::upload_preset) names options that the account keeps, managed by the Admin
//! API or in the console. What the request says itself wins over them, but in an unsigned upload, where they win.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use std::path::Path;
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().tags(["album"]).folder("albums").allowed_formats(["jpg"]);
//! let preset = cld.admin().create_upload_preset(&options).name("album").await?;
//! let done = cld.upload(Path::new("my_picture.jpg"), &UploadOptions::new().upload_preset("album")).await?;
//! assert_eq!(done.tags, ["album"]);
//! assert!(done.public_id.starts_with("albums/"));
//! cld.admin().delete_upload_preset("album").await?;
//! # Ok(()) }) }
//! ```
//!
//! # What has no setter
//!
//! [`param`](crate::UploadOptions::param) sets any option by the service's name, in the form it is sent. A name that is
//! not among [`UPLOAD_PARAMETERS`](crate::upload::UPLOAD_PARAMETERS) is an error, with a guess at what was meant.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::UploadOptions;
//!
//! let options = UploadOptions::new().param("public_id", "sample")?;
//! let error = options.param("publc_id", "sample").unwrap_err();
//! assert_eq!(error.to_string(), "unknown option \"publc_id\"; did you mean \"public_id\"?");
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/image_upload_api_reference#upload>.
