//! A request's body on its way into the multipart parser, under limits the parser does not have.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::Stream;

/// The most bytes between the content of two parts: a boundary and the headers of the next part. The parser searches
/// them again with every piece that arrives, so that long ones would cost their square.
pub const MAX_PART_HEAD_BYTES: u64 = 64 * 1024;

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
}

impl FormBody {
    pub(super) fn new(body: Body, meter: Meter) -> Self {
        Self { inner: body.into_data_stream(), meter, rests: false }
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
        let piece = match std::task::ready!(Pin::new(&mut self.inner).poll_next(context)) {
            Some(Ok(piece)) => piece,
            Some(Err(error)) => return Poll::Ready(Some(Err(std::io::Error::other(error)))),
            None => return Poll::Ready(None),
        };
        self.rests = true;
        if self.meter.count(piece.len()) {
            return Poll::Ready(Some(Ok(piece)));
        }
        let message = format!("the headers of a part have more than {MAX_PART_HEAD_BYTES} bytes");
        Poll::Ready(Some(Err(std::io::Error::other(message))))
    }
}
