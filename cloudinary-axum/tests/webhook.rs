//! Notifications: the service's own are believed, and everything that only looks like one is refused.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::routing::post;
use bytes::Bytes;
use cloudinary_axum::{Event, MAX_NOTIFICATION_BYTES, Notification, Uploads, Webhook};
use cloudinary_core::signing::{SignatureAlgorithm, sign_notification};
use cloudinary_core::{Cloudinary, Config, Secret, Transformation, UploadOptions, UploadSource};
use cloudinary_local::LocalServer;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use tokio::sync::mpsc;
use tower::ServiceExt as _;

const NOW: i64 = 1_700_000_000;
/// Two hours, as the service's own libraries have it.
const WINDOW: i64 = 7200;
const BODY: &str =
    r#"{"notification_type":"delete","request_id":"r1","resources":[{"public_id":"a","type":"upload"}]}"#;

fn uploads(config: Config) -> Uploads {
    Uploads::new(Cloudinary::new(config).unwrap()).clock(|| NOW)
}

fn with_secret() -> Uploads {
    uploads(Config::new("demo").credentials("key", "secret"))
}

/// Says what it got, and whether for the first time.
async fn hook(State(uploads): State<Uploads>, webhook: Webhook) -> String {
    let first = webhook.is_first(&uploads).await.unwrap();
    format!("{first} {} {:?}", webhook.notification.notification_type, webhook.notification.event)
}

