//! The sweeper: finds direct uploads that nobody claimed.

use std::collections::HashSet;
use std::time::Duration;

use cloudinary_core::{AssetRef, Cloudinary, ResourceType};
use serde::Serialize;
use sqlx::Pool;

use super::{Attachments, AttachmentsDatabase, Noted, key_of, millis, stored};
use crate::error::Error;
use crate::field;

/// Finds assets that were uploaded straight from a browser, with a tag that the form signs, and whose form never came back;
/// and notes them, so that the [`Worker`](super::Worker) releases them.
///
/// It never touches what a row holds, whether it was attached or stands in one of the app's columns that
/// [`Attachments::column`] names; nor what does not have the tag, nor what is noted already. Give the tag to nothing else,
/// and name every column that may hold such an upload.
///
/// [`Worker::sweep`](super::Worker::sweep) runs it beside the worker.
///
/// ```no_run
/// # async fn example(pool: sqlx::SqlitePool, cld: cloudinary_core::Cloudinary) -> Result<(), cloudinary_sqlx::Error> {
/// use cloudinary_sqlx::attachments::{Attachments, Sweeper, TableColumn};
///
/// let attachments = Attachments::new().column(TableColumn::new("photo", "id", "image"));
/// let sweeper = Sweeper::new(&attachments, &pool, &cld, "directly_uploaded");
/// for swept in sweeper.dry_run().await?.released {
///     println!("{}: {}", swept.asset, swept.reason);
/// }
/// sweeper.sweep().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Sweeper<DB: AttachmentsDatabase> {
    attachments: Attachments,
    pool: Pool<DB>,
    cld: Cloudinary,
    tag: String,
    grace: Duration,
    every: Duration,
    kinds: stored::Kinds,
}

/// What a sweep found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SweepReport {
    /// Whether nothing was done about it.
    pub dry_run: bool,
    /// How many assets have the tag.
    pub tagged: u64,
    /// Those that are to be released.
    pub released: Vec<Swept>,
    /// Those that nobody claimed and that cannot be released, and why: they have to be destroyed by hand.
    pub refused: Vec<Swept>,
    /// How many are younger than the grace period.
    pub young: u64,
    /// How many stand in a column of the app.
    pub in_columns: u64,
    /// How many others are noted: attached, pending or being released.
    pub noted: u64,
}

/// An asset that nobody claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Swept {
    /// The asset.
    pub asset: AssetRef,
    /// Why it is released, or is not.
    pub reason: String,
}

impl<DB: AttachmentsDatabase> Sweeper<DB> {
    /// A day.
    pub const DEFAULT_GRACE: Duration = Duration::from_hours(24);
    /// An hour.
    pub const DEFAULT_EVERY: Duration = Duration::from_hours(1);

    /// A sweeper for the uploads with a tag.
    pub fn new(attachments: &Attachments, pool: &Pool<DB>, cld: &Cloudinary, tag: impl Into<String>) -> Self {
        Self {
            attachments: attachments.clone(),
            pool: pool.clone(),
            cld: cld.clone(),
            tag: tag.into(),
            grace: Self::DEFAULT_GRACE,
            every: Self::DEFAULT_EVERY,
            kinds: stored::Kinds::default(),
        }
    }

    /// How old an upload is at least before it counts as unclaimed: longer than a form stays open. Default:
    /// [`DEFAULT_GRACE`](Self::DEFAULT_GRACE).
    pub fn grace(mut self, time: Duration) -> Self {
        self.grace = time;
        self
    }

    /// How long a worker waits between two sweeps at most, and half as long at least; less than a second counts as one.
    /// Each asks the Admin API, whose calls are limited, for all uploads that have the tag. Default:
    /// [`DEFAULT_EVERY`](Self::DEFAULT_EVERY).
    pub fn every(mut self, time: Duration) -> Self {
        self.every = time;
        self
    }

    pub(super) fn pause(&self) -> Duration {
        self.every.max(Duration::from_secs(1))
    }

    /// Only uploads of these resource types. Default: image, video and raw.
    pub fn resource_types(mut self, kinds: impl IntoIterator<Item = ResourceType>) -> Self {
        self.kinds = stored::Kinds::only(kinds);
        self
    }

    /// Says what [`sweep`](Self::sweep) would release, and why, and changes nothing.
    ///
    /// # Errors
    /// [`Error::Service`], [`Error::Database`].
    pub async fn dry_run(&self) -> Result<SweepReport, Error> {
        self.look(true).await
    }

    /// Notes what nobody claimed, to be released by the next worker.
    ///
    /// # Errors
    /// As [`dry_run`](Self::dry_run).
    pub async fn sweep(&self) -> Result<SweepReport, Error> {
        let report = self.look(false).await?;
        for refused in &report.refused {
            tracing::warn!(asset = %refused.asset, reason = refused.reason, "cannot be swept");
        }
        for swept in &report.released {
            tracing::info!(asset = %swept.asset, reason = swept.reason, "swept");
            match self.attachments.pending_until(&self.pool, &swept.asset, self.attachments.now()).await {
                // It is being released already.
                Ok(()) | Err(Error::Gone { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(report)
    }

    async fn look(&self, dry_run: bool) -> Result<SweepReport, Error> {
        let mut report = SweepReport { dry_run, ..SweepReport::default() };
        let now = self.attachments.now();
        let tagged = stored::with_tag(&self.cld, &self.tag, &self.kinds).await?;
        let columns = self.in_columns().await?;
        for resource in tagged {
            // Found by the tag; seen to have it, all the same.
            if !resource.tags.contains(&self.tag) {
                continue;
            }
            report.tagged += 1;
            let asset = resource.asset()?;
            let Some(stored_at) = stored::stored_at(&resource, now) else {
                let reason = "the service does not say when it was stored".to_owned();
                report.refused.push(Swept { asset, reason });
                continue;
            };
            if now.saturating_sub(stored_at) < millis(self.grace) {
                report.young += 1;
            } else if columns.contains(&key_of(&asset)) {
                report.in_columns += 1;
            } else if self.attachments.find(&self.pool, &asset).await?.is_some() {
                report.noted += 1;
            } else if let Err(error) = Noted::new(&asset) {
                // One such must not keep the others.
                report.refused.push(Swept { asset, reason: error.to_string() });
            } else {
                let hours = (now - stored_at) / 3_600_000;
                let reason = format!("tagged {:?}, uploaded {hours} hours ago, and no row holds it", self.tag);
                report.released.push(Swept { asset, reason });
            }
        }
        Ok(report)
    }

    /// What the columns of the app hold, whatever the version.
    async fn in_columns(&self) -> Result<HashSet<String>, Error> {
        let mut connection =
            self.pool.acquire().await.map_err(|error| Error::database("reading the app's columns", error))?;
        let mut found = HashSet::new();
        for column in &self.attachments.columns {
            for value in column.values::<DB>(&mut connection).await? {
                // What nobody can read holds nothing; the audit reports it.
                found.extend(field::read(&value).ok().as_ref().map(key_of));
            }
        }
        Ok(found)
    }
}
