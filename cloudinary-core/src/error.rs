//! What can go wrong, in words that name the thing and the remedy.

use std::fmt;

use crate::call_info::CallInfo;
use crate::upload::ResumePoint;

/// The result of every fallible call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything this crate can report.
///
/// No message ever contains the API secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The configuration cannot be used as it is.
    #[error("{0}")]
    Config(String),

    /// A value that the call needs is not configured.
    #[error("no {name} is configured; set it in CLOUDINARY_URL=cloudinary://key:secret@cloud_name or on Config")]
    MissingConfig {
        /// `cloud_name`, `api_key` or `api_secret`.
        name: &'static str,
    },

    /// A parameter has a value that can never work.
    #[error("{parameter}: {value:?} cannot be used; {remedy}")]
    InvalidParameter {
        /// The parameter, by the service's own name.
        parameter: String,
        /// The value as it was given, cut to a readable length.
        value: String,
        /// What would be accepted.
        remedy: String,
    },

    /// An option this crate does not know.
    #[error("unknown option {name:?}{}", nearest.as_ref().map(|n| format!("; did you mean {n:?}?")).unwrap_or_default())]
    UnknownOption {
        /// The option as it was given.
        name: String,
        /// The known name that is most like it, when one is close.
        nearest: Option<String>,
    },

    /// A stored or posted asset reference cannot be read.
    #[error("{value:?} is not an asset reference: {reason}")]
    InvalidAsset {
        /// The value, cut to a readable length.
        value: String,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// A signature is not the one we would have made.
    #[error("the signature of the {what} does not match; it was altered, or signed with another secret")]
    SignatureMismatch {
        /// `asset`, `response` or `notification`.
        what: &'static str,
    },

    /// A signed message is too old, or from the future.
    #[error(
        "the notification was signed {age_seconds} seconds ago; only up to {limit_seconds} seconds either way is accepted"
    )]
    StaleSignature {
        /// Seconds since it was signed; negative when it claims to come from the future.
        age_seconds: i64,
        /// The window, in seconds.
        limit_seconds: i64,
    },

    /// A local file or stream could not be read.
    #[error("cannot read {what}: {source}")]
    Source {
        /// The path, or `the stream`.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },

    /// The service could not be reached, or the connection broke.
    #[error("{action}: cannot reach {host}: {reason}")]
    Transport {
        /// The API call, as `image/upload`.
        action: String,
        /// The host that was asked.
        host: String,
        /// What happened, without any URL that might carry a secret.
        reason: String,
        /// Whether a timeout ended the call.
        timeout: bool,
    },

    /// The service answered with an error.
    #[error("{action}: {message} ({kind}, HTTP {status})")]
    Api {
        /// The API call, as `image/upload`.
        action: String,
        /// What sort of error it is.
        kind: ApiErrorKind,
        /// The HTTP status.
        status: u16,
        /// The service's own words.
        message: String,
        /// The service's id of the call, its rate limit, and how long it asks to wait.
        info: Box<CallInfo>,
    },

    /// An upload in chunks stopped on its way. What the service has acknowledged need not be sent again: give
    /// `Upload::resume` the point and the source.
    #[error("the upload stopped after {} bytes, from where it can be resumed: {cause}", point.acknowledged)]
    Interrupted {
        /// Where it can go on.
        point: Box<ResumePoint>,
        /// Why it stopped.
        cause: Box<Error>,
    },

    /// The service answered with something that is not its API.
    #[error("{action}: the answer is not one of the service's: {reason}; check upload_prefix")]
    UnexpectedAnswer {
        /// The API call, as `image/upload`.
        action: String,
        /// What was wrong with the answer.
        reason: String,
        /// The service's id of the call, if it gave one.
        request_id: Option<String>,
    },
}

/// The sorts of error the service answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// 400: a parameter or the file is not acceptable.
    BadRequest,
    /// 401: wrong key, secret or signature.
    Unauthorized,
    /// 403: this account may not do that.
    NotAllowed,
    /// 404: no such asset.
    NotFound,
    /// 409: the name is taken.
    AlreadyExists,
    /// 420 or 429: too many calls.
    RateLimited,
    /// 5xx, and every status the API does not document.
    Server,
}

impl ApiErrorKind {
    /// The kind that an HTTP status stands for.
    pub fn from_status(status: u16) -> Self {
        match status {
            400 | 413 => Self::BadRequest,
            401 => Self::Unauthorized,
            403 => Self::NotAllowed,
            404 => Self::NotFound,
            409 => Self::AlreadyExists,
            420 | 429 => Self::RateLimited,
            _ => Self::Server,
        }
    }
}

impl fmt::Display for ApiErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadRequest => "bad request",
            Self::Unauthorized => "unauthorized",
            Self::NotAllowed => "not allowed",
            Self::NotFound => "not found",
            Self::AlreadyExists => "already exists",
            Self::RateLimited => "rate limited",
            Self::Server => "server error",
        })
    }
}

impl Error {
    pub(crate) fn invalid(parameter: impl Into<String>, value: &str, remedy: impl Into<String>) -> Self {
        Self::InvalidParameter { parameter: parameter.into(), value: shorten(value), remedy: remedy.into() }
    }

    #[cold]
    pub(crate) fn asset(value: &str, reason: &'static str) -> Self {
        Self::InvalidAsset { value: shorten(value), reason }
    }

    pub(crate) fn unknown_option<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::UnknownOption { name: shorten(name), nearest: nearest(name, known) }
    }

    /// What the service said of the failed call: its id, the rate limit, how long to wait.
    pub fn call_info(&self) -> Option<&CallInfo> {
        match self {
            Self::Api { info, .. } => Some(info),
            Self::Interrupted { cause, .. } => cause.call_info(),
            _ => None,
        }
    }

    /// Where an upload that stopped on its way can go on.
    pub fn resume_point(&self) -> Option<&ResumePoint> {
        match self {
            Self::Interrupted { point, .. } => Some(point),
            _ => None,
        }
    }

    /// The kind of the service's error, when the service answered at all.
    pub fn api_kind(&self) -> Option<ApiErrorKind> {
        match self {
            Self::Api { kind, .. } => Some(*kind),
            Self::Interrupted { cause, .. } => cause.api_kind(),
            _ => None,
        }
    }
}

/// A value as it may stand in a message: at most 80 characters.
pub(crate) fn shorten(value: &str) -> String {
    const MOST: usize = 80;
    match value.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// The known name that needs the fewest edits, if three or fewer do.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    if name.len() > 40 {
        return None;
    }
    known
        .into_iter()
        .map(|k| (edits(name, k), k))
        .filter(|(distance, k)| *distance <= 3.min(k.len() / 2))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, k)| k.to_owned())
}

fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_name() {
        let known = ["api_key", "api_secret", "secure", "cname"];
        for (given, expected) in
            [("api_sercet", Some("api_secret")), ("cnam", Some("cname")), ("zzzzzz", None), ("", None)]
        {
            assert_eq!(nearest(given, known).as_deref(), expected, "{given}");
        }
    }

    #[test]
    fn long_values_are_cut_at_a_character() {
        assert_eq!(shorten(&"é".repeat(100)).chars().count(), 81);
    }
}
