//! A stream that is sent chunk by chunk while it comes, and recorded, so that a chunk can be sent again.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};

use super::held::Held;
use super::multipart::{Pieces, changed};

/// A stream, and what came of its current chunk. Clones share both.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<Mutex<Tape>>);

struct Tape {
    /// `None` when they have ended.
    pieces: Option<Pieces>,
    /// Came, and belongs to what follows the record.
    ahead: Bytes,
    record: Held,
    /// Whether the record is a copy, whose memory is that of the chunk before. A single chunk has none before or after it,
    /// and is held as it came.
    copies: bool,
    /// How many bytes the chunk has.
    length: usize,
    /// Whether the stream ends with it.
    is_last: bool,
    state: State,
    /// Who reads: a request that has failed may still be open when the next one begins, and gets no more.
    reader: u32,
    /// Wakes the reader that waits for more.
    waiting: Option<Waker>,
}

/// What became of a chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is on its way.
    Begun,
    /// A request has been given all of it.
    Given,
    /// The stream has turned out to be longer or shorter than the chunk says.
    Misjudged,
}

impl Recorder {
    pub(crate) fn new(pieces: Pieces) -> Self {
        Self(Arc::new(Mutex::new(Tape {
            pieces: Some(pieces),
            ahead: Bytes::new(),
            record: Held::default(),
            copies: false,
            length: 0,
            is_last: false,
            state: State::Begun,
            reader: 0,
            waiting: None,
        })))
    }

    /// Begins the next chunk, of so many bytes, and forgets the one before.
    pub(crate) fn begin(&self, length: usize, is_last: bool) {
        let mut tape = self.tape();
        // Memory that the system has to give anew for each chunk takes longer than the copying.
        tape.copies |= !is_last;
        let copied = if tape.copies { length } else { 0 };
        tape.record.restart(copied);
        tape.length = length;
        tape.is_last = is_last;
        tape.state = State::Begun;
    }

    /// The chunk as it comes. Nobody else gets anything of it from now on.
    ///
    /// Fails where the stream ends before the chunk or goes on behind its last; such a request is never whole.
    pub(crate) fn pieces(&self) -> Pieces {
        let recorder = self.clone();
        let reader = self.take_over();
        stream::poll_fn(move |context| recorder.tape().poll_piece(reader, context)).boxed()
    }

    /// All of the chunk, when all of it has come.
    ///
    /// # Errors
    /// As the stream's, and where it has another length than the chunk.
    pub(crate) async fn whole(&self) -> io::Result<Vec<Bytes>> {
        let mut pieces = self.pieces();
        while let Some(piece) = pieces.next().await {
            piece?;
        }
        let mut tape = self.tape();
        tape.state = State::Begun;
        Ok(tape.record.take())
    }

    /// Whether a request has been given all of the chunk, so that it may have been stored.
    pub(crate) fn is_given(&self) -> bool {
        self.tape().state == State::Given
    }

    /// How many bytes came since the chunk began, if the stream is longer or shorter than the chunk says.
    pub(crate) fn misjudged(&self) -> Option<u64> {
        let tape = self.tape();
        (tape.state == State::Misjudged).then_some((tape.record.len() + tape.ahead.len()) as u64)
    }

    /// What came since the chunk began, and what is still to come.
    pub(crate) fn rest(&self) -> Pieces {
        self.take_over();
        let mut tape = self.tape();
        let mut came = tape.record.take();
        came.push(std::mem::take(&mut tape.ahead));
        let came = stream::iter(came.into_iter().map(Ok));
        match tape.pieces.take() {
            Some(coming) => came.chain(coming).boxed(),
            None => came.boxed(),
        }
    }

    /// Gives nobody anything more.
    pub(crate) fn stop(&self) {
        self.take_over();
    }

