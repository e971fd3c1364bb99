use std::sync::Arc;

use cloudinary_core::Config;
use tokio::sync::Semaphore;

use crate::{flights::Flights, http::ApiError, pipeline::Engine, settings::Settings, store::Store};

/// What every request handler shares.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) settings: Arc<Settings>,
    /// How a client would be set up for this server; the URLs in answers are written with it.
    pub(crate) config: Arc<Config>,
    pub(crate) store: Arc<Store>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) renders: Arc<Semaphore>,
    pub(crate) flights: Arc<Flights>,
}

impl App {
    /// Runs heavy work off the request threads, with at most `Limits::renders` at a time. Once begun it runs to its
    /// end, even when the client is gone.
    pub(crate) async fn heavy<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let closed = || ApiError::new(http::StatusCode::SERVICE_UNAVAILABLE, "The server is shutting down");
        let slot = Arc::clone(&self.renders).acquire_owned().await.map_err(|_| closed())?;
        let engine = Arc::clone(&self.engine);
        tokio::task::spawn_blocking(move || {
            let done = work(&engine);
            drop(slot);
            done
        })
        .await
        .map_err(|error| {
            tracing::error!(%error, "image work failed");
            ApiError::new(http::StatusCode::INTERNAL_SERVER_ERROR, "General Error: the image could not be worked on")
        })
    }
}
