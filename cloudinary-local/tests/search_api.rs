//! Searches for assets and folders, over HTTP.

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

mod support;

use support::{Harness, png};

async fn album() -> Harness {
    let h = Harness::start().await;
    h.admin_post("metadata_fields", json!({ "external_id": "year", "label": "Year", "type": "integer" })).await;
    let params: [&[(&str, &str)]; 3] = [
        &[("public_id", "pets/cat"), ("tags", "cat,red one"), ("context", "stage=dev"), ("metadata", "year=1999")],
        &[("public_id", "pets/dog"), ("tags", "dog"), ("display_name", "Good boy"), ("metadata", "year=2020")],
        &[("public_id", "sea"), ("tags", "cat"), ("type", "private")],
    ];
    for (number, params) in params.into_iter().enumerate() {
        let bytes = png(40 + 20 * number as u32, 20);
        assert_eq!(h.upload(params, &bytes, "a.png").await.status, 200, "{params:?}");
    }
    h.upload_as("raw", &[("public_id", "notes.txt"), ("tags", "cat")], b"hi", "notes.txt").await;
    h
}

#[tokio::test]
async fn expressions() {
    let h = album().await;
    let table = [
        ("", vec!["notes.txt", "pets/cat", "pets/dog", "sea"]),
        ("tags=cat", vec!["notes.txt", "pets/cat", "sea"]),
        ("tags:red", vec!["pets/cat"]),
        ("tags=cat AND resource_type:image AND NOT type=private", vec!["pets/cat"]),
        ("resource_type:raw OR (width>50 AND width<=60)", vec!["notes.txt", "pets/dog"]),
        ("folder=pets", vec!["pets/cat", "pets/dog"]),
        ("public_id:pets/*", vec!["pets/cat", "pets/dog"]),
        ("filename=sea", vec!["sea"]),
        ("format:png AND aspect_ratio:[2.5 TO *]", vec!["pets/dog", "sea"]),
        ("context.stage=dev", vec!["pets/cat"]),
        ("metadata.year>=2000", vec!["pets/dog"]),
        ("bytes<1kb AND uploaded_at>1d", vec!["notes.txt", "pets/cat", "pets/dog", "sea"]),
        ("created_at<1d", vec![]),
        ("boy", vec!["pets/dog"]),
        ("display_name:\"good boy\"", vec!["pets/dog"]),
    ];
    for (expression, expected) in table {
        let body = json!({ "expression": expression, "sort_by": [{ "public_id": "asc" }] });
        let found = h.admin_post("resources/search", body).await;
        assert_eq!(found.column("resources", "public_id"), expected, "{expression}: {}", found.json);
        assert_eq!(found.json["total_count"], json!(expected.len()), "{expression}");
    }
    let by_get = h.admin_get("resources/search?expression=tags%3Ddog").await;
    assert_eq!(by_get.column("resources", "public_id"), ["pets/dog"]);
    let refused = [
        (json!({ "expression": "tags=(" }), "Query Error (at position 7): a term is missing"),
        (json!({ "expression": "duration>5" }), "Query Error (at position 1): field duration cannot be searched"),
        (json!({ "expression": "a b" }), "Query Error (at position 3): unexpected b; join terms by AND or OR"),
        (
            json!({ "aggregate": ["duration"] }),
            "Invalid value for parameter aggregate: duration cannot be counted; use format, resource_type, type, bytes, pixels",
        ),
        (
            json!({ "with_field": ["colour"] }),
            "Invalid value for parameter with_field: colour is none of context, image_metadata, metadata, moderation, quality_analysis, tags",
        ),
        (json!({ "max_results": 501 }), "Invalid value for parameter max_results: 501 is no number from 1 to 500"),
        (json!({ "next_cursor": "x" }), "Invalid next_cursor: it is not of this list"),
        (json!({ "colour": 1 }), "Unknown parameter - colour"),
    ];
    for (body, message) in refused {
        let answer = h.admin_post("resources/search", body.clone()).await;
        assert_eq!((answer.status, answer.message()), (400, message), "{body}");
    }
}

