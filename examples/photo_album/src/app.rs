//! The app: what it is made of, how it starts and stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use axum::routing::{get, post};
use axum::{Router, middleware};
use cloudinary_axum::{Uploads, assets};
use cloudinary_core::{Cloudinary, Config, ResourceType};
use cloudinary_local::{LocalServer, UploadPreset};
use cloudinary_sqlx::attachments::{Attachments, Audit, RunningWorker, Sweeper, TableColumn, Worker};
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tokio::net::TcpListener;
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::journal::Journal;
use crate::photo::Photos;
use crate::serve::serve;
use crate::settings::Settings;
use crate::visitor::{self, Visitors};
use crate::{album, attachments, cover, edit, error, notifications, pages, samples, upload};

/// The preset of unsigned uploads, for the switch on the upload page.
pub(crate) const UNSIGNED_PRESET: &str = "photo_album";

/// How often the worker looks for photos to release.
const RELEASE_EVERY: Duration = Duration::from_secs(1);

/// What every handler can ask for.
#[derive(Clone, FromRef)]
pub(crate) struct State {
    pub(crate) photos: Photos,
    pub(crate) cld: Cloudinary,
    pub(crate) uploads: Uploads,
    pub(crate) site: Arc<Site>,
}

/// What the pages say of where they are.
#[derive(Debug)]
pub(crate) struct Site {
    /// Who stores the media, for the footer.
    pub(crate) media_server: String,
}

/// A started album.
pub struct App {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    kept_in: String,
    media: Option<LocalServer>,
    worker: RunningWorker,
}

impl App {
    /// Opens the database, starts the embedded media server unless another is configured, and takes the port.
    ///
    /// # Errors
    /// One line that names what cannot be used, and why.
    pub async fn start(settings: &Settings) -> Result<Self, String> {
        // First of all the port, so that nothing is written when another album runs already.
        let listener = TcpListener::bind(settings.address).await.map_err(|error| {
            format!("cannot listen on {}: {error}; set PHOTO_ALBUM_ADDR to another", settings.address)
        })?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let folder = settings.data.display().to_string();
        std::fs::create_dir_all(&settings.data)
            .map_err(|error| format!("cannot write to {folder}: {error}; set PHOTO_ALBUM_DATA to another folder"))?;

        let (database, database_url) = open_database(settings).await?;
        let (media, config) = if let Some(config) = &settings.cloudinary {
            (None, config.clone())
        } else {
            let server = start_media_server(settings, address).await?;
            let config = server.config();
            (Some(server), config)
        };
        let media_server = match &media {
            Some(server) => format!("the embedded media server at {}", server.url()),
            None => format!("the cloud “{}”", config.cloud_name),
        };
        let policy = content_security_policy(&config)?;
        let cld = Cloudinary::new(config).map_err(|error| error.to_string())?;
        let photos = open_photos(settings, database, &cld).await?;
        let mut worker = Worker::new(&photos.attachments, &photos.pool, &cld).poll(RELEASE_EVERY);
        if media.is_some() {
            // In a cloud that albums share, those that another one holds would seem unclaimed here.
            let unclaimed = Sweeper::new(&photos.attachments, &photos.pool, &cld, upload::TAG);
            worker = worker.sweep(unclaimed.resource_types([ResourceType::Image]));
        }
        let worker = worker.spawn();
        let uploads =
            Uploads::new(cld.clone()).origins(origins(address)).policy(Visitors).journal(Journal::new(&photos));
        let state = State { photos, cld, uploads, site: Arc::new(Site { media_server }) };
        let kept_in = match settings.database_url {
            Some(_) => format!("{folder} and {database_url}"),
            None => folder,
        };
        Ok(Self { listener, address, router: router(state, policy), kept_in, media, worker })
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where things are kept, in words.
    pub fn kept_in(&self) -> &str {
        &self.kept_in
    }

    /// Serves until `stop`, then lets requests under way end, for ten seconds at most.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        serve(self.listener, self.router, stop).await;
        self.worker.stop().await;
        if let Some(media) = self.media {
            media.shutdown().await;
        }
    }
}

