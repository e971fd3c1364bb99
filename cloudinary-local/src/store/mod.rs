//! What is kept: records in `SQLite`, contents beside it.
//!
//! The order of a write is fixed: the content is written, synced and renamed into place, then recorded, then
//! acknowledged. A crash in between leaves a content nobody speaks of, which the next start collects.

mod asset;
mod asset_folders;
mod assets;
mod backups;
mod blobs;
mod budget;
mod chunks;
mod definitions;
mod delete_tokens;
mod derived;
mod derived_assets;
mod edits;
mod folder;
mod listing;
mod lock;
mod related;
mod scan;
mod schema;
mod settings;
mod spool;

use std::{collections::HashSet, io, path::Path, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::RwLock;

pub(crate) use asset::{
    AccessMode, AccessRule, Asset, AssetKey, DeliveryType, Details, FileFacts, Moderation, ResourceType,
};
pub(crate) use asset_folders::{AssetFolder, FolderDeleted, FolderMoved};
pub(crate) use assets::{NewAsset, Recorded};
pub(crate) use blobs::Blobs;
pub(crate) use budget::Reservation;
pub(crate) use chunks::{Chunk, ChunkFault, ChunkedName, Finished};
pub(crate) use definitions::{Definition, Kind};
pub(crate) use derived::{Derived, NewDerived};
pub(crate) use derived_assets::{DerivedAsset, Usage};
pub(crate) use edits::Renamed;
pub(crate) use listing::{Only, Page, Wanted};
pub(crate) use spool::{Spool, Spooled};

use crate::{Error, Limits};
use lock::FolderLock;

/// Why the store failed; the client hears only that it did.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the metadata database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the media store failed: {0}")]
    Io(#[from] io::Error),
    #[error("a record could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Records and contents of one server.
#[derive(Debug)]
pub(crate) struct Store {
    pool: SqlitePool,
    blobs: Blobs,
    /// Held for reading from the moment a content is in place until its record is, and for writing while contents
    /// nobody speaks of are removed: so none is removed that is about to be recorded.
    recording: RwLock<()>,
    _lock: Option<FolderLock>,
}

impl Store {
    /// A store that is gone with the process.
    pub(crate) async fn in_memory(limits: &Limits) -> Result<Self, Error> {
        // Each connection to `:memory:` would see a database of its own: there is one, and it never closes.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            // A client that went away during such a test would take the connection along, and all records with it.
            .test_before_acquire(false)
            .connect_with(SqliteConnectOptions::new().in_memory(true).foreign_keys(true))
            .await?;
        schema::migrate(&pool).await?;
        Ok(Self { pool, blobs: Blobs::in_memory(limits), recording: RwLock::default(), _lock: None })
    }

    /// Opens the store in `folder`, makes it if need be, and collects what a crash left behind.
    pub(crate) async fn on_disk(folder: &Path, limits: &Limits) -> Result<Self, Error> {
        folder::prepare(folder)?;
        let lock = FolderLock::take(folder)?;
        let failed = |source| Error::Folder { path: folder.to_path_buf(), source };
        folder::close_database(folder).map_err(failed)?;
        let options = SqliteConnectOptions::new()
            .filename(folder::database(folder))
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        schema::migrate(&pool).await?;
        // Only now is it sure that the folder is ours.
        let blobs = Blobs::on_disk(folder, limits).map_err(failed)?;
        let store = Self { pool, blobs, recording: RwLock::default(), _lock: Some(lock) };
        let referenced = store.referenced_blobs().await?;
        let collected = store.blobs.collect(&referenced).map_err(failed)?;
        if collected > 0 {
            tracing::info!(collected, "removed contents that an earlier run never recorded");
        }
        Ok(store)
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Ends the connections, so that the folder can be opened again at once.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    async fn referenced_blobs(&self) -> sqlx::Result<HashSet<String>> {
        let blobs: Vec<String> =
            sqlx::query_scalar("SELECT blob FROM assets UNION SELECT blob FROM derived UNION SELECT blob FROM chunks UNION SELECT blob FROM backups")
                .fetch_all(&self.pool)
                .await?;
        Ok(blobs.into_iter().collect())
    }

    /// As [`Store::release`], after the deed is done: a failure leaves bytes for the next start to collect, and changes
    /// nothing for whoever asked.
    async fn release_done(&self, blobs: &[String]) {
        if let Err(error) = self.release(blobs).await {
            tracing::error!(%error, "contents nobody speaks of could not be removed; a later start will");
        }
    }

    /// Removes those of the given contents that no record speaks of any more.
    async fn release(&self, blobs: &[String]) -> Result<(), StoreError> {
        if blobs.is_empty() {
            return Ok(());
        }
        let _alone = self.recording.write().await;
        for blob in blobs {
            let used: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM assets WHERE blob = ?1) \
                 OR EXISTS (SELECT 1 FROM derived WHERE blob = ?1) \
                 OR EXISTS (SELECT 1 FROM chunks WHERE blob = ?1) \
                 OR EXISTS (SELECT 1 FROM backups WHERE blob = ?1)",
            )
            .bind(blob)
            .fetch_one(&self.pool)
            .await?;
            if !used && !blob.is_empty() {
                self.blobs.remove(blob).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn in_memory() -> Store {
        Store::in_memory(&Limits::default()).await.unwrap()
    }

    async fn record(store: &Store, public_id: &str, bytes: &[u8], overwrite: bool) -> Recorded {
        let content = store.blobs().receive_bytes(bytes).await.unwrap();
        let file = FileFacts {
            format: None,
            size: None,
            pages: None,
            bytes: content.length,
            etag: content.md5.clone(),
            blob: content.sha256.clone(),
        };
        let key = AssetKey {
            resource_type: ResourceType::Raw,
            delivery_type: DeliveryType::Upload,
            public_id: public_id.to_owned(),
        };
        let (asset_id, version_id) = (crate::ids::hex_id(), crate::ids::hex_id());
        let new = NewAsset { key, asset_id, version_id, file, now: 1000, details: Details::default() };
        store.record(new, content, overwrite).await.unwrap()
    }

    async fn held(store: &Store, bytes: &[u8]) -> bool {
        let sha256 = store.blobs().receive_bytes(bytes).await.unwrap().sha256;
        store.blobs().read(&sha256).await.is_ok()
    }

    #[tokio::test]
    async fn contents_live_as_long_as_a_record_speaks_of_them() {
        let folder = tempfile::tempdir().unwrap();
        for store in [in_memory().await, Store::on_disk(folder.path(), &Limits::default()).await.unwrap()] {
            let Recorded::New(one) = record(&store, "one", b"same", true).await else { panic!("it is new") };
            record(&store, "two", b"same", true).await;
            assert!(store.destroy(&one.key).await.unwrap());
            assert!(held(&store, b"same").await, "the other one has the same bytes");
            let Recorded::Overwritten(two) = record(&store, "two", b"else", true).await else { panic!("it is there") };
            assert_eq!(two.version, 1002, "a version is never used twice");
            assert!(!held(&store, b"same").await);
            assert!(store.destroy(&two.key).await.unwrap());
            let Recorded::New(anew) = record(&store, "two", b"else", true).await else { panic!("it is gone") };
            assert_eq!(anew.version, 1003, "nor after its asset is gone");
            let Recorded::Existing(_) = record(&store, "two", b"third", false).await else { panic!("it is there") };
            assert!(!held(&store, b"third").await && held(&store, b"else").await);
        }
    }

    #[tokio::test]
    async fn a_client_that_goes_away_takes_no_records_along() {
        let store = in_memory().await;
        record(&store, "one", b"one", true).await;
        for patience in 0..100 {
            let asked = store.list_tags(ResourceType::Raw, "", "", 10);
            // Left at the first wait, or some time later.
            let _ = tokio::time::timeout(Duration::from_micros(patience), asked).await;
            let bytes = patience.to_string();
            let new = record(&store, "two", bytes.as_bytes(), true);
            let _ = tokio::time::timeout(Duration::from_micros(patience * 10), new).await;
        }
        assert_eq!(store.list_tags(ResourceType::Raw, "", "", 10).await.unwrap(), [""; 0]);
        let Recorded::Existing(_) = record(&store, "one", b"other", false).await else { panic!("it is there") };
    }

    #[tokio::test]
    async fn old_pieces_are_swept() {
        let store = in_memory().await;
        for (upload, now) in [("old", 100), ("new", 200)] {
            let content = store.blobs().receive_bytes(upload.as_bytes()).await.unwrap();
            let chunk = Chunk { first: 0, last: 2, total: Some(9) };
            let name =
                ChunkedName { public_id: "id".to_owned(), delivery_type: DeliveryType::Upload, terms: String::new() };
            assert!(!store.record_chunk(upload, &name, chunk, content, now).await.unwrap());
        }
        store.sweep_chunks(150).await.unwrap();
        assert_eq!(store.chunked_name("old").await.unwrap(), None);
        assert_eq!(store.chunked_name("new").await.unwrap().map(|name| name.public_id).as_deref(), Some("id"));
        assert_eq!((held(&store, b"old").await, held(&store, b"new").await), (false, true));
    }

    #[tokio::test]
    async fn delete_tokens_expire() {
        let store = in_memory().await;
        let Recorded::New(asset) = record(&store, "a", b"a", true).await else { panic!("it is new") };
        store.record_delete_token("token", &asset, 100).await.unwrap();
        assert!(store.delete_token_asset("token", 99).await.unwrap().is_some());
        assert!(store.delete_token_asset("token", 100).await.unwrap().is_none());
        store.sweep_delete_tokens(100).await.unwrap();
        assert!(store.delete_token_asset("token", 99).await.unwrap().is_none());
    }
}