    fn take_over(&self) -> u32 {
        let mut tape = self.tape();
        tape.reader = tape.reader.wrapping_add(1);
        if let Some(waiting) = tape.waiting.take() {
            // Else its connection would stay open until something comes that it does not get.
            waiting.wake();
        }
        tape.reader
    }

    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tape {
    fn poll_piece(&mut self, reader: u32, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if reader != self.reader {
            return Poll::Ready(Some(Err(io::Error::other("it is sent by another request"))));
        }
        let Poll::Ready(ahead) = self.poll_ahead(context) else {
            self.waiting = Some(context.waker().clone());
            return Poll::Pending;
        };
        self.waiting = None;
        if let Err(error) = ahead {
            return Poll::Ready(Some(Err(error)));
        }
        let missing = self.length.saturating_sub(self.record.len());
        let at_end = self.ahead.is_empty();
        if missing > 0 && !at_end {
            let piece = self.ahead.split_to(missing.min(self.ahead.len()));
            if self.copies {
                self.record.copy(&piece);
            } else {
                self.record.push(piece.clone());
            }
            return Poll::Ready(Some(Ok(piece)));
        }
        if missing == 0 && at_end == self.is_last {
            self.state = State::Given;
            return Poll::Ready(None);
        }
        self.state = State::Misjudged;
        let found = self.record.len() + self.ahead.len();
        Poll::Ready(Some(Err(changed(self.length as u64, found as u64))))
    }

    /// Waits until something is ahead, or nothing will ever be.
    fn poll_ahead(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.ahead.is_empty()
            && let Some(pieces) = &mut self.pieces
        {
            match ready!(pieces.poll_next_unpin(context)) {
                Some(Ok(piece)) => self.ahead = piece,
                Some(Err(error)) => return Poll::Ready(Err(error)),
                None => self.pieces = None,
            }
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt as _;

    use super::*;

    fn recorder(pieces: &[&'static str]) -> Recorder {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok(Bytes::from(*piece))).collect();
        Recorder::new(stream::iter(pieces).boxed())
    }

    async fn all(pieces: Pieces) -> Result<String, String> {
        let pieces: io::Result<Vec<Bytes>> = pieces.try_collect().await;
        pieces.map(|pieces| String::from_utf8(pieces.concat()).unwrap()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn chunks_follow_each_other() {
        for pieces in [&["abcdefg"][..], &["a", "bc", "", "defg"], &["abc", "def", "g"]] {
            let recorder = recorder(pieces);
            for (length, is_last, expected) in [(3, false, "abc"), (3, false, "def"), (1, true, "g")] {
                recorder.begin(length, is_last);
                assert_eq!(all(recorder.pieces()).await.as_deref(), Ok(expected), "{pieces:?}");
                assert!(recorder.is_given() && recorder.misjudged().is_none());
                assert_eq!(recorder.whole().await.unwrap().concat(), expected.as_bytes());
            }
        }
    }

    /// Whoever takes over gets all of the chunk, and who had it before gets nothing more.
    #[tokio::test]
    async fn a_chunk_that_was_begun_is_given_again() {
        let recorder = recorder(&["ab", "cd", "ef"]);
        recorder.begin(4, false);
        let mut begun = recorder.pieces();
        assert_eq!(begun.next().await.unwrap().unwrap(), "ab");
        assert_eq!(recorder.whole().await.unwrap().concat(), b"abcd");
        assert!(!recorder.is_given(), "to no request");
        assert!(begun.next().await.unwrap().is_err());
        recorder.begin(2, true);
        assert_eq!(all(recorder.pieces()).await.as_deref(), Ok("ef"));
    }

    #[tokio::test]
    async fn who_waits_for_more_is_told_that_nothing_comes() {
        let recorder = Recorder::new(stream::pending().boxed());
        recorder.begin(4, true);
        let waiting = tokio::spawn(all(recorder.pieces()));
        tokio::task::yield_now().await;
        recorder.stop();
        assert!(waiting.await.unwrap().is_err());
    }

    #[tokio::test]
    async fn another_length_than_was_said() {
        for (length, is_last, found) in
            [(4, true, Some(3)), (4, false, Some(3)), (3, false, Some(3)), (2, true, Some(3))]
        {
            let recorder = recorder(&["ab", "c"]);
            recorder.begin(length, is_last);
            let error = all(recorder.pieces()).await.unwrap_err();
            assert!(error.contains(&format!("should have {length} bytes")), "{error}");
            assert_eq!((recorder.misjudged(), recorder.is_given()), (found, false), "{length} {is_last}");
            assert!(recorder.whole().await.is_err());
            assert_eq!(all(recorder.rest()).await.as_deref(), Ok("abc"), "{length} {is_last}");
        }
    }
}
