//! Contents, each under the SHA-256 of its bytes; a `public_id` never names a file.
//!
//! This is a small store of our own rather than an object-store crate: those do not sync a local file and its folder,
//! and an upload may be acknowledged only once a power cut can no longer undo it.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::{Path, PathBuf},
    sync::Mutex,
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use tokio::{
    fs,
    io::{AsyncRead, AsyncReadExt as _, AsyncSeekExt as _},
};

use super::spool::{Content, Spool, Spooled};

/// Where contents live.
#[derive(Debug)]
pub(crate) enum Blobs {
    Disk { root: PathBuf, incoming: PathBuf, serial: AtomicU64 },
    Memory(Mutex<HashMap<String, Bytes>>),
}

impl Blobs {
    pub(crate) fn in_memory() -> Self {
        Self::Memory(Mutex::default())
    }

    /// Opens the folder; what an earlier run left half-received is removed.
    pub(crate) fn on_disk(folder: &Path) -> io::Result<Self> {
        let (root, incoming) = (folder.join("blobs"), folder.join("incoming"));
        std::fs::create_dir_all(&root)?;
        std::fs::create_dir_all(&incoming)?;
        for leftover in std::fs::read_dir(&incoming)? {
            std::fs::remove_file(leftover?.path())?;
        }
        sync_folder(folder)?;
        Ok(Self::Disk { root, incoming, serial: AtomicU64::new(0) })
    }

    /// Begins to receive a file.
    pub(crate) async fn receive(&self) -> io::Result<Spool> {
        match self {
            Self::Memory(_) => Ok(Spool::in_memory()),
            Self::Disk { incoming, serial, .. } => {
                let name = serial.fetch_add(1, Ordering::Relaxed).to_string();
                Spool::on_disk(incoming.join(name)).await
            }
        }
    }

    /// Receives bytes that are in memory already.
    pub(crate) async fn receive_bytes(&self, bytes: &[u8]) -> io::Result<Spooled> {
        let mut spool = self.receive().await?;
        spool.write(bytes).await?;
        spool.finish().await
    }

    /// Makes a received file lasting: once this returns, a crash cannot lose it.
    pub(super) async fn keep(&self, spooled: Spooled) -> io::Result<()> {
        match (self, spooled.content) {
            (Self::Memory(blobs), Content::Memory(bytes)) => {
                lock(blobs).entry(spooled.sha256).or_insert(bytes);
                Ok(())
            }
            (Self::Disk { root, .. }, Content::Disk(temporary)) => {
                let target = path_in(root, &spooled.sha256);
                tokio::task::spawn_blocking(move || {
                    if target.exists() {
                        return Ok(());
                    }
                    let shelf = target.parent().ok_or(io::ErrorKind::InvalidInput)?;
                    if !shelf.exists() {
                        std::fs::create_dir_all(shelf)?;
                        sync_folder(shelf.parent().ok_or(io::ErrorKind::InvalidInput)?)?;
                    }
                    std::fs::rename(temporary.path(), &target)?;
                    sync_folder(shelf)
                })
                .await?
            }
            _ => Err(io::Error::other("the file was received for another kind of store")),
        }
    }

    /// The whole content. Only for contents within the image limit.
    pub(crate) async fn read(&self, sha256: &str) -> io::Result<Bytes> {
        match self {
            Self::Memory(blobs) => lock(blobs).get(sha256).cloned().ok_or_else(missing),
            Self::Disk { root, .. } => fs::read(path_in(root, sha256)).await.map(Bytes::from),
        }
    }

    /// A reader of `length` bytes from `start` on.
    pub(crate) async fn open(
        &self,
        sha256: &str,
        start: u64,
        length: u64,
    ) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
        match self {
            Self::Memory(_) => {
                let bytes = self.read(sha256).await?;
                let end = start.saturating_add(length).min(bytes.len() as u64);
                let part = bytes.slice(start.min(end) as usize..end as usize);
                Ok(Box::new(io::Cursor::new(part)))
            }
            Self::Disk { root, .. } => {
                let mut file = fs::File::open(path_in(root, sha256)).await?;
                if start > 0 {
                    file.seek(io::SeekFrom::Start(start)).await?;
                }
                Ok(Box::new(file.take(length)))
            }
        }
    }

    pub(super) async fn remove(&self, sha256: &str) -> io::Result<()> {
        match self {
            Self::Memory(blobs) => {
                lock(blobs).remove(sha256);
                Ok(())
            }
            Self::Disk { root, .. } => match fs::remove_file(path_in(root, sha256)).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        }
    }

    /// Removes what no record speaks of: a crash between the file's rename and its record leaves such a file.
    pub(super) fn collect(&self, referenced: &HashSet<String>) -> io::Result<usize> {
        let Self::Disk { root, .. } = self else { return Ok(0) };
        let mut collected = 0;
        for shelf in std::fs::read_dir(root)? {
            let shelf = shelf?;
            if !shelf.file_type()?.is_dir() {
                continue;
            }
            for blob in std::fs::read_dir(shelf.path())? {
                let blob = blob?;
                if !blob.file_name().to_str().is_some_and(|name| referenced.contains(name)) {
                    std::fs::remove_file(blob.path())?;
                    collected += 1;
                }
            }
        }
        Ok(collected)
    }
}

fn lock(blobs: &Mutex<HashMap<String, Bytes>>) -> std::sync::MutexGuard<'_, HashMap<String, Bytes>> {
    blobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "the content is gone from the store")
}

/// `ab/abcdef…`: no folder grows beyond what file systems like.
fn path_in(root: &Path, sha256: &str) -> PathBuf {
    root.join(sha256.get(..2).unwrap_or("00")).join(sha256)
}

/// A rename lasts only once its folder is synced.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// Elsewhere folders cannot be synced; the file system has to see to it.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
