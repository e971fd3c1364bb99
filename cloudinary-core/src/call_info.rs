//! What the service says of a call, beside its answer.

use std::time::{Duration, SystemTime};

/// What the headers of an answer, or of an error, say of the call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallInfo {
    /// The service's id of the call.
    pub request_id: Option<String>,
    /// How many calls are left, where the service says so.
    pub rate_limit: Option<RateLimit>,
    /// How long the service asks to wait before the next try.
    pub retry_after: Option<Duration>,
}

/// The account's limit of calls.
///
/// Follows <https://cloudinary.com/documentation/admin_api#usage_limits>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls allowed in a period, which is an hour.
    pub limit: u64,
    /// Calls left in it.
    pub remaining: u64,
    /// When the next period begins.
    pub reset: Option<SystemTime>,
}
