//! How far an upload has come.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{Stream, stream};
use tokio::sync::watch;

use super::ResumePoint;
use crate::client::Watch;

/// How far an upload has come, in bytes of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Handed to the connection. It falls back to what is acknowledged when a chunk is sent again.
    pub sent: u64,
    /// Confirmed by the service, chunk by chunk.
    pub acknowledged: u64,
    /// All there are; `None` while a stream of unknown length has not ended.
    pub total: Option<u64>,
    resume_point: Option<Arc<ResumePoint>>,
}

impl Progress {
    /// Where the upload could go on if this process ended now; `None` for one that goes in a single request.
    pub fn resume_point(&self) -> Option<&ResumePoint> {
        self.resume_point.as_deref()
    }
}

/// Who wants to know.
type Watcher = Arc<dyn Fn(&Progress) + Send + Sync>;

/// All who want to know.
#[derive(Clone, Default)]
pub(super) struct Watchers(Vec<Watcher>);

impl Watchers {
    pub(super) fn add(&mut self, watcher: impl Fn(&Progress) + Send + Sync + 'static) {
        self.0.push(Arc::new(watcher));
    }

    /// The newest state whenever it has changed; states that nobody waited for are passed over.
    pub(super) fn stream(&mut self) -> impl Stream<Item = Progress> + Send + Unpin + 'static + use<> {
        let (sender, receiver) = watch::channel(Progress::default());
        self.add(move |progress| {
            sender.send_replace(progress.clone());
        });
        Box::pin(stream::unfold(receiver, |mut receiver| async move {
            receiver.changed().await.ok()?;
            let progress = receiver.borrow_and_update().clone();
            Some((progress, receiver))
        }))
    }
}

impl fmt::Debug for Watchers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} watchers", self.0.len())
    }
}

/// Keeps count for them.
#[derive(Clone)]
pub(super) struct Tracker {
    watchers: Watchers,
    state: Arc<Mutex<Progress>>,
}

impl Tracker {
    pub(super) fn new(watchers: Watchers) -> Self {
        Self { watchers, state: Arc::default() }
    }

    /// Counts what one request sends.
    pub(super) fn request(&self, total: Option<u64>) -> Option<Watch> {
        if self.watchers.0.is_empty() {
            return None;
        }
        let tracker = self.clone();
        let before = tracker.change(|progress| {
            progress.total = total;
            progress.acknowledged
        });
        Some(Arc::new(move |sent| {
            tracker.change(|progress| progress.sent = before + sent);
            tracker.tell();
        }))
    }

    /// The service has so much of it.
    pub(super) fn acknowledged(&self, bytes: u64, total: Option<u64>, point: Option<&ResumePoint>) {
        if self.watchers.0.is_empty() {
            return;
        }
        self.change(|progress| {
            *progress =
                Progress { sent: bytes, acknowledged: bytes, total, resume_point: point.cloned().map(Arc::new) };
        });
        self.tell();
    }

    fn change<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Outside the lock: a watcher may take its time.
    fn tell(&self) {
        let progress = self.change(|progress| progress.clone());
        for watcher in &self.watchers.0 {
            watcher(&progress);
        }
    }
}
