//! The client: a cheap handle on one configuration and one pool of connections.
//!
//! Each call is a small builder with its optional parameters, and is awaited. It gives an [`Answer`], which reads like its
//! value and also has the call's id and rate limit, or an [`Error`](crate::Error). Dropping the future stops the call.
//!
//! Calls that are safe to repeat are repeated when the service or the connection fails; see [`RetryPolicy`]. How long
//! things may take is in [`Timeouts`]. Requests are traced at debug level in spans named `cloudinary`, without secrets.

mod answer;
mod call;
mod held;
mod multipart;
mod open_file;
mod recorder;
mod request;
mod retry;
mod send;
mod timeouts;
mod token;
mod transport;

use std::sync::Arc;

pub use futures_util::future::BoxFuture;

pub use self::answer::Answer;
pub(crate) use self::call::{Auth, Call, Encoding, Params};
pub(crate) use self::held::Held;
pub(crate) use self::multipart::{FilePart, Pieces, Watch, changed};
pub(crate) use self::open_file::OpenFile;
pub(crate) use self::recorder::Recorder;
pub use self::request::Page;
pub(crate) use self::request::{Request, pages, request, setter};
pub(crate) use self::retry::Repeat;
pub use self::retry::RetryPolicy;
pub use self::timeouts::Timeouts;
pub use self::token::TokenSource;
use self::transport::Pool;
pub use self::transport::{Body, Transport, TransportError};
use crate::admin::Admin;
use crate::asset::{AssetRef, ResourceType};
use crate::config::Config;
use crate::error::Result;
use crate::upload::{Destroy, Upload, UploadOptions, UploadSource};
use crate::url::AssetUrl;

/// The most bytes of an answer that are read.
pub const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// The handle an app keeps in its state. Cloning it is cheap and shares the connections.
///
/// ```no_run
/// # async fn example() -> cloudinary_core::Result<()> {
/// use std::path::Path;
/// use cloudinary_core::{Cloudinary, Crop, Transformation, UploadOptions};
///
/// let cld = Cloudinary::from_env()?;
/// let photo = cld.upload(Path::new("beach.jpg"), &UploadOptions::new().folder("albums")).await?.asset()?;
/// let thumbnail = Transformation::new().width(150).height(100).crop(Crop::Fill);
/// println!("{}", cld.image(&photo).transform(&thumbnail).img_tag().alt("The beach"));
/// cld.destroy(&photo).invalidate(true).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Cloudinary {
    config: Arc<Config>,
    wiring: Arc<Wiring>,
}

/// How calls are made.
#[derive(Debug, Clone)]
struct Wiring {
    transport: Arc<dyn Transport>,
    timeouts: Timeouts,
    retry: RetryPolicy,
    tokens: Option<Arc<dyn TokenSource>>,
}

impl Cloudinary {
    /// A client for a configuration.
    ///
    /// # Errors
    /// [`Error::Config`](crate::Error::Config) when the proxy or the TLS set-up cannot be used.
    pub fn new(config: Config) -> Result<Self> {
        let timeouts = Timeouts::from(&config);
        let transport: Arc<dyn Transport> = Arc::new(Pool::new(&config, timeouts.connect)?);
        let wiring = Wiring { transport, timeouts, retry: RetryPolicy::default(), tokens: None };
        Ok(Self { config: Arc::new(config), wiring: Arc::new(wiring) })
    }

    /// A client for the configuration in the environment; see [`Config::from_env`].
    ///
    /// # Errors
    /// As [`Config::from_env`] and [`Cloudinary::new`].
    pub fn from_env() -> Result<Self> {
        Self::new(Config::from_env()?)
    }

    /// A client whose requests travel another way, as in a test without any network.
    pub fn with_transport(config: Config, transport: impl Transport + 'static) -> Self {
        let wiring = Wiring {
            transport: Arc::new(transport),
            timeouts: Timeouts::from(&config),
            retry: RetryPolicy::default(),
            tokens: None,
        };
        Self { config: Arc::new(config), wiring: Arc::new(wiring) }
    }

