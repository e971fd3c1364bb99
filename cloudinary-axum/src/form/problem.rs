//! What can be wrong with a form, and the words for it.

use std::fmt;
use std::sync::Arc;

use cloudinary_core::{DeliveryType, ResourceType};
use http::StatusCode;

use super::fields::readable_bytes;
use crate::policy::Denied;

/// What is wrong with a field. Its `Display` is in English, for the visitor; [`Fields::messages`](super::Fields::messages)
/// replaces any of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// A text that must not be empty is.
    TextRequired,
    /// A text has too many characters.
    TextTooLong {
        /// As many as it may have.
        max_chars: usize,
        /// As many as it has.
        chars: usize,
    },
    /// A text has a NUL in it, which nobody types and some databases refuse.
    TextWithNul,
    /// A text cannot be read as what the app's struct wants; the words are the struct's own.
    TextInvalid(String),
    /// A file is missing.
    FileRequired,
    /// More files than the field takes.
    TooManyFiles {
        /// As many as it takes.
        max_files: usize,
    },
    /// A file without a byte in it.
    FileEmpty,
    /// A file with too many bytes.
    FileTooLarge {
        /// As many as the field takes; `None` if it is the service that refused.
        max_bytes: Option<u64>,
    },
    /// Something else than an image, or a broken one.
    NotAnImage,
    /// An image with more pixels than the service takes.
    TooManyPixels,
    /// A format that the field does not take.
    WrongFormat {
        /// Those it takes; empty when only the service has a list.
        formats: Vec<String>,
    },
    /// An image of too few pixels, as it is stored.
    TooSmall {
        /// The least width and height.
        min: (u32, u32),
        /// Its width and height.
        found: (u32, u32),
    },
    /// An image of too many pixels, as it is stored.
    TooBig {
        /// The most width and height.
        max: (u32, u32),
        /// Its width and height.
        found: (u32, u32),
    },
    /// An image of the wrong shape.
    WrongAspect {
        /// Width divided by height, from and to.
        aspect: (f64, f64),
        /// Its width and height.
        found: (u32, u32),
    },
    /// A file of another resource type than the field takes.
    WrongResourceType {
        /// The one it takes.
        wanted: ResourceType,
        /// The one it is.
        found: ResourceType,
    },
    /// A file of another delivery type than the field takes.
    WrongDeliveryType {
        /// The one it takes.
        wanted: DeliveryType,
        /// The one it is.
        found: DeliveryType,
    },
    /// A reference to an uploaded file that was altered or made up.
    BadReference,
    /// The reference has no ticket, or one of another visitor, field or file.
    NotYours,
    /// The page was open for too long.
    PageExpired,
    /// The form was sent before and accepted, with a file in it or one that the browser had uploaded: a double click, or
    /// a page that was gone back to. Nothing was added now.
    SentBefore,
    /// Something is wrong with one of several files.
    InFile {
        /// The file's name, as the visitor's browser gave it.
        name: String,
        /// What is wrong with it.
        problem: Box<Problem>,
    },
    /// A file where text is due.
    FileForText,
    /// The policy denied it; the words are the policy's.
    Denied {
        /// Whether it was too often or too much, and not just forbidden.
        too_many: bool,
        /// The policy's words.
        message: String,
    },
    /// The media service failed.
    ServiceFailed,
    /// The app itself found something wrong ([`FormView::add_error`](super::FormView::add_error)).
    Other(String),
}

