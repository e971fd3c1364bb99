//! Files on their way through: sent on while they come where that can be, and never stored in part.

#[allow(dead_code)] // Each test uses its part.
mod support;

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use cloudinary_axum::{Fields, FileField, FormData, MIB, UploadForm, Uploaded, Uploads};
use cloudinary_core::client::{BoxFuture, RetryPolicy, Timeouts, TokenSource, Transport, TransportError};
use cloudinary_core::{Cloudinary, Config, ResourceType, Secret, UploadOptions};
use cloudinary_local::LocalServer;
use futures_util::StreamExt as _;
use http::{Request, StatusCode};
use http_body_util::{BodyDataStream, BodyExt as _};
use serde::Deserialize;
use support::{Part, into_bytes, multipart};
use tokio::sync::Notify;
use tower::ServiceExt as _;

#[derive(Deserialize)]
struct Held {
    file: Uploaded,
}

impl UploadForm for Held {
    fn fields() -> Fields {
        fields(MIB)
    }
}

#[derive(Deserialize)]
struct Large {
    file: Uploaded,
}

impl UploadForm for Large {
    fn fields() -> Fields {
        fields(64 * MIB)
    }
}

fn fields(max_bytes: u64) -> Fields {
    let options = UploadOptions::new().resource_type(ResourceType::Raw);
    Fields::new().file(FileField::new("file").max_bytes(max_bytes).options(options))
}

async fn held(form: FormData<Held>) -> Response {
    answer(form.into_parts().0.map(|form| form.file))
}

async fn large(form: FormData<Large>) -> Response {
    answer(form.into_parts().0.map(|form| form.file))
}

fn answer(file: Option<Uploaded>) -> Response {
    match file {
        Some(file) => file.asset().public_id.clone().into_response(),
        None => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    }
}

/// A service that keeps what it gets whole, and says when something comes.
#[derive(Debug, Clone, Default)]
struct Service {
    /// The bodies of requests that were whole, and how many ended before.
    whole: Arc<Mutex<Vec<Bytes>>>,
    broken: Arc<AtomicUsize>,
    came: Arc<Notify>,
    /// How many requests came.
    asked: Arc<AtomicUsize>,
    /// How many requests not to take.
    unsent: Arc<AtomicUsize>,
    /// What to answer once: when the file begins to come, and when all of it came. 0 is nothing.
    early: Arc<AtomicU16>,
    late: Arc<AtomicU16>,
    /// Whether to keep the bodies that are not read to their end.
    keeps: Arc<AtomicBool>,
    kept: Arc<Mutex<Vec<BodyDataStream<cloudinary_core::client::Body>>>>,
    /// How many seconds it asks to wait when it refuses.
    retry_after: Arc<AtomicU16>,
    /// The only authorization that is accepted, if it is asked for.
    token: Arc<Mutex<Option<&'static str>>>,
}

fn one_less(count: &AtomicUsize) -> bool {
    count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| count.checked_sub(1)).is_ok()
}

/// A request whose body is on its way.
struct Coming(Arc<AtomicUsize>, bool);

impl Drop for Coming {
    fn drop(&mut self) {
        self.0.fetch_add(usize::from(!self.1), Ordering::SeqCst);
    }
}

impl Service {
    fn refusal(&self, status: u16) -> http::Response<cloudinary_core::client::Body> {
        let answer = http::Response::builder().status(status);
        let answer = match self.retry_after.load(Ordering::SeqCst) {
            0 => answer,
            seconds => answer.header("retry-after", seconds),
        };
        answer.body("{}".into()).expect("a response")
    }
}

impl Transport for Service {
    fn send(
        &self,
        request: Request<cloudinary_core::client::Body>,
    ) -> BoxFuture<'_, Result<http::Response<cloudinary_core::client::Body>, TransportError>> {
        let failed = |unsent| TransportError { reason: "it broke".to_owned(), timeout: false, unsent };
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            if one_less(&self.unsent) {
                return Err(failed(true));
            }
            let token = *self.token.lock().expect("a lock");
            if token.is_some_and(|token| request.headers().get("authorization").is_none_or(|sent| sent != token)) {
                return Ok(self.refusal(401));
            }
            let last = request.headers().get("content-range").is_none_or(|range| !range.as_bytes().ends_with(b"/-1"));
            let mut coming = Coming(Arc::clone(&self.broken), false);
            let mut body = request.into_body().into_data_stream();
            let mut content = Vec::new();
            while let Some(piece) = body.next().await {
                let Ok(piece) = piece else { return Err(failed(false)) };
                content.extend_from_slice(&piece);
                // More than the fields before the file.
                if content.len() > 10_000 {
                    self.came.notify_one();
                    if let status @ 1.. = self.early.swap(0, Ordering::SeqCst) {
                        if self.keeps.load(Ordering::SeqCst) {
                            self.kept.lock().expect("a lock").push(body);
                        }
                        return Ok(self.refusal(status));
                    }
                }
            }
            coming.1 = true;
            if let status @ 1.. = self.late.swap(0, Ordering::SeqCst) {
                return Ok(self.refusal(status));
            }
            self.whole.lock().expect("a lock").push(content.into());
            let text = if last {
                r#"{"public_id":"x","version":1,"resource_type":"raw","type":"upload","bytes":1}"#
            } else {
                r#"{"done":false,"public_id":"x"}"#
            };
            Ok(http::Response::new(text.into()))
        })
    }
}

