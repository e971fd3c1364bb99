//! A source, chunk by chunk.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;

use super::source::Length;
use crate::client::{FilePart, Held, OpenFile, Pieces, Recorder, changed};
use crate::error::{Error, Result};

/// Where the next chunk comes from.
pub(super) struct Supply {
    filename: String,
    from: From,
}

enum From {
    /// Read from disk while it is sent, nothing of it in memory.
    File(Arc<OpenFile>),
    /// Shared, not copied.
    Bytes(Bytes),
    /// Gathered, so that a chunk can be sent again, since its length has to be known before it is sent.
    Stream(Gatherer),
    /// Sent while it comes, and recorded.
    Recorded { recorder: Recorder, total: u64, is_exact: bool },
}

/// A part of a file.
pub(super) struct Chunk {
    pub(super) file: FilePart,
    /// Where it ends in the file.
    pub(super) end: u64,
    /// How many bytes the file has, if that is known by now.
    pub(super) total: Option<u64>,
}

impl Chunk {
    pub(super) fn is_last(&self) -> bool {
        self.total == Some(self.end)
    }
}

impl Supply {
    pub(super) fn file(filename: String, file: Arc<OpenFile>) -> Self {
        Self { filename, from: From::File(file) }
    }

    pub(super) fn bytes(filename: String, bytes: Bytes) -> Self {
        Self { filename, from: From::Bytes(bytes) }
    }

    /// The length is the whole file's, also when the stream begins in the middle of it.
    pub(super) fn stream(filename: String, pieces: Pieces, length: Length) -> Self {
        let from = match length {
            Length::Unknown => From::Stream(Gatherer { pieces, ahead: Bytes::new() }),
            Length::Exact(total) => From::Recorded { recorder: Recorder::new(pieces), total, is_exact: true },
            Length::Likely(total) => From::Recorded { recorder: Recorder::new(pieces), total, is_exact: false },
        };
        Self { filename, from }
    }

    /// How many bytes there are in all, if that is known.
    pub(super) fn total(&self) -> Option<u64> {
        match &self.from {
            From::File(file) => Some(file.length()),
            From::Bytes(bytes) => Some(bytes.len() as u64),
            From::Recorded { total, is_exact: true, .. } => Some(*total),
            From::Recorded { .. } | From::Stream(_) => None,
        }
    }

    /// The chunk that begins at `start`. A stream gives each chunk once, in their order.
    pub(super) async fn chunk(&mut self, start: u64, most: u64) -> Result<Chunk> {
        let filename = self.filename.clone();
        Ok(match &mut self.from {
            From::File(file) => {
                let end = file.length().min(start.saturating_add(most));
                let total = Some(file.length());
                let file = FilePart::File { filename, file: Arc::clone(file), offset: start, length: end - start };
                Chunk { file, end, total }
            }
            From::Bytes(bytes) => {
                let total = bytes.len() as u64;
                let end = total.min(start.saturating_add(most));
                // Both fit: they are no more than the length.
                let bytes = bytes.slice(start as usize..end as usize);
                Chunk { file: FilePart::Bytes { filename, pieces: vec![bytes] }, end, total: Some(total) }
            }
            From::Stream(gatherer) => {
                let (pieces, is_last) = gatherer.next(most).await?;
                let end = start + pieces.iter().map(|piece| piece.len() as u64).sum::<u64>();
                let total = is_last.then_some(end);
                Chunk { file: FilePart::Bytes { filename, pieces }, end, total }
            }
            From::Recorded { recorder, total, is_exact } => {
                let end = (*total).min(start.saturating_add(most));
                let is_last = end == *total;
                let length = end - start;
                // It fits: a chunk has no more than `MAX_CHUNK_BYTES`.
                recorder.begin(length as usize, is_last);
                let file = FilePart::Recorded { filename, recorder: recorder.clone(), length };
                Chunk { file, end, total: (*is_exact || is_last).then_some(*total) }
            }
        })
    }

    /// After a chunk that failed, `start` being where it began: true if that was because the stream has another length than
    /// was likely. The chunk is to be asked for once more then, and those after it; they are gathered before they are
    /// sent.
    ///
    /// # Errors
    /// [`Error::Source`] for a stream that is not as long as it said. No request that would complete its file was whole, so
    /// that nothing is stored that is cut short.
    pub(super) fn was_misjudged(&mut self, start: u64) -> Result<bool> {
        let From::Recorded { recorder, total, is_exact } = &self.from else { return Ok(false) };
        let Some(came) = recorder.misjudged() else { return Ok(false) };
        if *is_exact {
            let source = changed(*total, start + came);
            return Err(Error::Source { what: "the stream".to_owned(), source });
        }
        self.from = From::Stream(Gatherer { pieces: recorder.rest(), ahead: Bytes::new() });
        Ok(true)
    }
}

impl Drop for Supply {
    fn drop(&mut self) {
        // The request of an upload that has failed may still wait for the stream.
        if let From::Recorded { recorder, .. } = &self.from {
            recorder.stop();
        }
    }
}

/// Gathers pieces of a stream.
struct Gatherer {
    pieces: Pieces,
    ahead: Bytes,
}

impl Gatherer {
    /// So many bytes, or fewer at the end, in the pieces they came in; and whether it is the end.
    async fn next(&mut self, most: u64) -> Result<(Vec<Bytes>, bool)> {
        let mut room = usize::try_from(most).unwrap_or(usize::MAX);
        let mut held = Held::default();
        loop {
            let is_end = self.ahead.is_empty() && !self.look_ahead().await?;
            if is_end || room == 0 {
                return Ok((held.take(), is_end));
            }
            let piece = self.ahead.split_to(room.min(self.ahead.len()));
            room -= piece.len();
            held.push(piece);
        }
    }

    /// Fetches the next piece; false at the end.
    async fn look_ahead(&mut self) -> Result<bool> {
        while self.ahead.is_empty() {
            match self.pieces.next().await {
                Some(Ok(piece)) => self.ahead = piece,
                Some(Err(source)) => return Err(Error::Source { what: "the stream".to_owned(), source }),
                None => return Ok(false),
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn chunks_have_what_came_however_it_came() {
        const CHUNK: usize = 100_000;
        for sizes in [&[][..], &[1], &[CHUNK], &[CHUNK + 1], &[250_000], &[4095, 4096, 200_000, 1], &vec![7; 40_000]] {
            let whole: Vec<u8> = (0..sizes.iter().sum::<usize>()).map(|at| (at % 251) as u8).collect();
            let mut rest = Bytes::from(whole.clone());
            let given: Vec<_> = sizes.iter().map(|size| Ok(rest.split_to(*size))).collect();
            let pieces = futures_util::stream::iter(given).boxed();
            let mut gatherer = Gatherer { pieces, ahead: Bytes::new() };
            let (mut taken, mut is_end) = (Vec::new(), false);
            while !is_end {
                let pieces;
                (pieces, is_end) = gatherer.next(CHUNK as u64).await.unwrap();
                let length: usize = pieces.iter().map(Bytes::len).sum();
                assert!(length == CHUNK || is_end && length < CHUNK);
                taken.extend(pieces.concat());
            }
            assert_eq!(taken, whole, "{} pieces", sizes.len());
        }
    }
}
