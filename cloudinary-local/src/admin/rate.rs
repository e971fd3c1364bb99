//! How many calls of the Admin API are left in this hour. The service counts, so clients read it; here it is generous.

use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use time::{OffsetDateTime, macros::format_description};

use crate::http::ApiError;

const HOUR: i64 = 3600;
const LIMIT: HeaderName = HeaderName::from_static("x-featureratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-featureratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-featureratelimit-reset");

/// The calls of the current hour.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// The hour's beginning (Unix seconds), and the calls since.
    counted: Mutex<(i64, u32)>,
}

/// What a caller is told about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    limit: u32,
    pub(crate) remaining: u32,
    /// Unix seconds.
    reset: i64,
}

impl Calls {
    /// Counts one call at `now` (Unix seconds).
    pub(crate) fn count(&self, limit: u32, now: i64) -> Result<Rate, ApiError> {
        let hour = now - now.rem_euclid(HOUR);
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.0 != hour {
            *counted = (hour, 0);
        }
        let reset = hour + HOUR;
        if counted.1 >= limit {
            let at = rfc1123(reset);
            let message = format!("Rate Limit Exceeded. Limit of {limit} api operations reached. Try again on {at}");
            // Not a registered status, but the service's.
            let status = StatusCode::from_u16(420).unwrap_or(StatusCode::TOO_MANY_REQUESTS);
            return Err(ApiError::new(status, message));
        }
        counted.1 += 1;
        Ok(Rate { limit, remaining: limit - counted.1, reset })
    }
}

impl Calls {
    /// How many there were in the hour.
    pub(crate) fn made(&self) -> u32 {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

impl Rate {
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, self.limit.into());
        headers.insert(REMAINING, self.remaining.into());
        if let Ok(reset) = HeaderValue::from_str(&rfc1123(self.reset)) {
            headers.insert(RESET, reset);
        }
    }
}

fn rfc1123(seconds: i64) -> String {
    let format =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    OffsetDateTime::from_unix_timestamp(seconds).ok().and_then(|time| time.format(format).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_has_so_many_calls() {
        let calls = Calls::default();
        assert_eq!(calls.count(2, 7000).unwrap().remaining, 1);
        assert_eq!(calls.count(2, 7100).unwrap(), Rate { limit: 2, remaining: 0, reset: 7200 });
        let refused = calls.count(2, 7199).unwrap_err();
        assert_eq!(refused.status.as_u16(), 420);
        assert_eq!(
            refused.message,
            "Rate Limit Exceeded. Limit of 2 api operations reached. Try again on Thu, 01 Jan 1970 02:00:00 GMT"
        );
        assert_eq!(calls.count(2, 7200).unwrap().remaining, 1);
    }
}
