//! Pieces of files that come in several requests. They are recorded like everything else, so a restart in the middle of
//! a long upload loses nothing.

use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{AssetKey, DeliveryType, Spool, Spooled, Store, StoreError};

/// One piece: the bytes `first..=last` of a file of `total` bytes, if that is known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) total: Option<u64>,
}

/// Why a piece does not fit the others.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChunkFault {
    #[error("Content-Range {0} overlaps bytes received before, with other content")]
    Overlap(String),
    #[error("Content-Range {0} disagrees with the total size given before")]
    Total(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for ChunkFault {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What an upload in pieces became, and when (Unix seconds).
#[derive(Debug)]
pub(crate) struct Finished<'a> {
    pub(crate) key: &'a AssetKey,
    pub(crate) now: i64,
}

/// Where an upload in pieces goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChunkedName {
    pub(crate) public_id: String,
    pub(crate) delivery_type: DeliveryType,
    /// What every piece's parameters have to agree with; empty if that is not known.
    pub(crate) terms: String,
}

struct Held {
    chunk: Chunk,
    blob: String,
}

impl Held {
    /// Place and content in one text; a piece may or may not name the total, and is the same.
    fn told(&self) -> String {
        format!("{}-{} {}", self.chunk.first, self.chunk.last, self.blob)
    }
}

impl Store {
    /// What the first piece to come settled on.
    pub(crate) async fn chunked_name(&self, upload: &str) -> Result<Option<ChunkedName>, StoreError> {
        let row = sqlx::query("SELECT public_id, type, terms FROM chunks WHERE upload = ? ORDER BY rowid LIMIT 1")
            .bind(upload)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let delivery_type = DeliveryType::parse(row.try_get("type")?).unwrap_or(DeliveryType::Upload);
        Ok(Some(ChunkedName { public_id: row.try_get("public_id")?, delivery_type, terms: row.try_get("terms")? }))
    }

    /// Keeps a piece; the same piece again changes nothing. Returns whether the file is now whole.
    pub(crate) async fn record_chunk(
        &self,
        upload: &str,
        name: &ChunkedName,
        chunk: Chunk,
        content: Spooled,
        now: i64,
    ) -> Result<bool, ChunkFault> {
        let blob = content.sha256.clone();
        let recorded = {
            let _recording = self.recording.read().await;
            self.blobs.keep(content).await.map_err(StoreError::from)?;
            self.write_chunk(upload, name, chunk, &blob, now).await
        };
        if recorded.is_err() {
            self.release(&[blob]).await?;
        }
        recorded
    }

    async fn write_chunk(
        &self,
        upload: &str,
        name: &ChunkedName,
        chunk: Chunk,
        blob: &str,
        now: i64,
    ) -> Result<bool, ChunkFault> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let mut held = held(&mut transaction, upload).await?;
        if let Some(fault) = held.iter().find_map(|other| conflict(other, chunk, blob)) {
            return Err(fault);
        }
        if !held.iter().any(|other| other.chunk.first == chunk.first) {
            sqlx::query(
                "INSERT INTO chunks (upload, first, last, total, public_id, type, terms, blob, created_at) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(upload)
            .bind(chunk.first as i64)
            .bind(chunk.last as i64)
            .bind(chunk.total.map(|total| total as i64))
            .bind(&name.public_id)
            .bind(name.delivery_type.as_str())
            .bind(&name.terms)
            .bind(blob)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            held.push(Held { chunk, blob: blob.to_owned() });
            held.sort_by_key(|held| held.chunk.first);
        }
        Ok(whole(&held))
    }

    /// Puts the pieces together.
    pub(crate) async fn assemble(&self, upload: &str) -> Result<Spooled, StoreError> {
        use tokio::io::AsyncReadExt as _;
        let held = held(&mut *self.pool.acquire().await?, upload).await?;
        let mut spool: Spool = self.blobs.receive().await?;
        let mut buffer = vec![0; 64 * 1024];
        for piece in held {
            let mut reader = self.blobs.open(&piece.blob, 0, u64::MAX).await?;
            loop {
                let count = reader.read(&mut buffer).await?;
                if count == 0 {
                    break;
                }
                spool.write(buffer.get(..count).unwrap_or_default()).await?;
            }
        }
        Ok(spool.finish().await?)
    }

    /// Forgets an upload's pieces; of a finished one it is remembered what it became, for a sender that asks again.
    pub(crate) async fn finish_upload(&self, upload: &str, finished: Option<Finished<'_>>) -> Result<(), StoreError> {
        if let Some(Finished { key, now }) = finished {
            let pieces: Vec<_> = held(&mut *self.pool.acquire().await?, upload).await?.iter().map(Held::told).collect();
            sqlx::query(
                "INSERT INTO finished_uploads (upload, resource_type, type, public_id, finished_at, pieces) \
                 VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (upload) DO NOTHING",
            )
            .bind(upload)
            .bind(key.resource_type.as_str())
            .bind(key.delivery_type.as_str())
            .bind(&key.public_id)
            .bind(now)
            .bind(serde_json::to_string(&pieces)?)
            .execute(&self.pool)
            .await?;
        }
        let rows = sqlx::query("DELETE FROM chunks WHERE upload = ? RETURNING blob")
            .bind(upload)
            .fetch_all(&self.pool)
            .await?;
        self.release_rows(&rows).await
    }

