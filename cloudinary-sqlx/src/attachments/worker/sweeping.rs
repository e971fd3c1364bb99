//! Sweeping beside the releases.

use tokio::sync::watch;

use super::Worker;
use crate::attachments::{AttachmentsDatabase, Sweeper};

impl<DB: AttachmentsDatabase> Worker<DB> {
    /// Sweeps now and then until it is stopped. A sweep that is under way is given up: the next one finds the same.
    pub(super) async fn keep_sweeping(sweeper: &Sweeper<DB>, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            // The sender may be gone: then it goes on until the process ends.
            let swept = tokio::select! {
                swept = sweeper.sweep() => swept,
                Ok(()) = stopped.changed() => return,
            };
            match swept {
                Ok(report) => tracing::info!(
                    monotonic_counter.cloudinary_swept = report.released.len(),
                    tagged = report.tagged,
                    "looked for uploads that nobody claimed"
                ),
                Err(error) => tracing::error!(%error, "could not look for uploads that nobody claimed; it will again"),
            }
            // Processes that were started together need not ask together.
            let rest = sweeper.pause().mul_f64(0.5 + rand::random::<f64>() / 2.0);
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                Ok(()) = stopped.changed() => {}
            }
        }
    }
}
