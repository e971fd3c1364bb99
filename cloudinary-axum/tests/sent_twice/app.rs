//! An app with forms of several kinds, whose tickets are kept by a store that can fail and be slow.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cloudinary_axum::{
    BlankForm, Change, Fields, FileField, FormData, FormView, MemoryTickets, Problem, TextField, TicketStore,
    TicketStoreError, UploadForm, UploadPolicy, Uploaded, Uploads,
};
use cloudinary_core::client::BoxFuture;
use cloudinary_core::{Cloudinary, UploadOptions};
use cloudinary_local::LocalServer;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::support::{self, Part, hidden};

#[derive(Deserialize)]
struct Photo {
    title: String,
    image: Uploaded,
}

impl UploadForm for Photo {
    fn fields() -> Fields {
        Fields::new().text(TextField::new("title")).file(FileField::new("image"))
    }
}

/// Everything in it may be missing.
#[derive(Deserialize)]
struct Several {
    cover: Change,
    images: Vec<Uploaded>,
}

impl UploadForm for Several {
    fn fields() -> Fields {
        let words =
            |_: &str, problem: &Problem| (*problem == Problem::SentBefore).then(|| "Schon gesendet.".to_owned());
        let images = FileField::new("images").at_most(3).optional();
        Fields::new().messages(words).file(FileField::new("cover").editable()).file(images)
    }
}

/// What the app or the visitor's file names.
#[derive(Deserialize)]
struct Named {
    chosen: Option<Uploaded>,
    named: Option<Uploaded>,
}

impl UploadForm for Named {
    fn fields() -> Fields {
        let by_name = UploadOptions::new().use_filename(true).unique_filename(false);
        Fields::new()
            .file(FileField::new("chosen").optional().options(UploadOptions::new().public_id("logo")))
            .file(FileField::new("named").optional().options(by_name))
    }
}

/// Visitors say who they are in a header.
#[derive(Debug)]
struct Names;

