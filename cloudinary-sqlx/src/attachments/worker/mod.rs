//! The worker: destroys what no row holds any more.

mod claim;
mod release;
mod running;
mod sweeping;

use std::sync::Arc;
use std::time::Duration;

use cloudinary_core::Cloudinary;
use serde::Serialize;
use sqlx::Pool;

pub use self::running::RunningWorker;
use super::{Attachments, AttachmentsDatabase, Sweeper};
use crate::error::Error;

/// Destroys assets whose time has come, in batches. Any number of workers, in any number of processes, share the work.
///
/// It takes a batch of assets that are due, makes sure under a lock that no row holds them, notes that they are being
/// destroyed, and commits; from then on they cannot be attached. Then it asks the service. What fails is tried again, each
/// time after a longer and partly random wait, and given up with its reason after
/// [`max_attempts`](Self::max_attempts). A worker that dies leaves what it had taken to others, after
/// [`lease`](Self::lease); so an asset may be destroyed twice, which is harmless.
///
/// It tells what it does by `tracing`: events with the fields `monotonic_counter.cloudinary_destroyed`, `…_missing`,
/// `…_kept`, `…_failed`, `…_dead`, `…_left` and `…_swept`, and `gauge.cloudinary_backlog`, which subscribers for metrics understand.
#[derive(Debug)]
pub struct Worker<DB: AttachmentsDatabase> {
    attachments: Attachments,
    pool: Pool<DB>,
    cld: Cloudinary,
    settings: Settings,
    sweepers: Vec<Arc<Sweeper<DB>>>,
}

/// Longer ones would be a worker that never dies.
const LONGEST_LEASE: Duration = Duration::from_hours(30 * 24);

#[derive(Debug, Clone, Copy)]
struct Settings {
    batch: u32,
    concurrency: usize,
    poll: Duration,
    lease: Duration,
    max_attempts: u32,
    backoff: Duration,
    longest_backoff: Duration,
    invalidate: bool,
}

/// What a worker did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReleaseReport {
    /// Assets that were destroyed.
    pub destroyed: u64,
    /// Assets that were not there any more, or never were.
    pub missing: u64,
    /// Assets that turned out to be held by a row.
    pub kept: u64,
    /// Destroyed assets that need not be remembered any longer.
    pub forgotten: u64,
    /// Tries that failed and will be made again.
    pub failed: u64,
    /// Assets given up.
    pub dead: u64,
    /// Assets that were taken and left to the next worker, untried: this one was stopped, or its lease was over. They are in
    /// no other count.
    pub left: u64,
}

impl<DB: AttachmentsDatabase> Worker<DB> {
    /// Fifty assets.
    pub const DEFAULT_BATCH: u32 = 50;
    /// Eight calls.
    pub const DEFAULT_CONCURRENCY: usize = 8;
    /// Five seconds.
    pub const DEFAULT_POLL: Duration = Duration::from_secs(5);
    /// Fifteen minutes.
    pub const DEFAULT_LEASE: Duration = Duration::from_mins(15);
    /// Twelve tries, which take about five hours.
    pub const DEFAULT_MAX_ATTEMPTS: u32 = 12;
    /// Ten seconds.
    pub const DEFAULT_BACKOFF: Duration = Duration::from_secs(10);
    /// One hour.
    pub const DEFAULT_LONGEST_BACKOFF: Duration = Duration::from_hours(1);

    /// A worker on a database and a service.
    pub fn new(attachments: &Attachments, pool: &Pool<DB>, cld: &Cloudinary) -> Self {
        Self {
            attachments: attachments.clone(),
            pool: pool.clone(),
            cld: cld.clone(),
            settings: Settings {
                batch: Self::DEFAULT_BATCH,
                concurrency: Self::DEFAULT_CONCURRENCY,
                poll: Self::DEFAULT_POLL,
                lease: Self::DEFAULT_LEASE,
                max_attempts: Self::DEFAULT_MAX_ATTEMPTS,
                backoff: Self::DEFAULT_BACKOFF,
                longest_backoff: Self::DEFAULT_LONGEST_BACKOFF,
                invalidate: true,
            },
            sweepers: Vec::new(),
        }
    }

