//! Films made of stored images and films.

use serde_json::Value as Json;

use super::Eager;
use super::action::required;
use super::{UploadOptions, ascii_json};
use crate::answer::StartedJob;
use crate::client::{Call, Cloudinary, Params, Repeat, Request, request};
use crate::error::Result;
use crate::transformation::Transformation;

/// What a slideshow shows.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SlideshowManifest {
    /// Slides, times and sizes as JSON.
    Json(Json),
    /// The same as a transformation: `fn_render:…`, with variables for the slides.
    Transformation(Transformation),
}

impl From<Json> for SlideshowManifest {
    fn from(manifest: Json) -> Self {
        Self::Json(manifest)
    }
}

impl From<Transformation> for SlideshowManifest {
    fn from(manifest: Transformation) -> Self {
        Self::Transformation(manifest)
    }
}

impl From<&Transformation> for SlideshowManifest {
    fn from(manifest: &Transformation) -> Self {
        Self::Transformation(manifest.clone())
    }
}

request! {
    /// A call that makes a film of images and films; `.await` it. Made by [`Cloudinary::create_slideshow`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#create_slideshow>.
    pub struct CreateSlideshow -> StartedJob;

    /// A URL to notify when it is made. Default: the account's.
    notification_url: text => "notification_url",
    /// Whether to replace an asset with the same public id. Default: true.
    overwrite: switch => "overwrite",
    /// A preset of the account.
    upload_preset: text => "upload_preset",
    /// The tags of the film.
    tags: csv => "tags",
}

impl CreateSlideshow {
    /// The id to store it under. Default: random.
    pub fn public_id(self, public_id: impl Into<String>) -> Self {
        let public_id = public_id.into();
        // Made twice under one id it is one film.
        Self(self.0.set("public_id", public_id).edit(|call| call.repeat = Repeat::Safe))
    }

    /// What is done to the film: a size, and effects. Default: nothing.
    pub fn transformation(self, transformation: impl Into<Eager>) -> Self {
        Self(self.0.try_set("transformation", text(transformation.into()).map(Json::from)))
    }
}

impl Cloudinary {
    /// Makes a film of stored images and films. The work goes on after the answer, which `.await` gives.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for an empty manifest or a broken transformation; [`Error::MissingConfig`](crate::Error::MissingConfig) without key
    /// or secret; [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use serde_json::json;
    /// let manifest = json!({"w": 848, "h": 480, "du": 6, "vars": {"slides": [{"media": "i:beach"}, {"media": "i:dunes"}]}});
    /// let job = cld.create_slideshow(manifest).public_id("summer").await?;
    /// assert_eq!(job.status, "processing");
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_slideshow(&self, manifest: impl Into<SlideshowManifest>) -> CreateSlideshow {
        CreateSlideshow(Request::checked(self, call(manifest.into())))
    }
}

fn call(manifest: SlideshowManifest) -> Result<Call> {
    let (name, text) = match manifest {
        SlideshowManifest::Json(Json::String(text)) => ("manifest_json", text),
        SlideshowManifest::Json(Json::Null) => ("manifest_json", String::new()),
        SlideshowManifest::Json(json) => ("manifest_json", ascii_json(&json)),
        SlideshowManifest::Transformation(transformation) => ("manifest_transformation", text(transformation.into())?),
    };
    required(name, &text)?;
    let params = Params::from_iter([(name.to_owned(), text.into())]);
    Ok(Call::upload_api("video", "create_slideshow", params).repeat(Repeat::IfRefused))
}

fn text(transformation: Eager) -> Result<String> {
    let options = UploadOptions::new().eager([transformation]);
    options.check()?;
    Ok(options.get("eager").unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn manifests() {
        let render = Transformation::new().raw("fn_render:w_5");
        for (manifest, expected) in [
            (json!({"w": 848, "é": [1]}).into(), Ok(("manifest_json", r#"{"w":848,"\u00e9":[1]}"#))),
            (render.into(), Ok(("manifest_transformation", "fn_render:w_5"))),
            (Json::Null.into(), Err("manifest_json: \"\"")),
            (Transformation::new().into(), Err("manifest_transformation: \"\"")),
            (Transformation::new().width(f64::NAN).into(), Err("w: \"NaN\"")),
        ] {
            let manifest: SlideshowManifest = manifest;
            match (call(manifest), expected) {
                (Ok(call), Ok((name, text))) => assert_eq!(call.params[name], text),
                (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
                (found, expected) => panic!("{expected:?}: {:?}", found.map(|call| call.params)),
            }
        }
    }
}
