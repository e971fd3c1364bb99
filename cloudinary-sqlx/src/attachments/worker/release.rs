//! Destroying what was taken, and noting how that went.

use std::time::{Duration, Instant};

use cloudinary_core::DestroyResult;
use futures_util::StreamExt as _;
use sqlx::Connection as _;
use tokio::sync::watch;

use super::claim::Claimed;
use super::{ReleaseReport, Worker};
use crate::attachments::database::Bound;
use crate::attachments::{AttachmentsDatabase, millis};
use crate::error::Error;

/// The most characters of a reason that are kept.
const REASON_CHARS: usize = 500;

fn fail(error: sqlx::Error) -> Error {
    Error::database("noting what became of a released asset", error)
}

impl<DB: AttachmentsDatabase> Worker<DB> {
    /// Takes a batch and destroys it. Says how many assets were due.
    pub(super) async fn work_batch(
        &self,
        report: &mut ReleaseReport,
        stopped: &watch::Receiver<bool>,
    ) -> Result<usize, Error> {
        let mut counts = ReleaseReport::default();
        let (claimed, looked_at) = self.claim(&mut counts).await?;
        let mut fault = None;
        {
            let released = claimed.into_iter().map(|claimed| async move {
                if *stopped.borrow() { self.give_back(&claimed).await } else { self.release(&claimed).await }
            });
            let mut released = futures_util::stream::iter(released).buffer_unordered(self.settings.concurrency);
            while let Some(result) = released.next().await {
                match result {
                    Ok(one) => counts.add(one),
                    Err(error) => fault = Some(error),
                }
            }
        }
        report.add(counts);
        if looked_at > 0 {
            let backlog = self.backlog().await;
            tracing::info!(
                monotonic_counter.cloudinary_destroyed = counts.destroyed,
                monotonic_counter.cloudinary_missing = counts.missing,
                monotonic_counter.cloudinary_kept = counts.kept,
                monotonic_counter.cloudinary_failed = counts.failed,
                monotonic_counter.cloudinary_dead = counts.dead,
                monotonic_counter.cloudinary_left = counts.left,
                gauge.cloudinary_backlog = backlog.as_ref().ok(),
                "released a batch"
            );
        }
        fault.map_or(Ok(looked_at), Err)
    }

    /// How many assets are due.
    async fn backlog(&self) -> Result<u64, Error> {
        let mut connection = self.pool.acquire().await.map_err(fail)?;
        let now = vec![self.attachments.now().into()];
        let rows = DB::pairs(&mut connection, DB::STATEMENTS.backlog.to_owned(), now).await.map_err(fail)?;
        Ok(rows.first().and_then(|(count, _)| count.as_deref()?.parse().ok()).unwrap_or(0))
    }

    async fn release(&self, claimed: &Claimed) -> Result<ReleaseReport, Error> {
        if Instant::now() >= claimed.until {
            // It is another's, or destroyed already, and its id may be in use again.
            tracing::warn!(asset = claimed.key, "left to the next worker: the batch takes longer than the lease");
            return self.give_back(claimed).await;
        }
        let answer = self.cld.destroy(&claimed.asset).invalidate(self.settings.invalidate).await;
        let mut counts = ReleaseReport::default();
        match answer.map(|answer| *answer) {
            Ok(result) => {
                self.note_destroyed(claimed).await?;
                match result {
                    DestroyResult::Deleted => counts.destroyed += 1,
                    DestroyResult::NotFound => counts.missing += 1,
                }
                tracing::debug!(asset = claimed.key, ?result, "destroyed");
            }
            Err(error) => {
                let dead = claimed.attempt >= self.settings.max_attempts;
                let asked = error.call_info().and_then(|info| info.retry_after).unwrap_or_default();
                let wait = self.wait(claimed.attempt, rand::random()).max(asked);
                let next = Some(self.attachments.now() + millis(wait)).filter(|_| !dead);
                let reason: String = error.to_string().chars().take(REASON_CHARS).collect();
                if dead {
                    counts.dead += 1;
                    tracing::error!(
                        asset = claimed.key,
                        attempts = claimed.attempt,
                        reason,
                        "could not be destroyed; given up"
                    );
                } else {
                    counts.failed += 1;
                    tracing::warn!(
                        asset = claimed.key,
                        attempt = claimed.attempt,
                        reason,
                        "could not be destroyed yet"
                    );
                }
                self.note_failed(claimed, if dead { "dead" } else { "releasing" }, next, &reason).await?;
            }
        }
        Ok(counts)
    }

    async fn note_destroyed(&self, claimed: &Claimed) -> Result<(), Error> {
        let mut connection = self.pool.acquire().await.map_err(fail)?;
        let mut tx = connection.begin().await.map_err(fail)?;
        let now = self.attachments.now();
        let key = || Bound::from(claimed.key.as_str());
        if claimed.again {
            DB::execute(&mut tx, DB::STATEMENTS.forget, vec![key()]).await.map_err(fail)?;
        } else {
            let due = now + millis(self.attachments.remember);
            let values = vec![now.into(), due.into(), now.into(), key()];
            DB::execute(&mut tx, DB::STATEMENTS.destroyed, values).await.map_err(fail)?;
        }
        DB::execute(&mut tx, DB::STATEMENTS.forget_holders, vec![key()]).await.map_err(fail)?;
        tx.commit().await.map_err(fail)
    }

    async fn note_failed(&self, claimed: &Claimed, state: &str, next: Option<i64>, reason: &str) -> Result<(), Error> {
        let mut connection = self.pool.acquire().await.map_err(fail)?;
        let now = self.attachments.now();
        let values = vec![state.into(), next.into(), reason.into(), now.into(), claimed.key.as_str().into()];
        DB::execute(&mut connection, DB::STATEMENTS.failed, values).await.map_err(fail)?;
        Ok(())
    }

    /// Leaves it to the next worker at once; that was no try. Another's by now, it is left as it is.
    async fn give_back(&self, claimed: &Claimed) -> Result<ReleaseReport, Error> {
        let mut connection = self.pool.acquire().await.map_err(fail)?;
        let now = self.attachments.now();
        let values = vec![now.into(), now.into(), claimed.key.as_str().into(), claimed.since.into()];
        DB::execute(&mut connection, DB::STATEMENTS.give_back, values).await.map_err(fail)?;
        Ok(ReleaseReport { left: 1, ..ReleaseReport::default() })
    }

    /// The wait after a try, counted from 1: doubling, and half of it random.
    pub(super) fn wait(&self, attempt: u32, random: f64) -> Duration {
        let doubled = self.settings.backoff.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
        doubled.min(self.settings.longest_backoff).mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0)
    }
}