fn router(cld: Cloudinary) -> Router {
    Router::new().route("/held", post(held)).route("/large", post(large)).with_state(Uploads::new(cld))
}

struct App {
    service: Service,
    router: Router,
}

impl App {
    fn new() -> Self {
        Self::with(|cld| cld)
    }

    fn with(change: impl FnOnce(Cloudinary) -> Cloudinary) -> Self {
        let service = Service::default();
        let config = Config::new("demo").credentials("key", "secret");
        let retry = RetryPolicy { backoff: Duration::from_millis(1), ..RetryPolicy::default() };
        let cld = change(Cloudinary::with_transport(config, service.clone()).with_retry(retry));
        Self { service, router: router(cld) }
    }

    async fn post(&self, path: &str, body: Body, length: usize) -> StatusCode {
        let request = Request::post(path)
            .header("content-type", "multipart/form-data; boundary=boundary")
            .header("content-length", length)
            .body(body)
            .expect("a request");
        let answer = self.router.clone().oneshot(request);
        tokio::time::timeout(Duration::from_secs(20), answer)
            .await
            .expect("an answer in time")
            .expect("an answer")
            .status()
    }

    /// A form of these parts, in pieces.
    async fn form(&self, path: &str, parts: &[Part<'_>]) -> StatusCode {
        let body = into_bytes(multipart(parts)).await.1;
        let length = body.len();
        self.post(path, Body::from_stream(futures_util::stream::iter(pieces(&body))), length).await
    }

    /// Shows the app that the file comes last, so that the next is sent while it comes.
    async fn learn(&self, content: &[u8]) {
        self.learn_at("/held", content).await;
    }

    async fn learn_at(&self, path: &str, content: &[u8]) {
        for _ in 0..3 {
            assert_eq!(self.form(path, &[file(content)]).await, StatusCode::OK);
        }
        self.stored();
    }

    /// The contents of all files that are stored whole.
    fn stored(&self) -> Vec<Vec<u8>> {
        let bodies = std::mem::take(&mut *self.service.whole.lock().expect("a lock"));
        bodies.iter().map(|body| content(body)).collect()
    }
}

fn pieces(body: &Bytes) -> Vec<Result<Bytes, Infallible>> {
    (0..body.len()).step_by(5_000).map(|start| Ok(body.slice(start..body.len().min(start + 5_000)))).collect()
}

/// Of the part `file`, which comes last.
fn content(body: &[u8]) -> Vec<u8> {
    let find = |wanted: &[u8]| body.windows(wanted.len()).position(|window| window == wanted).expect("a part");
    let boundary = &body[..body.windows(2).position(|end| end == b"\r\n").expect("a line")];
    let start = find(b"application/octet-stream\r\n\r\n") + 28;
    body[start..body.len() - boundary.len() - 6].to_vec()
}

fn noise(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| ((at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8).collect()
}

fn file(content: &[u8]) -> Part<'_> {
    Part { name: "file", filename: Some("a.bin"), content }
}

const MORE: Part<'_> = Part { name: "more", filename: None, content: b"text" };

#[tokio::test]
async fn whatever_follows_the_file_is_whole() {
    let app = App::new();
    let sizes = [1, 3_999, 4_000, 100_000, 700_001];
    for path in ["/held", "/large"] {
        for bytes in sizes {
            let content = noise(bytes);
            let (last, followed) = ([MORE, file(&content)], [file(&content), MORE]);
            // After three alike one is sent while it comes; the one after it is not what it was taken for.
            for parts in [&last, &last, &last, &last, &followed, &followed, &last] {
                assert_eq!(app.form(path, parts).await, StatusCode::OK, "{path} {bytes}");
                assert!(app.stored() == [content.clone()], "{path} {bytes}");
            }
        }
    }
    assert!(app.service.broken.load(Ordering::SeqCst) > 0, "some were sent before they were whole");
}

#[tokio::test]
async fn a_last_file_is_sent_while_it_comes() {
    let app = App::new();
    let content = noise(200_000);
    app.learn(&content).await;
    let body = into_bytes(multipart(&[file(&content)])).await.1;
    let (length, came) = (body.len(), Arc::clone(&app.service.came));
    let first = futures_util::stream::iter(pieces(&body.slice(..100_000)));
    // The rest is not even written before the service has something of the file.
    let rest = futures_util::stream::once(async move {
        came.notified().await;
        Ok(body.slice(100_000..))
    });
    // What the request before it left.
    let _ = tokio::time::timeout(Duration::ZERO, app.service.came.notified()).await;
    assert_eq!(app.post("/held", Body::from_stream(first.chain(rest)), length).await, StatusCode::OK);
    assert!(app.stored() == [content]);
}

#[tokio::test]
async fn what_is_refused_or_breaks_off_is_not_stored() {
    let app = App::new();
    let (small, too_large) = (noise(50_000), noise(MIB as usize + 1));
    for learn in [false, true] {
        if learn {
            app.learn(&small).await;
        }
        assert_eq!(app.form("/held", &[file(&too_large)]).await, StatusCode::UNPROCESSABLE_ENTITY);
        for (content, cut) in [(&small, 20_000), (&small, 50_100), (&too_large, 900_000)] {
            let body = into_bytes(multipart(&[file(content)])).await.1;
            let cut_off = Body::from_stream(futures_util::stream::iter(pieces(&body.slice(..cut))));
            assert_eq!(app.post("/held", cut_off, body.len()).await, StatusCode::BAD_REQUEST, "{cut}");
        }
        // Longer than the request says it is.
        let body = into_bytes(multipart(&[file(&small)])).await.1;
        let stream = Body::from_stream(futures_util::stream::iter(pieces(&body)));
        assert_eq!(app.post("/held", stream, body.len() - 10_000).await, StatusCode::OK);
        assert!(app.stored() == [small.clone()]);
    }
}

#[tokio::test]
async fn what_the_service_refuses_goes_again() {
    let app = App::new();
    let content = noise(150_000);
    for _ in 0..5 {
        app.service.unsent.store(1, Ordering::SeqCst);
        assert_eq!(app.form("/held", &[file(&content)]).await, StatusCode::OK);
        app.service.late.store(429, Ordering::SeqCst);
        assert_eq!(app.form("/held", &[file(&content)]).await, StatusCode::OK);
        assert!(app.stored() == [content.clone(), content.clone()]);
    }
}

#[tokio::test]
async fn what_fails_before_the_end_of_the_file_goes_again() {
    let app = App::new();
    let content = noise(150_000);
    app.learn(&content).await;
    for status in [408, 500, 503, 504, 599] {
        app.service.early.store(status, Ordering::SeqCst);
        assert_eq!(app.form("/held", &[file(&content)]).await, StatusCode::OK, "{status} early");
        assert!(app.stored() == [content.clone()], "{status} early");
        // It may have been stored by then, and would be once more under another id.
        app.service.late.store(status, Ordering::SeqCst);
        assert_eq!(app.form("/held", &[file(&content)]).await, StatusCode::UNPROCESSABLE_ENTITY, "{status} late");
        assert!(app.stored().is_empty(), "{status} late");
    }
    // What the service says of the file, another try would not change.
    app.service.early.store(400, Ordering::SeqCst);
    assert_eq!(app.form("/held", &[file(&content)]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(app.stored().is_empty());
}

/// Gives a second token when the first is refused.
#[derive(Debug)]
struct Login(Arc<Mutex<&'static str>>);

impl TokenSource for Login {
    fn token<'a>(&'a self, refused: Option<&'a Secret>) -> BoxFuture<'a, cloudinary_core::Result<Secret>> {
        let mut token = self.0.lock().expect("a lock");
        if refused.is_some() {
            *token = "second";
        }
        let token = Secret::from(*token);
        Box::pin(async move { Ok(token) })
    }
}

#[tokio::test]
async fn a_token_that_expires_is_renewed() {
    let token = Arc::new(Mutex::new("second"));
    let app = App::with(|cld| cld.with_tokens(Login(Arc::clone(&token))));
    *app.service.token.lock().expect("a lock") = Some("Bearer second");
    let content = noise(150_000);
    app.learn(&content).await;
    *token.lock().expect("a lock") = "first";
    assert_eq!(app.form("/held", &[file(&content)]).await, StatusCode::OK);
    assert!(app.stored() == [content]);
}

/// Without tokens, what is refused is the key or the secret, which is no other the next time.
#[tokio::test]
async fn a_wrong_key_is_shown_once() {
    let app = App::new();
    let content = noise(150_000);
    for learn in [false, true] {
        if learn {
            app.learn(&content).await;
        }
        *app.service.token.lock().expect("a lock") = Some("the right key");
        app.service.asked.store(0, Ordering::SeqCst);
        assert_eq!(app.form("/held", &[file(&content)]).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(app.service.asked.load(Ordering::SeqCst), 1, "sent while it comes: {learn}");
        *app.service.token.lock().expect("a lock") = None;
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_visitor_has_more_time_than_a_request() {
    let app = App::with(|cld| {
        let timeouts = Timeouts { chunk: Duration::from_secs(5), ..*cld.timeouts() };
        cld.with_timeouts(timeouts).expect("a client")
    });
    let content = noise(150_000);
    app.learn(&content).await;
    let body = into_bytes(multipart(&[file(&content)])).await.1;
    let length = body.len();
    let slow = futures_util::stream::iter(pieces(&body)).then(async |piece| {
        tokio::time::sleep(Duration::from_millis(400)).await;
        piece
    });
    assert_eq!(app.post("/held", Body::from_stream(slow), length).await, StatusCode::OK);
    assert!(app.stored() == [content]);
}

#[tokio::test(start_paused = true)]
async fn the_service_may_ask_to_wait() {
    let app = App::new();
    let content = noise(50_000);
    app.learn(&content).await;
    // Longer than the client ever waits, the visitor does not wait either.
    for (asked, expected) in [(7, StatusCode::OK), (60, StatusCode::UNPROCESSABLE_ENTITY)] {
        app.service.late.store(429, Ordering::SeqCst);
        app.service.retry_after.store(asked, Ordering::SeqCst);
        let begun = tokio::time::Instant::now();
        assert_eq!(app.form("/held", &[file(&content)]).await, expected, "{asked}");
        let waited = if expected == StatusCode::OK { asked.into() } else { 0 };
        assert_eq!(begun.elapsed().as_secs(), waited, "{asked}");
        app.stored();
    }
}

/// As something between has unpacked a body and left its length as it was.
#[tokio::test]
async fn a_length_that_is_not_true_loses_nothing() {
    let app = App::new();
    app.learn_at("/large", &noise(50_000)).await;
    let content = noise(20 * MIB as usize);
    let body = into_bytes(multipart(&[file(&content)])).await.1;
    let stream = Body::from_stream(futures_util::stream::iter(pieces(&body)));
    assert_eq!(app.post("/large", stream, 10_000).await, StatusCode::OK);
    assert!(app.stored().concat() == content);
}

#[tokio::test]
async fn large_files_go_in_chunks() {
    let app = App::new();
    let content = noise(13 * MIB as usize);
    for parts in [[file(&content), MORE], [MORE, file(&content)], [MORE, file(&content)]] {
        assert_eq!(app.form("/large", &parts).await, StatusCode::OK);
        assert!(app.stored().concat() == content);
    }
    let too_large = noise(65 * MIB as usize);
    assert_eq!(app.form("/large", &[file(&too_large)]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(app.stored().concat().len() < 65 * MIB as usize, "the chunk that would have made it whole was not sent");
}

/// The same over connections.
#[tokio::test]
async fn a_slow_visitor_of_a_real_service() {
    let media = LocalServer::start().await.expect("a media server");
    let cld = Cloudinary::new(media.config()).expect("a client");
    let timeouts = Timeouts { chunk: Duration::from_secs(1), ..*cld.timeouts() };
    let cld = cld.with_timeouts(timeouts).expect("a client");
    let app = App { service: Service::default(), router: router(cld) };
    let content = noise(150_000);
    app.learn(&content).await;
    let body = into_bytes(multipart(&[file(&content)])).await.1;
    let length = body.len();
    let slow = futures_util::stream::iter(pieces(&body)).then(async |piece| {
        tokio::time::sleep(Duration::from_millis(70)).await;
        piece
    });
    assert_eq!(app.post("/held", Body::from_stream(slow), length).await, StatusCode::OK);
    media.shutdown().await;
}

/// A service that answers before the file is there, and neither reads on nor hangs up.
#[tokio::test]
async fn an_answer_before_the_file_ends_the_wait() {
    let app = App::new();
    let content = noise(150_000);
    app.learn(&content).await;
    app.service.early.store(503, Ordering::SeqCst);
    app.service.keeps.store(true, Ordering::SeqCst);
    assert_eq!(app.form("/held", &[file(&content)]).await, StatusCode::OK);
    assert!(app.stored() == [content]);
}
