//! How requests travel: one pool of connections, or whatever a test puts in its place.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{Request, Response};

use crate::config::Config;
use crate::error::{Error, Result};

/// The body of a request or an answer: bytes, or a stream of them.
pub use reqwest::Body;

/// Carries requests to the service. The client's own is a pool of HTTP connections; a test can put another in its place
/// with [`Cloudinary::with_transport`](crate::Cloudinary::with_transport).
///
/// Dropping the future must stop the request.
///
/// ```
/// use cloudinary_core::client::{Body, BoxFuture, Transport, TransportError};
///
/// #[derive(Debug)]
/// struct Always(&'static str);
///
/// impl Transport for Always {
///     fn send(&self, _: http::Request<Body>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
///         Box::pin(async move { Ok(http::Response::new(Body::from(self.0))) })
///     }
/// }
/// ```
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends a request and gives the answer, its body still to be read.
    fn send(&self, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, TransportError>>;

    /// Whether it is the client's own pool.
    #[doc(hidden)]
    fn is_own(&self) -> bool {
        false
    }
}

/// Why a request got no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct TransportError {
    /// What happened, without any URL: it may carry a signature.
    pub reason: String,
    /// Whether it took too long.
    pub timeout: bool,
    /// Whether no connection came about, so that certainly nothing was sent.
    pub unsent: bool,
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        let (timeout, unsent) = (error.is_timeout(), error.is_connect());
        let error = error.without_url();
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            reason = format!("{reason}: {inner}");
            cause = inner.source();
        }
        Self { reason, timeout, unsent }
    }
}

/// The pool of HTTP connections.
#[derive(Debug)]
pub(super) struct Pool(reqwest::Client);

impl Pool {
    pub(super) fn new(config: &Config, connect: Duration) -> Result<Self> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("CloudinaryRust/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect)
            // The API never redirects; following one could carry a signature elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            // What is repeated is decided in one place, with the service's own rules.
            .retry(reqwest::retry::never())
            .tls_backend_preconfigured(tls()?);
        if let Some(proxy) = &config.api_proxy {
            let proxy = reqwest::Proxy::all(proxy.expose())
                .map_err(|_| Error::Config("api_proxy is not a URL; write it as http://host:port".to_owned()))?;
            builder = builder.proxy(proxy);
        }
        if config.disable_tcp_keep_alive {
            builder = builder.tcp_keepalive(None);
        }
        let client = builder.build().map_err(|error| Error::Config(format!("no HTTP client can be made: {error}")))?;
        Ok(Self(client))
    }
}

impl Transport for Pool {
    fn send(&self, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request)?;
            Ok(self.0.execute(request).await?.into())
        })
    }

    fn is_own(&self) -> bool {
        true
    }
}

/// TLS by rustls and ring, chosen here and not for the whole process, so that it agrees with whatever the app uses.
fn tls() -> Result<rustls::ClientConfig> {
    use rustls_platform_verifier::Verifier;

    let unusable = |error: rustls::Error| Error::Config(format!("TLS cannot be set up: {error}"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    Ok(match Verifier::new(provider) {
        Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth(),
        // A machine without any certificates can still talk to a local server over http.
        Err(_) => builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth(),
    })
}
