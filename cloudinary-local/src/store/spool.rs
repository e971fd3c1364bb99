//! Bytes on their way in: written as they come, hashed as they pass, never held whole when the store is on disk.

use std::{
    io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use md5::{Digest as _, Md5};
use sha2::Sha256;
use tokio::{fs::File, io::AsyncWriteExt as _};

use super::{budget::Reservation, folder::private_file};

/// A file being received.
#[derive(Debug)]
pub(crate) struct Spool {
    target: Target,
    md5: Md5,
    sha256: Sha256,
    length: u64,
    reserved: Reservation,
}

#[derive(Debug)]
enum Target {
    Disk { file: File, path: TempPath },
    Memory(Vec<u8>),
}

/// A file received whole, not yet part of the store. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Spooled {
    pub(super) content: Content,
    /// Names the bytes in the blob store.
    pub(crate) sha256: String,
    /// The `etag` of the service's answers.
    pub(crate) md5: String,
    pub(crate) length: u64,
    _reserved: Reservation,
}

#[derive(Debug)]
pub(super) enum Content {
    Disk(TempPath),
    Memory(Bytes),
}

/// Removes its file when dropped, unless the file has been renamed away.
#[derive(Debug)]
pub(super) struct TempPath(PathBuf);

impl TempPath {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempPath {
    fn drop(&mut self) {
        // Gone already after a rename; a leftover is collected at the next start.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Spool {
    pub(super) fn in_memory(reserved: Reservation) -> Self {
        Self::new(Target::Memory(Vec::new()), reserved)
    }

    pub(super) async fn on_disk(path: PathBuf, reserved: Reservation) -> io::Result<Self> {
        let file = tokio::fs::OpenOptions::from(private_file()).create_new(true).write(true).open(&path).await?;
        Ok(Self::new(Target::Disk { file, path: TempPath(path) }, reserved))
    }

    fn new(target: Target, reserved: Reservation) -> Self {
        Self { target, md5: Md5::new(), sha256: Sha256::new(), length: 0, reserved }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.reserved.grow(bytes.len() as u64)?;
        self.md5.update(bytes);
        self.sha256.update(bytes);
        self.length += bytes.len() as u64;
        match &mut self.target {
            Target::Disk { file, .. } => file.write_all(bytes).await,
            Target::Memory(held) => {
                held.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Ends the file; on disk, it is synced.
    pub(crate) async fn finish(self) -> io::Result<Spooled> {
        let content = match self.target {
            Target::Disk { mut file, path } => {
                file.flush().await?;
                file.sync_all().await?;
                Content::Disk(path)
            }
            Target::Memory(held) => Content::Memory(held.into()),
        };
        Ok(Spooled {
            content,
            sha256: hex::encode(self.sha256.finalize()),
            md5: hex::encode(self.md5.finalize()),
            length: self.length,
            _reserved: self.reserved,
        })
    }
}

impl Spooled {
    /// The whole content. Only for files already known to be within their limit.
    pub(crate) async fn read(&self) -> io::Result<Bytes> {
        match &self.content {
            Content::Disk(path) => tokio::fs::read(path.path()).await.map(Bytes::from),
            Content::Memory(bytes) => Ok(bytes.clone()),
        }
    }

    /// A reader of the whole content, which lasts no longer than this.
    pub(crate) async fn open(&self) -> io::Result<Box<dyn tokio::io::AsyncRead + Send + Unpin>> {
        match &self.content {
            Content::Disk(path) => Ok(Box::new(File::open(path.path()).await?)),
            Content::Memory(bytes) => Ok(Box::new(io::Cursor::new(bytes.clone()))),
        }
    }

    /// The first bytes, at most `count`.
    pub(crate) async fn head(&self, count: usize) -> io::Result<Bytes> {
        use tokio::io::AsyncReadExt as _;
        match &self.content {
            Content::Disk(path) => {
                let mut head = Vec::new();
                File::open(path.path()).await?.take(count as u64).read_to_end(&mut head).await?;
                Ok(head.into())
            }
            Content::Memory(bytes) => Ok(bytes.slice(..count.min(bytes.len()))),
        }
    }
}
