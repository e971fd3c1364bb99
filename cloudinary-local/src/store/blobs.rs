//! Contents, each under the SHA-256 of its bytes; a `public_id` never names a file.
//!
//! This is a small store of our own rather than an object-store crate: those do not sync a local file and its folder,
//! and an upload may be acknowledged only once a power cut can no longer undo it.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    fs,
    io::{AsyncRead, AsyncReadExt as _, AsyncSeekExt as _},
};

use super::{
    budget::{Budget, Reservation},
    folder::make_private,
    spool::{Content, Spool, Spooled},
};
use crate::Limits;

/// How long a content nobody speaks of is left alone: time to notice that an old database was put in place.
const ORPHANS_KEPT: Duration = Duration::from_hours(24);

/// Contents, and the room for those on their way in.
#[derive(Debug)]
pub(crate) struct Blobs {
    place: Place,
    spool: Arc<Budget>,
    early: Arc<Budget>,
    archives: Arc<Budget>,
}

/// Where contents live.
#[derive(Debug)]
enum Place {
    Disk { root: PathBuf, incoming: PathBuf, serial: AtomicU64 },
    Memory(Mutex<HashMap<String, Bytes>>),
}

impl Blobs {
    pub(crate) fn in_memory(limits: &Limits) -> Self {
        Self::at(Place::Memory(Mutex::default()), limits)
    }

    fn at(place: Place, limits: &Limits) -> Self {
        Self {
            place,
            spool: Budget::new(limits.spool_max_bytes, "Too much is uploaded at a time; try again later"),
            early: Budget::new(
                limits.early_max_bytes.min(limits.spool_max_bytes),
                "Too much is uploaded at a time before its credentials; send a form with the file last, or try again later",
            ),
            archives: Budget::new(
                limits.archives_max_bytes,
                "Too much is packed and downloaded at a time; try again later",
            ),
        }
    }

    /// Opens the folder; what an earlier run left half-received is removed.
    pub(super) fn on_disk(folder: &Path, limits: &Limits) -> io::Result<Self> {
        let (root, incoming) = (folder.join("blobs"), folder.join("incoming"));
        make_private(&root)?;
        make_private(&incoming)?;
        let mut next = 0;
        for leftover in std::fs::read_dir(&incoming)? {
            let leftover = leftover?;
            let number = leftover.file_name().to_str().and_then(|name| name.parse::<u64>().ok());
            if let Some(number) = number {
                next = next.max(number.saturating_add(1));
                if leftover.file_type()?.is_file() {
                    std::fs::remove_file(leftover.path())?;
                }
            }
        }
        sync_folder(folder)?;
        Ok(Self::at(Place::Disk { root, incoming, serial: AtomicU64::new(next) }, limits))
    }

    /// Room for what is held in memory while it is received.
    pub(crate) fn reserve(&self) -> Reservation {
        self.spool.reserve()
    }

    /// Room for what comes before it is known who sends it. It is apart, so that strangers take none of the other.
    pub(crate) fn reserve_early(&self) -> Reservation {
        self.early.reserve()
    }

    /// Room for an archive, until it is stored or downloaded.
    pub(crate) fn reserve_archive(&self) -> Reservation {
        self.archives.reserve()
    }

    /// Begins to receive a file.
    pub(crate) async fn receive(&self) -> io::Result<Spool> {
        self.receive_into(self.reserve()).await
    }

    /// As [`Blobs::receive`], with room of another kind.
    pub(crate) async fn receive_into(&self, room: Reservation) -> io::Result<Spool> {
        match &self.place {
            Place::Memory(_) => Ok(Spool::in_memory(room)),
            Place::Disk { incoming, serial, .. } => {
                let name = serial.fetch_add(1, Ordering::Relaxed).to_string();
                Spool::on_disk(incoming.join(name), room).await
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
        match (&self.place, spooled.content) {
            (Place::Memory(blobs), Content::Memory(bytes)) => {
                lock(blobs).entry(spooled.sha256).or_insert(bytes);
                Ok(())
            }
            (Place::Disk { root, .. }, Content::Disk(temporary)) => {
                let target = path_in(root, &spooled.sha256);
                tokio::task::spawn_blocking(move || {
                    let shelf = target.parent().ok_or(io::ErrorKind::InvalidInput)?;
                    std::fs::create_dir_all(shelf)?;
                    // The same bytes may be there already; these are synced, and take their place in one go.
                    std::fs::rename(temporary.path(), &target)?;
                    // Both always: who made the shelf or the file a moment ago may not have come to it yet.
                    sync_folder(shelf)?;
                    sync_folder(shelf.parent().ok_or(io::ErrorKind::InvalidInput)?)
                })
                .await?
            }
            _ => Err(io::Error::other("the file was received for another kind of store")),
        }
    }

    /// The whole content. Only for contents within the image limit.
    pub(crate) async fn read(&self, sha256: &str) -> io::Result<Bytes> {
        match &self.place {
            Place::Memory(blobs) => lock(blobs).get(sha256).cloned().ok_or_else(missing),
            Place::Disk { root, .. } => fs::read(path_in(root, sha256)).await.map(Bytes::from),
        }
    }

    /// A reader of `length` bytes from `start` on.
    pub(crate) async fn open(
        &self,
        sha256: &str,
        start: u64,
        length: u64,
    ) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
        match &self.place {
            Place::Memory(_) => {
                let bytes = self.read(sha256).await?;
                let end = start.saturating_add(length).min(bytes.len() as u64);
                let part = bytes.slice(start.min(end) as usize..end as usize);
                Ok(Box::new(io::Cursor::new(part)))
            }
            Place::Disk { root, .. } => {
                let mut file = fs::File::open(path_in(root, sha256)).await?;
                if start > 0 {
                    file.seek(io::SeekFrom::Start(start)).await?;
                }
                Ok(Box::new(file.take(length)))
            }
        }
    }

    pub(super) async fn remove(&self, sha256: &str) -> io::Result<()> {
        match &self.place {
            Place::Memory(blobs) => {
                lock(blobs).remove(sha256);
                Ok(())
            }
            Place::Disk { root, .. } => match fs::remove_file(path_in(root, sha256)).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        }
    }

    /// Removes what no record speaks of: a crash between the file's rename and its record leaves such a file. What is
    /// not named as ours are, or is younger than a day, stays.
    pub(super) fn collect(&self, referenced: &HashSet<String>) -> io::Result<usize> {
        let Place::Disk { root, .. } = &self.place else { return Ok(0) };
        let mut collected = 0;
        for shelf in std::fs::read_dir(root)? {
            let shelf = shelf?;
            if !shelf.file_type()?.is_dir() {
                continue;
            }
            for blob in std::fs::read_dir(shelf.path())? {
                let blob = blob?;
                let name = blob.file_name();
                let Some(name) = name.to_str().filter(|name| is_sha256(name)) else { continue };
                let metadata = blob.metadata()?;
                let age = metadata.modified()?.elapsed().unwrap_or_default();
                if metadata.is_file() && age > ORPHANS_KEPT && !referenced.contains(name) {
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

fn is_sha256(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
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
