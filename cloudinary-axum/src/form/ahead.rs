//! From the request to the upload: pieces of a file, some of them ahead of the one that is being sent.

use std::io;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many pieces wait to be sent at most. The largest that a connection gives have about 400 KiB.
const MAX_PIECES_AHEAD: usize = 4;

/// What the request gives.
enum Piece {
    Bytes(Bytes),
    /// The file is whole. A request that breaks off, or a file that is refused, never comes to say so.
    End,
}

/// The request's side. Dropped before [`end`](Self::end), it makes the upload fail.
pub(super) struct Ahead {
    pieces: Sender<Piece>,
    end: End,
}

/// Who has the end of the file: the upload, once and for all, or nobody ever. Without it no request that would store the
/// file is whole.
#[derive(Clone, Default)]
pub(super) struct End(Arc<Owner>);

#[derive(Default)]
struct Owner {
    is_upload: OnceLock<bool>,
    withheld: Notify,
}

impl End {
    /// Whether the upload got it.
    pub(super) fn is_taken(&self) -> bool {
        self.0.is_upload.get() == Some(&true)
    }

    /// Keeps it from the upload, for good; false if it is too late for that. Nobody waits then until more is taken.
    pub(super) fn withhold(&self) -> bool {
        let is_upload = *self.0.is_upload.get_or_init(|| false);
        self.0.withheld.notify_one();
        !is_upload
    }

    /// Gives it to the upload; false if it is withheld.
    pub(super) fn take(&self) -> bool {
        *self.0.is_upload.get_or_init(|| true)
    }
}

/// The request's side, and the upload's.
pub(super) fn ahead() -> (Ahead, End, impl Stream<Item = io::Result<Bytes>> + Send + 'static) {
    let (sender, receiver) = channel(MAX_PIECES_AHEAD);
    let end = End::default();
    let pieces = stream::unfold(Some((receiver, end.clone())), next);
    (Ahead { pieces: sender, end: end.clone() }, end, pieces)
}

/// The upload's side; nothing comes after a failure.
type Rest = Option<(Receiver<Piece>, End)>;

async fn next(rest: Rest) -> Option<(io::Result<Bytes>, Rest)> {
    let (mut receiver, end) = rest?;
    match receiver.recv().await {
        Some(Piece::Bytes(bytes)) => Some((Ok(bytes), Some((receiver, end)))),
        Some(Piece::End) if end.take() => None,
        Some(Piece::End) | None => Some((Err(io::Error::other("the form did not give the whole file")), None)),
    }
}

impl Ahead {
    /// Waits while enough is ahead; false when the upload has ended and wants no more.
    pub(super) async fn give(&self, bytes: Bytes) -> bool {
        self.send(Piece::Bytes(bytes)).await
    }

    /// Says that the file is whole.
    pub(super) async fn end(self) {
        // An upload that has ended says so in its answer.
        self.send(Piece::End).await;
    }

    async fn send(&self, piece: Piece) -> bool {
        tokio::select! {
            sent = self.pieces.send(piece) => sent.is_ok(),
            () = self.end.0.withheld.notified() => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::StreamExt as _;
    use tokio::time::{sleep, timeout};

    use super::*;

    #[tokio::test]
    async fn the_end_is_taken_or_withheld() {
        for (withheld, is_whole) in [(false, true), (true, false)] {
            let (sender, end, pieces) = ahead();
            assert!(sender.pieces.send(Piece::End).await.is_ok());
            assert!(!withheld || end.withhold());
            let found = pieces.collect::<Vec<_>>().await;
            assert_eq!((found.is_empty(), end.is_taken(), end.withhold()), (is_whole, is_whole, !is_whole));
        }
    }

    /// A connection may keep the stream, and take nothing of it, after the service has answered.
    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_an_upload_that_is_over() {
        let (sender, end, _pieces) = ahead();
        for _ in 0..MAX_PIECES_AHEAD {
            assert!(sender.give(Bytes::from_static(b"a")).await);
        }
        let over = async {
            sleep(Duration::from_secs(1)).await;
            end.withhold()
        };
        let both = async { tokio::join!(sender.give(Bytes::from_static(b"b")), over) };
        assert_eq!(timeout(Duration::from_mins(1), both).await, Ok((false, true)));
    }
}
