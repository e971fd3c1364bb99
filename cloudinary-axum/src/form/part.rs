//! A file part, read under its field's limit.

use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use multer::Field;

use crate::rejection::FormRejection;

/// How the reading of a part ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// As it should, or not yet.
    Fine,
    /// The file is larger than its field takes.
    TooLarge,
    /// The request broke off.
    Broken,
}

/// A file part that outlives the upload it is streamed into, so that what the upload leaves can be read away.
#[derive(Clone)]
pub(super) struct FilePart {
    part: Arc<Mutex<Field<'static>>>,
    ending: Arc<AtomicU8>,
}

impl FilePart {
    pub(super) fn new(part: Field<'static>) -> Self {
        Self { part: Arc::new(Mutex::new(part)), ending: Arc::new(AtomicU8::new(0)) }
    }

    pub(super) fn ending(&self) -> Ending {
        match self.ending.load(Ordering::Relaxed) {
            0 => Ending::Fine,
            1 => Ending::TooLarge,
            _ => Ending::Broken,
        }
    }

    fn end(&self, ending: Ending) {
        self.ending.store(ending as u8, Ordering::Relaxed);
    }

    /// The first bytes; `None` for an empty file.
    pub(super) async fn first(&mut self) -> Result<Option<Bytes>, FormRejection> {
        while let Some(piece) = self.next().await {
            match piece {
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => return Ok(Some(bytes)),
                Err(error) => return Err(FormRejection::Malformed(error.to_string())),
            }
        }
        Ok(None)
    }

    /// What comes after the first bytes; fails as soon as the whole has more than `limit` bytes, which ends the upload.
    pub(super) fn stream(self, first: Bytes, limit: u64) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
        let ending = self.clone();
        let mut seen = 0_u64;
        futures_util::stream::iter([Ok(first)]).chain(self).map(move |piece| match piece {
            Ok(piece) => {
                seen += piece.len() as u64;
                if seen > limit {
                    ending.end(Ending::TooLarge);
                    return Err(std::io::Error::other("the file is larger than its field takes"));
                }
                Ok(piece)
            }
            Err(error) => {
                ending.end(Ending::Broken);
                Err(std::io::Error::other(error))
            }
        })
    }

    /// Reads the rest away; the request's own limit bounds it.
    pub(super) async fn drain(&mut self) -> Result<(), FormRejection> {
        while let Some(piece) = self.next().await {
            piece.map_err(super::read::malformed)?;
        }
        Ok(())
    }
}

impl Stream for FilePart {
    type Item = Result<Bytes, multer::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // Held for this poll only; the upload and the drain never read at the same time.
        self.part.lock().unwrap_or_else(PoisonError::into_inner).poll_next_unpin(context)
    }
}
