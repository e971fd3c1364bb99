use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use cloudinary_core::{Secret, Transformation};
use tokio::{net::TcpListener, sync::Semaphore};

use crate::{
    Error, Limits, LocalServer, UploadPreset, admin,
    app::App,
    background::Background,
    delivery::Makings,
    flights::Flights,
    ids,
    pipeline::{Engine, WorkLimits},
    settings::Settings,
    slots::Slots,
    store::Store,
    upload, urls,
    webhook::{Destinations, Webhooks},
};

/// Options of a [`LocalServer`]; each has a default that is safe on one's own machine.
///
/// ```
/// # async fn run() -> Result<(), cloudinary_local::Error> {
/// use cloudinary_local::{LocalServer, UploadPreset};
///
/// let server = LocalServer::builder()
///     .data_folder("media")
///     .upload_preset(UploadPreset::unsigned("album").parameter("folder", "albums"))
///     .start()
///     .await?;
/// # server.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct Builder {
    address: SocketAddr,
    cloud_name: String,
    credentials: Option<(String, Secret)>,
    data_folder: Option<PathBuf>,
    public_url: Option<String>,
    presets: Vec<UploadPreset>,
    named: BTreeMap<String, Transformation>,
    callback_origins: Vec<String>,
    notification_url: Option<String>,
    remote_private: bool,
    limits: Limits,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            cloud_name: "local".to_owned(),
            credentials: None,
            data_folder: None,
            public_url: None,
            presets: Vec::new(),
            named: BTreeMap::new(),
            callback_origins: Vec::new(),
            notification_url: None,
            remote_private: false,
            limits: Limits::default(),
        }
    }
}

impl Builder {
    /// The address to listen on. Default `127.0.0.1:0`: this machine only, any free port.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// The cloud's name, first part of every path. Default `local`.
    pub fn cloud_name(mut self, name: impl Into<String>) -> Self {
        self.cloud_name = name.into();
        self
    }

    /// The API key and secret. Default: made at random; with a data folder, made once and kept there.
    pub fn credentials(mut self, api_key: impl Into<String>, api_secret: impl Into<Secret>) -> Self {
        self.credentials = Some((api_key.into(), api_secret.into()));
        self
    }

