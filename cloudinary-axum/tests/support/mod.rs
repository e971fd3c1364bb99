//! An app with one form, and requests to it.

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::get as get_route;
use bytes::Bytes;
use cloudinary_axum::{
    BlankForm, Fields, FileField, FormData, FormView, MIB, RenderError, TextField, UploadForm, Uploaded, Uploads,
};
use cloudinary_core::{AssetRef, Cloudinary, UploadOptions, UploadSource};
use cloudinary_local::LocalServer;
use futures_util::StreamExt as _;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Mutex;
use tower::ServiceExt as _;

#[derive(Deserialize)]
pub(crate) struct PhotoForm {
    title: String,
    image: Uploaded,
}

impl UploadForm for PhotoForm {
    fn fields() -> Fields {
        let image = FileField::new("image").formats(["jpg", "png"]).max_bytes(2 * MIB);
        // A fixed id, so that a test can see whether anything was stored.
        let options = UploadOptions::new().public_id("the_photo");
        Fields::new().text(TextField::new("title").max_chars(200)).file(image.options(options))
    }
}

async fn blank(form: BlankForm<PhotoForm>) -> Result<String, RenderError> {
    Ok(form.direct_field("image")?.to_string())
}

async fn create(form: FormData<PhotoForm>) -> Response {
    match form.into_result() {
        Ok(photo) => format!("{}|{}", photo.title, photo.image.asset()).into_response(),
        Err(invalid) => shown_again(&invalid),
    }
}

/// What a test wants to see of a form that was refused.
pub(crate) fn shown_again(invalid: &FormView) -> Response {
    let errors: Vec<_> = invalid.errors().map(|(name, error)| format!("error {name}: {error}")).collect();
    let page = format!(
        "{}\ntitle={}\nkept={}\n{}",
        errors.join("\n"),
        invalid.value("title"),
        invalid.kept("image").map(ToString::to_string).collect::<String>(),
        invalid.file_input("image").map_or_else(|error| error.to_string(), |input| input.to_string()),
    );
    (invalid.status(), page).into_response()
}

/// The value of the input of a name that the page came with: hidden, or the box of a file that is kept.
pub(crate) fn hidden(html: &str, name: &str) -> String {
    let (_, rest) = html.split_once(&format!(" name=\"{name}\" value=\"")).expect("an input with a value");
    rest.split('"').next().unwrap().to_owned()
}

pub(crate) struct Album {
    pub(crate) cld: Cloudinary,
    app: Router,
    media: Mutex<Option<LocalServer>>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
}

impl Album {
    pub(crate) async fn start() -> Self {
        let media = LocalServer::start().await.unwrap();
        let config = media.config();
        Self::on(media, config)
    }

    pub(crate) async fn with_secret(secret: &str) -> Self {
        let media = LocalServer::start().await.unwrap();
        let config = media.config();
        let key = config.require_api_key().unwrap().to_owned();
        Self::on(media, config.credentials(key, secret))
    }

    fn on(media: LocalServer, config: cloudinary_core::Config) -> Self {
        let cld = Cloudinary::new(config).unwrap();
        let app = Router::new().route("/", get_route(blank).post(create)).with_state(Uploads::new(cld.clone()));
        Self { cld, app, media: Mutex::new(Some(media)) }
    }

    /// The ticket of a page that was just asked for.
    pub(crate) async fn ticket(&self) -> String {
        let page = self.post(Request::get("/").body(Body::empty()).unwrap()).await;
        hidden(&page.text, "image.ticket")
    }

    /// An app whose media service is at another address, which may be anybody's.
    pub(crate) async fn on_service(url: &str) -> Self {
        let media = LocalServer::start().await.unwrap();
        let config = media.config().upload_prefix(url).timeout(std::time::Duration::from_millis(500));
        Self::on(media, config)
    }

    /// The same app on a socket.
    pub(crate) async fn listen(&self) -> std::net::SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = self.app.clone();
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    pub(crate) async fn stop_media(&self) {
        self.media.lock().await.take().unwrap().shutdown().await;
    }