#[tokio::test]
async fn pages_fields_and_counts() {
    let h = album().await;
    let mut body = json!({ "expression": "tags=cat", "sort_by": [{ "resource_type": "desc" }, { "public_id": "asc" }], "max_results": 1, "next_cursor": "" });
    let mut seen = Vec::new();
    loop {
        let page = h.admin_post("resources/search", body.clone()).await;
        assert_eq!(page.json["total_count"], 3);
        seen.extend(page.column("resources", "public_id"));
        match page.json.get("next_cursor") {
            Some(cursor) => body["next_cursor"] = cursor.clone(),
            None => break,
        }
    }
    assert_eq!(seen, ["notes.txt", "pets/cat", "sea"]);
    body["expression"] = json!("tags=dog");
    assert_eq!(h.admin_post("resources/search", body).await.status, 400, "a cursor of another search");

    let body = json!({
        "expression": "resource_type:image",
        "aggregate": ["format", "type", { "type": "bytes", "ranges": [{ "key": "small", "to": 100_000 }, { "key": "big", "from": 100_000 }] }],
        "with_field": ["tags", "context", "metadata", "image_metadata"],
        "sort_by": [{ "width": "asc" }],
    });
    let found = h.admin_post("resources/search", body).await.json;
    assert_eq!(
        found["aggregations"],
        json!({ "format": { "png": 3 }, "type": { "private": 1, "upload": 2 }, "bytes": { "big": 0, "small": 3 } })
    );
    let cat = &found["resources"][0];
    assert_eq!(
        (&cat["tags"], &cat["context"], &cat["metadata"]),
        (&json!(["cat", "red one"]), &json!({ "stage": "dev" }), &json!({ "year": 1999 }))
    );
    assert!(cat["image_metadata"].is_object());
    assert_eq!((&cat["folder"], &cat["filename"], &cat["pixels"]), (&json!("pets"), &json!("cat"), &json!(800)));
    let few = h
        .admin_post("resources/search", json!({ "expression": "filename=cat", "fields": ["tags", "bytes"] }))
        .await
        .json;
    let mut names: Vec<&String> = few["resources"][0].as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["asset_id", "bytes", "public_id", "resource_type", "tags", "type"]);
}

#[tokio::test]
async fn folders() {
    let h = album().await;
    h.admin_post("folders/pets/old", json!({})).await;
    let found = h.admin_post("folders/search", json!({ "expression": "path:pets*" })).await;
    assert_eq!(
        (found.column("folders", "path"), &found.json["total_count"]),
        (vec!["pets".to_owned(), "pets/old".to_owned()], &json!(2))
    );
    let first = h.admin_post("folders/search", json!({ "max_results": 1, "sort_by": [{ "name": "desc" }] })).await;
    assert_eq!(first.column("folders", "name"), ["pets"]);
    let next = json!({ "max_results": 1, "sort_by": [{ "name": "desc" }], "next_cursor": first.str("next_cursor") });
    assert_eq!(h.admin_post("folders/search", next).await.column("folders", "name"), ["old"]);
    assert_eq!(h.admin_post("folders/search", json!({ "expression": "tags:x" })).await.status, 400);
}

fn signed_path(h: &Harness, ttl: &str, query: &Value) -> String {
    let query = URL_SAFE.encode(query.to_string());
    let config = h.server.config();
    let secret = config.require_api_secret().unwrap().expose().to_owned();
    let signature = hex::encode(Sha256::digest(format!("{ttl}{query}{secret}")));
    format!("/local/search/{signature}/{ttl}/{query}")
}

#[tokio::test]
async fn signed_urls() {
    let h = album().await;
    let query = json!({ "expression": "tags=cat", "max_results": 1, "sort_by": [{ "public_id": "asc" }] });
    let path = signed_path(&h, "300", &query);
    let response = h.get(&path).await;
    assert_eq!(
        (response.status().as_u16(), response.headers()["cache-control"].to_str().unwrap()),
        (200, "public, max-age=300")
    );
    let first: Value = response.json().await.unwrap();
    assert_eq!((&first["resources"][0]["public_id"], &first["total_count"]), (&json!("notes.txt"), &json!(3)));
    let next: Value = h.get(&format!("{path}/{}", first["next_cursor"].as_str().unwrap())).await.json().await.unwrap();
    assert_eq!(next["resources"][0]["public_id"], "pets/cat");
    let table = [
        (path.replace("/300/", "/301/"), 401),
        (format!("{path}/nonsense"), 400),
        ("/local/search/a/b".to_owned(), 400),
        (signed_path(&h, "soon", &query), 400),
        (signed_path(&h, "300", &json!([1])), 400),
        (signed_path(&h, "300", &json!({ "expression": "a b" })), 400),
    ];
    for (path, status) in table {
        assert_eq!(h.get(&path).await.status().as_u16(), status, "{path}");
    }
}

#[tokio::test]
async fn signed_urls_are_counted() {
    let limits = cloudinary_local::Limits { signed_searches_per_hour: 1, ..cloudinary_local::Limits::default() };
    let h = Harness::with(cloudinary_local::LocalServer::builder().limits(limits)).await;
    let path = signed_path(&h, "300", &json!({}));
    let wrong = path.replace("/300/", "/301/");
    for (path, status) in [(&wrong, 401), (&path, 200), (&path, 420), (&wrong, 401)] {
        assert_eq!(h.get(path).await.status().as_u16(), status, "{path}");
    }
    assert_eq!(h.admin_get("ping").await.status, 200, "the Admin API is counted apart");
}
