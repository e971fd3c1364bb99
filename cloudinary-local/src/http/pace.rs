use std::time::Duration;

use tokio::time::Instant;

use crate::Limits;

/// Tells whether bytes pass fast enough: a pause limit alone lets a byte now and then hold a connection for ever.
#[derive(Debug)]
pub(super) struct Pace {
    bytes_per_second: u64,
    window: Duration,
    waited: Duration,
    bytes: u64,
}

impl Pace {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { bytes_per_second: limits.min_rate, window: limits.rate_window, waited: Duration::ZERO, bytes: 0 }
    }

    /// Takes note of bytes that were waited for since `since`; false once a whole window brought too few.
    pub(super) fn keeps_up(&mut self, since: Instant, bytes: u64) -> bool {
        self.waited += since.elapsed();
        self.bytes = self.bytes.saturating_add(bytes);
        if self.waited < self.window {
            return true;
        }
        let expected = self.waited.as_secs_f64() * self.bytes_per_second as f64;
        let enough = self.bytes as f64 >= expected;
        (self.waited, self.bytes) = (Duration::ZERO, 0);
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_window_needs_its_bytes() {
        let limits = Limits { min_rate: 100, rate_window: Duration::from_secs(30), ..Limits::default() };
        for (bytes, expected) in [(1, false), (999, false), (1000, true), (5000, true)] {
            let mut pace = Pace::new(&limits);
            let mut kept = true;
            for _ in 0..6 {
                let since = Instant::now();
                tokio::time::advance(Duration::from_secs(10)).await;
                kept &= pace.keeps_up(since, bytes);
            }
            assert_eq!(kept, expected, "{bytes} bytes each ten seconds");
        }
    }
}
