//! Taking assets that are due, under a lock.

use std::time::{Duration, Instant};

use cloudinary_core::AssetRef;

use super::{ReleaseReport, Worker};
use crate::attachments::database::{Bound, Record};
use crate::attachments::{AttachmentsDatabase, millis};
use crate::error::Error;

/// How far apart two clocks may be that write to one database.
const CLOCKS_APART: Duration = Duration::from_mins(1);

/// An asset that this worker has taken, to destroy it.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) asset: AssetRef,
    pub(super) key: String,
    /// This try, from 1.
    pub(super) attempt: u32,
    /// Until when nobody else takes it.
    pub(super) until: Instant,
    /// When it was taken, as its row says as long as nobody else takes it.
    pub(super) since: i64,
    /// Whether it was destroyed before, and only something that came in later could be there now.
    pub(super) again: bool,
}

fn fail(error: sqlx::Error) -> Error {
    Error::database("taking assets to release", error)
}

impl<DB: AttachmentsDatabase> Worker<DB> {
    /// Takes a batch. Those that are held after all, or need not be remembered, are dealt with here; so also says how many
    /// were due.
    pub(super) async fn claim(&self, report: &mut ReleaseReport) -> Result<(Vec<Claimed>, usize), Error> {
        let mut connection = self.pool.acquire().await.map_err(fail)?;
        let mut tx = DB::begin(&mut connection).await.map_err(fail)?;
        let now = self.attachments.now();
        let until = Instant::now() + self.settings.lease;
        let due = DB::records(&mut tx, DB::STATEMENTS.due, vec![now.into(), i64::from(self.settings.batch).into()])
            .await
            .map_err(fail)?;
        let looked_at = due.len();
        // Counted once it is committed.
        let mut counts = ReleaseReport::default();
        let mut claimed = Vec::new();
        for record in due {
            let asset = match record.read_asset() {
                Ok(asset) => asset,
                Err(error) => {
                    self.bury(&mut tx, &record, &error, now).await?;
                    counts.dead += 1;
                    continue;
                }
            };
            if self.is_held(&mut tx, &record, &asset, now).await? {
                counts.kept += 1;
                continue;
            }
            // What was never seen may have been stored after it was destroyed: an upload that took its time.
            let again = record.state == "destroyed";
            if again && record.version > 0 {
                run::<DB>(&mut tx, DB::STATEMENTS.forget_holders, vec![record.asset.as_str().into()]).await?;
                run::<DB>(&mut tx, DB::STATEMENTS.forget, vec![record.asset.as_str().into()]).await?;
                counts.forgotten += 1;
                continue;
            }
            let lease = now + millis(self.settings.lease);
            run::<DB>(&mut tx, DB::STATEMENTS.claim, vec![lease.into(), now.into(), record.asset.as_str().into()])
                .await?;
            let attempt = u32::try_from(record.attempts).unwrap_or(u32::MAX).saturating_add(1);
            claimed.push(Claimed { asset, key: record.asset, attempt, until, since: now, again });
        }
        tx.commit().await.map_err(fail)?;
        report.add(counts);
        Ok((claimed, looked_at))
    }

    /// Whether a row holds it: one that said so, or one of the app's columns. Then that is noted.
    async fn is_held(
        &self,
        tx: &mut DB::Connection,
        record: &Record,
        asset: &AssetRef,
        now: i64,
    ) -> Result<bool, Error> {
        let key = || Bound::from(record.asset.as_str());
        if !DB::records(tx, DB::STATEMENTS.holder, vec![key()]).await.map_err(fail)?.is_empty() {
            run::<DB>(tx, DB::STATEMENTS.forget_holders, vec![key()]).await?;
            run::<DB>(tx, DB::STATEMENTS.keep, vec![Bound::NoNumber, now.into(), key()]).await?;
            return Ok(true);
        }
        for column in &self.attachments.columns {
            if column.holds::<DB>(tx, asset).await? {
                tracing::info!(asset = record.asset, %column, "held by a row that did not attach it");
                // Whoever wrote that row will not say when it goes.
                let next = now + millis(self.attachments.claim.max(Duration::from_secs(1)));
                run::<DB>(tx, DB::STATEMENTS.keep, vec![next.into(), now.into(), key()]).await?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives up an asset whose value nobody can read.
    async fn bury(&self, tx: &mut DB::Connection, record: &Record, error: &Error, now: i64) -> Result<(), Error> {
        let reason = format!("cloudinary_attachment.value: {error}");
        tracing::error!(asset = record.asset, reason, "given up");
        let key = || Bound::from(record.asset.as_str());
        run::<DB>(tx, DB::STATEMENTS.claim, vec![now.into(), now.into(), key()]).await?;
        let values = vec!["dead".into(), Bound::NoNumber, reason.as_str().into(), now.into(), key()];
        run::<DB>(tx, DB::STATEMENTS.failed, values).await
    }

    /// Puts right what was written by a clock that was ahead, so that it does not wait until then.
    pub(super) async fn rebase(&self) -> Result<(), Error> {
        let mut connection = self.pool.acquire().await.map_err(fail)?;
        let now = self.attachments.now();
        let values = vec![now.into(), (now + millis(CLOCKS_APART)).into()];
        let rebased = DB::execute(&mut connection, DB::STATEMENTS.rebase, values).await.map_err(fail)?;
        if rebased > 0 {
            tracing::warn!(rebased, "a clock went back; the times it had written are counted from now");
        }
        Ok(())
    }
}

async fn run<DB: AttachmentsDatabase>(
    tx: &mut DB::Connection,
    statement: &'static str,
    values: Vec<Bound>,
) -> Result<(), Error> {
    DB::execute(tx, statement, values).await.map_err(fail)?;
    Ok(())
}

impl ReleaseReport {
    pub(super) fn add(&mut self, other: Self) {
        self.destroyed += other.destroyed;
        self.missing += other.missing;
        self.kept += other.kept;
        self.forgotten += other.forgotten;
        self.failed += other.failed;
        self.dead += other.dead;
        self.left += other.left;
    }
}
