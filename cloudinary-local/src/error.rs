use std::{io, net::SocketAddr, path::PathBuf};

use crate::store::StoreError;

/// Why the server could not start or stop. What a client did wrong never ends up here: it is answered over HTTP.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another address, or port 0 for any free port")]
    Address {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The data folder cannot be made, read or written.
    #[error("cannot use {path} as data folder: {source}; choose a folder that this user may write")]
    Folder {
        /// The folder, or the file in it, that failed.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The data folder holds files of somebody else.
    #[error(
        "the data folder {path} holds {found}, which is not of cloudinary-local; choose an empty folder or a new one"
    )]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// The first thing found that is not ours.
        found: String,
    },
    /// The data folder holds contents, but not the database that tells what they are.
    #[error(
        "the data folder {path} has contents in blobs but no media.sqlite; restore that file from a backup, or move the \
         folder away"
    )]
    DatabaseLost {
        /// The folder.
        path: PathBuf,
    },
    /// Another running server holds the data folder.
    #[error("the data folder {path} is in use by another server; stop that one or choose another folder")]
    Locked {
        /// The folder both want.
        path: PathBuf,
    },
    /// The metadata database failed.
    #[error("the metadata database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The metadata database was written by a newer version of this crate.
    #[error(
        "the data folder was written by a newer cloudinary-local (schema {found}, this one knows {known}); update cloudinary-local"
    )]
    Newer {
        /// The schema version found.
        found: i64,
        /// The newest schema version this build understands.
        known: i64,
    },
    /// A setting of the builder is not usable.
    #[error("{name}: {reason}")]
    Setting {
        /// The setting's name.
        name: &'static str,
        /// What is wrong with it, and what would be right.
        reason: String,
    },
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => Self::Database(error),
            StoreError::Io(error) => Self::Database(sqlx::Error::Io(error)),
            StoreError::Json(error) => Self::Database(sqlx::Error::Decode(error.into())),
        }
    }
}
