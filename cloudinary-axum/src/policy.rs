//! Who may upload: the app's own rules.

use std::fmt;
use std::time::Duration;

use cloudinary_core::client::BoxFuture;
use http::StatusCode;
use http::request::Parts;

/// The app's rules of who may upload what, and how often.
///
/// ```
/// use cloudinary_axum::{Attempt, Denied, UploadPolicy};
/// use cloudinary_core::client::BoxFuture;
///
/// #[derive(Debug)]
/// struct Members;
///
/// impl UploadPolicy for Members {
///     fn subject(&self, request: &http::request::Parts) -> Option<String> {
///         // Whatever a session layer has put there.
///         request.extensions.get::<String>().cloned()
///     }
///
///     fn authorize<'a>(&'a self, attempt: &'a Attempt<'a>) -> BoxFuture<'a, Result<(), Denied>> {
///         Box::pin(async move {
///             if attempt.subject.is_none() { return Err(Denied::forbidden("Log in to add photos.")); }
///             Ok(()) // Count uploads of the subject here, and deny with `Denied::too_many`.
///         })
///     }
/// }
/// ```
pub trait UploadPolicy: fmt::Debug + Send + Sync + 'static {
    /// Who asks, as the app knows visitors: the id of a user, or of a session. A ticket is good for the same subject
    /// only. Default: nobody in particular; then whoever has the page has the ticket.
    fn subject(&self, request: &Parts) -> Option<String> {
        let _ = request;
        None
    }

    /// Whether they may. Asked before a field is signed, before a file is stored, and before a direct upload is completed.
    /// Default: yes.
    fn authorize<'a>(&'a self, attempt: &'a Attempt<'a>) -> BoxFuture<'a, Result<(), Denied>> {
        let _ = attempt;
        Box::pin(async { Ok(()) })
    }
}

/// What somebody is about to do.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// Who, as [`UploadPolicy::subject`] told.
    pub subject: Option<&'a str>,
    /// The name of the field, or of the profile.
    pub field: &'a str,
    /// What.
    pub intent: Intent,
}

/// The steps that a policy is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Intent {
    /// A field is rendered, or a profile signed, so that the browser can upload with it.
    Sign,
    /// A file came with a form and is to be stored. The place to count against a quota: once a file.
    Store,
    /// A file that the browser has uploaded is to be accepted. Once a file, too.
    Complete,
}

/// Why somebody may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) retry_after: Option<Duration>,
}

impl Denied {
    /// Not this visitor; 403. The words are for them to read.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, message: message.into(), retry_after: None }
    }

    /// Not so often, or not so much; 429. The words are for them to read.
    pub fn too_many(message: impl Into<String>, retry_after: Duration) -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, message: message.into(), retry_after: Some(retry_after) }
    }
}

/// Anybody may.
#[derive(Debug, Clone, Copy, Default)]
pub struct Anybody;

impl UploadPolicy for Anybody {}
