//! The tickets that a request spends: good again unless the request comes to something.

use std::task::Poll;

use tokio::task::JoinHandle;

use super::stored::in_background;
use crate::ticket::{Once, Refusal};
use crate::uploads::Uploads;

/// Gives back, when it is dropped, whatever it has spent: the visitor left, and nothing was added.
pub(super) struct Spending {
    uploads: Uploads,
    names: Vec<String>,
}

impl Spending {
    pub(super) fn new(uploads: &Uploads) -> Self {
        Self { uploads: uploads.clone(), names: Vec::new() }
    }

    /// Spends one. A store that does not answer at once goes on in a task of its own, so that it is known whether the ticket
    /// was spent also when the visitor leaves meanwhile.
    pub(super) async fn spend(&mut self, once: &Once) -> Result<(), Refusal> {
        let (uploads, to_spend) = (self.uploads.clone(), once.clone());
        let mut spending = Box::pin(async move { uploads.spend(&to_spend).await });
        let outcome = match futures_util::poll!(&mut spending) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => self.wait(tokio::spawn(spending), once).await,
        };
        if outcome.is_ok() {
            self.names.push(once.name.clone());
        }
        outcome
    }

    async fn wait(&self, task: JoinHandle<Result<(), Refusal>>, once: &Once) -> Result<(), Refusal> {
        let mut pending = Pending { uploads: self.uploads.clone(), name: once.name.clone(), task: Some(task) };
        let outcome = match pending.task.as_mut() {
            Some(task) => task.await,
            None => return Err(Refusal::Unknown),
        };
        pending.task = None;
        outcome.unwrap_or_else(|error| {
            tracing::error!(%error, "the store of tickets failed");
            Err(Refusal::Unknown)
        })
    }

    /// Gives back what was spent, now.
    pub(super) async fn give_back(&mut self) {
        self.uploads.give_back(std::mem::take(&mut self.names)).await;
    }

    /// Leaves it spent.
    pub(super) fn keep(mut self) -> Vec<String> {
        std::mem::take(&mut self.names)
    }
}

impl Drop for Spending {
    fn drop(&mut self) {
        if self.names.is_empty() {
            return;
        }
        let (uploads, names) = (self.uploads.clone(), std::mem::take(&mut self.names));
        in_background(async move { uploads.give_back(names).await });
    }
}

/// A ticket that is being spent. When nobody waits for it any more, it is given back.
struct Pending {
    uploads: Uploads,
    name: String,
    task: Option<JoinHandle<Result<(), Refusal>>>,
}

impl Drop for Pending {
    fn drop(&mut self) {
        let Some(task) = self.task.take() else { return };
        let (uploads, name) = (self.uploads.clone(), std::mem::take(&mut self.name));
        in_background(async move {
            if let Ok(Ok(())) = task.await {
                uploads.give_back(vec![name]).await;
            }
        });
    }
}