    /// What a finished upload became, if this was a piece of it.
    pub(crate) async fn finished_upload(
        &self,
        upload: &str,
        chunk: Chunk,
        blob: &str,
    ) -> Result<Option<AssetKey>, StoreError> {
        let row = sqlx::query("SELECT resource_type, type, public_id, pieces FROM finished_uploads WHERE upload = ?")
            .bind(upload)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let pieces: Vec<String> = serde_json::from_str(row.try_get("pieces")?)?;
        let told = Held { chunk, blob: blob.to_owned() }.told();
        Ok(if pieces.contains(&told) { Some(AssetKey::from_row(&row)?) } else { None })
    }

    /// Forgets what an upload became: its sender begins another one by the same name.
    pub(crate) async fn forget_finished(&self, upload: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM finished_uploads WHERE upload = ?").bind(upload).execute(&self.pool).await?;
        Ok(())
    }

    /// Forgets the uploads whose last piece came before `before` (Unix seconds).
    pub(crate) async fn sweep_chunks(&self, before: i64) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "DELETE FROM chunks WHERE upload IN \
             (SELECT upload FROM chunks GROUP BY upload HAVING max(created_at) < ?) RETURNING blob",
        )
        .bind(before)
        .fetch_all(&self.pool)
        .await?;
        sqlx::query("DELETE FROM finished_uploads WHERE finished_at < ?").bind(before).execute(&self.pool).await?;
        self.release_rows(&rows).await
    }

    async fn release_rows(&self, rows: &[SqliteRow]) -> Result<(), StoreError> {
        let blobs = rows.iter().map(|row| row.try_get("blob")).collect::<sqlx::Result<Vec<String>>>()?;
        self.release(&blobs).await
    }
}

async fn held(connection: &mut SqliteConnection, upload: &str) -> sqlx::Result<Vec<Held>> {
    sqlx::query("SELECT first, last, total, blob FROM chunks WHERE upload = ? ORDER BY first")
        .bind(upload)
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok(Held {
                chunk: Chunk {
                    first: row.try_get::<i64, _>("first")?.unsigned_abs(),
                    last: row.try_get::<i64, _>("last")?.unsigned_abs(),
                    total: row.try_get::<Option<i64>, _>("total")?.map(i64::unsigned_abs),
                },
                blob: row.try_get("blob")?,
            })
        })
        .collect()
}

fn conflict(other: &Held, chunk: Chunk, blob: &str) -> Option<ChunkFault> {
    let range = || format!("{}-{}", chunk.first, chunk.last);
    let same = other.chunk.first == chunk.first && other.chunk.last == chunk.last && other.blob == blob;
    let apart = other.chunk.last < chunk.first || chunk.last < other.chunk.first;
    let beyond = |one: Option<u64>, last: u64| one.is_some_and(|total| last >= total);
    if !same && !apart {
        Some(ChunkFault::Overlap(range()))
    } else if matches!((other.chunk.total, chunk.total), (Some(one), Some(two)) if one != two)
        || beyond(other.chunk.total, chunk.last)
        || beyond(chunk.total, other.chunk.last)
    {
        Some(ChunkFault::Total(range()))
    } else {
        None
    }
}

/// Whether the pieces, in order, leave no gap and reach the total that one of them names.
fn whole(held: &[Held]) -> bool {
    let Some(total) = held.iter().find_map(|held| held.chunk.total) else { return false };
    let reached = held.iter().try_fold(0, |next, held| (held.chunk.first == next).then_some(held.chunk.last + 1));
    reached == Some(total)
}

#[cfg(test)]
mod tests {
    use super::{Chunk, Held, conflict, whole};

    fn piece(first: u64, last: u64, total: Option<u64>) -> Held {
        Held { chunk: Chunk { first, last, total }, blob: "a".into() }
    }

    #[test]
    fn a_file_is_whole_when_no_gap_is_left() {
        let table = [
            (vec![piece(0, 9, Some(10))], true),
            (vec![piece(0, 9, None)], false),
            (vec![piece(0, 9, None), piece(10, 14, Some(15))], true),
            (vec![piece(10, 14, Some(15))], false),
            (vec![piece(0, 4, None), piece(10, 14, Some(15))], false),
        ];
        for (held, expected) in table {
            assert_eq!(whole(&held), expected, "{:?}", held.iter().map(|held| held.chunk).collect::<Vec<_>>());
        }
    }

    #[test]
    fn pieces_that_disagree_are_refused() {
        let table = [
            (piece(0, 9, None), piece(0, 9, None), "a", None),
            (piece(0, 9, None), piece(0, 9, None), "b", Some("overlaps")),
            (piece(0, 9, None), piece(5, 12, None), "a", Some("overlaps")),
            (piece(0, 9, Some(20)), piece(10, 19, Some(21)), "a", Some("total")),
            (piece(0, 9, Some(20)), piece(10, 20, None), "a", Some("total")),
            (piece(10, 29, None), piece(0, 9, Some(20)), "a", Some("total")),
        ];
        for (other, new, blob, expected) in table {
            let fault = conflict(&other, new.chunk, blob).map(|fault| fault.to_string());
            assert_eq!(fault.is_some(), expected.is_some(), "{:?}", new.chunk);
            assert!(fault.unwrap_or_default().contains(expected.unwrap_or_default()), "{:?}", new.chunk);
        }
    }
}