    /// Where everything is kept; made if it is missing. Default: in memory, gone with the server.
    pub fn data_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data_folder = Some(folder.into());
        self
    }

    /// Scheme and host under which browsers reach the server, as `https://media.example.com`. Default: `http` and the
    /// address it listens on.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Adds an upload preset.
    pub fn upload_preset(mut self, preset: UploadPreset) -> Self {
        self.presets.push(preset);
        self
    }

    /// Adds a transformation that URLs call `t_{name}`.
    pub fn named_transformation(mut self, name: impl Into<String>, transformation: Transformation) -> Self {
        self.named.insert(name.into(), transformation);
        self
    }

    /// Adds an origin, as `http://localhost:3000`, that `callback` may redirect to. Default: none.
    pub fn callback_origin(mut self, origin: impl Into<String>) -> Self {
        self.callback_origins.push(origin.into());
        self
    }

    /// Where all notifications go that name no place themselves, as `http://localhost:3000/notifications`. Unlike the
    /// addresses that requests name, this one may be of this machine or of a private network. Default: nowhere.
    pub fn notification_url(mut self, url: impl Into<String>) -> Self {
        self.notification_url = Some(url.into());
        self
    }

    /// Whether an upload from a URL may be fetched from this machine and from private networks. Default: no, as whoever
    /// may upload could then read what only this machine can.
    pub fn allow_private_remotes(mut self, allow: bool) -> Self {
        self.remote_private = allow;
        self
    }

    /// Replaces the [`Limits`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Opens the store and starts to serve.
    ///
    /// # Errors
    /// [`Error::Setting`] names an option that cannot work, [`Error::Address`] an address that cannot be listened on,
    /// [`Error::Folder`] and [`Error::Locked`] a data folder that cannot be used,
    /// [`Error::NotOurs`] and [`Error::DatabaseLost`] one that is not to be touched.
    pub async fn start(self) -> Result<LocalServer, Error> {
        self.check()?;
        let listener =
            TcpListener::bind(self.address).await.map_err(|source| Error::Address { address: self.address, source })?;
        let address = listener.local_addr().map_err(|source| Error::Address { address: self.address, source })?;
        let store = match &self.data_folder {
            None => Store::in_memory(&self.limits).await?,
            Some(folder) => Store::on_disk(folder, &self.limits).await?,
        };
        let (api_key, api_secret) = match self.credentials {
            Some(given) => given,
            None => (
                store.setting_or("api_key", &ids::api_key()).await?,
                Secret::from(store.setting_or("api_secret", &ids::secret()).await?),
            ),
        };
        let public_url = match &self.public_url {
            Some(url) => urls::check_public(url)?,
            None => format!("http://{}", reachable(address)),
        };
        let notified = Destinations::parse("notification_url", self.notification_url.as_deref().unwrap_or_default())
            .map_err(|error| Error::Setting { name: "notification_url", reason: error.message })?;
        let settings = Settings {
            cloud_name: self.cloud_name,
            api_key,
            api_secret,
            public_url,
            presets: self.presets.iter().map(|preset| (preset.name().to_owned(), preset.clone())).collect(),
            named: self.named.into_iter().collect(),
            triggers: std::iter::empty().collect(),
            notified,
            callback_origins: self.callback_origins,
            remote_private: self.remote_private,
            limits: self.limits,
        };
        for preset in &self.presets {
            upload::check_preset(&settings, preset).map_err(|error| Error::Setting {
                name: "upload_presets",
                reason: format!("{}: {}", preset.name(), error.message),
            })?;
        }
        let settings = Arc::new(settings);
        let limits = &settings.limits;
        let work = WorkLimits {
            pixels: limits.render_pixels,
            live_pixels: limits.render_live_pixels,
            time: limits.render_timeout,
        };
        let engine = Engine::new(limits.pictures, work)
            .map_err(|error| Error::Setting { name: "face detector", reason: error.to_string() })?;
        let packing = Arc::new(Semaphore::new(limits.archives_packed.max(1)));
        let app = App {
            config: Arc::new(urls::client_config(&settings)),
            slots: Slots::new(limits, engine),
            background: Background::new(limits.background),
            webhooks: Webhooks::new(Arc::clone(&settings)),
            settings,
            store: Arc::new(store),
            flights: Arc::new(Flights::default()),
            makings: Makings::default(),
            calls: Arc::default(),
            searches: Arc::default(),
            packing,
        };
        admin::restore(&app).await.map_err(|error| Error::Setting { name: "definitions", reason: error.message })?;
        Ok(LocalServer::run(app, listener, address))
    }

    fn check(&self) -> Result<(), Error> {
        let refuse = |name, reason: String| Err(Error::Setting { name, reason });
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if self.cloud_name.is_empty() || !self.cloud_name.chars().all(plain) {
            return refuse(
                "cloud_name",
                format!("{:?} must be of lower-case letters, digits, - and _", self.cloud_name),
            );
        }
        if let Some((key, secret)) = &self.credentials
            && (key.is_empty() || secret.expose().is_empty())
        {
            return refuse("credentials", "neither API key nor API secret may be empty".to_owned());
        }
        for origin in &self.callback_origins {
            let known = url::Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == *origin);
            if !known {
                return refuse("callback_origin", format!("{origin:?} must be an origin, as http://localhost:3000"));
            }
        }
        for preset in &self.presets {
            preset.check()?;
        }
        for (name, transformation) in &self.named {
            if name.is_empty() || name.contains(['/', ',', '.']) {
                return refuse("named_transformation", format!("{name:?} may not be empty nor have / , or ."));
            }
            let look_up = |name: &str| self.named.get(name).cloned();
            if let Err(error) = crate::pipeline::Plan::parse(transformation, &look_up) {
                return refuse("named_transformation", format!("{name}: {error}"));
            }
        }
        Ok(())
    }
}

/// An address that listens on all interfaces is none that can be called.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(std::net::Ipv6Addr::LOCALHOST.into(), address.port()),
        _ => address,
    }
}
