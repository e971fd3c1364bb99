//! Applying options to what is stored.
//!
//! [`Cloudinary::explicit`](crate::Cloudinary::explicit) applies the options of an upload to an asset that is there
//! already, without its file.
//!
//! # Making versions of it
//!
//! For a version that was not thought of at the upload, and for accounts that make versions on explicit request only:
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # let options = cloudinary_core::UploadOptions::new().public_id("sample_id");
//! # cld.upload(Path::new("sample.jpg"), &options).await?;
//! use cloudinary_core::{AssetRef, Crop, Transformation, UploadOptions};
//!
//! let tall = Transformation::new().width(150).height(230).crop(Crop::Fill);
//! let asset = AssetRef::image("sample_id"); // an upload; an AssetRef says the delivery type too
//! let answer = cld.explicit(&asset, &UploadOptions::new().eager([tall])).await?;
//! assert_eq!((answer.eager[0].width, answer.eager[0].height), (150, 230));
//! # assert_eq!(get(&answer.eager[0].url).await?.0, 200);
//! # Ok(()) }) }
//! ```
//!
//! The same call sets tags, context and coordinates, and asks for faces or colours. What is given replaces what is
//! there; the rest stays.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! # use std::path::Path;
//! # let options = cloudinary_core::UploadOptions::new().public_id("sample_id").tags(["old"]);
//! # cld.upload(Path::new("sample.jpg"), &options).await?;
//! use cloudinary_core::{AssetRef, UploadOptions};
//!
//! let options = UploadOptions::new().context([("alt", "An astronaut")]).phash(true);
//! let answer = cld.explicit(AssetRef::image("sample_id"), &options).await?;
//! assert_eq!(answer.context_text("alt"), Some("An astronaut"));
//! assert_eq!(answer.tags, ["old"]);
//! assert!(answer.phash.is_some());
//! # Ok(()) }) }
//! ```
//!
//! # Pictures from social networks
//!
//! A profile picture of Facebook or Twitter can be delivered by the id of its owner, with the delivery types of that
//! name. The service keeps what it fetched; an explicit call fetches it anew. The answer has the new version, which
//! belongs into the URL so that no cache shows the old picture. Facebook goes by the number that your application knows
//! the person by.
//!
//! ```no_run
//! // Only the service fetches from social networks.
//! # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
//! use cloudinary_core::{AssetRef, DeliveryType, UploadOptions};
//!
//! let person = AssetRef::image("4").with_delivery_type(DeliveryType::Facebook);
//! let answer = cld.explicit(&person, &UploadOptions::new()).await?;
//! println!("{}", cld.image(&person).version(answer.version).url()?);
//! # Ok(())
//! # }
//! ```
//!
//! # What can go wrong
//!
//! An asset that is not there is [`ApiErrorKind::NotFound`](crate::ApiErrorKind::NotFound). Options that name another
//! asset than the call does are [`Error::InvalidParameter`](crate::Error::InvalidParameter), and nothing is sent.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide/wiring.rs"));
//! # fn main() -> Sample { run(async |server, cld| {
//! use cloudinary_core::{ApiErrorKind, AssetRef, Error, UploadOptions};
//!
//! let nobody = AssetRef::image("nobody");
//! let error = cld.explicit(&nobody, &UploadOptions::new()).await.unwrap_err();
//! assert_eq!(error.api_kind(), Some(ApiErrorKind::NotFound));
//! let error = cld.explicit(&nobody, &UploadOptions::new().public_id("somebody")).await.unwrap_err();
//! assert!(matches!(error, Error::InvalidParameter { .. }));
//! # Ok(()) }) }
//! ```
//!
//! It follows <https://cloudinary.com/documentation/image_upload_api_reference#explicit>.
