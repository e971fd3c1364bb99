//! The client against servers that misbehave: each gives a typed error, in its time and within its memory.

mod server;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cloudinary_core::client::{Body, BoxFuture, RetryPolicy, Timeouts, TokenSource, Transport, TransportError};
use cloudinary_core::{
    ApiErrorKind, AssetRef, Cloudinary, Config, Error, MAX_ANSWER_BYTES, Result, Secret, UploadOptions, UploadSource,
};

use self::server::{Deed, Server, answer};

const SECRET: &str = "hush-hush-api-secret";
const TOKEN: &str = "hush-hush-token";
const DESTROYED: &str = r#"{"result":"ok"}"#;
const STORED: &str = r#"{"public_id":"a","version":1,"resource_type":"image","type":"upload","format":"jpg"}"#;

fn config(url: &str) -> Config {
    Config::new("demo").credentials("key", SECRET).upload_prefix(url)
}

/// With limits that tests can wait for.
fn client(url: &str) -> Cloudinary {
    let quick = Duration::from_millis(400);
    let timeouts = Timeouts { connect: quick, read: quick, whole: Duration::from_secs(5), chunk: quick };
    Cloudinary::new(config(url)).unwrap().with_timeouts(timeouts).unwrap().with_retry(quickly(3))
}

fn quickly(attempts: u32) -> RetryPolicy {
    RetryPolicy { attempts, backoff: Duration::from_millis(10), longest_wait: Duration::from_secs(2) }
}