    /// How many assets are taken at once, at least 1. Default: [`DEFAULT_BATCH`](Self::DEFAULT_BATCH).
    pub fn batch(mut self, assets: u32) -> Self {
        self.settings.batch = assets.max(1);
        self
    }

    /// How many calls to the service are made at the same time, at least 1. Default:
    /// [`DEFAULT_CONCURRENCY`](Self::DEFAULT_CONCURRENCY).
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.settings.concurrency = calls.max(1);
        self
    }

    /// How long a running worker waits when nothing is due. Default: [`DEFAULT_POLL`](Self::DEFAULT_POLL).
    pub fn poll(mut self, time: Duration) -> Self {
        self.settings.poll = time;
        self
    }

    /// After how long other workers take over what this one took and did not finish: longer than a batch takes, and
    /// from a second to thirty days. What is not begun by then this one leaves to them. Default: [`DEFAULT_LEASE`](Self::DEFAULT_LEASE).
    pub fn lease(mut self, time: Duration) -> Self {
        self.settings.lease = time.clamp(Duration::from_secs(1), LONGEST_LEASE);
        self
    }

    /// After how many tries an asset is given up, at least 1. Default:
    /// [`DEFAULT_MAX_ATTEMPTS`](Self::DEFAULT_MAX_ATTEMPTS).
    pub fn max_attempts(mut self, tries: u32) -> Self {
        self.settings.max_attempts = tries.max(1);
        self
    }

    /// The wait before the second try, which doubles with each, and the longest wait. Half of it is random. If the service
    /// asks for a longer one, that is waited. Default: [`DEFAULT_BACKOFF`](Self::DEFAULT_BACKOFF),
    /// [`DEFAULT_LONGEST_BACKOFF`](Self::DEFAULT_LONGEST_BACKOFF).
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.settings.backoff = first;
        self.settings.longest_backoff = longest;
        self
    }

    /// Whether copies in the service's caches must go too. Default: true.
    pub fn invalidate(mut self, invalidate: bool) -> Self {
        self.settings.invalidate = invalidate;
        self
    }

    /// Also sweeps, while it runs in the background: at the start, and then as often as [`Sweeper::every`] says. Many
    /// workers may do the same. Default: it does not.
    ///
    /// ```no_run
    /// # fn example(pool: sqlx::SqlitePool, cld: cloudinary_core::Cloudinary) {
    /// use cloudinary_sqlx::attachments::{Attachments, Sweeper, TableColumn, Worker};
    ///
    /// let attachments = Attachments::new().column(TableColumn::new("photo", "id", "image"));
    /// let sweeper = Sweeper::new(&attachments, &pool, &cld, "directly_uploaded");
    /// let running = Worker::new(&attachments, &pool, &cld).sweep(sweeper).spawn();
    /// # }
    /// ```
    pub fn sweep(mut self, sweeper: Sweeper<DB>) -> Self {
        self.sweepers.push(Arc::new(sweeper));
        self
    }

    /// Works until nothing is due, and says what was done: for cron, and for tests. Assets that fail wait for their next
    /// try, which is not waited for; nothing is swept.
    ///
    /// # Errors
    /// [`Error::Database`]. What was taken and not finished is taken over after the [`lease`](Self::lease).
    pub async fn drain(&self) -> Result<ReleaseReport, Error> {
        self.rebase().await?;
        let mut report = ReleaseReport::default();
        while self.work_batch(&mut report, &running::never()).await? > 0 {}
        Ok(report)
    }
}

impl<DB: AttachmentsDatabase> Clone for Worker<DB> {
    fn clone(&self) -> Self {
        Self {
            attachments: self.attachments.clone(),
            pool: self.pool.clone(),
            cld: self.cld.clone(),
            settings: self.settings,
            sweepers: self.sweepers.clone(),
        }
    }
}

impl ReleaseReport {
    /// Everything that was looked at and not left.
    pub fn total(&self) -> u64 {
        self.destroyed + self.missing + self.kept + self.forgotten + self.failed + self.dead
    }
}