    pub(crate) async fn post(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, text: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// What the hidden input holds after a direct upload under the id that the form chooses.
    pub(crate) async fn presigned(&self, content: &'static [u8], options: &UploadOptions) -> String {
        let options = &options.clone().public_id("the_photo");
        let source = UploadSource::bytes("me.jpg", Bytes::from_static(content));
        let asset = self.cld.upload(source, options).await.unwrap().asset().unwrap();
        asset.presigned(self.cld.config()).unwrap().to_string()
    }

    pub(crate) async fn delivered(&self, asset: &str) -> StatusCode {
        let asset: AssetRef = asset.parse().unwrap();
        get(&self.cld.image(&asset).to_string()).await.0
    }

    /// Waits until an asset is gone: what a broken request stored is deleted in the background.
    pub(crate) async fn gone(&self, asset: &str) {
        for _ in 0..50 {
            if self.delivered(asset).await == StatusCode::NOT_FOUND {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("{asset} is still there");
    }
}

impl Answer {
    pub(crate) fn errors(&self, field: &str) -> &str {
        let prefix = format!("error {field}: ");
        self.text.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_default()
    }

    pub(crate) fn value(&self, field: &str) -> &str {
        let prefix = format!("{field}=");
        self.text.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_default()
    }

    /// The value of the hidden input that keeps a stored file.
    pub(crate) fn kept(&self) -> String {
        hidden(&self.text, "image")
    }

    /// The ticket beside it.
    pub(crate) fn ticket(&self) -> String {
        hidden(&self.text, "image.ticket")
    }
}

/// A plain request, as small as HTTP allows.
pub(crate) async fn get(url: &str) -> (StatusCode, Vec<u8>) {
    let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
    let mut connection = tokio::net::TcpStream::connect(host).await.unwrap();
    connection.write_all(format!("GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("the end of the headers");
    let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
    (status, answer.split_off(head + 4))
}

#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) name: &'a str,
    pub(crate) filename: Option<&'a str>,
    pub(crate) content: &'a [u8],
}

pub(crate) fn multipart(parts: &[Part<'_>]) -> Request<Body> {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(b"--boundary\r\nContent-Disposition: form-data");
        if !part.name.is_empty() {
            body.extend_from_slice(format!("; name=\"{}\"", part.name).as_bytes());
        }
        if let Some(filename) = part.filename {
            body.extend_from_slice(format!("; filename=\"{filename}\"\r\nContent-Type: image/jpeg").as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(part.content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--boundary--\r\n");
    Request::post("/").header("content-type", "multipart/form-data; boundary=boundary").body(Body::from(body)).unwrap()
}

pub(crate) fn urlencoded(pairs: &[(&str, &str)]) -> Request<Body> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Request::post("/").header("content-type", "application/x-www-form-urlencoded").body(Body::from(body)).unwrap()
}

/// The same request, its body in pieces as a network would bring it.
pub(crate) fn in_pieces(request: Request<Body>) -> Request<Body> {
    let (head, body) = request.into_parts();
    let pieces = futures_util::stream::once(async { body.collect().await.unwrap().to_bytes() }).flat_map(|bytes| {
        let pieces: Vec<_> = bytes.chunks(16 * 1024).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
        futures_util::stream::iter(pieces)
    });
    Request::from_parts(head, Body::from_stream(pieces))
}

pub(crate) async fn into_bytes(request: Request<Body>) -> (http::request::Parts, Bytes) {
    let (head, body) = request.into_parts();
    (head, body.collect().await.unwrap().to_bytes())
}

pub(crate) fn astronaut() -> &'static [u8] {
    include_bytes!("../../../examples/photo_album/photos/astronaut.jpg")
}

pub(crate) fn photo(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/photo_album/photos");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}

/// A PNG whose header claims 100,000 × 100,000 pixels.
pub(crate) fn huge_png() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend_from_slice(&100_000_u32.to_be_bytes());
    png.extend_from_slice(&100_000_u32.to_be_bytes());
    png.extend_from_slice(&[8, 6, 0, 0, 0]);
    let crc = crc32fast::hash(&png[12..]);
    png.extend_from_slice(&crc.to_be_bytes());
    png.extend_from_slice(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xaeB`\x82");
    png
}