impl UploadPolicy for Names {
    fn subject(&self, request: &http::request::Parts) -> Option<String> {
        Some(request.headers.get("x-user")?.to_str().ok()?.to_owned())
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Store {
    tickets: Arc<MemoryTickets>,
    /// How many tickets to spend until it fails; below 0 it never does.
    pub(crate) until_it_fails: Arc<AtomicI64>,
    /// What each ticket waits for after it was spent, if it is slow.
    pub(crate) is_slow: Arc<AtomicBool>,
    pub(crate) answers: Arc<Semaphore>,
}

impl TicketStore for Store {
    fn spend<'a>(&'a self, serial: &'a str, expires: i64, now: i64) -> BoxFuture<'a, Result<bool, TicketStoreError>> {
        assert!(serial.len() <= 100, "{serial}");
        Box::pin(async move {
            if self.until_it_fails.fetch_sub(1, Ordering::SeqCst) == 0 {
                return Err(TicketStoreError("it is away".to_owned()));
            }
            let outcome = self.tickets.spend(serial, expires, now).await;
            if self.is_slow.load(Ordering::SeqCst) {
                self.answers.acquire().await.unwrap().forget();
            }
            outcome
        })
    }

    fn give_back<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<(), TicketStoreError>> {
        self.tickets.give_back(serial)
    }
}

#[derive(Clone)]
pub(crate) struct App {
    pub(crate) cld: Cloudinary,
    pub(crate) router: Router,
    pub(crate) store: Store,
    pub(crate) clock: Arc<AtomicI64>,
    _media: Arc<LocalServer>,
}

/// As a page has them.
fn inputs(view: &FormView, is_direct: bool) -> String {
    let input = |name| match view.file_input(name) {
        Ok(_) if is_direct => view.direct_field(name).unwrap().to_string(),
        Ok(input) => input.to_string(),
        Err(_) => String::new(),
    };
    ["image", "cover", "images", "chosen", "named"].map(input).concat()
}

async fn page<T: UploadForm>(form: BlankForm<T>) -> String {
    inputs(&form, false)
}

async fn direct_page<T: UploadForm>(form: BlankForm<T>) -> String {
    inputs(&form, true)
}

fn again(view: &FormView) -> Response {
    let errors: Vec<_> = view.errors().map(|(name, error)| format!("{name}: {error}")).collect();
    let page = format!("{}\ntitle={}\n{}", errors.join("\n"), view.value("title"), inputs(view, false));
    (view.status(), page).into_response()
}

async fn photo(form: FormData<Photo>) -> Response {
    match form.into_parts() {
        // As when the database is away.
        (Some(photo), mut view) if photo.title == "reopen" => {
            view.reopen().await;
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        (Some(photo), _) if photo.title == "fail" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        (Some(photo), _) => photo.image.asset().to_string().into_response(),
        (None, view) => again(&view),
    }
}

async fn several(form: FormData<Several>) -> Response {
    match form.into_result() {
        Ok(form) => format!("{:?} {}", matches!(form.cover, Change::Replaced(_)), form.images.len()).into_response(),
        Err(view) => again(&view),
    }
}

async fn named(form: FormData<Named>) -> Response {
    match form.into_result() {
        Ok(form) => form.chosen.or(form.named).map(|file| file.asset().to_string()).unwrap_or_default().into_response(),
        Err(view) => again(&view),
    }
}

impl App {
    pub(crate) async fn start() -> Self {
        let media = LocalServer::start().await.unwrap();
        let cld = media.cloudinary().unwrap();
        let store = Store {
            tickets: Arc::default(),
            until_it_fails: Arc::new(AtomicI64::new(-1)),
            is_slow: Arc::default(),
            answers: Arc::new(Semaphore::new(0)),
        };
        let clock = Arc::new(AtomicI64::new(1_700_000_000));
        let hands = Arc::clone(&clock);
        let uploads = Uploads::new(cld.clone()).policy(Names).ticket_store(store.clone());
        let router = Router::new()
            .route("/photo", get(page::<Photo>).post(photo))
            .route("/direct", get(direct_page::<Photo>).post(photo))
            .route("/several", get(page::<Several>).post(several))
            .route("/named", get(page::<Named>).post(named))
            .with_state(uploads.clock(move || hands.load(Ordering::SeqCst)));
        Self { cld, router, store, clock, _media: Arc::new(media) }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// The tickets of a page that was just asked for.
    pub(crate) async fn tickets<const N: usize>(&self, path: &str, user: &str, fields: [&str; N]) -> [String; N] {
        let page = self.send(Request::get(path).header("x-user", user).body(Body::empty()).unwrap()).await.1;
        fields.map(|field| hidden(&page, &format!("{field}.ticket")))
    }

    pub(crate) async fn post(&self, path: &str, user: &str, parts: &[Part<'_>]) -> (StatusCode, String) {
        self.send(request(path, user, parts)).await
    }

    /// How many files there are with the media service, once what is destroyed in the background is gone.
    pub(crate) async fn stored(&self, expected: usize) -> usize {
        let mut found = 0;
        for _ in 0..50 {
            found = self.cld.admin().resources().max_results(100).await.unwrap().resources.len();
            if found == expected {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        found
    }

    pub(crate) async fn is_there(&self, asset: &str) -> bool {
        let asset: cloudinary_core::AssetRef = asset.parse().unwrap();
        support::get(&self.cld.image(&asset).to_string()).await.0 == StatusCode::OK
    }

    pub(crate) async fn listen(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }
}

pub(crate) fn request(path: &str, user: &str, parts: &[Part<'_>]) -> Request<Body> {
    let (mut head, body) = support::multipart(parts).into_parts();
    head.uri = path.parse().unwrap();
    head.headers.insert("x-user", user.parse().unwrap());
    Request::from_parts(head, body)
}

pub(crate) fn file<'a>(name: &'a str, filename: &'a str) -> Part<'a> {
    Part { name, filename: Some(filename), content: support::astronaut() }
}

pub(crate) fn text<'a>(name: &'a str, content: &'a str) -> Part<'a> {
    Part { name, filename: None, content: content.as_bytes() }
}
