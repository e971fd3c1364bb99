//! A request's body on its way into the multipart parser, under limits the parser does not have.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep};

/// The most bytes between the content of two parts: a boundary and the headers of the next part. The parser searches
/// them again with every piece that arrives, so that long ones would cost their square.
pub const MAX_PART_HEAD_BYTES: u64 = 64 * 1024;

/// How long a form may send nothing before it is given up.
pub const BODY_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Says whether what arrives now is the head of a part, and how much of it has.
#[derive(Clone, Default)]
pub(super) struct Meter(Arc<AtomicU64>);

impl Meter {
    /// The content of a part, which has limits of its own.
    const CONTENT: u64 = u64::MAX;

    pub(super) fn expect_head(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    pub(super) fn expect_content(&self) {
        self.0.store(Self::CONTENT, Ordering::Relaxed);
    }

    /// Counts a piece. One that begins within the limit is taken whole, as content may begin in it.
    fn count(&self, bytes: usize) -> bool {
        let before = self.0.load(Ordering::Relaxed);
        if before == Self::CONTENT {
            return true;
        }
        self.0.store(before.saturating_add(bytes as u64).min(Self::CONTENT - 1), Ordering::Relaxed);
        before <= MAX_PART_HEAD_BYTES
    }
}

/// The body, one piece at a time.
pub(super) struct FormBody {
    inner: BodyDataStream,
    meter: Meter,
    rests: bool,
    waits: bool,
    idle: Pin<Box<Sleep>>,
}

impl FormBody {
    pub(super) fn new(body: Body, meter: Meter) -> Self {
        Self {
            inner: body.into_data_stream(),
            meter,
            rests: false,
            waits: false,
            idle: Box::pin(sleep(BODY_IDLE_TIMEOUT)),
        }
    }
}

impl Stream for FormBody {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // The parser reads on and on while there is something to read. A rest after each piece makes it hand that one
        // on first, so that it never holds more.
        if std::mem::take(&mut self.rests) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let piece = match Pin::new(&mut self.inner).poll_next(context) {
            Poll::Ready(Some(Ok(piece))) => piece,
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(std::io::Error::other(error)))),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => {
                // The time in which nobody asked for more, as while a chunk is sent on, does not count.
                if !std::mem::replace(&mut self.waits, true) {
                    self.idle.as_mut().reset(Instant::now() + BODY_IDLE_TIMEOUT);
                }
                let message = format!("nothing of it came for {} seconds", BODY_IDLE_TIMEOUT.as_secs());
                return self.idle.as_mut().poll(context).map(|()| Some(Err(std::io::Error::other(message))));
            }
        };
        self.waits = false;
        self.rests = true;
        if self.meter.count(piece.len()) {
            return Poll::Ready(Some(Ok(piece)));
        }
        let message = format!("the headers of a part have more than {MAX_PART_HEAD_BYTES} bytes");
        Poll::Ready(Some(Err(std::io::Error::other(message))))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stalls_is_given_up() {
        let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>("a")]).chain(futures_util::stream::pending());
        let mut body = FormBody::new(Body::from_stream(pieces), Meter::default());
        assert_eq!(body.next().await.unwrap().unwrap(), "a");
        // Nobody asks for more in this time, so it does not count.
        tokio::time::advance(BODY_IDLE_TIMEOUT * 2).await;
        let started = Instant::now();
        assert!(body.next().await.unwrap().unwrap_err().to_string().contains("30 seconds"));
        assert!(started.elapsed() >= BODY_IDLE_TIMEOUT);
    }
}
