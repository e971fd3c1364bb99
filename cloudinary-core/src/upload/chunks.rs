//! A source, chunk by chunk.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use crate::client::{FilePart, OpenFile, Pieces, changed};
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
    /// Gathered, so that a chunk can be sent again.
    Stream { gatherer: Gatherer, total: Option<u64> },
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

    /// `total` is the whole file's, also when the stream begins in the middle of it.
    pub(super) fn stream(filename: String, pieces: Pieces, total: Option<u64>) -> Self {
        let gatherer = Gatherer { pieces, ahead: Bytes::new() };
        Self { filename, from: From::Stream { gatherer, total } }
    }

    /// How many bytes there are in all, if that is known.
    pub(super) fn total(&self) -> Option<u64> {
        match &self.from {
            From::File(file) => Some(file.length()),
            From::Bytes(bytes) => Some(bytes.len() as u64),
            From::Stream { total, .. } => *total,
        }
    }

    /// The chunk that begins at `start`. A stream gives each chunk once, in their order.
    ///
    /// A stream that is not as long as it says fails here, before the chunk that would complete the file is sent, so that
    /// nothing is stored that is cut short.
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
            From::Stream { gatherer, total } => {
                let (pieces, is_last) = gatherer.next(most).await?;
                let end = start + pieces.iter().map(|piece| piece.len() as u64).sum::<u64>();
                if let Some(total) = *total
                    && (end > total || is_last != (end == total))
                {
                    return Err(Error::Source { what: "the stream".to_owned(), source: changed(total, end) });
                }
                let total = if is_last { Some(end) } else { *total };
                Chunk { file: FilePart::Bytes { filename, pieces }, end, total }
            }
        })
    }
}

/// Gathers pieces of a stream.
struct Gatherer {
    pieces: Pieces,
    ahead: Bytes,
}

/// A piece takes more memory than its bytes, so that smaller ones are joined.
const SMALL_PIECE_BYTES: usize = 4096;
/// How many bytes are joined at most, since what grows further is copied as it grows.
const JOINED_BYTES: usize = 64 * 1024;

impl Gatherer {
    /// So many bytes, or fewer at the end, in the pieces they came in; and whether it is the end.
    async fn next(&mut self, most: u64) -> Result<(Vec<Bytes>, bool)> {
        let mut room = usize::try_from(most).unwrap_or(usize::MAX);
        let (mut pieces, mut small) = (Vec::new(), BytesMut::new());
        loop {
            let is_end = self.ahead.is_empty() && !self.look_ahead().await?;
            if is_end || room == 0 {
                if !small.is_empty() {
                    pieces.push(small.freeze());
                }
                return Ok((pieces, is_end));
            }
            let piece = self.ahead.split_to(room.min(self.ahead.len()));
            room -= piece.len();
            let is_small = piece.len() < SMALL_PIECE_BYTES;
            if is_small {
                small.extend_from_slice(&piece);
            }
            if !small.is_empty() && (!is_small || small.len() >= JOINED_BYTES) {
                pieces.push(small.split().freeze());
            }
            if !is_small {
                pieces.push(piece);
            }
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
                assert!(pieces.len() <= 2 * sizes.len().min(length / SMALL_PIECE_BYTES + 2));
                taken.extend(pieces.concat());
            }
            assert_eq!(taken, whole, "{} pieces", sizes.len());
        }
    }
}
