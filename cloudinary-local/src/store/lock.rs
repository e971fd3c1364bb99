use std::{
    fs::{File, TryLockError},
    path::Path,
};

use super::folder;
use crate::Error;

/// Holds the data folder for this process. The operating system frees it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes a folder that is there.
    pub(crate) fn take(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Folder { path: path.to_path_buf(), source };
        let mut options = folder::private_file();
        let file = options.create(true).truncate(false).write(true).open(path.join("lock")).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path: path.to_path_buf() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}
