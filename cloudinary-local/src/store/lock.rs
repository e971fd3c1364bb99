use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::Path,
};

use crate::Error;

/// Holds the data folder for this process. The operating system frees it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Makes the folder if need be and takes it.
    pub(crate) fn take(folder: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Folder { path: folder.to_path_buf(), source };
        if !folder.exists() {
            make_private(folder).map_err(failed)?;
        }
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock")).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path: folder.to_path_buf() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

/// The folder holds the generated API secret: others on the machine have no business in it.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
