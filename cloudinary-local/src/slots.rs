//! A bounded number of places for heavy work.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Limits, http::ApiError, pipeline::Engine};

/// As many places as `Limits::renders`. Whoever waits for one holds no image in memory yet.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    free: Arc<Semaphore>,
    /// Places for those who wait.
    queue: Arc<Semaphore>,
    patience: Duration,
    engine: Arc<Engine>,
}

/// One place, held until it is dropped and the work begun in it is done.
#[derive(Debug)]
pub(crate) struct Slot {
    permit: Arc<OwnedSemaphorePermit>,
    engine: Arc<Engine>,
}

impl Slots {
    pub(crate) fn new(limits: &Limits, engine: Engine) -> Self {
        Self {
            free: Arc::new(Semaphore::new(limits.renders.max(1))),
            queue: Arc::new(Semaphore::new(limits.renders_waiting)),
            patience: limits.render_wait,
            engine: Arc::new(engine),
        }
    }

    /// Takes a place, waiting for one in a queue of a bounded length and time.
    pub(crate) async fn take(&self) -> Result<Slot, ApiError> {
        let busy = || ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "Too many images are worked on; try again later");
        let permit = if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            permit
        } else {
            let _queued = self.queue.try_acquire().map_err(|_| busy())?;
            let free = Arc::clone(&self.free).acquire_owned();
            tokio::time::timeout(self.patience, free).await.map_err(|_| busy())?.map_err(|_| busy())?
        };
        Ok(Slot { permit: Arc::new(permit), engine: Arc::clone(&self.engine) })
    }

    #[cfg(test)]
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl Slot {
    /// Works off the request threads. Once begun the work runs to its end, even when the client is gone, and keeps the
    /// place so long.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let (permit, engine) = (Arc::clone(&self.permit), Arc::clone(&self.engine));
        let worked = tokio::task::spawn_blocking(move || {
            let done = work(&engine);
            drop(permit);
            done
        });
        worked.await.map_err(|error| {
            tracing::error!(%error, "image work failed");
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "General Error: the image could not be worked on")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::WorkLimits;

    #[tokio::test(start_paused = true)]
    async fn the_queue_is_short_and_moves() {
        let work = WorkLimits { pixels: 0, live_pixels: 0, time: Duration::ZERO };
        let engine = Engine::new(cloudinary_pixels::Limits::default(), work).unwrap();
        let limits = Limits { renders: 1, renders_waiting: 1, ..Limits::default() };
        let slots = Slots::new(&limits, engine);
        let held = slots.take().await.unwrap();
        let second = tokio::spawn({
            let slots = slots.clone();
            async move { slots.take().await.map(drop) }
        });
        tokio::task::yield_now().await;
        let third = slots.take().await.map(drop).unwrap_err();
        assert_eq!(third.status, StatusCode::SERVICE_UNAVAILABLE, "the queue is full");
        drop(held);
        assert_eq!(second.await.unwrap(), Ok(()));
        let _held = slots.take().await.unwrap();
        assert!(slots.take().await.is_err(), "it is waited for a while only");
    }
}