async fn open_database(settings: &Settings) -> Result<(SqlitePool, String), String> {
    let url = match &settings.database_url {
        Some(url) => url.clone(),
        None => format!("sqlite://{}", settings.data.join("album.db").display()),
    };
    let unusable = |error: &dyn std::fmt::Display| format!("cannot open the database {url}: {error}");
    let options: SqliteConnectOptions = url.parse().map_err(|error: sqlx::Error| unusable(&error))?;
    let options = options.create_if_missing(true).foreign_keys(true);
    let pool = SqlitePoolOptions::new().connect_with(options).await.map_err(|error| unusable(&error))?;
    sqlx::migrate!().run(&pool).await.map_err(|error| unusable(&error))?;
    Ok((pool, url))
}

/// What holds the photos: everything is attached to its row, rows of an older album too.
async fn open_photos(settings: &Settings, pool: SqlitePool, cld: &Cloudinary) -> Result<Photos, String> {
    let unusable = |error: cloudinary_sqlx::Error| format!("cannot open the attachments: {error}");
    let columns = [TableColumn::new("photo", "id", "image"), TableColumn::new("album", "id", "cover")];
    let attachments = Attachments::new().undo_for(settings.undo);
    let attachments = columns.into_iter().fold(attachments, Attachments::column);
    attachments.migrate(&pool).await.map_err(unusable)?;
    let audit = Audit::new(&attachments, &pool, cld).resource_types([ResourceType::Image]);
    audit.attach_rows().await.map_err(unusable)?;
    let photos = Photos { pool, attachments, undo: settings.undo };
    photos.forget_removed().await.map_err(|error| format!("cannot open the photos: {error}"))?;
    Ok(photos)
}

async fn start_media_server(settings: &Settings, album: SocketAddr) -> Result<LocalServer, String> {
    let [by_address, by_name] = origins(album);
    let preset = UploadPreset::unsigned(UNSIGNED_PRESET);
    let preset = upload::image_options().params().fold(preset, |preset, (name, value)| preset.parameter(name, value));
    LocalServer::builder()
        .address(SocketAddr::new(album.ip(), 0))
        .data_folder(settings.data.join("media"))
        .notification_url(format!("{by_address}{}", notifications::HOOK))
        .callback_origin(by_address)
        .callback_origin(by_name)
        .upload_preset(preset)
        .start()
        .await
        .map_err(|error| format!("the media server does not start: {error}"))
}

fn origins(album: SocketAddr) -> [String; 2] {
    [format!("http://{album}"), format!("http://localhost:{}", album.port())]
}

/// Scripts and styles are our own files; pictures and uploads go to the media service, and nothing else goes anywhere.
fn content_security_policy(config: &Config) -> Result<HeaderValue, String> {
    let images = origin(&cloudinary_core::AssetUrl::new(config, "x").to_string());
    let uploads = origin(&config.api_url("image", "upload"));
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' {images}; connect-src {uploads}; \
         frame-src 'self' {uploads}; form-action 'self' {uploads}; base-uri 'none'; frame-ancestors 'self'"
    );
    HeaderValue::try_from(policy).map_err(|_| "the media service's address has characters no address has".to_owned())
}

fn origin(url: &str) -> String {
    let end = url.match_indices('/').nth(2).map_or(url.len(), |(at, _)| at);
    url[..end].to_owned()
}

fn router(state: State, policy: HeaderValue) -> Router {
    let visitor_key = visitor::key(&state.cld);
    // Around the pages only: the router of assets sets its own policy.
    let pages = Router::new()
        .route("/", get(album::list))
        .route("/upload", get(upload::page))
        .route("/photos", get(upload::reloaded).post(upload::create))
        .route("/photos/{id}", get(album::show))
        .route("/photos/{id}/edit", get(edit::page).post(edit::save))
        .route("/photos/{id}/delete", get(album::confirm_delete).post(album::delete))
        .route("/photos/{id}/restore", post(album::restore))
        .route("/cover", get(cover::page).post(cover::save))
        .route("/attachments", get(attachments::page))
        .route("/notifications", get(notifications::page))
        .route("/samples", post(samples::load))
        .fallback(error::not_found)
        // Forms of other sites are refused by what browsers say of where a request comes from; no token is needed.
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), error::as_pages))
        .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, policy));
    pages
        .route(notifications::HOOK, post(notifications::hear))
        .nest("/cloudinary", assets::router())
        .nest("/static", pages::static_files())
        .layer(SetResponseHeaderLayer::overriding(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(SetResponseHeaderLayer::overriding(REFERRER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(middleware::from_fn_with_state(visitor_key, visitor::identify))
        .with_state(state)
}
