//! A worker in the background.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{ReleaseReport, Worker};
use crate::attachments::{AttachmentsDatabase, millis};

/// How often a running worker looks for what a clock that was ahead has written.
const REBASE_EVERY: Duration = Duration::from_hours(1);

/// A clock that went back by this much is worth another look.
const CLOCK_WENT_BACK: Duration = Duration::from_secs(5);

/// A worker in the background. Dropping this lets it go on until the process ends.
#[derive(Debug)]
pub struct RunningWorker {
    stop: watch::Sender<bool>,
    task: JoinHandle<ReleaseReport>,
}

/// For those that are not stopped.
pub(super) fn never() -> watch::Receiver<bool> {
    watch::channel(false).1
}

impl RunningWorker {
    /// Stops it: calls that are under way are waited for, the rest of the batch is left to the next worker. Says what it
    /// did in all.
    pub async fn stop(self) -> ReleaseReport {
        // It is gone already if nobody listens.
        let _ = self.stop.send(true);
        match self.task.await {
            Ok(report) => report,
            Err(error) => {
                tracing::error!(%error, "the worker had ended before");
                ReleaseReport::default()
            }
        }
    }
}

impl<DB: AttachmentsDatabase> Worker<DB> {
    /// Starts it in the background, in the runtime of the caller. While the database or the service fails, it goes on
    /// trying, after growing waits.
    pub fn spawn(self) -> RunningWorker {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(async move { self.run(stopped).await });
        RunningWorker { stop, task }
    }

    async fn run(self, stopped: watch::Receiver<bool>) -> ReleaseReport {
        let sweeping = self.sweepers.iter().map(|sweeper| Self::keep_sweeping(sweeper, stopped.clone()));
        let (report, _) = tokio::join!(self.keep_releasing(stopped.clone()), join_all(sweeping));
        report
    }

    async fn keep_releasing(&self, mut stopped: watch::Receiver<bool>) -> ReleaseReport {
        let mut report = ReleaseReport::default();
        let mut faults = 0;
        let mut rebase_at = Instant::now();
        let mut seen = self.attachments.now();
        while !*stopped.borrow() {
            let now = self.attachments.now();
            let went_back = now + millis(CLOCK_WENT_BACK) < seen;
            seen = now;
            let rebased = if went_back || Instant::now() >= rebase_at { self.rebase().await } else { Ok(()) };
            if rebased.is_ok() && (went_back || Instant::now() >= rebase_at) {
                rebase_at = Instant::now() + REBASE_EVERY;
            }
            let worked = match rebased {
                Ok(()) => self.work_batch(&mut report, &stopped).await,
                Err(error) => Err(error),
            };
            let rest = match worked {
                Ok(0) => {
                    faults = 0;
                    self.settings.poll.mul_f64(0.5 + rand::random::<f64>() / 2.0)
                }
                Ok(_) => {
                    faults = 0;
                    continue;
                }
                Err(error) => {
                    faults += 1;
                    tracing::error!(%error, faults, "the worker cannot go on yet");
                    self.wait(faults, rand::random()).min(Self::DEFAULT_LONGEST_BACKOFF)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                // The sender may be gone: then it runs until the process ends.
                Ok(()) = stopped.changed() => {}
            }
        }
        report
    }
}
