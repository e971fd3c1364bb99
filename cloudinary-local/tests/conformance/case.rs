//! A case, and how it ends.

use std::{any::Any, error::Error, fmt, panic::AssertUnwindSafe};

use cloudinary_core::{Answer, ApiErrorKind};
use futures_util::{FutureExt as _, future::LocalBoxFuture};

use crate::cloud::Cloud;

/// What a case gives: an error fails it, as a panic does, but for [`Skip`].
pub(crate) type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// A question, with what the real service answers to it.
pub(crate) struct Case {
    path: &'static str,
    run: fn(Cloud) -> LocalBoxFuture<'static, Outcome>,
}

pub(crate) enum End {
    Passed,
    Skipped(String),
    Failed(String),
}

impl Case {
    pub(crate) fn new(path: &'static str, run: fn(Cloud) -> LocalBoxFuture<'static, Outcome>) -> Self {
        Self { path, run }
    }

    /// `rename::takes_no_other_id`
    pub(crate) fn name(&self) -> &'static str {
        self.path.split_once("::").map_or(self.path, |(_, name)| name)
    }

    pub(crate) async fn ask(&self, cloud: Cloud) -> End {
        match AssertUnwindSafe((self.run)(cloud)).catch_unwind().await {
            Ok(Ok(())) => End::Passed,
            Ok(Err(error)) => match error.downcast::<Skip>() {
                Ok(skip) => End::Skipped(skip.0),
                Err(error) => End::Failed(error.to_string()),
            },
            Err(panicked) => End::Failed(words(&*panicked)),
        }
    }
}

/// What a panic said.
fn words(panicked: &(dyn Any + Send)) -> String {
    let text = panicked.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panicked.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}

/// Lists the cases of a file.
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        pub(crate) fn cases() -> Vec<$crate::case::Case> {
            vec![$($crate::case::Case::new(
                concat!(module_path!(), "::", stringify!($name)),
                |cloud| Box::pin($name(cloud)),
            )),*]
        }
    };
}
pub(crate) use cases;

/// Ends a case that the account cannot answer.
#[derive(Debug)]
pub(crate) struct Skip(String);

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Skip {}

/// The value, or a skip where the account may not do that: 403, or 420 for what it has not subscribed to.
pub(crate) fn allowed<T>(
    answer: cloudinary_core::Result<Answer<T>>,
) -> Result<Answer<T>, Box<dyn Error + Send + Sync>> {
    match answer {
        Err(error) if matches!(error.api_kind(), Some(ApiErrorKind::NotAllowed | ApiErrorKind::RateLimited)) => {
            Err(Skip(error.to_string()).into())
        }
        other => Ok(other?),
    }
}

/// Checks that the service refused: with this status, and words that have this in them.
#[track_caller]
pub(crate) fn refused<T: fmt::Debug>(answer: cloudinary_core::Result<Answer<T>>, status: u16, words: &str) {
    match answer {
        Err(cloudinary_core::Error::Api { status: found, message, .. }) => {
            assert!(
                found == status && message.to_lowercase().contains(&words.to_lowercase()),
                "expected {status} {words:?}, found {found} {message:?}"
            );
        }
        other => panic!("expected {status} {words:?}, found {other:?}"),
    }
}
