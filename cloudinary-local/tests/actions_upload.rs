//! What an upload may ask for beside storing its file: analyses, moderation, access, notifications, later work.

mod support;

use std::{sync::Arc, time::Duration};

use cloudinary_core::signing::verify_notification;
use cloudinary_local::{Limits, LocalServer};
use cloudinary_pixels::Format;
use serde_json::{Value, json};
use support::{Answer, Harness, Params, picture, png};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc,
};

#[tokio::test]
async fn analyses() {
    let harness = Harness::start().await;
    let wanted = [("colors", "1"), ("phash", "1"), ("quality_analysis", "1"), ("exif", "1"), ("image_metadata", "1")];
    let done = harness.upload(&wanted, &picture(Format::Png, 64, 64), "a.png").await;
    assert_eq!(done.status, 200, "{done:?}");
    let colors = done.json["colors"].as_array().unwrap();
    assert_eq!(colors.len(), 4);
    assert!(colors.iter().all(|color| color[1] == 25.0), "{colors:?}");
    assert!(colors.contains(&json!(["#C81E1E", 25.0])), "{colors:?}");
    assert_eq!(done.json["predominant"]["google"].as_array().map(Vec::len), Some(4));
    assert_eq!(done.str("phash").len(), 16);
    assert!(done.json["quality_analysis"]["focus"].as_f64().is_some_and(|focus| (0.0..=1.0).contains(&focus)));
    assert_eq!((&done.json["grayscale"], &done.json["semi_transparent"]), (&json!(false), &json!(false)));
    assert_eq!(done.json["exif"], json!({}));
    let plain = harness.upload(&[("colors", "0")], &png(8, 8), "a.png").await;
    assert!(plain.json.get("colors").is_none());
    let raw = harness.upload_as("raw", &[("colors", "1")], b"a", "a.txt").await;
    assert_eq!(raw.status, 400);
}

