//! Signatures for upload widgets that are not ours: Cloudinary's Upload Widget, Uppy, FilePond.
//!
//! Such a widget asks the app's server for a signature. Signing whatever parameters it sends would let anybody store
//! anything, over any id; so a request names a *profile*, and what is signed comes from the server's own declaration of
//! it, with a ticket beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, Path, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use axum::{Json, Router};
use cloudinary_core::SignedUpload;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use serde::Serialize;

use crate::form::{FileField, Rendering};
use crate::policy::Intent;
use crate::uploads::Uploads;

/// The answer: where to post a file, with which fields, and the ticket to send along with the form that keeps the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Signature {
    /// Where to post the file.
    pub url: String,
    /// The form fields to post with it, `signature`, `timestamp` and `api_key` among them. All of them, as they are.
    pub fields: BTreeMap<&'static str, String>,
    /// The name of the field that holds the file afterwards.
    pub field: String,
    /// Goes into the input `{field}.ticket` of the form that keeps the file.
    pub ticket: String,
}

/// A router with one route, `POST /{profile}`, that signs uploads. The fields are the profiles, by their names; their
/// options may depend on the request ([`FileField::options_for`]). Nothing of the request is signed.
///
/// The [policy](crate::UploadPolicy) is asked with the name of the profile. Put the app's CSRF layer around it, as around
/// every route that a cookie opens.
///
/// In Cloudinary's Upload Widget, use it from `prepareUploadParams`; in Uppy's XHR or AWS-like plugins and in FilePond's
/// `server.process`, ask for it before each file and post the file with all `fields` to `url`.
///
/// ```
/// use cloudinary_axum::{FileField, Uploads, sign};
/// use cloudinary_core::{Cloudinary, Config};
/// # fn example() -> cloudinary_core::Result<()> {
/// let uploads = Uploads::new(Cloudinary::new(Config::new("demo").credentials("key", "secret"))?);
/// let app: axum::Router = axum::Router::new()
///     .nest("/sign", sign::router([FileField::new("avatar").formats(["jpg", "png"])]))
///     .with_state(uploads);
/// # Ok(())
/// # }
/// ```
///
/// Follows <https://cloudinary.com/documentation/upload_widget#signed_uploads>.
pub fn router<S>(profiles: impl IntoIterator<Item = FileField>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Uploads: FromRef<S>,
{
    let profiles: Arc<Vec<FileField>> = Arc::new(profiles.into_iter().collect());
    let sign: MethodRouter<S> =
        post(async move |axum::extract::State(state): axum::extract::State<S>, request: Request| {
            answer(&Uploads::from_ref(&state), &profiles, request).await
        });
    Router::new().route("/{profile}", sign)
}

async fn answer(uploads: &Uploads, profiles: &[FileField], request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(Path(name)) = Path::<String>::from_request_parts(&mut parts, &()).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(profile) = profiles.iter().find(|profile| profile.name == name) else {
        return (StatusCode::NOT_FOUND, "There is no such upload profile.").into_response();
    };
    let profile = profile.clone().resolved(&parts);
    let subject = uploads.subject(&parts);
    if let Err(denied) = uploads.authorize(subject.as_deref(), &profile.name, Intent::Sign).await {
        return denied.into_response();
    }
    let rendering = Rendering::of(&profile, uploads, subject.as_deref());
    let options = rendering.options();
    let signed: SignedUpload = match SignedUpload::new(uploads.client().config(), &options, uploads.now()) {
        Ok(signed) => signed,
        Err(error) => {
            tracing::error!(%error, profile = name, "an upload cannot be signed");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let signature = Signature {
        url: signed.url,
        fields: signed.fields.into_iter().collect(),
        field: profile.name.to_string(),
        ticket: rendering.ticket(),
    };
    let mut response = Json(signature).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
