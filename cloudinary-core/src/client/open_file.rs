//! A file on this machine while it is being sent: opened once, read in pieces, each as often as it is needed.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};

use super::multipart::{Pieces, READ_BYTES};
use crate::error::{Error, Result};

/// An open file and the length it had then. It stays the same file when its name goes to another, or away.
pub(crate) struct OpenFile {
    path: PathBuf,
    file: Mutex<File>,
    length: u64,
}

impl OpenFile {
    pub(crate) async fn open(path: &Path) -> Result<Arc<Self>> {
        let path = path.to_owned();
        let name = path.display().to_string();
        let opened = tokio::task::spawn_blocking(move || {
            // Looked at first: opening a pipe would wait for its writer.
            if !std::fs::metadata(&path)?.is_file() {
                return Err(io::Error::other("it is not a file; a pipe or device can be a reader"));
            }
            let file = File::open(&path)?;
            let length = file.metadata()?.len();
            Ok(Arc::new(Self { path, file: Mutex::new(file), length }))
        });
        opened
            .await
            .unwrap_or_else(|error| Err(io::Error::other(error)))
            .map_err(|source| Error::Source { what: name, source })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// A stretch of the file, one piece read ahead. At the file's end one byte more is looked for, so that a file that
    /// has grown, or whose length the system does not know, is noticed.
    pub(crate) fn pieces(self: &Arc<Self>, offset: u64, length: u64) -> Pieces {
        let end = offset + length;
        let beyond = u64::from(end == self.length);
        let file = Arc::clone(self);
        let starts = (offset..end.max(offset + 1)).step_by(READ_BYTES);
        let pieces = stream::iter(starts).map(move |start| {
            let file = Arc::clone(&file);
            let stop = (start + READ_BYTES as u64).min(end);
            let wanted = stop - start + if stop == end { beyond } else { 0 };
            async move {
                let read = tokio::task::spawn_blocking(move || file.read(start, wanted));
                read.await.unwrap_or_else(|error| Err(io::Error::other(error)))
            }
        });
        pieces.buffered(2).boxed()
    }

    fn read(&self, start: u64, wanted: u64) -> io::Result<Bytes> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        let mut piece = Vec::with_capacity(usize::try_from(wanted).unwrap_or(READ_BYTES));
        (&mut *file).take(wanted).read_to_end(&mut piece)?;
        Ok(piece.into())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt as _;

    use super::*;

    #[tokio::test]
    async fn stretches() {
        let content: Vec<u8> = (0..READ_BYTES * 2 + 5).map(|at| (at % 251) as u8).collect();
        let path = std::env::temp_dir().join(format!("stretches-{}", rand::random::<u64>()));
        std::fs::write(&path, &content).unwrap();
        let file = OpenFile::open(&path).await.unwrap();
        std::fs::remove_file(&path).unwrap();
        let end = content.len();
        for (from, to) in
            [(0, end), (0, 1), (7, READ_BYTES), (READ_BYTES, end), (3, READ_BYTES + 4), (end, end), (5, 5)]
        {
            let pieces: Vec<Bytes> = file.pieces(from as u64, (to - from) as u64).try_collect().await.unwrap();
            assert_eq!(pieces.concat(), content[from..to], "{from}..{to}");
        }
    }
}
