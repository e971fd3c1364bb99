use cloudinary_local::LocalServer;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::support::{Harness, png};

#[tokio::test]
async fn kept_changed_and_removed() {
    let h = Harness::start().await;
    let created = h
        .admin_post("triggers", json!({ "uri": "https://a.example/hook", "event_type": "upload", "uri_type": null }))
        .await;
    assert_eq!(
        (created.status, created.str("uri"), created.str("event_type")),
        (200, "https://a.example/hook", "upload")
    );
    let id = created.str("id").to_owned();
    h.admin_post("triggers", json!({ "uri": "https://a.example/hook", "event_type": "all" })).await;
    assert_eq!(h.admin_get("triggers").await.json["triggers"].as_array().map(Vec::len), Some(2));
    assert_eq!(h.admin_get("triggers?event_type=upload").await.column("triggers", "id"), std::slice::from_ref(&id));
    h.admin_put(&format!("triggers/{id}"), json!({ "new_uri": "https://b.example/" })).await;
    assert_eq!(
        h.admin_get("triggers").await.column("triggers", "uri"),
        ["https://b.example/", "https://a.example/hook"]
    );
    let test = |kind: &'static str| {
        let (h, path) = (&h, format!("triggers/{id}/test"));
        async move {
            h.admin_post(&path, json!({ "sample_data": { "notification_type": kind } })).await.json["matches"].clone()
        }
    };
    assert_eq!((test("upload").await, test("delete").await), (json!(true), json!(false)));
    assert_eq!(h.admin_delete(&format!("triggers/{id}"), json!({})).await.status, 200);
    assert_eq!(h.admin_delete(&format!("triggers/{id}"), json!({})).await.status, 404);
    let table = [
        (json!({ "uri": "https://a.example/hook", "event_type": "all" }), 409),
        (json!({ "uri": "nowhere", "event_type": "all" }), 400),
        (json!({ "uri": "https://a.example", "event_type": "birthday" }), 400),
        (json!({ "uri": "poll://x", "event_type": "all", "uri_type": "poll" }), 400),
        (json!({ "event_type": "all" }), 400),
    ];
    for (body, status) in table {
        assert_eq!(h.admin_post("triggers", body.clone()).await.status, status, "{body}");
    }
    for number in 0..29 {
        h.admin_post("triggers", json!({ "uri": format!("https://a.example/{number}"), "event_type": "all" })).await;
    }
    let full = h.admin_post("triggers", json!({ "uri": "https://c.example", "event_type": "all" })).await;
    assert_eq!((full.status, full.message()), (400, "Maximum number of triggers reached: 30"));
}

#[tokio::test]
async fn polling_is_refused() {
    let h = Harness::start().await;
    let config = h.server.config();
    let (key, secret) = (config.require_api_key().unwrap(), config.require_api_secret().unwrap().expose());
    let url = format!("{}/v2/notifications/local/messages?channel=x", h.server.url());
    let response = h.http.get(url).basic_auth(key, Some(secret)).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 400);
    let url = format!("{}/v2/local/analysis/analyze/uri", h.server.url());
    let response = h.http.post(url).basic_auth(key, Some(secret)).json(&json!({ "analysis_type": "captioning" }));
    assert_eq!(response.send().await.unwrap().status().as_u16(), 400);
}

/// The type of the next notification, and nothing more is read of it.
async fn heard(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = String::new();
    while !request.ends_with('}') {
        let mut piece = [0; 4096];
        let count = stream.read(&mut piece).await.unwrap();
        request.push_str(&String::from_utf8_lossy(&piece[..count]));
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await.unwrap();
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    let told: serde_json::Value = serde_json::from_str(body).unwrap();
    told["notification_type"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn they_hear_of_their_event() {
    let h = Harness::with(LocalServer::builder().allow_private_remotes(true)).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    h.admin_post("triggers", json!({ "uri": uri, "event_type": "delete" })).await;
    h.upload(&[("public_id", "a")], &png(4, 4), "a.png").await;
    h.admin_delete("resources/image/upload", json!({ "public_ids": ["a"] })).await;
    let told = tokio::time::timeout(std::time::Duration::from_secs(20), heard(&listener)).await;
    assert_eq!(told.as_deref(), Ok("delete"), "not of the upload");
}
