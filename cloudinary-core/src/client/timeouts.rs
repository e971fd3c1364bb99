//! How long things may take.

use std::time::Duration;

use crate::config::{Config, DEFAULT_TIMEOUT};

/// How long the parts of a call may take. Whichever ends it, the error is [`Error::Transport`](crate::Error::Transport)
/// with `timeout` set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands. Default: [`DEFAULT_CONNECT`](Self::DEFAULT_CONNECT).
    pub connect: Duration,
    /// Without a byte of the answer, for a call without a file; and between two pieces of any answer. Default: the
    /// configured `timeout`, at most [`DEFAULT_READ`](Self::DEFAULT_READ).
    pub read: Duration,
    /// A whole call without a file, with its repeats and the waits between them. Default: the configured `timeout`.
    pub whole: Duration,
    /// One request that carries a file or a chunk of one, until its answer begins. An upload has as many times as long
    /// as it has chunks. Default: [`DEFAULT_CHUNK`](Self::DEFAULT_CHUNK), or the configured `timeout` if that was set to
    /// something else than its default.
    pub chunk: Duration,
}

impl Timeouts {
    /// Ten seconds.
    pub const DEFAULT_CONNECT: Duration = Duration::from_secs(10);
    /// A minute.
    pub const DEFAULT_READ: Duration = Duration::from_mins(1);
    /// Five minutes.
    pub const DEFAULT_CHUNK: Duration = Duration::from_mins(5);
}

impl From<&Config> for Timeouts {
    fn from(config: &Config) -> Self {
        Self {
            connect: Self::DEFAULT_CONNECT.min(config.timeout),
            read: Self::DEFAULT_READ.min(config.timeout),
            whole: config.timeout,
            chunk: if config.timeout == DEFAULT_TIMEOUT { Self::DEFAULT_CHUNK } else { config.timeout },
        }
    }
}
