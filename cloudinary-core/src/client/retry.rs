//! When a call is made again, and after how long.

use std::time::Duration;

/// How often, and how patiently, a call that failed is made again.
///
/// Only calls that are safe to repeat are: those that change nothing or come to the same twice, a chunk of a file, and an
/// upload with a fixed public id that may overwrite. An upload that may have been stored under a random id is not, unless
/// the service said that it did not take it (429 or 420) or could not be reached at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all; 1 never repeats. Default: [`DEFAULT_ATTEMPTS`](Self::DEFAULT_ATTEMPTS).
    pub attempts: u32,
    /// The longest wait before the second try; it doubles with each. A random part of it is waited, so that many clients
    /// do not come back at once. Default: [`DEFAULT_BACKOFF`](Self::DEFAULT_BACKOFF).
    pub backoff: Duration,
    /// The longest wait, also when the service asks for one: if it asks for more, its error is given at once, with the
    /// time in it. Default: [`DEFAULT_LONGEST_WAIT`](Self::DEFAULT_LONGEST_WAIT).
    pub longest_wait: Duration,
}

impl RetryPolicy {
    /// Three tries.
    pub const DEFAULT_ATTEMPTS: u32 = 3;
    /// Half a second.
    pub const DEFAULT_BACKOFF: Duration = Duration::from_millis(500);
    /// Twenty seconds.
    pub const DEFAULT_LONGEST_WAIT: Duration = Duration::from_secs(20);

    /// One try only.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// How long to wait after a failed try, counted from 1; `None` to give up.
    pub(crate) fn wait(&self, attempt: u32, retry_after: Option<Duration>, random: f64) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        if let Some(asked) = retry_after {
            return (asked <= self.longest_wait).then_some(asked);
        }
        let doubled = self.backoff.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
        Some(doubled.min(self.longest_wait).mul_f64(random.clamp(0.0, 1.0)))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: Self::DEFAULT_ATTEMPTS,
            backoff: Self::DEFAULT_BACKOFF,
            longest_wait: Self::DEFAULT_LONGEST_WAIT,
        }
    }
}

/// Whether making a call twice can do harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It comes to the same.
    Safe,
    /// Only if it was certainly not carried out.
    IfRefused,
}

/// How a try failed, as far as repeating it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nothing was sent, or the service says it did nothing and to come again.
    Refused,
    /// It may or may not have been carried out.
    Ambiguous,
    /// Another try would fail the same.
    Final,
}

impl Failure {
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            420 | 429 => Self::Refused,
            // From 520 on they are of something between, as a proxy that the service did not answer.
            408 | 500 | 502..=504 | 520..=599 => Self::Ambiguous,
            _ => Self::Final,
        }
    }

    pub(crate) fn allows(self, repeat: Repeat) -> bool {
        match self {
            Self::Refused => true,
            Self::Ambiguous => repeat == Repeat::Safe,
            Self::Final => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits() {
        let policy = RetryPolicy { attempts: 4, ..RetryPolicy::default() };
        let seconds = Duration::from_secs;
        for (attempt, retry_after, random, expected) in [
            (1, None, 1.0, Some(Duration::from_millis(500))),
            (1, None, 0.0, Some(Duration::ZERO)),
            (2, None, 1.0, Some(seconds(1))),
            (3, None, 0.5, Some(seconds(1))),
            (4, None, 1.0, None),
            (1, Some(seconds(20)), 0.1, Some(seconds(20))),
            (1, Some(seconds(21)), 0.1, None),
            (4, Some(seconds(0)), 0.1, None),
        ] {
            assert_eq!(policy.wait(attempt, retry_after, random), expected, "{attempt} {retry_after:?}");
        }
        let patient = RetryPolicy { attempts: u32::MAX, ..RetryPolicy::default() };
        assert_eq!(patient.wait(4_000_000, None, 1.0), Some(RetryPolicy::DEFAULT_LONGEST_WAIT));
        assert_eq!(RetryPolicy::never().wait(1, None, 1.0), None);
    }

    #[test]
    fn what_is_repeated() {
        for (status, safe, upload) in [
            (429, true, true),
            (420, true, true),
            (503, true, false),
            (500, true, false),
            (522, true, false),
            (501, false, false),
            (400, false, false),
            (401, false, false),
            (302, false, false),
        ] {
            let failure = Failure::of_status(status);
            assert_eq!((failure.allows(Repeat::Safe), failure.allows(Repeat::IfRefused)), (safe, upload), "{status}");
        }
    }
}
