//! A request's body as it comes: bounded in size, time and rate.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::time::Instant;

use super::{error::ApiError, pace::Pace};
use crate::Limits;

/// Longest head of one part of a multipart body, and longest text before the first one, in bytes.
const PART_HEAD_MAX: u64 = 32 * 1024;
/// No piece that is handed on is longer, in bytes.
const PIECE_MAX: usize = 16 * 1024;
/// Time a client gets to finish sending what nobody reads.
const DISCARD_FOR: Duration = Duration::from_secs(5);

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub(super) enum BodyFault {
    #[error("it is larger than the server takes")]
    TooLarge,
    #[error("nothing came for too long")]
    Stalled,
    #[error("it came too slowly")]
    TooSlow,
    #[error("the connection broke")]
    Broken,
    #[error("the head of a part is too long")]
    PartHead,
}

impl From<BodyFault> for ApiError {
    fn from(fault: BodyFault) -> Self {
        let timed_out = |reason| Self::new(http::StatusCode::REQUEST_TIMEOUT, format!("Request timed out: {reason}"));
        match fault {
            BodyFault::TooLarge => Self::too_large(),
            BodyFault::Stalled => timed_out("its body stalled"),
            BodyFault::TooSlow => timed_out("its body came too slowly"),
            BodyFault::Broken => Self::bad_request("Invalid request body: it was cut off"),
            BodyFault::PartHead => Self::bad_request(format!(
                "Invalid multipart body: the head of a part is longer than {PART_HEAD_MAX} bytes"
            )),
        }
    }
}

/// Counts the bytes that come while the head of a part is looked for. The parser keeps them all and searches them
/// again with each piece, so an endless head would cost the square of its length.
#[derive(Debug, Clone)]
pub(super) struct HeadMeter(Arc<AtomicU64>);

impl HeadMeter {
    const OFF: u64 = u64::MAX;

    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(Self::OFF)))
    }

    /// From now on bytes belong to a head.
    pub(super) fn begin(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// From now on they do not.
    pub(super) fn end(&self) {
        self.0.store(Self::OFF, Ordering::Relaxed);
    }

    fn allows(&self, bytes: usize) -> bool {
        let so_far = self.0.load(Ordering::Relaxed);
        if so_far == Self::OFF {
            return true;
        }
        let so_far = so_far.saturating_add(bytes as u64);
        self.0.store(so_far, Ordering::Relaxed);
        so_far <= PART_HEAD_MAX
    }
}

struct Reading<S> {
    data: S,
    rest: Bytes,
    so_far: u64,
    pace: Pace,
    ends: Instant,
}

/// The body's bytes in small pieces, ending with a fault when it grows too large, stalls or trickles.
pub(super) fn bounded(
    body: Body,
    most: u64,
    limits: &Limits,
    meter: HeadMeter,
) -> impl Stream<Item = Result<Bytes, BodyFault>> + Send + use<> {
    let patience = limits.idle_timeout;
    let reading = Reading {
        data: body.into_data_stream(),
        rest: Bytes::new(),
        so_far: 0,
        pace: Pace::new(limits),
        ends: Instant::now() + limits.request_timeout,
    };
    stream::unfold(Some(reading), move |state| {
        let meter = meter.clone();
        async move {
            let mut reading = state?;
            // After each piece the reader gets its turn: the parser would take in all there is before it looks at any.
            tokio::task::yield_now().await;
            while reading.rest.is_empty() {
                let since = Instant::now();
                let until = (since + patience).min(reading.ends);
                match tokio::time::timeout_at(until, reading.data.next()).await {
                    Err(_) => return Some((Err(BodyFault::Stalled), None)),
                    Ok(None) => return None,
                    Ok(Some(Err(_))) => return Some((Err(BodyFault::Broken), None)),
                    Ok(Some(Ok(piece))) => {
                        reading.so_far += piece.len() as u64;
                        if reading.so_far > most {
                            discard(&mut reading.data).await;
                            return Some((Err(BodyFault::TooLarge), None));
                        }
                        if !reading.pace.keeps_up(since, piece.len() as u64) {
                            return Some((Err(BodyFault::TooSlow), None));
                        }
                        reading.rest = piece;
                    }
                }
            }
            let piece = reading.rest.split_to(reading.rest.len().min(PIECE_MAX));
            if !meter.allows(piece.len()) {
                return Some((Err(BodyFault::PartHead), None));
            }
            Some((Ok(piece), Some(reading)))
        }
    })
}

/// A small body, whole.
pub(crate) async fn whole(body: Body, most: u64, limits: &Limits) -> Result<Bytes, ApiError> {
    let mut pieces = Box::pin(bounded(body, most, limits, HeadMeter::new()));
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        whole.extend_from_slice(&piece?);
    }
    Ok(whole.into())
}

/// Lets a client finish sending, for a while, as most read an answer only then.
pub(super) async fn discard<E>(data: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) {
    let rest = async { while let Some(Ok(_)) = data.next().await {} };
    // A client that takes longer finds the connection closed.
    let _ = tokio::time::timeout(DISCARD_FOR, rest).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(piece: &'static [u8], pause: Duration) -> Body {
        Body::from_stream(stream::unfold((), move |()| async move {
            tokio::time::sleep(pause).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(piece)), ()))
        }))
    }

    async fn fault(body: Body, limits: &Limits) -> (BodyFault, Duration) {
        let begun = Instant::now();
        let mut pieces = Box::pin(bounded(body, 1_000_000, limits, HeadMeter::new()));
        loop {
            match pieces.next().await {
                Some(Err(fault)) => return (fault, begun.elapsed()),
                Some(Ok(piece)) => assert!(piece.len() <= PIECE_MAX),
                None => panic!("it has no end"),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_trickle_ends() {
        let limits = Limits::default();
        let (slow, after) = fault(body(b"x", Duration::from_secs(9)), &limits).await;
        assert!(matches!(slow, BodyFault::TooSlow) && after < Duration::from_mins(1), "{slow:?} after {after:?}");
        let (stalled, after) = fault(body(b"x", Duration::from_mins(2)), &limits).await;
        assert!(matches!(stalled, BodyFault::Stalled) && after == limits.idle_timeout, "{stalled:?} after {after:?}");
        let hasty = Limits { request_timeout: Duration::from_secs(20), ..limits };
        let (late, after) = fault(body(&[0; 4096], Duration::from_secs(1)), &hasty).await;
        assert!(matches!(late, BodyFault::Stalled) && after == hasty.request_timeout, "{late:?} after {after:?}");
        let (large, _) = fault(body(&[0; 10_000], Duration::from_millis(1)), &Limits::default()).await;
        assert!(matches!(large, BodyFault::TooLarge));
    }
}
