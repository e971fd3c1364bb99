use serde_json::{Value, json};

use crate::support::{Harness, png};

async fn album() -> Harness {
    let h = Harness::start().await;
    let params: [&[(&str, &str)]; 3] = [
        &[("public_id", "one"), ("tags", "b,a"), ("context", "k=v|alt=One"), ("moderation", "manual")],
        &[("public_id", "dir/two"), ("tags", "a"), ("context", "k=w"), ("eager", "w_5|w_6")],
        &[("public_id", "three"), ("type", "private")],
    ];
    for params in params {
        assert_eq!(h.upload(params, &png(40, 20), "a.png").await.status, 200, "{params:?}");
    }
    h.upload_as("raw", &[("public_id", "notes.txt"), ("tags", "a")], b"hi", "notes.txt").await;
    h
}

#[tokio::test]
async fn lists() {
    let h = album().await;
    let asset_id = h.admin_get("resources/image/upload/one").await.str("asset_id").to_owned();
    let table = [
        ("resources/image".to_owned(), vec!["three", "dir/two", "one"]),
        ("resources/image?direction=asc".to_owned(), vec!["one", "dir/two", "three"]),
        ("resources/image/upload".to_owned(), vec!["dir/two", "one"]),
        ("resources/image/private".to_owned(), vec!["three"]),
        ("resources/raw/upload".to_owned(), vec!["notes.txt"]),
        ("resources/image/upload?prefix=dir/".to_owned(), vec!["dir/two"]),
        ("resources/image/upload?public_ids[]=one&public_ids[]=missing".to_owned(), vec!["one"]),
        ("resources/image/upload?start_at=2999-01-01".to_owned(), vec![]),
        ("resources/image/upload?start_at=2020-01-01%2010:00:00".to_owned(), vec!["one", "dir/two"]),
        ("resources/image/tags/a".to_owned(), vec!["dir/two", "one"]),
        ("resources/image/context?key=k".to_owned(), vec!["dir/two", "one"]),
        ("resources/image/context?key=k&value=v".to_owned(), vec!["one"]),
        ("resources/image/moderations/manual/pending".to_owned(), vec!["one"]),
        ("resources/image/moderations/manual/approved".to_owned(), vec![]),
        ("resources/by_asset_folder?asset_folder=dir".to_owned(), vec!["dir/two"]),
        (format!("resources/by_asset_ids?asset_ids[]={asset_id}"), vec!["one"]),
    ];
    for (path, expected) in table {
        let answer = h.admin_get(&path).await;
        assert_eq!(answer.column("resources", "public_id"), expected, "{path}: {}", answer.json);
        assert!(answer.json.get("next_cursor").is_none(), "{path}");
    }
    assert_eq!(h.admin_get("resources/by_asset_ids").await.message(), "asset_ids parameter is required");
    let bad = [
        "resources/image?direction=up",
        "resources/image?start_at=soon",
        "resources/image/context",
        "resources/image?fields=colour",
        "resources/image/moderations/manual/lost",
        "resources/image/upload?prefix=a&public_ids[]=b",
    ];
    for bad in bad {
        assert_eq!(h.admin_get(bad).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn pages_and_what_they_show() {
    let h = album().await;
    let mut seen = Vec::new();
    let mut path = "resources/image?max_results=1".to_owned();
    loop {
        let page = h.admin_get(&path).await;
        seen.extend(page.column("resources", "public_id"));
        let Some(cursor) = page.json["next_cursor"].as_str() else { break };
        path = format!("resources/image?max_results=1&next_cursor={cursor}");
        // What comes in between does not move the pages.
        h.upload(&[("public_id", &format!("late{}", seen.len()))], &png(4, 4), "a.png").await;
    }
    assert_eq!(seen, ["three", "dir/two", "one"]);

    let plain = h.admin_get("resources/image/upload?public_ids[]=one").await.json["resources"][0].clone();
    assert!(["tags", "context", "metadata", "moderation_status"].iter().all(|name| plain.get(name).is_none()));
    let shown =
        h.admin_get("resources/image/upload?public_ids[]=one&tags=true&context=1&metadata=true&moderations=true").await;
    let shown = &shown.json["resources"][0];
    assert_eq!(
        (&shown["tags"], &shown["context"]),
        (&json!(["a", "b"]), &json!({ "custom": { "alt": "One", "k": "v" } }))
    );
    assert_eq!(
        (&shown["moderation_kind"], &shown["moderation_status"], &shown["metadata"]),
        (&json!("manual"), &json!("pending"), &json!({}))
    );
    let few = h.admin_get("resources/image/upload?public_ids[]=one&fields=tags,url").await.json["resources"][0].clone();
    let mut names: Vec<&String> = few.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["asset_id", "public_id", "resource_type", "tags", "type", "url"]);
}

#[tokio::test]
async fn details() {
    let h = album().await;
    let one = h.admin_get("resources/image/upload/one").await.json;
    assert_eq!(
        (&one["bytes"], &one["width"], &one["format"], &one["derived"]),
        (&json!(png(40, 20).len()), &json!(40), &json!("png"), &json!([]))
    );
    assert_eq!(one["tags"], json!(["a", "b"]));
    let asset_id = one["asset_id"].as_str().unwrap();
    assert_eq!(h.admin_get(&format!("resources/{asset_id}")).await.json, one);
    let two = h.admin_get("resources/image/upload/dir/two?max_results=1").await;
    assert_eq!(two.column("derived", "transformation"), ["w_5"]);
    let rest = format!(
        "resources/image/upload/dir%2Ftwo?max_results=1&derived_next_cursor={}",
        two.str("derived_next_cursor")
    );
    assert_eq!(h.admin_get(&rest).await.column("derived", "transformation"), ["w_6"]);
    let url = two.json["derived"][0]["url"].as_str().unwrap().to_owned();
    assert_eq!(h.http.get(url).send().await.unwrap().status().as_u16(), 200);
    let all = "colors=1&phash=1&faces=1&image_metadata=1&quality_analysis=1&coordinates=1&pages=1&versions=1&related=1";
    let all = h.admin_get(&format!("resources/image/upload/one?{all}")).await.json;
    assert!(all["colors"].is_array() && all["predominant"].is_object() && all["image_metadata"].is_object(), "{all}");
    assert!(all["quality_analysis"]["focus"].is_f64() && all["phash"].as_str().map(str::len) == Some(16));
    assert_eq!(
        (&all["faces"], &all["pages"], &all["versions"], &all["related_assets"]),
        (&json!([]), &json!(1), &json!([]), &json!([]))
    );
    let table = [
        ("resources/image/upload/none", 404, "Resource not found - none"),
        (
            "resources/raw/upload/notes.txt?colors=1",
            400,
            "Invalid value for parameter colors: only an image that is there can be looked at",
        ),
        (
            "resources/image/upload/one?accessibility_analysis=1",
            400,
            "cloudinary-local does not carry out accessibility_analysis: this analysis is not carried out",
        ),
        ("resources/image/upload/one?colour=1", 400, "Unknown parameter - colour"),
    ];
    for (path, status, message) in table {
        let answer = h.admin_get(path).await;
        assert_eq!((answer.status, answer.message()), (status, message), "{path}");
    }
}

#[tokio::test]
async fn updates() {
    let h = album().await;
    let path = "resources/image/upload/one";
    let body = json!({ "tags": "x,y", "context": "alt=New", "display_name": "The one", "asset_folder": "f", "face_coordinates": "1,2,3,4",
        "custom_coordinates": "5,6,7,8", "moderation_status": "approved",
        "access_control": "[{\"access_type\":\"token\"}]" });
    let changed = h.admin_post(path, body).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let told = &changed.json;
    assert_eq!((&told["tags"], &told["context"]["custom"]), (&json!(["x", "y"]), &json!({ "alt": "New" })));
    assert_eq!((&told["display_name"], &told["asset_folder"]), (&json!("The one"), &json!("f")));
    assert_eq!(
        (&told["moderation"][0]["status"], &told["moderation"][0]["kind"]),
        (&json!("approved"), &json!("manual"))
    );
    assert_eq!(told["coordinates"], json!({ "faces": [[1, 2, 3, 4]], "custom": [[5, 6, 7, 8]] }));
    assert_eq!(told["access_control"], json!([{ "access_type": "token" }]));
    assert!(told["last_updated"]["tags_updated_at"].is_string());
    let cleared = h.admin_post(path, json!({ "tags": "", "context": "", "access_control": "" })).await.json;
    assert_eq!((cleared.get("tags"), cleared.get("context"), cleared.get("access_control")), (None, None, None));
    let asset_id = told["asset_id"].as_str().unwrap();
    assert_eq!(
        h.admin_put(&format!("resources/{asset_id}"), json!({ "tags": ["z"] })).await.json["tags"],
        json!(["z"])
    );
    let table: [(Value, u16, &str); 9] = [
        (json!({ "raw_convert": "illegal" }), 400, "Illegal value illegal for raw_convert"),
        (json!({ "categorization": "illegal" }), 400, "Illegal value illegal for categorization"),
        (json!({ "detection": "illegal" }), 400, "Illegal value illegal for detection"),
        (json!({ "background_removal": "illegal" }), 400, "Illegal value illegal for background_removal"),
        (json!({ "ocr": "adv_ocr" }), 420, ""),
        (json!({ "moderation_status": "lost" }), 400, ""),
        (json!({ "display_name": "a/b" }), 400, "Display name cannot contain slashes"),
        (json!({ "unique_display_name": true }), 400, ""),
        (json!({ "colour": "red" }), 400, "Unknown parameter - colour"),
    ];
    for (body, status, message) in table {
        let answer = h.admin_post(path, body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.json);
        assert!(message.is_empty() || message == answer.message(), "{body}: {}", answer.message());
    }
    assert_eq!(h.admin_post("resources/image/upload/none", json!({ "tags": "a" })).await.status, 404);
    assert_eq!(
        h.admin_post("resources/image/upload/dir/two", json!({ "moderation_status": "approved" })).await.status,
        400
    );
}

#[tokio::test]
async fn tags_in_use() {
    let h = album().await;
    assert_eq!(h.admin_get("tags/image").await.json, json!({ "tags": ["a", "b"] }));
    let first = h.admin_get("tags/image?max_results=1").await;
    let rest = h.admin_get(&format!("tags/image?max_results=1&next_cursor={}", first.str("next_cursor"))).await;
    assert_eq!((&first.json["tags"], &rest.json), (&json!(["a"]), &json!({ "tags": ["b"] })));
    assert_eq!(h.admin_get("tags/image?prefix=b").await.json, json!({ "tags": ["b"] }));
    assert_eq!(h.admin_get("tags/raw").await.json, json!({ "tags": ["a"] }));
}

#[tokio::test]
async fn related() {
    let h = album().await;
    let path = "resources/related_assets/image/upload/one";
    let both =
        h.admin_post(path, json!({ "assets_to_relate": ["image/upload/dir/two", "raw/upload/notes.txt"] })).await;
    assert_eq!((both.status, both.json["success"].as_array().map(Vec::len)), (200, Some(2)));
    let again = h.admin_post(path, json!({ "assets_to_relate": ["image/upload/dir/two", "image/upload/none", "nonsense", "image/upload/one"] })).await;
    assert_eq!(again.status, 207);
    let codes: Vec<_> = again.json["failed"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["already_related_ids", "non_existing_ids", "non_existing_ids", "same_ids"]);
    let first = h.admin_get("resources/image/upload/one?related=true&max_results=1").await;
    assert_eq!(first.column("related_assets", "asset"), ["image/upload/dir/two"]);
    let rest = format!(
        "resources/image/upload/one?related=1&max_results=1&related_next_cursor={}",
        first.str("related_next_cursor")
    );
    assert_eq!(h.admin_get(&rest).await.column("related_assets", "asset"), ["raw/upload/notes.txt"]);
    let other = h.admin_get("resources/raw/upload/notes.txt?related=true").await;
    assert_eq!(other.column("related_assets", "asset"), ["image/upload/one"], "it is mutual");
    let ids = [other.str("asset_id"), other.json["related_assets"][0]["asset_id"].as_str().unwrap()];
    let by_id = h
        .admin_delete(&format!("resources/related_assets/{}", ids[0]), json!({ "assets_to_unrelate": [ids[1]] }))
        .await;
    assert_eq!(by_id.status, 200, "{}", by_id.json);
    assert_eq!(
        h.admin_get("resources/image/upload/one?related=true").await.json["related_assets"].as_array().map(Vec::len),
        Some(1)
    );
    let gone = h.admin_delete(path, json!({ "assets_to_unrelate": ["raw/upload/notes.txt"] })).await;
    assert_eq!((gone.status, &gone.json["failed"][0]["code"]), (207, &json!("not_related_ids")));
    assert_eq!(
        h.admin_post("resources/related_assets/image/upload/none", json!({ "assets_to_relate": ["image/upload/one"] }))
            .await
            .status,
        404
    );
    assert_eq!(h.admin_post(path, json!({})).await.status, 400);
}

#[tokio::test]
async fn published() {
    let h = album().await;
    let done = h.admin_post("resources/image/publish_resources", json!({ "public_ids": ["three", "none"] })).await;
    assert_eq!(done.column("published", "public_id"), ["three"]);
    assert_eq!(done.column("failed", "public_id"), ["none"]);
    assert_eq!(h.get("/local/image/upload/three.png").await.status().as_u16(), 200);
    h.upload(&[("public_id", "three"), ("type", "authenticated"), ("tags", "p")], &png(4, 4), "a.png").await;
    let taken = h.admin_post("resources/image/publish_resources", json!({ "tag": "p" })).await;
    assert_eq!(taken.column("failed", "error"), ["three already exists"]);
    let done = h
        .admin_post(
            "resources/image/publish_resources",
            json!({ "prefix": "thr", "overwrite": true, "type": "authenticated" }),
        )
        .await;
    assert_eq!(done.column("published", "type"), ["upload"]);
    assert_eq!(h.admin_post("resources/image/publish_resources", json!({})).await.status, 400);
}

#[tokio::test]
async fn a_list_of_what_cannot_be_stored_is_empty() {
    let h = Harness::start().await;
    h.upload(&[("public_id", "a"), ("tags", "t")], &png(4, 4), "a.png").await;
    for path in ["resources/video", "resources/video/upload?public_ids[]=a", "resources/video/tags/t"] {
        let listed = h.admin_get(path).await;
        assert_eq!((listed.status, &listed.json), (200, &json!({ "resources": [] })), "{path}");
    }
    assert_eq!(h.admin_get("tags/video").await.json, json!({ "tags": [] }));
    assert_eq!(h.admin_get("resources/video?nonsense=1").await.status, 400);
}
