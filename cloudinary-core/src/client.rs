//! The client: a cheap handle on one configuration and one pool of connections.

use std::error::Error as _;
use std::sync::Arc;

use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;

use crate::asset::{AssetRef, ResourceType};
use crate::clock::now;
use crate::config::{Config, DEFAULT_UPLOAD_PREFIX};
use crate::error::{ApiErrorKind, Error, Result, shorten};
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
    http: reqwest::Client,
}

impl Cloudinary {
    /// A client for a configuration.
    ///
    /// # Errors
    /// [`Error::Config`] when the proxy or the TLS set-up cannot be used.
    pub fn new(config: Config) -> Result<Self> {
        let http = http_client(&config)?;
        Ok(Self { config: Arc::new(config), http })
    }

    /// A client for the configuration in the environment; see [`Config::from_env`].
    ///
    /// # Errors
    /// As [`Config::from_env`] and [`Cloudinary::new`].
    pub fn from_env() -> Result<Self> {
        Self::new(Config::from_env()?)
    }

    /// The configuration.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
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
    /// [`Error::Source`] when the file cannot be read, [`Error::MissingConfig`] without key or secret,
    /// [`Error::Transport`] and [`Error::Api`].
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
    /// [`Error::MissingConfig`] without key or secret, [`Error::Transport`] and [`Error::Api`].
    pub fn destroy(&self, asset: impl Into<AssetRef>) -> Destroy {
        Destroy::new(self.clone(), asset.into())
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// A signed call whose parameters are a small form.
    pub(crate) async fn signed_post<T: DeserializeOwned>(
        &self,
        action: &str,
        mut params: Vec<(&'static str, String)>,
    ) -> Result<T> {
        params.push(("timestamp", now().to_string()));
        if self.config.oauth_token.is_none() {
            let signature = self.config.sign_params(params.iter().map(|(name, value)| (*name, value.as_str())))?;
            params.push(("signature", signature));
            params.push(("api_key", self.config.require_api_key()?.to_owned()));
        }
        let (kind, call) = action.split_once('/').unwrap_or(("image", action));
        let form =
            params.into_iter().fold(reqwest::multipart::Form::new(), |form, (name, value)| form.text(name, value));
        let request = self.authorized(self.http.post(self.config.api_url(kind, call)));
        self.call(action, request.multipart(form)).await
    }

    /// With the bearer token, where one is configured.
    pub(crate) fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.config.oauth_token {
            Some(token) => request.bearer_auth(token.expose()),
            None => request,
        }
    }

    /// Sends a request and reads its answer, or the error in it.
    #[tracing::instrument(name = "cloudinary", skip_all, fields(action = action))]
    pub(crate) async fn call<T: DeserializeOwned>(&self, action: &str, request: RequestBuilder) -> Result<T> {
        let response = request.send().await.map_err(|error| self.transport(action, error))?;
        let status = response.status().as_u16();
        let request_id = header(&response, "x-request-id");
        let said = header(&response, "x-cld-error");
        let body = self.body(action, response).await?;
        if (200..300).contains(&status) {
            return serde_json::from_slice(&body)
                .map_err(|error| Error::UnexpectedAnswer { action: action.to_owned(), reason: error.to_string() });
        }
        tracing::debug!(status, request_id, "the service refused");
        let message = error_message(&body)
            .or(said)
            .unwrap_or_else(|| format!("the answer does not say why: {:?}", shorten(&String::from_utf8_lossy(&body))));
        Err(Error::Api {
            action: action.to_owned(),
            kind: ApiErrorKind::from_status(status),
            status,
            message,
            request_id,
        })
    }

    async fn body(&self, action: &str, mut response: Response) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| self.transport(action, error))? {
            if body.len() + piece.len() > MAX_ANSWER_BYTES {
                let reason = format!("it has more than {MAX_ANSWER_BYTES} bytes");
                return Err(Error::UnexpectedAnswer { action: action.to_owned(), reason });
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    fn transport(&self, action: &str, error: reqwest::Error) -> Error {
        let prefix = self.config.upload_prefix.as_deref().unwrap_or(DEFAULT_UPLOAD_PREFIX);
        let timeout = error.is_timeout();
        // A URL may carry a signature, so it is left out; the causes say what happened.
        let error = error.without_url();
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            reason = format!("{reason}: {inner}");
            cause = inner.source();
        }
        Error::Transport { action: action.to_owned(), host: prefix.to_owned(), reason, timeout }
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    Some(response.headers().get(name)?.to_str().ok()?.to_owned())
}

fn error_message(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some(body.get("error")?.get("message")?.as_str()?.to_owned())
}

fn http_client(config: &Config) -> Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("CloudinaryRust/", env!("CARGO_PKG_VERSION")))
        .timeout(config.timeout)
        // The API never redirects; following one could carry a signature elsewhere.
        .redirect(reqwest::redirect::Policy::none())
        .tls_backend_preconfigured(tls()?);
    if let Some(proxy) = &config.api_proxy {
        let proxy = reqwest::Proxy::all(proxy.expose())
            .map_err(|_| Error::Config("api_proxy is not a URL; write it as http://host:port".to_owned()))?;
        builder = builder.proxy(proxy);
    }
    builder.build().map_err(|error| Error::Config(format!("no HTTP client can be made: {error}")))
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
