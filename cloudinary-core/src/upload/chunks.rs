//! A source, chunk by chunk.

use std::sync::Arc;

use bytes::Bytes;
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
                Chunk { file: FilePart::Bytes { filename, bytes }, end, total: Some(total) }
            }
            From::Stream { gatherer, total } => {
                let (bytes, is_last) = gatherer.next(most).await?;
                let end = start + bytes.len() as u64;
                if let Some(total) = *total
                    && (end > total || is_last != (end == total))
                {
                    return Err(Error::Source { what: "the stream".to_owned(), source: changed(total, end) });
                }
                let total = if is_last { Some(end) } else { *total };
                Chunk { file: FilePart::Bytes { filename, bytes }, end, total }
            }
        })
    }
}

/// Gathers pieces of a stream.
struct Gatherer {
    pieces: Pieces,
    ahead: Bytes,
}

/// Beyond this a chunk is likely to fill up, and gets all its memory at once instead of growing by copies.
const SMALL_CHUNK_BYTES: usize = 256 * 1024;

impl Gatherer {
    /// So many bytes, or fewer at the end; and whether it is the end.
    async fn next(&mut self, most: u64) -> Result<(Bytes, bool)> {
        let wanted = usize::try_from(most).unwrap_or(usize::MAX);
        let mut chunk = Vec::new();
        loop {
            if self.ahead.is_empty() && !self.look_ahead().await? {
                return Ok((chunk.into(), true));
            }
            let room = wanted - chunk.len();
            if room == 0 {
                return Ok((chunk.into(), false));
            }
            let piece = self.ahead.split_to(room.min(self.ahead.len()));
            if chunk.len() + piece.len() > SMALL_CHUNK_BYTES {
                chunk.reserve_exact(room);
            }
            chunk.extend_from_slice(&piece);
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
