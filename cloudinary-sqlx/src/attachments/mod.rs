//! Which row holds which asset, kept in the app's own database, so that no asset is lost or left behind.
//!
//! An asset goes from *pending* (stored, or about to be, and held by no row yet) to *attached* to *released*; once its
//! time has come, a [`Worker`] destroys it. What a row holds is noted in the transaction that writes the row, so that
//! both happen or neither.
//!
//! ```
//! use std::path::Path;
//! use cloudinary_sqlx::CloudinaryField;
//! use cloudinary_sqlx::attachments::{Attachments, Owner, Worker};
//! # use cloudinary_core::{Cloudinary, UploadOptions};
//! # async fn example(pool: sqlx::SqlitePool, cld: Cloudinary, old: CloudinaryField) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let attachments = Attachments::new();
//! attachments.migrate(&pool).await?;                                      // once, at the start
//! let worker = Worker::new(&attachments, &pool, &cld).spawn();            // releases in the background
//!
//! // Before the upload: should the app stop now, or any time later, the asset is released.
//! let options = attachments.reserve(&pool, &UploadOptions::new().folder("albums")).await?;
//! let image = CloudinaryField::try_from(&*cld.upload(Path::new("beach.jpg"), &options).await?)?;
//!
//! // With the row: both are there, or neither.
//! let mut tx = pool.begin().await?;
//! sqlx::query("INSERT INTO photo (id, image) VALUES (?, ?)").bind(7).bind(&image).execute(&mut *tx).await?;
//! attachments.attach(&mut tx, &image, &Owner::new("photo", 7, "image")?).await?;
//! tx.commit().await?;
//!
//! // Deleting it; until the time to undo is over, `restore` brings it back.
//! let mut tx = pool.begin().await?;
//! sqlx::query("DELETE FROM photo WHERE id = ?").bind(7).execute(&mut *tx).await?;
//! attachments.detach(&mut tx, &image, &Owner::new("photo", 7, "image")?).await?;
//! tx.commit().await?;
//!
//! worker.stop().await;                                                    // at the end
//! # Ok(())
//! # }
//! ```
//!
//! An asset is what the service destroys by: resource type, delivery type and public id. Rows may hold it under several
//! versions; it is released when none does. Uploads should therefore have ids of their own, as [`reserve`] gives them.
//!
//! Direct uploads are noted with [`pending`] when their form arrives, or attached right away; those whose form never
//! arrives are found by a [`Sweeper`], which the worker runs if told to by [`Worker::sweep`]. An [`Audit`] compares rows,
//! notes and the service.
//!
//! [`reserve`]: Attachments::reserve
//! [`pending`]: Attachments::pending

mod audit;
mod column;
mod database;
mod hold;
mod list;
mod owner;
mod reserve;
mod schema;
mod stored;
mod sweeper;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloudinary_core::{AssetRef, ToAsset};

pub use self::audit::{Audit, AuditReport, Finding};
pub use self::column::TableColumn;
pub use self::database::AttachmentsDatabase;
pub use self::list::{Attachment, AttachmentState, Holder};
pub use self::owner::{MAX_KEY_BYTES, MAX_NAME_BYTES, Owner};
pub use self::sweeper::{SweepReport, Sweeper, Swept};
pub use self::worker::{ReleaseReport, RunningWorker, Worker};
use crate::error::Error;
use crate::field;

/// How assets are attached to rows: how long things may take, and which columns of the app hold assets.
///
/// Cheap to clone; an app keeps one in its state. It holds no connection: each call takes the pool or transaction.
#[derive(Clone)]
pub struct Attachments {
    undo: Duration,
    claim: Duration,
    remember: Duration,
    columns: Vec<TableColumn>,
    clock: Clock,
}

type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

impl Attachments {
    /// Ten minutes.
    pub const DEFAULT_UNDO: Duration = Duration::from_mins(10);
    /// A day.
    pub const DEFAULT_CLAIM: Duration = Duration::from_hours(24);
    /// A week.
    pub const DEFAULT_REMEMBER: Duration = Duration::from_hours(7 * 24);

    /// With the defaults, and no columns known.
    pub fn new() -> Self {
        Self {
            undo: Self::DEFAULT_UNDO,
            claim: Self::DEFAULT_CLAIM,
            remember: Self::DEFAULT_REMEMBER,
            columns: Vec::new(),
            clock: Arc::new(SystemTime::now),
        }
    }

    /// How long an asset that no row holds any more is kept, so that a deletion can be undone with
    /// [`restore`](Self::restore). Default: [`DEFAULT_UNDO`](Self::DEFAULT_UNDO).
    pub fn undo_for(mut self, time: Duration) -> Self {
        self.undo = time;
        self
    }

    /// How long an asset may be pending: from before its upload until a row holds it, so longer than the slowest upload
    /// and the slowest visitor. Default: [`DEFAULT_CLAIM`](Self::DEFAULT_CLAIM).
    pub fn claim_within(mut self, time: Duration) -> Self {
        self.claim = time;
        self
    }

    /// How long it is remembered that an asset was destroyed, so that a form that still names it is refused. Default:
    /// [`DEFAULT_REMEMBER`](Self::DEFAULT_REMEMBER).
    pub fn remember_for(mut self, time: Duration) -> Self {
        self.remember = time;
        self
    }

    /// Adds a column of the app that holds assets. The worker and the sweeper spare what is in it even if nobody attached
    /// it, as another program that writes the table would, and the audit reads it. The table is read through once for each
    /// asset that is about to be released.
    pub fn column(mut self, column: TableColumn) -> Self {
        self.columns.push(column);
        self
    }

    /// Another clock, as for a test. Databases and machines may disagree on the time by a minute.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Now, in Unix milliseconds.
    fn now(&self) -> i64 {
        (self.clock)().duration_since(UNIX_EPOCH).map_or(0, millis)
    }
}

impl Default for Attachments {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Attachments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachments")
            .field("undo", &self.undo)
            .field("claim", &self.claim)
            .field("remember", &self.remember)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// A stretch of time in milliseconds; a century stands for all that is longer, so that sums never overflow.
fn millis(time: Duration) -> i64 {
    const CENTURY: i64 = 100 * 366 * 24 * 60 * 60 * 1000;
    i64::try_from(time.as_millis()).map_or(CENTURY, |millis| millis.min(CENTURY))
}

/// An asset as it is noted.
#[derive(Debug)]
struct Noted {
    /// Resource type, delivery type and public id.
    key: String,
    /// The column value.
    value: String,
    /// The version, 0 if it is not known.
    version: i64,
}

impl Noted {
    fn new(asset: &AssetRef) -> Result<Self, Error> {
        let value = field::checked(asset)?;
        let version = asset.version.map_or(0, |version| i64::try_from(version).unwrap_or(i64::MAX));
        Ok(Self { key: key_of(asset), value, version })
    }

    fn of(asset: impl ToAsset) -> Result<Self, Error> {
        Self::new(&asset.to_asset())
    }
}

/// What an asset is destroyed by.
fn key_of(asset: &AssetRef) -> String {
    format!("{}/{}/{}", asset.resource_type, asset.delivery_type, asset.public_id)
}