    /// The same client with other limits of time.
    ///
    /// # Errors
    /// As [`Cloudinary::new`]: the time to connect belongs to the pool of connections, so another one is made if it
    /// changes and the transport is the client's own.
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Result<Self> {
        let mut wiring = Arc::unwrap_or_clone(self.wiring);
        if timeouts.connect != wiring.timeouts.connect && wiring.transport.is_own() {
            wiring.transport = Arc::new(Pool::new(&self.config, timeouts.connect)?);
        }
        wiring.timeouts = timeouts;
        self.wiring = Arc::new(wiring);
        Ok(self)
    }

    /// The same client with another policy of repeating calls.
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        Arc::make_mut(&mut self.wiring).retry = retry;
        self
    }

    /// The same client with bearer tokens from a source, which is asked for a newer one when the service refuses one.
    pub fn with_tokens(mut self, source: impl TokenSource + 'static) -> Self {
        Arc::make_mut(&mut self.wiring).tokens = Some(Arc::new(source));
        self
    }

    /// Whether the service may accept later what it refused with 401: a source gives other tokens then. A wrong key or
    /// secret stays wrong.
    pub fn renews_tokens(&self) -> bool {
        self.token_source().is_some()
    }

    /// The configuration.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// The limits of time.
    pub fn timeouts(&self) -> &Timeouts {
        &self.wiring.timeouts
    }

    /// The policy of repeating calls.
    pub fn retry_policy(&self) -> &RetryPolicy {
        &self.wiring.retry
    }

    /// The delivery URL of an asset, or of a public image by its id.
    pub fn image(&self, asset: impl Into<AssetRef>) -> AssetUrl {
        AssetUrl::new(Arc::clone(&self.config), asset)
    }

    /// The delivery URL of a public raw file by its id, extension included.
    pub fn raw(&self, public_id: impl Into<String>) -> AssetUrl {
        self.image(public_id.into()).resource_type(ResourceType::Raw)
    }

    /// The delivery URL of a public video by its id.
    pub fn video(&self, public_id: impl Into<String>) -> AssetUrl {
        self.image(public_id.into()).resource_type(ResourceType::Video)
    }

    /// Uploads a file, signed. `.await` the answer.
    ///
    /// Files are streamed from disk. Above [`DEFAULT_CHUNK_BYTES`](crate::upload::DEFAULT_CHUNK_BYTES), and for
    /// streams of unknown length, it goes in chunks, of which one at a time is in memory.
    ///
    /// # Errors
    /// [`Error::Source`](crate::Error::Source) when the file cannot be read,
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret,
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    pub fn upload(&self, source: impl Into<UploadSource>, options: &UploadOptions) -> Upload {
        Upload::new(self.clone(), source.into(), options.clone(), true)
    }

    /// Uploads a file without a signature, with a preset that the account allows to be used so.
    ///
    /// # Errors
    /// As [`upload`](Self::upload).
    pub fn unsigned_upload(
        &self,
        source: impl Into<UploadSource>,
        upload_preset: impl Into<String>,
        options: &UploadOptions,
    ) -> Upload {
        Upload::new(self.clone(), source.into(), options.clone().upload_preset(upload_preset), false)
    }

    /// Deletes an asset and its derived images. `.await` the answer.
    ///
    /// # Errors
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret,
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    pub fn destroy(&self, asset: impl Into<AssetRef>) -> Destroy {
        Destroy::new(self, &asset.into())
    }

    /// The calls of the Admin API: lists, details, changes and definitions. They need key and secret, or a bearer token.
    pub fn admin(&self) -> Admin {
        Admin::new(self.clone())
    }

    fn transport(&self) -> &dyn Transport {
        &*self.wiring.transport
    }

    fn token_source(&self) -> Option<&dyn TokenSource> {
        self.wiring.tokens.as_deref()
    }
}
