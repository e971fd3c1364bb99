//! Who a visitor is: nobody by name, but the same browser from one page to the next.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};
use cloudinary_axum::UploadPolicy;
use cloudinary_core::Cloudinary;
use http::request::Parts;
use rand::Rng as _;
use sha2::{Digest as _, Sha512};

/// The cookie's name.
const COOKIE: &str = "visitor";

/// A visitor's random number, in the request once the cookie is read.
#[derive(Debug, Clone)]
pub(crate) struct Visitor(String);

/// Everybody may add photos; a photo that somebody's browser has uploaded is theirs to add, and nobody else's.
#[derive(Debug)]
pub(crate) struct Visitors;

impl UploadPolicy for Visitors {
    fn subject(&self, request: &Parts) -> Option<String> {
        request.extensions.get::<Visitor>().map(|visitor| visitor.0.clone())
    }
}

/// Cookies are signed with a key made from the API secret, so that they outlive a restart.
pub(crate) fn key(cld: &Cloudinary) -> Key {
    let secret = cld.config().api_secret.as_ref().map_or("", |secret| secret.expose());
    Key::from(&Sha512::new().chain_update("photo album: visitors").chain_update(secret).finalize())
}

/// Reads the visitor's cookie, or sets one.
pub(crate) async fn identify(State(key): State<Key>, mut request: Request, next: Next) -> Response {
    let jar = SignedCookieJar::from_headers(request.headers(), key);
    if let Some(cookie) = jar.get(COOKIE) {
        request.extensions_mut().insert(Visitor(cookie.value().to_owned()));
        return next.run(request).await;
    }
    let visitor = format!("{:032x}", rand::rng().random::<u128>());
    request.extensions_mut().insert(Visitor(visitor.clone()));
    let cookie = Cookie::build((COOKIE, visitor)).path("/").http_only(true).same_site(SameSite::Lax);
    (jar.add(cookie), next.run(request).await).into_response()
}
