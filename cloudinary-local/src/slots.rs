//! A bounded number of places for heavy work.

use std::sync::Arc;

use http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{http::ApiError, pipeline::Engine};

/// As many places as `Limits::renders`. Whoever waits for one holds no image in memory yet.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    free: Arc<Semaphore>,
    engine: Arc<Engine>,
}

/// One place, held until it is dropped and the work begun in it is done.
#[derive(Debug)]
pub(crate) struct Slot {
    permit: Arc<OwnedSemaphorePermit>,
    engine: Arc<Engine>,
}

impl Slots {
    pub(crate) fn new(count: usize, engine: Engine) -> Self {
        Self { free: Arc::new(Semaphore::new(count.max(1))), engine: Arc::new(engine) }
    }

    /// Waits for a place.
    pub(crate) async fn take(&self) -> Result<Slot, ApiError> {
        let closed = |_| ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "The server is shutting down");
        let permit = Arc::clone(&self.free).acquire_owned().await.map_err(closed)?;
        Ok(Slot { permit: Arc::new(permit), engine: Arc::clone(&self.engine) })
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