#[tokio::test]
async fn breakpoints() {
    let harness = Harness::start().await;
    let sets = r#"[{"create_derived":true,"bytes_step":100,"min_width":20,"max_width":100,"max_images":4,"transformation":"c_fill,h_200,w_200","format":"jpg"}]"#;
    let done = harness.upload(&[("responsive_breakpoints", sets)], &png(300, 300), "a.png").await;
    assert_eq!(done.status, 200, "{done:?}");
    let set = &done.json["responsive_breakpoints"][0];
    assert_eq!(set["transformation"], "c_fill,h_200,w_200");
    let found = set["breakpoints"].as_array().unwrap();
    let widths: Vec<u64> = found.iter().filter_map(|one| one["width"].as_u64()).collect();
    assert!(widths.len() <= 4 && widths.is_sorted_by(|a, b| a > b), "{widths:?}");
    assert_eq!((widths.first(), widths.last()), (Some(&100), Some(&20)));
    for one in found {
        let delivered = harness.http.get(one["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(delivered.headers()["content-type"], "image/jpeg");
        assert_eq!(json!(delivered.bytes().await.unwrap().len()), one["bytes"]);
    }
    // Too small for any step between: the two ends only.
    let sets = r#"{"create_derived":false}"#;
    let done = harness.upload(&[("responsive_breakpoints", sets)], &png(206, 50), "a.png").await;
    let widths: Vec<&Value> = done.json["responsive_breakpoints"][0]["breakpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["width"])
        .collect();
    assert_eq!(widths, [&json!(206), &json!(50)]);
}

#[tokio::test]
async fn access_and_headers() {
    let harness = Harness::start().await;
    let status = async |path: &str| harness.get(path).await.status().as_u16();
    let open = ("headers", "X-Robots-Tag: noindex\nLink: <http://a/>; rel=canonical");
    harness.upload(&[("public_id", "h"), open], &png(8, 8), "a.png").await;
    for path in ["/local/image/upload/h.png", "/local/image/upload/w_2/h.png"] {
        let delivered = harness.get(path).await;
        assert_eq!(delivered.headers()["x-robots-tag"], "noindex");
        assert_eq!(delivered.headers()["link"], "<http://a/>; rel=canonical");
    }
    let closed = harness.upload(&[("public_id", "m"), ("access_mode", "authenticated")], &png(8, 8), "a.png").await;
    assert_eq!(closed.str("access_mode"), "authenticated");
    let rules = r#"[{"access_type":"token"},{"access_type":"anonymous","start":"2000-01-01T00:00:00Z","end":"2001-01-01T00:00:00Z"}]"#;
    let ruled = harness.upload(&[("public_id", "r"), ("access_control", rules)], &png(8, 8), "a.png").await;
    assert_eq!(ruled.json["access_control"][1]["end"], "2001-01-01T00:00:00Z");
    let rules = r#"[{"access_type":"token"},{"access_type":"anonymous","start":"2000-01-01T00:00:00Z"}]"#;
    harness.upload(&[("public_id", "o"), ("access_control", rules)], &png(8, 8), "a.png").await;
    for (id, expected) in [("h", 200), ("m", 401), ("r", 401), ("o", 200)] {
        assert_eq!(status(&format!("/local/image/upload/{id}.png")).await, expected, "{id}");
        assert_eq!(status(&format!("/local/image/upload/w_2/{id}.png")).await, expected, "{id}");
        assert_eq!(status(&format!("/local/image/upload/l_{id}/h.png")).await, expected, "{id} as a layer");
    }
    let config = harness.server.config();
    let signed = cloudinary_core::signing::sign_url(
        "m.png",
        config.require_api_secret().unwrap(),
        config.signature_algorithm,
        false,
    );
    assert_eq!(status(&format!("/local/image/upload/{signed}/m.png")).await, 200);
}

#[tokio::test]
async fn manual_moderation() {
    let harness = Harness::start().await;
    let done = harness.upload(&[("moderation", "manual")], &png(4, 4), "a.png").await;
    assert_eq!(done.json["moderation"], json!([{"kind": "manual", "status": "pending"}]));
    let refused = harness.upload(&[("moderation", "aws_rek")], &png(4, 4), "a.png").await;
    assert_eq!(refused.status, 420);
}

/// A server that hears notifications, and answers the first of them with failure.
struct Ear {
    url: String,
    heard: mpsc::Receiver<(String, Value)>,
}

impl Ear {
    async fn open(failures: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (hear, heard) = mpsc::channel(16);
        tokio::spawn(async move {
            for turn in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                let (head, body) = loop {
                    let mut piece = [0; 4096];
                    let count = stream.read(&mut piece).await.unwrap();
                    request.extend(&piece[..count]);
                    let text = String::from_utf8_lossy(&request).into_owned();
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    let length = header(head, "content-length").parse::<usize>().unwrap();
                    if body.len() >= length {
                        break (head.to_owned(), body.to_owned());
                    }
                };
                let status = if turn < failures { "500 Oh no" } else { "200 OK" };
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
                if turn >= failures {
                    let told: Value = serde_json::from_str(&body).unwrap();
                    hear.send((format!("{head}\r\n\r\n{body}"), told)).await.unwrap();
                }
            }
        });
        Self { url, heard }
    }

    async fn next(&mut self) -> (String, Value) {
        let heard = tokio::time::timeout(Duration::from_secs(20), self.heard.recv()).await;
        heard.expect("a notification in time").expect("a notification")
    }
}

fn header(head: &str, name: &str) -> String {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
    line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

async fn hearing() -> Harness {
    let limits = Limits { notification_retry_after: Duration::from_millis(10), ..Limits::default() };
    Harness::with(LocalServer::builder().allow_private_remotes(true).limits(limits)).await
}

#[tokio::test]
async fn notifications_are_signed_and_sent_again() {
    let (harness, mut ear) = (hearing().await, Ear::open(2).await);
    let done = harness.upload(&[("public_id", "a"), ("notification_url", &ear.url)], &png(4, 4), "a.png").await;
    let (request, told) = ear.next().await;
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
    assert_eq!(header(head, "content-type"), "application/json");
    let timestamp: i64 = header(head, "x-cld-timestamp").parse().unwrap();
    let config = harness.server.config();
    let secret = config.require_api_secret().unwrap();
    let signature = header(head, "x-cld-signature");
    verify_notification(body.as_bytes(), timestamp, &signature, secret, support::now(), 7200).expect("it is signed");
    assert_eq!((&told["notification_type"], &told["public_id"]), (&json!("upload"), &json!("a")));
    assert_eq!((&told["version"], &told["signature_key"]), (&done.json["version"], &json!(config.api_key)));

    let path = "image/rename";
    let params = [("from_public_id", "a"), ("to_public_id", "b"), ("notification_url", ear.url.as_str())];
    harness.post(path, &harness.signed(&params), None).send().await.unwrap();
    let (_, told) = ear.next().await;
    assert_eq!((&told["notification_type"], &told["to_public_id"]), (&json!("rename"), &json!("b")));
    let params = [("command", "add"), ("tag", "x"), ("public_ids", "b"), ("notification_url", ear.url.as_str())];
    harness.post("image/tags", &harness.signed(&params), None).send().await.unwrap();
    let (_, told) = ear.next().await;
    assert_eq!(told["resources"][0]["added"], json!(["x"]));
    harness.destroy(&[("public_id", "b"), ("notification_url", &ear.url)]).await;
    let (_, told) = ear.next().await;
    assert_eq!((&told["notification_type"], &told["resources"][0]["public_id"]), (&json!("delete"), &json!("b")));
}

#[tokio::test]
async fn private_networks_are_not_notified() {
    let limits = Limits { notification_retry_after: Duration::from_millis(1), ..Limits::default() };
    let (harness, mut ear) = (Harness::with(LocalServer::builder().limits(limits)).await, Ear::open(0).await);
    let done = harness.upload(&[("notification_url", &ear.url)], &png(4, 4), "a.png").await;
    assert_eq!(done.status, 200);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(ear.heard.try_recv().is_err());
}

#[tokio::test]
async fn the_owner_of_the_server_may_hear_everything_on_a_private_network() {
    let (mut ear, mut other) = (Ear::open(0).await, Ear::open(0).await);
    let limits = Limits { notification_retry_after: Duration::from_millis(1), ..Limits::default() };
    let harness = Harness::with(LocalServer::builder().notification_url(&ear.url).limits(limits)).await;
    harness.upload(&[("public_id", "a")], &png(4, 4), "a.png").await;
    assert_eq!(ear.next().await.1["public_id"], json!("a"));
    // An upload that names another place is told there, and that one must be public.
    harness.upload(&[("public_id", "b"), ("notification_url", &other.url)], &png(4, 4), "a.png").await;
    harness.destroy(&[("public_id", "a")]).await;
    assert_eq!(ear.next().await.1["notification_type"], json!("delete"));
    assert!(other.heard.try_recv().is_err() && ear.heard.try_recv().is_err());
    assert!(LocalServer::builder().notification_url("ftp://a").start().await.is_err());
}

#[tokio::test]
async fn eager_later() {
    let (harness, mut ear) = (hearing().await, Ear::open(0).await);
    let params: Params<'_> = &[
        ("public_id", "a"),
        ("eager", "c_fill,h_4,w_4/jpg|w_99999"),
        ("eager_async", "1"),
        ("eager_notification_url", &ear.url),
    ];
    let done = harness.upload(params, &png(8, 8), "a.png").await;
    assert_eq!(done.status, 200, "{done:?}");
    let eager = &done.json["eager"][0];
    assert_eq!((&eager["status"], &eager["transformation"]), (&json!("processing"), &json!("c_fill,h_4,w_4/jpg")));
    let (_, told) = ear.next().await;
    assert_eq!((&told["notification_type"], &told["batch_id"]), (&json!("eager"), &eager["batch_id"]));
    assert_eq!((&told["eager"][0]["width"], &told["eager"][0]["url"]), (&json!(4), &eager["url"]));
    assert_eq!(told["eager"][1]["status"], "failed");
    assert_eq!(harness.http.get(eager["url"].as_str().unwrap()).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn uploads_later() {
    let (harness, mut ear) = (Arc::new(hearing().await), Ear::open(0).await);
    let upload = async |bytes: &[u8]| -> Answer {
        let params: Params<'_> = &[("public_id", "a"), ("async", "1"), ("notification_url", &ear.url)];
        harness.upload(params, bytes, "a.png").await
    };
    let pending = upload(&png(8, 8)).await;
    assert_eq!((pending.status, pending.str("status"), pending.str("public_id")), (200, "pending", "a"));
    let broken = {
        let mut bytes = png(8, 8);
        bytes.truncate(40);
        upload(&bytes).await
    };
    assert_eq!(broken.str("status"), "pending");
    let mut told = [ear.next().await.1, ear.next().await.1];
    told.sort_by_key(|told| told["notification_type"] == "error");
    assert_eq!((&told[0]["notification_type"], &told[0]["batch_id"]), (&json!("upload"), &pending.json["batch_id"]));
    assert_eq!((&told[1]["notification_type"], &told[1]["batch_id"]), (&json!("error"), &broken.json["batch_id"]));
    assert!(told[1]["error"]["message"].as_str().unwrap().starts_with("Invalid image file"));
    assert_eq!(harness.get("/local/image/upload/a.png").await.status(), 200);
}