fn bytes() -> UploadSource {
    UploadSource::bytes("a.jpg", b"abc".to_vec())
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Sort {
    Api(ApiErrorKind),
    Unexpected,
    Unreachable,
    TimedOut,
}

fn sort(error: &Error) -> Sort {
    match error {
        Error::Api { kind, .. } => Sort::Api(*kind),
        Error::UnexpectedAnswer { .. } => Sort::Unexpected,
        Error::Transport { timeout: true, .. } => Sort::TimedOut,
        Error::Transport { .. } => Sort::Unreachable,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn every_wrong_answer_is_a_typed_error() {
    use ApiErrorKind as Kind;
    let half = "HTTP/1.1 200 X\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{\"resu";
    let said = |status, text: &str| answer(status, "", &format!(r#"{{"error":{{"message":"{text}"}}}}"#));
    // What it does, what comes of it, a word of the message, and how often it is asked: for a call that can be repeated,
    // and for an upload under a random id.
    for (deed, expected, message, destroys, uploads) in [
        (answer(200, "", "<html>hello</html>"), Sort::Unexpected, "not one of the service's", 1, 1),
        (answer(200, "", ""), Sort::Unexpected, "empty", 1, 1),
        (answer(200, "", r#"{"resu"#), Sort::Unexpected, "EOF", 1, 1),
        (answer(200, "", r#"{"result":7,"public_id":{}}"#), Sort::Unexpected, "invalid type", 1, 1),
        (answer(200, "", "[]"), Sort::Unexpected, "answer", 1, 1),
        (said(200, "it is wrong"), Sort::Api(Kind::Server), "it is wrong", 1, 1),
        (answer(302, "Location: /v1_1/demo/image/destroy\r\n", ""), Sort::Unexpected, "redirect", 1, 1),
        (said(400, "bad"), Sort::Api(Kind::BadRequest), "bad", 1, 1),
        (said(401, "who"), Sort::Api(Kind::Unauthorized), "who", 1, 1),
        (said(403, "no"), Sort::Api(Kind::NotAllowed), "no", 1, 1),
        (said(404, "none"), Sort::Api(Kind::NotFound), "none", 1, 1),
        (said(409, "taken"), Sort::Api(Kind::AlreadyExists), "taken", 1, 1),
        (said(420, "slow"), Sort::Api(Kind::RateLimited), "slow", 3, 3),
        (answer(429, "", "plain"), Sort::Api(Kind::RateLimited), "does not say why", 3, 3),
        (answer(429, "Retry-After: 0\r\nX-Cld-Error: calm\r\n", ""), Sort::Api(Kind::RateLimited), "calm", 3, 3),
        (answer(429, "Retry-After: 3600\r\n", ""), Sort::Api(Kind::RateLimited), "empty", 1, 1),
        (said(500, "oops"), Sort::Api(Kind::Server), "oops", 3, 1),
        (answer(503, "", "<html>gateway</html>"), Sort::Api(Kind::Server), "does not say why", 3, 1),
        (answer(501, "", ""), Sort::Api(Kind::Server), "empty", 1, 1),
        (Deed::Say(half.to_owned()), Sort::Unreachable, "cannot reach", 3, 1),
        (Deed::Say("SSH-2.0-hello\r\n".to_owned()), Sort::Unreachable, "cannot reach", 3, 1),
        (Deed::Close, Sort::Unreachable, "cannot reach", 3, 1),
        (Deed::CloseAfter(10), Sort::Unreachable, "cannot reach", 3, 1),
        (
            Deed::Stall("HTTP/1.1 200 X\r\nContent-Length: 20\r\n\r\n{".to_owned()),
            Sort::TimedOut,
            "took more than 400ms",
            3,
            1,
        ),
        (Deed::Stall("HTTP/1.1 200 X\r\nConten".to_owned()), Sort::TimedOut, "took more than 400ms", 3, 1),
        (Deed::Silence, Sort::TimedOut, "took more than 400ms", 3, 1),
    ] {
        for (uploads_it, expected_requests) in [(false, destroys), (true, uploads)] {
            let server = Server::start(vec![deed.clone()]).await;
            let cld = client(&server.url);
            let start = Instant::now();
            let error = if uploads_it {
                cld.upload(bytes(), &UploadOptions::new()).await.unwrap_err()
            } else {
                cld.destroy(AssetRef::image("a")).await.unwrap_err()
            };
            assert!(start.elapsed() < Duration::from_secs(5), "{deed:?}: {:?}", start.elapsed());
            assert_eq!(sort(&error), expected, "{deed:?}: {error}");
            assert!(error.to_string().contains(message), "{deed:?}: {error}");
            assert_eq!(server.requests(), expected_requests, "{deed:?} {uploads_it}: {error}");
            assert!(!format!("{error} {error:?} {cld:?}").contains("hush-hush"));
        }
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let server = Server::start(vec![Deed::Flood(1 << 30)]).await;
    let error = client(&server.url).destroy(AssetRef::image("a")).await.unwrap_err();
    assert!(error.to_string().contains(&format!("more than {MAX_ANSWER_BYTES} bytes")), "{error}");
    tokio::time::sleep(Duration::from_millis(50)).await;
    // What lies in the buffers of two sockets comes on top.
    assert!(server.seen.flooded.load(Ordering::SeqCst) < MAX_ANSWER_BYTES + 16 * 1024 * 1024);
}

#[tokio::test]
async fn the_whole_call_has_an_end_however_often_it_is_repeated() {
    let server = Server::start(vec![Deed::Silence]).await;
    let second = Duration::from_secs(1);
    let timeouts = Timeouts { connect: second, read: Duration::from_millis(300), whole: second, chunk: second };
    let cld = client(&server.url).with_timeouts(timeouts).unwrap().with_retry(quickly(100));
    let start = Instant::now();
    let error = cld.destroy(AssetRef::image("a")).await.unwrap_err();
    assert!(error.to_string().contains("the whole call took more than 1s"), "{error}");
    assert!(start.elapsed() < 2 * second && server.requests() > 1);
}

#[tokio::test]
async fn repeated_calls_that_come_through() {
    let unwell = answer(503, "", "");
    for (deeds, upload, requests) in [
        (vec![Deed::Close, unwell.clone(), answer(200, "", DESTROYED)], None, 3),
        (vec![unwell.clone(), answer(200, "", STORED)], Some(UploadOptions::new().public_id("a")), 2),
        (vec![answer(429, "Retry-After: 1\r\n", ""), answer(200, "", STORED)], Some(UploadOptions::new()), 2),
    ] {
        let server = Server::start(deeds).await;
        let start = Instant::now();
        match &upload {
            Some(options) => drop(client(&server.url).upload(bytes(), options).await.unwrap()),
            None => drop(client(&server.url).destroy(AssetRef::image("a")).await.unwrap()),
        }
        assert_eq!(server.requests(), requests);
        let asked_to_wait = upload.is_some_and(|options| options.get("public_id").is_none());
        assert!(!asked_to_wait || start.elapsed() >= Duration::from_secs(1), "Retry-After is honoured");
    }
    // It might be there already under that id, and must not be replaced: not repeated.
    let server = Server::start(vec![unwell]).await;
    let options = UploadOptions::new().public_id("a").overwrite(false);
    client(&server.url).upload(bytes(), &options).await.unwrap_err();
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn nobody_listens() {
    // A port that was free a moment ago; nothing was sent, so even an upload is tried again.
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = client(&format!("http://{free}")).upload(bytes(), &UploadOptions::new()).await.unwrap_err();
    assert_eq!(sort(&error), Sort::Unreachable, "{error}");
    assert!(error.to_string().contains(&free.to_string()), "the message names the host: {error}");
}

#[tokio::test]
async fn what_the_answer_says_of_the_call() {
    let headers = "X-Request-Id: r1\r\nX-FeatureRateLimit-Limit: 500\r\nX-FeatureRateLimit-Remaining: 7\r\n\
        X-FeatureRateLimit-Reset: Sun, 06 Nov 2094 09:00:00 GMT\r\n";
    let server = Server::start(vec![answer(200, headers, DESTROYED), answer(404, headers, "{}")]).await;
    let cld = client(&server.url);
    let done = cld.destroy(AssetRef::image("a")).await.unwrap();
    assert_eq!((done.request_id(), done.rate_limit().unwrap().remaining), (Some("r1"), 7));
    let error = cld.destroy(AssetRef::image("a")).await.unwrap_err();
    let info = error.call_info().unwrap();
    assert_eq!((info.request_id.as_deref(), info.rate_limit.unwrap().limit), (Some("r1"), 500));
    let head = server.seen.heads.lock().unwrap()[0].to_lowercase();
    assert!(head.contains(&format!("user-agent: cloudinaryrust/{}", env!("CARGO_PKG_VERSION"))), "{head}");
}

#[tokio::test]
async fn cancelling_hangs_up() {
    let server = Server::start(vec![Deed::Silence]).await;
    let cld = Cloudinary::new(config(&server.url)).unwrap();
    let call = tokio::spawn(cld.destroy(AssetRef::image("a")).into_future());
    while server.seen.heads.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    call.abort();
    for _ in 0..100 {
        if server.seen.hung_up.load(Ordering::SeqCst) == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the connection stayed open");
}

/// Gives `{TOKEN}-1`, `-2` and so on, a new one whenever one is refused.
#[derive(Debug, Default)]
struct Numbered(Mutex<u32>);

impl TokenSource for Numbered {
    fn token<'a>(&'a self, refused: Option<&'a Secret>) -> BoxFuture<'a, Result<Secret>> {
        Box::pin(async move {
            let mut number = self.0.lock().unwrap();
            if refused.is_some() || *number == 0 {
                *number += 1;
            }
            Ok(Secret::from(format!("{TOKEN}-{number}")))
        })
    }
}

#[tokio::test]
async fn a_refused_token_is_refreshed_once() {
    let refusal = answer(401, "", r#"{"error":{"message":"expired"}}"#);
    let server = Server::start(vec![refusal.clone(), answer(200, "", STORED), refusal]).await;
    let cld = client(&server.url).with_tokens(Numbered::default());
    cld.upload(bytes(), &UploadOptions::new()).await.unwrap();
    let error = cld.destroy(AssetRef::image("a")).await.unwrap_err();
    assert_eq!(error.api_kind(), Some(ApiErrorKind::Unauthorized));
    let heads: Vec<String> = server.seen.heads.lock().unwrap().iter().map(|head| head.to_lowercase()).collect();
    let tokens: Vec<usize> = heads
        .iter()
        .filter_map(|head| head.split_once(&format!("authorization: bearer {TOKEN}-"))?.1.lines().next()?.parse().ok())
        .collect();
    assert_eq!(tokens, [1, 2, 2, 3], "{heads:?}");
    assert!(!format!("{error} {error:?} {cld:?}").contains("hush-hush"));
}

/// Answers without any network.
#[derive(Debug)]
struct Canned(Arc<Mutex<Vec<String>>>);

impl Transport for Canned {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        self.0.lock().unwrap().push(format!("{} {}", request.method(), request.uri()));
        Box::pin(async { Ok(http::Response::new(Body::from(DESTROYED))) })
    }
}

#[tokio::test]
async fn the_transport_can_be_replaced() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let cld = Cloudinary::with_transport(config("https://api.example.com"), Canned(Arc::clone(&seen)));
    cld.destroy(AssetRef::image("a")).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["POST https://api.example.com/v1_1/demo/image/destroy"]);
}

/// Keeps everything that is logged.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_secret_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    // Everything at the finest level, that of the HTTP client beneath too.
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = Server::start(vec![answer(503, "", ""), answer(200, "", STORED), answer(401, "", "{}")]).await;
    let options = UploadOptions::new().public_id("a");
    client(&server.url).upload(bytes(), &options).await.unwrap();
    client(&server.url).destroy(AssetRef::image("a")).await.unwrap_err();
    let config = config(&server.url).oauth_token(TOKEN);
    Cloudinary::new(config).unwrap().destroy(AssetRef::image("a")).await.unwrap_err();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("image/upload") && log.contains("trying again"), "{log}");
    assert!(!log.contains("hush-hush") && !log.contains("signature"), "{log}");
}
