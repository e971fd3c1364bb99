//! Work that goes on after its request was answered.

use std::sync::Arc;

use http::StatusCode;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::http::ApiError;

/// A bounded number of tasks; a server that stops waits for them a while.
#[derive(Debug, Clone)]
pub(crate) struct Background {
    tasks: TaskTracker,
    places: Arc<Semaphore>,
}

impl Background {
    pub(crate) fn new(most: usize) -> Self {
        Self { tasks: TaskTracker::new(), places: Arc::new(Semaphore::new(most)) }
    }

    /// Begins a task, unless too many are under way.
    pub(crate) fn begin(&self, task: impl Future<Output = ()> + Send + 'static) -> Result<(), ApiError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "Too much is done in the background; try again later")
        })?;
        self.tasks.spawn(async move {
            task.await;
            drop(place);
        });
        Ok(())
    }

    /// Waits until all tasks are done.
    pub(crate) async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tasks_are_bounded_and_waited_for() {
        let background = Background::new(1);
        let (free, freed) = tokio::sync::oneshot::channel::<()>();
        background.begin(async move { freed.await.unwrap_or_default() }).unwrap();
        let refused = background.begin(async {}).unwrap_err();
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        free.send(()).unwrap();
        background.finish().await;
        assert!(background.begin(async {}).is_ok());
    }
}
