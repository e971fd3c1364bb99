//! Bearer tokens that expire.

use std::fmt;

use futures_util::future::BoxFuture;

use crate::config::Secret;
use crate::error::Result;

/// Where bearer tokens come from, for accounts that are reached by OAuth.
///
/// With a source the client sends `Authorization: Bearer …` in place of signatures. When the service refuses a token
/// with 401, the source is asked once for a newer one and the call is made again, a chunk of an upload too.
///
/// ```
/// use cloudinary_core::{Result, Secret};
/// use cloudinary_core::client::{BoxFuture, TokenSource};
///
/// #[derive(Debug)]
/// struct Login;
///
/// impl TokenSource for Login {
///     fn token<'a>(&'a self, refused: Option<&'a Secret>) -> BoxFuture<'a, Result<Secret>> {
///         Box::pin(async move {
///             // Ask the authorisation server here; keep the token until `refused` names it.
///             Ok(Secret::from(if refused.is_none() { "first" } else { "second" }))
///         })
///     }
/// }
/// ```
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// The token to send. `refused` is the one that the service has just refused; give another then.
    ///
    /// # Errors
    /// Whatever the source reports; the call ends with it.
    fn token<'a>(&'a self, refused: Option<&'a Secret>) -> BoxFuture<'a, Result<Secret>>;
}
