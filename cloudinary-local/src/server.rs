use std::{net::SocketAddr, sync::Arc, time::Duration};

use cloudinary_core::{Cloudinary, Config};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{Builder, Error, app::App, http, ids, urls};

const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// A running media server. It stops when it is dropped; [`LocalServer::shutdown`] also waits for that.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cloudinary_core::{ResourceType, UploadOptions, UploadSource};
/// use cloudinary_local::LocalServer;
///
/// let server = LocalServer::start().await?;
/// let cld = server.cloudinary()?;
/// let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id("notes.txt");
/// let done = cld.upload(UploadSource::bytes("notes.txt", "buy milk"), &options).await?;
/// assert_eq!(done.asset()?.public_id, "notes.txt");
/// server.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LocalServer {
    app: App,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl LocalServer {
    /// Starts a server with the defaults: on a free port of this machine, in memory, with a secret made at random.
    ///
    /// # Errors
    /// As [`Builder::start`].
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Options to start a server with.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn run(app: App, listener: TcpListener, address: SocketAddr) -> Self {
        let (stop, stopped) = watch::channel(false);
        let router = http::router(app.clone());
        let limits = app.settings.limits.clone();
        let store = Arc::clone(&app.store);
        let sweeper = tokio::spawn(sweep(app.clone(), stopped.clone()));
        let (background, webhooks) = (app.background.clone(), app.webhooks.clone());
        let serving = tokio::spawn(async move {
            let patience = limits.drain_timeout;
            http::serve(listener, router, limits, stopped).await;
            sweeper.abort();
            if tokio::time::timeout(patience, background.finish()).await.is_err() {
                tracing::warn!("some work in the background did not finish in time; it is lost");
            }
            webhooks.stop();
            store.close().await;
        });
        Self { app, address, stop, serving }
    }

    #[cfg(test)]
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scheme and host of every URL it writes, without a slash at the end: the public URL it was given, or else its
    /// address.
    pub fn url(&self) -> &str {
        &self.app.settings.public_url
    }

    /// A client configuration for this server: its cloud, key and secret, and its address for API and delivery.
    pub fn config(&self) -> Config {
        Config::clone(&self.app.config)
    }

    /// A client for this server.
    ///
    /// # Errors
    /// Those of [`Cloudinary::new`].
    pub fn cloudinary(&self) -> cloudinary_core::Result<Cloudinary> {
        Cloudinary::new(self.config())
    }

    /// The same as a `CLOUDINARY_URL`, secret included: print it only where whoever reads it may upload.
    pub fn cloudinary_url(&self) -> String {
        urls::cloudinary_url(&self.app.settings)
    }

    /// Stops to accept, lets running requests finish (at most `Limits::drain_timeout`) and closes the store.
    pub async fn shutdown(self) {
        // The other end can only be gone if serving ended already.
        let _ = self.stop.send(true);
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "the server did not stop cleanly");
        }
    }
}

/// Forgets what has had its time: unfinished uploads and delete tokens.
async fn sweep(app: App, mut stopped: watch::Receiver<bool>) {
    loop {
        let now = ids::now();
        let kept = app.settings.limits.chunks_kept.as_secs() as i64;
        let swept = async {
            app.store.sweep_chunks(now - kept).await?;
            app.store.sweep_delete_tokens(now).await
        };
        if let Err(error) = swept.await {
            tracing::error!(%error, "could not sweep; the next sweep tries again");
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}