impl Problem {
    /// The status a form with this problem answers with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::FileTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Denied { too_many: true, .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Denied { .. } | Self::NotYours => StatusCode::FORBIDDEN,
            Self::SentBefore => StatusCode::CONFLICT,
            Self::ServiceFailed => StatusCode::BAD_GATEWAY,
            Self::InFile { problem, .. } => problem.status(),
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self::Denied { too_many: denied.retry_after.is_some(), message: denied.message }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TextRequired => f.write_str("This field is required."),
            Self::TextTooLong { max_chars, chars } => {
                write!(f, "Use at most {max_chars} characters; these are {chars}.")
            }
            Self::TextInvalid(words) | Self::Other(words) | Self::Denied { message: words, .. } => f.write_str(words),
            Self::TextWithNul => f.write_str("This text has a character that cannot be shown. Type it anew."),
            Self::FileRequired => f.write_str("Choose a file."),
            Self::TooManyFiles { max_files: 1 } => f.write_str("Choose one file only."),
            Self::TooManyFiles { max_files } => write!(f, "Choose at most {max_files} files."),
            Self::FileEmpty => f.write_str("This file is empty. Choose another."),
            Self::FileTooLarge { max_bytes: Some(bytes) } => {
                write!(f, "This file is too large. Choose one of at most {}.", readable_bytes(*bytes))
            }
            Self::FileTooLarge { max_bytes: None } => f.write_str("This file is too large. Choose a smaller one."),
            Self::NotAnImage => f.write_str("This file is not an image, or it is damaged. Choose another."),
            Self::TooManyPixels => f.write_str("This image has too many pixels. Choose a smaller one."),
            Self::WrongFormat { formats } if formats.is_empty() => {
                f.write_str("This kind of file cannot be used. Choose another.")
            }
            Self::WrongFormat { formats } => {
                write!(f, "Choose a file in one of these formats: {}.", formats.join(", "))
            }
            Self::TooSmall { min: (width, height), found } => write!(
                f,
                "This image is too small: {} × {} pixels. Choose one of at least {width} × {height}.",
                found.0, found.1
            ),
            Self::TooBig { max: (width, height), found } => write!(
                f,
                "This image is too big: {} × {} pixels. Choose one of at most {width} × {height}.",
                found.0, found.1
            ),
            Self::WrongAspect { aspect: (least, most), found: (width, height) } => write!(
                f,
                "This image has the wrong shape: {width} × {height} pixels. Its width must be {least:.2} to {most:.2} \
                 times its height."
            ),
            Self::WrongResourceType { wanted, found } => {
                write!(f, "This field takes files of type {wanted}, not {found}.")
            }
            Self::WrongDeliveryType { wanted, found } => {
                write!(f, "This field takes files of delivery type {wanted}, not {found}.")
            }
            Self::BadReference => {
                f.write_str("The reference to the uploaded file is not valid. Choose the file again.")
            }
            Self::NotYours => f.write_str("This file was uploaded for another form. Choose the file again."),
            Self::PageExpired => f.write_str("This page was open for too long. Choose the file again."),
            Self::SentBefore => f.write_str(
                "This form was sent already; nothing was added this time. If you miss a file, choose it and send the form \
                 again.",
            ),
            Self::InFile { name, problem } => write!(f, "{name}: {problem}"),
            Self::FileForText => f.write_str("A file came where text is due."),
            Self::ServiceFailed => f.write_str("The file could not be stored just now. Try again in a moment."),
        }
    }
}

/// The app's own words; `None` leaves the English ones.
#[derive(Clone, Default)]
pub(crate) struct Messages(Option<Arc<Replace>>);

/// A problem with the name of its field, to the app's words.
type Replace = dyn Fn(&str, &Problem) -> Option<String> + Send + Sync;

impl Messages {
    pub(super) fn new(words: impl Fn(&str, &Problem) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(words)))
    }

    pub(super) fn say(&self, field: &str, problem: &Problem) -> String {
        let own = self.0.as_ref().and_then(|words| words(field, problem));
        match (own, problem) {
            (Some(own), _) => own,
            // The app may have words for what is wrong with any file.
            (None, Problem::InFile { name, problem }) => format!("{name}: {}", self.say(field, problem)),
            (None, problem) => problem.to_string(),
        }
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "the app's" } else { "the English ones" })
    }
}