async fn send(uploads: &Uploads, request: Request<Body>) -> (StatusCode, String) {
    let app = Router::new().route("/hook", post(hook)).with_state(uploads.clone());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn sign(body: &str, timestamp: i64, secret: &str, algorithm: SignatureAlgorithm) -> String {
    sign_notification(body.as_bytes(), timestamp, &Secret::from(secret), algorithm)
}

fn sha1(body: &str, timestamp: i64) -> String {
    sign(body, timestamp, "secret", SignatureAlgorithm::Sha1)
}

fn notification(headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let request = headers.iter().fold(Request::post("/hook"), |request, (name, value)| request.header(*name, *value));
    request.body(body.into()).unwrap()
}

fn signed(body: &str, timestamp: i64) -> Request<Body> {
    let (signature, timestamp) = (sha1(body, timestamp), timestamp.to_string());
    notification(&[("x-cld-signature", &signature), ("x-cld-timestamp", &timestamp)], body.to_owned())
}

#[tokio::test]
async fn both_digests_and_both_ends_of_the_window() {
    let uploads = with_secret();
    for algorithm in [SignatureAlgorithm::Sha1, SignatureAlgorithm::Sha256] {
        for (age, accepted) in [
            (0, true),
            (WINDOW, true),
            (WINDOW + 1, false),
            (-WINDOW, true),
            (-WINDOW - 1, false),
            (NOW, false),
            (i64::MAX - NOW, false),
        ] {
            let timestamp = NOW - age;
            let (signature, sent) = (sign(BODY, timestamp, "secret", algorithm), timestamp.to_string());
            let headers = [("X-Cld-Signature", signature.as_str()), ("X-Cld-Timestamp", sent.as_str())];
            let (status, text) = send(&uploads, notification(&headers, BODY)).await;
            let expected = if accepted { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            assert_eq!(status, expected, "{algorithm:?}, {age} seconds old: {text}");
        }
    }
}

#[tokio::test]
async fn every_byte_counts() {
    let uploads = with_secret();
    let (signature, timestamp) = (sha1(BODY, NOW), NOW.to_string());
    for at in 0..BODY.len() {
        let mut body = BODY.as_bytes().to_vec();
        body[at] ^= 1;
        let headers = [("x-cld-signature", signature.as_str()), ("x-cld-timestamp", &timestamp)];
        let (status, text) = send(&uploads, notification(&headers, body)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "byte {at}: {text}");
    }
    for at in 0..signature.len() {
        let mut altered = signature.clone();
        altered.replace_range(at..=at, if &signature[at..=at] == "0" { "1" } else { "0" });
        let headers = [("x-cld-signature", altered.as_str()), ("x-cld-timestamp", &timestamp)];
        let (status, text) = send(&uploads, notification(&headers, BODY)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "digit {at} of the signature: {text}");
    }
}

#[tokio::test]
async fn forged_headers() {
    let uploads = with_secret();
    let good = sha1(BODY, NOW);
    let timestamp = NOW.to_string();
    let (bad, unauthorized) = (StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED);
    let sha256 = sign(BODY, NOW, "secret", SignatureAlgorithm::Sha256);
    let wrong_secret = sign(BODY, NOW, "guess", SignatureAlgorithm::Sha1);
    let empty_secret = sign(BODY, NOW, "", SignatureAlgorithm::Sha1);
    let other_time = sha1(BODY, NOW - 1);
    // A digit of the timestamp as the end of the body: the bytes that are signed are the same.
    let moved = (format!("{BODY}1"), "700000000");
    for (headers, body, expected, what) in [
        (vec![("x-cld-timestamp", timestamp.as_str())], BODY, bad, "no signature"),
        (vec![("x-cld-signature", good.as_str())], BODY, bad, "no timestamp"),
        (vec![("x-cld-signature", &good), ("x-cld-timestamp", "")], BODY, bad, "an empty timestamp"),
        (vec![("x-cld-signature", &good), ("x-cld-timestamp", "now")], BODY, bad, "a timestamp in words"),
        (vec![("x-cld-signature", &good), ("x-cld-timestamp", "1700000000.0")], BODY, bad, "a broken number"),
        (vec![("x-cld-signature", &good), ("x-cld-timestamp", "99999999999999999999")], BODY, bad, "a huge number"),
        (
            vec![("x-cld-signature", &good), ("x-cld-timestamp", &timestamp), ("x-cld-timestamp", &timestamp)],
            BODY,
            bad,
            "two timestamps",
        ),
        (
            vec![("x-cld-signature", &good), ("x-cld-signature", &good), ("x-cld-timestamp", &timestamp)],
            BODY,
            bad,
            "two signatures, both right",
        ),
        (
            vec![("x-cld-signature", &good), ("x-cld-signature", &wrong_secret), ("x-cld-timestamp", &timestamp)],
            BODY,
            bad,
            "two signatures, one right",
        ),
        (vec![("x-cld-signature", ""), ("x-cld-timestamp", &timestamp)], BODY, unauthorized, "an empty signature"),
        (vec![("x-cld-signature", "é"), ("x-cld-timestamp", &timestamp)], BODY, bad, "letters for digits"),
        (vec![("x-cld-signature", &good[..39]), ("x-cld-timestamp", &timestamp)], BODY, unauthorized, "a short one"),
        (vec![("x-cld-signature", &sha256[..40]), ("x-cld-timestamp", &timestamp)], BODY, unauthorized, "cut to SHA-1"),
        (vec![("x-cld-signature", &wrong_secret), ("x-cld-timestamp", &timestamp)], BODY, unauthorized, "a guess"),
        (vec![("x-cld-signature", &empty_secret), ("x-cld-timestamp", &timestamp)], BODY, unauthorized, "no secret"),
        (vec![("x-cld-signature", &other_time), ("x-cld-timestamp", &timestamp)], BODY, unauthorized, "another time"),
        (vec![("x-cld-signature", &good), ("x-cld-timestamp", moved.1)], &moved.0, unauthorized, "a moved digit"),
    ] {
        let (status, text) = send(&uploads, notification(&headers, body.to_owned())).await;
        assert_eq!(status, expected, "{what}: {text}");
        assert!(!text.contains("secret\""), "{what}: {text}");
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let uploads = with_secret();
    let cut = &BODY[..BODY.len() - 10];
    for body in ["", "[]", "null", "\"text\"", "{", cut, "{}{}", "{\"notification_type\":\"\\ud800\"}", "{\"a\":1,}"] {
        let (status, text) = send(&uploads, signed(body, NOW)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}: {text}");
        assert!(text.contains("cannot be read"), "{body}: {text}");
    }
    // A connection that ends in the middle, though all that came would be a notification.
    let (signature, timestamp) = (sha1(BODY, NOW), NOW.to_string());
    let headers = [("x-cld-signature", signature.as_str()), ("x-cld-timestamp", timestamp.as_str())];
    let broken = futures_util::stream::iter([Ok(Bytes::from_static(BODY.as_bytes())), Err("the connection broke")]);
    let (status, text) = send(&uploads, notification(&headers, Body::from_stream(broken))).await;
    assert_eq!((status, text.contains("the connection broke")), (StatusCode::BAD_REQUEST, true), "{text}");
    // The largest that is read; and one byte more, in one piece and in many.
    let fill = |bytes: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8));
    assert_eq!(send(&uploads, signed(&fill(MAX_NOTIFICATION_BYTES), NOW)).await.0, StatusCode::OK);
    let large = fill(MAX_NOTIFICATION_BYTES + 1);
    assert_eq!(send(&uploads, signed(&large, NOW)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let endless = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 64 * 1024])));
    let (status, text) = send(&uploads, notification(&headers, Body::from_stream(endless))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_is_given_up() {
    let uploads = with_secret();
    let (signature, timestamp) = (sha1(BODY, NOW), NOW.to_string());
    let headers = [("x-cld-signature", signature.as_str()), ("x-cld-timestamp", timestamp.as_str())];
    let start = futures_util::stream::iter([Ok::<_, std::io::Error>("{")]);
    let stalled = futures_util::StreamExt::chain(start, futures_util::stream::pending());
    let (status, text) = send(&uploads, notification(&headers, Body::from_stream(stalled))).await;
    assert_eq!((status, text.contains("30 seconds")), (StatusCode::BAD_REQUEST, true), "{text}");
}

#[tokio::test]
async fn without_a_secret_nothing_is_believed() {
    for config in [Config::new("demo"), Config::new("demo").credentials("key", "")] {
        let empty = sign(BODY, NOW, "", SignatureAlgorithm::Sha1);
        let headers = [("x-cld-signature", empty.as_str()), ("x-cld-timestamp", "1700000000")];
        let (status, text) = send(&uploads(config), notification(&headers, BODY)).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{text}");
        assert!(!text.contains("api_secret"), "no caller hears which setting is missing: {text}");
    }
}

#[tokio::test]
async fn a_duplicate_is_known_by_its_content() {
    let uploads = with_secret();
    let other = BODY.replace("r1", "r2");
    for (body, timestamp, expected) in [
        (BODY, NOW, "true"),
        (BODY, NOW, "false"),
        // Sent again, and signed again.
        (BODY, NOW + 180, "false"),
        (&other, NOW, "true"),
    ] {
        let (status, text) = send(&uploads, signed(body, timestamp)).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        assert!(text.starts_with(&format!("{expected} ")), "{text}");
    }
    // Two at once are one.
    let (a, b) = tokio::join!(send(&uploads, signed("{}", NOW)), send(&uploads, signed("{}", NOW)));
    let mut firsts = [a.1.split(' ').next().unwrap().to_owned(), b.1.split(' ').next().unwrap().to_owned()];
    firsts.sort();
    assert_eq!(firsts, ["false", "true"]);
}

#[tokio::test]
async fn unknown_events_are_kept() {
    let uploads = with_secret();
    for (body, expected) in [
        (r#"{"notification_type":"brand_new","x":1}"#, "true brand_new Other"),
        (r#"{"notification_type":"eager","eager":"not a list"}"#, "true eager Other"),
        (r#"{"notification_type":7}"#, "true  Other"),
        ("{}", "true  Other"),
    ] {
        assert_eq!(send(&uploads, signed(body, NOW)).await, (StatusCode::OK, expected.to_owned()), "{body}");
    }
}

#[derive(Clone, FromRef)]
struct Ear {
    uploads: Uploads,
    tell: mpsc::Sender<Notification>,
}

async fn hear(State(ear): State<Ear>, webhook: Webhook) {
    ear.tell.send(webhook.notification).await.unwrap();
}

#[tokio::test]
async fn the_media_server_tells_what_it_does() {
    let media = LocalServer::builder().allow_private_remotes(true).start().await.unwrap();
    let cld = media.cloudinary().unwrap();
    let (tell, mut told) = mpsc::channel(16);
    let app = Router::new().route("/hook", post(hear)).with_state(Ear { uploads: Uploads::new(cld.clone()), tell });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let options = UploadOptions::new()
        .public_id("me")
        .notification_url(&url)
        .eager([Transformation::new().width(20)])
        .eager_async(true);
    let photo = include_bytes!("../../examples/photo_album/photos/astronaut.jpg");
    let stored = cld.upload(UploadSource::bytes("me.jpg", photo.as_slice()), &options).await.unwrap();
    let asset = stored.asset().unwrap();
    let mut next = async || {
        let heard = tokio::time::timeout(Duration::from_secs(20), told.recv()).await;
        heard.expect("a notification in time").expect("a notification")
    };
    // Which of the two is told first is not said.
    let both = [next().await, next().await];
    for notification in &both {
        match &notification.event {
            Event::Upload(told) => assert_eq!(told.asset().unwrap(), asset),
            Event::Eager { public_id, eager, .. } => {
                assert_eq!((public_id.as_str(), eager.len(), eager[0].width), ("me", 1, 20));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_ne!(both[0].notification_type, both[1].notification_type);

    cld.rename(&asset, "her").notification_url(&url).await.unwrap();
    let renamed = Event::Rename { from_public_id: "me".to_owned(), to_public_id: "her".to_owned() };
    assert_eq!(next().await.event, renamed);
    let asset = cloudinary_core::AssetRef::image("her");
    cld.destroy(&asset).notification_url(&url).await.unwrap();
    let Event::Delete { resources } = next().await.event else { panic!("it is deleted") };
    assert_eq!((resources[0].public_id.as_str(), resources[0].resource_type.as_str()), ("her", "image"));
}
