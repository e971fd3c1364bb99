//! The data folder: whether it is ours, and closed to others.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::Error;

/// The file that makes a folder ours.
const DATABASE: &str = "media.sqlite";
/// All that a start which did not come to its end may have left beside the database.
const OURS: [&str; 3] = ["lock", "blobs", "incoming"];

/// Where the database is.
pub(super) fn database(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

/// Makes the folder if need be. One that holds other things than ours is refused: the store removes files it does not
/// know. So is one with contents but no database, which is all that tells what they are.
pub(super) fn prepare(folder: &Path) -> Result<(), Error> {
    let failed = |source| Error::Folder { path: folder.to_path_buf(), source };
    if !folder.exists() {
        return make_private(folder).map_err(failed);
    }
    if database(folder).exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if !name.to_str().is_some_and(|name| OURS.contains(&name)) {
            return Err(Error::NotOurs { path: folder.to_path_buf(), found: name.to_string_lossy().into_owned() });
        }
    }
    if has_files(&folder.join("blobs")).map_err(failed)? {
        return Err(Error::DatabaseLost { path: folder.to_path_buf() });
    }
    Ok(())
}

/// Makes the database's file, so that it is closed to others from its first moment on; what is there is closed.
pub(super) fn close_database(folder: &Path) -> io::Result<()> {
    let path = database(folder);
    private_file().create(true).append(true).open(&path)?;
    for name in [DATABASE, "media.sqlite-wal", "media.sqlite-shm", "lock"] {
        let path = folder.join(name);
        if path.exists() {
            restrict(&path, 0o600)?;
        }
    }
    Ok(())
}

/// Makes a folder that only this user may enter; one that is there is closed.
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    restrict(folder, 0o700)
}

/// Options that make a file only this user may read.
pub(super) fn private_file() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Elsewhere the folder's own rights have to do.
#[cfg(not(unix))]
fn restrict(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

fn has_files(blobs: &Path) -> io::Result<bool> {
    if !blobs.exists() {
        return Ok(false);
    }
    for shelf in fs::read_dir(blobs)? {
        let shelf = shelf?;
        if !shelf.file_type()?.is_dir() || fs::read_dir(shelf.path())?.next().is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
