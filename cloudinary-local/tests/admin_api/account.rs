use cloudinary_local::{Limits, LocalServer};
use serde_json::json;

use crate::support::{Harness, png};

#[tokio::test]
async fn who_may_call() {
    let h = Harness::start().await;
    let key = h.server.config().require_api_key().expect("a key").to_owned();
    let table = [
        (h.api("ping"), None, 401, "Missing credentials: send api_key and api_secret as Basic authorization"),
        (h.api("ping"), Some((key.as_str(), "wrong")), 401, "api_secret mismatch"),
        (h.api("ping"), Some(("1", "2")), 401, "Unknown API key 1"),
        (h.api("folders/a/b"), Some(("1", "2")), 401, "Unknown API key 1"),
        (format!("{}/v1_1/other/ping", h.server.url()), Some(("1", "2")), 401, "Invalid cloud_name other"),
    ];
    for (url, credentials, status, message) in table {
        let mut request = h.http.get(&url);
        if let Some((key, secret)) = credentials {
            request = request.basic_auth(key, Some(secret));
        }
        let answer = crate::support::Answer::of(request.send().await.unwrap()).await;
        assert_eq!((answer.status, answer.message()), (status, message), "{url}");
    }
    let bearer = h.http.get(h.api("ping")).bearer_auth("token").send().await.unwrap();
    assert_eq!(bearer.status().as_u16(), 401);
}

#[tokio::test]
async fn calls_are_counted() {
    let limits = Limits { admin_calls_per_hour: 2, ..Limits::default() };
    let h = Harness::with(LocalServer::builder().limits(limits)).await;
    let config = h.server.config();
    let (key, secret) = (config.require_api_key().unwrap(), config.require_api_secret().unwrap().expose());
    for remaining in ["1", "0"] {
        let response = h.http.get(h.api("ping")).basic_auth(key, Some(secret)).send().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(
            (header("x-featureratelimit-limit"), header("x-featureratelimit-remaining").as_str()),
            ("2".to_owned(), remaining)
        );
        assert!(header("x-featureratelimit-reset").ends_with(" GMT"));
    }
    let refused = h.admin_get("ping").await;
    assert_eq!(refused.status, 420);
    assert!(refused.message().starts_with("Rate Limit Exceeded. Limit of 2 api operations reached."));
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let h = Harness::start().await;
    let table = [
        ("ping?now=1", 400, "Unknown parameter - now"),
        (
            "resources/image?max_results=501",
            400,
            "Invalid value for parameter max_results: 501 is no number from 1 to 500",
        ),
        ("resources/image?tags=1&tags=1", 400, "Parameter tags is given more than once"),
        ("resources/paper", 400, "Invalid resource type paper"),
        ("resources/image/fetched", 400, "Invalid type fetched"),
        ("resources/image?next_cursor=x", 400, "Invalid next_cursor: it is not of this list"),
        ("triggers/a/b/c", 404, "Unknown action GET triggers/a/b/c: cloudinary-local does not carry it out"),
    ];
    for (path, status, message) in table {
        let answer = h.admin_get(path).await;
        assert_eq!((answer.status, answer.message()), (status, message), "{path}");
        assert_eq!(answer.cld_error.as_deref(), Some(message));
    }
    let search = h.admin_post("resources/visual_search", json!({ "text": "cat" })).await;
    assert_eq!(search.message(), "cloudinary-local does not carry out visual_search: it needs a model of pictures");
    let long = "x".repeat(2 * 1024 * 1024);
    assert_eq!(h.admin_post("upload_presets", json!({ "name": long })).await.status, 413);
    let broken = h.http.post(h.api("upload_presets")).header("content-type", "application/json");
    let config = h.server.config();
    let (key, secret) = (config.require_api_key().unwrap(), config.require_api_secret().unwrap().expose());
    let broken = broken.basic_auth(key, Some(secret)).body("{").send().await.unwrap();
    assert_eq!(broken.status().as_u16(), 400);
}

#[tokio::test]
async fn the_account() {
    let h = Harness::start().await;
    h.upload(&[("public_id", "a"), ("eager", "w_5")], &png(20, 10), "a.png").await;
    assert_eq!(h.admin_get("ping").await.json, json!({ "status": "ok" }));
    assert_eq!(h.admin_get("resources").await.json, json!({ "resource_types": ["image", "raw"] }));
    let config = h.admin_get("config").await.json;
    assert_eq!((&config["cloud_name"], config.get("settings")), (&json!("local"), None));
    assert_eq!(h.admin_get("config?settings=true").await.json["settings"]["folder_mode"], "dynamic");
    let usage = h.admin_get("usage").await.json;
    assert_eq!((&usage["resources"], &usage["derived_resources"]), (&json!(1), &json!(1)));
    assert!(
        usage["storage"]["usage"].as_u64() > Some(0) && usage["media_limits"]["image_max_size_bytes"] == 10_485_760
    );
    assert_eq!(h.admin_get("usage/01-01-2020").await.status, 200);
    assert_eq!(h.admin_get("usage/2020-01-01").await.json["date_requested"], "2020-01-01");
    for bad in ["usage/soon", "usage/01-01-2999"] {
        assert_eq!(h.admin_get(bad).await.status, 400, "{bad}");
    }
}
