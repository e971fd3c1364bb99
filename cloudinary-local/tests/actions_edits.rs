//! Actions that change what is stored of an asset and leave its file as it is.

mod support;

use serde_json::json;
use support::{Answer, Harness, Params, png};

/// A signed request to an action; a name with `[]` may come more than once.
async fn act(harness: &Harness, path: &str, params: Params<'_>, lists: &[(&str, &[&str])]) -> Answer {
    let joined: Vec<(String, String)> =
        lists.iter().map(|(name, items)| ((*name).to_owned(), items.join(","))).collect();
    let mut signed: Vec<(&str, &str)> = params.to_vec();
    signed.extend(joined.iter().map(|(name, items)| (name.as_str(), items.as_str())));
    let mut sent: Vec<(String, String)> = harness.signed(&signed);
    sent.retain(|(name, _)| !lists.iter().any(|(list, _)| list == name));
    for (name, items) in lists {
        sent.extend(items.iter().map(|item| (format!("{name}[]"), (*item).to_owned())));
    }
    Answer::of(harness.post(path, &sent, None).send().await.expect("an answer")).await
}

async fn three() -> Harness {
    let harness = Harness::start().await;
    for id in ["a", "b", "c"] {
        harness.upload(&[("public_id", id), ("tags", "old")], &png(8, 4), "x.png").await;
    }
    harness
}

async fn tags_of(harness: &Harness, public_id: &str) -> serde_json::Value {
    act(harness, "image/explicit", &[("public_id", public_id), ("type", "upload")], &[]).await.json["tags"].clone()
}

#[tokio::test]
async fn tags() {
    // command, tag, public ids, found, tags of a, of b
    type Row<'a> = (&'a str, &'a str, &'a [&'a str], &'a [&'a str], &'a [&'a str], &'a [&'a str]);
    let harness = three().await;
    let table: [Row<'_>; 6] = [
        ("add", "x,old", &["a", "b", "nobody"], &["a", "b"], &["old", "x"], &["old", "x"]),
        ("remove", "old", &["a"], &["a"], &["x"], &["old", "x"]),
        ("replace", "y,z", &["b"], &["b"], &["x"], &["y", "z"]),
        ("set_exclusive", "x", &["b"], &["b"], &[], &["y", "z", "x"]),
        ("remove_all", "", &["b", "a"], &["b", "a"], &[], &[]),
        ("add", "x", &["nobody"], &[], &[], &[]),
    ];
    for (command, tag, ids, found, of_a, of_b) in table {
        let done = act(&harness, "image/tags", &[("command", command), ("tag", tag)], &[("public_ids", ids)]).await;
        assert_eq!((done.status, &done.json), (200, &json!({ "public_ids": found })), "{command} {tag}");
        assert_eq!(tags_of(&harness, "a").await, json!(of_a), "{command} {tag}");
        assert_eq!(tags_of(&harness, "b").await, json!(of_b), "{command} {tag}");
    }
    let table: [(Params<'_>, &[&str], &str); 4] = [
        (&[("command", "paint"), ("tag", "x")], &["a"], "Invalid value for parameter command: paint"),
        (&[("command", "add")], &["a"], "Missing required parameter - tag"),
        (&[("command", "add"), ("tag", "x")], &[], "Missing required parameter - public_ids"),
        (&[("command", "add"), ("tag", "x"), ("colour", "red")], &["a"], "Unknown parameter - colour"),
    ];
    for (params, ids, message) in table {
        let refused = act(&harness, "image/tags", params, &[("public_ids", ids)]).await;
        assert_eq!(refused.status, 400, "{params:?}");
        assert!(refused.message().starts_with(message), "{params:?}: {}", refused.message());
    }
    let unsigned = harness.post("image/tags", &[("command".into(), "remove_all".into())], None).send().await.unwrap();
    assert_eq!(unsigned.status(), 400);
}

#[tokio::test]
async fn many_ids_and_ids_with_commas() {
    let harness = Harness::start().await;
    harness.upload(&[("public_id", "a,b")], &png(8, 4), "x.png").await;
    let many: Vec<String> = (0..999).map(|number| format!("nobody{number}")).collect();
    let mut ids: Vec<&str> = many.iter().map(String::as_str).collect();
    ids.push("a,b");
    let add = [("command", "add"), ("tag", "x")];
    assert_eq!(act(&harness, "image/tags", &add, &[("public_ids", &ids)]).await.json, json!({"public_ids": ["a,b"]}));
    ids.push("one too many");
    assert_eq!(act(&harness, "image/tags", &add, &[("public_ids", &ids)]).await.status, 400);
}

#[tokio::test]
async fn context() {
    let harness = three().await;
    let add = [("command", "add"), ("context", r"alt=A\=B|caption=C")];
    let done = act(&harness, "image/context", &add, &[("public_ids", &["a", "b", "nobody"])]).await;
    assert_eq!(done.json, json!({ "public_ids": ["a", "b"] }));
    let more = [("command", "add"), ("context", "caption=D|more=E")];
    act(&harness, "image/context", &more, &[("public_ids", &["a"])]).await;
    let explicit = async |id: &str| act(&harness, "image/explicit", &[("public_id", id)], &[]).await.json;
    assert_eq!(explicit("a").await["context"], json!({"custom": {"alt": "A=B", "caption": "D", "more": "E"}}));
    assert_eq!(explicit("b").await["context"], json!({"custom": {"alt": "A=B", "caption": "C"}}));
    act(&harness, "image/context", &[("command", "remove_all")], &[("public_ids", &["a"])]).await;
    assert!(explicit("a").await.get("context").is_none());
}

#[tokio::test]
async fn metadata_needs_its_fields() {
    let harness = three().await;
    let refused = act(&harness, "image/metadata", &[("metadata", "sku=1")], &[("public_ids", &["a"])]).await;
    assert_eq!((refused.status, refused.message()), (400, r#"Metadata External IDs do not exist: ["sku"]"#));
    let refused = harness.upload(&[("public_id", "new"), ("metadata", "sku=1")], &png(4, 4), "x.png").await;
    assert_eq!((refused.status, refused.message()), (400, r#"Metadata External IDs do not exist: ["sku"]"#));
    assert_eq!(harness.get("/local/image/upload/new.png").await.status(), 404);
}

#[tokio::test]
async fn rename() {
    let harness = three().await;
    let rename = async |params: Params<'_>| act(&harness, "image/rename", params, &[]).await;
    assert_eq!(harness.get("/local/image/upload/w_2/a.png").await.status(), 200);
    let done = rename(&[("from_public_id", "a"), ("to_public_id", "folder/d"), ("context", "0")]).await;
    assert_eq!((done.status, done.str("public_id"), done.str("display_name")), (200, "folder/d", "a"));
    assert_eq!(done.json["width"], 8);
    assert!(done.str("url").ends_with("/folder/d.png"));
    for (path, status) in [("a.png", 404), ("w_2/a.png", 404), ("folder/d.png", 200), ("w_2/v1/folder/d.png", 200)] {
        assert_eq!(harness.get(&format!("/local/image/upload/{path}")).await.status(), status, "{path}");
    }

    let missing = rename(&[("from_public_id", "a"), ("to_public_id", "e")]).await;
    assert_eq!((missing.status, missing.message()), (404, "Resource not found - a"));
    let taken = rename(&[("from_public_id", "b"), ("to_public_id", "c")]).await;
    assert_eq!((taken.status, taken.message()), (400, "to_public_id c already exists"));
    assert_eq!(harness.get("/local/image/upload/b.png").await.status(), 200, "nothing has changed");
    harness.upload(&[("public_id", "b")], &png(20, 20), "x.png").await;
    let over = rename(&[("from_public_id", "b"), ("to_public_id", "c"), ("overwrite", "1"), ("invalidate", "1")]).await;
    assert_eq!((over.status, &over.json["width"]), (200, &json!(20)));
    let bad = rename(&[("from_public_id", "c"), ("to_public_id", "../c")]).await;
    assert_eq!(bad.status, 400);

    let private = rename(&[("from_public_id", "c"), ("to_public_id", "c"), ("to_type", "private")]).await;
    assert_eq!((private.status, private.str("type")), (200, "private"));
    assert_eq!(harness.get("/local/image/upload/c.png").await.status(), 404);
    assert_eq!(harness.get("/local/image/private/c.png").await.status(), 401);
}

#[tokio::test]
async fn explicit_changes_what_is_given() {
    let harness = three().await;
    let explicit = async |params: Params<'_>| act(&harness, "image/explicit", params, &[]).await;
    let done = explicit(&[
        ("public_id", "a"),
        ("type", "upload"),
        ("eager", "c_fill,w_4,h_4/jpg|w_2"),
        ("tags", "new"),
        ("context", "k=v"),
        ("moderation", "manual"),
        ("custom_coordinates", "1,1,3,2"),
        ("face_coordinates", "0,0,100,100"),
        ("faces", "1"),
        ("display_name", "shown"),
        ("colors", "1"),
        ("phash", "1"),
    ])
    .await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(done.json["eager"][0]["transformation"], "c_fill,h_4,w_4/jpg");
    assert_eq!((&done.json["eager"][0]["width"], &done.json["eager"][1]["width"]), (&json!(4), &json!(2)));
    assert_eq!(done.json["tags"], json!(["new"]));
    assert_eq!(done.json["context"], json!({"custom": {"k": "v"}}));
    assert_eq!(done.json["moderation"], json!([{"kind": "manual", "status": "pending"}]));
    assert_eq!(done.json["coordinates"], json!({"custom": [[1, 1, 3, 2]], "faces": [[0, 0, 100, 100]]}));
    assert_eq!(done.json["faces"], json!([[0, 0, 8, 4]]), "cut to the image");
    assert_eq!(done.str("display_name"), "shown");
    assert_eq!(done.str("phash").len(), 16);
    assert_eq!(done.json["colors"].as_array().map(Vec::len), Some(4));
    let kept = explicit(&[("public_id", "a")]).await;
    assert_eq!((&kept.json["tags"], &kept.json["context"]), (&done.json["tags"], &done.json["context"]));
    assert_eq!(kept.json["version"], done.json["version"]);

    let missing = explicit(&[("public_id", "nobody"), ("type", "upload")]).await;
    assert_eq!((missing.status, missing.message()), (404, "Resource not found - nobody"));
    let table: [(Params<'_>, &str); 5] = [
        (&[("public_id", "a"), ("eager", "w_abc")], "Invalid width in transformation: abc"),
        (&[("public_id", "a"), ("folder", "f")], "Parameter folder is only for upload"),
        (&[("public_id", "a"), ("raw_convert", "illegal")], "Raw convert is invalid"),
        (&[("public_id", "a"), ("moderation", "illegal")], "Moderation illegal moderation is not valid"),
        (&[("tags", "a")], "Missing required parameter - public_id"),
    ];
    for (params, message) in table {
        let refused = explicit(params).await;
        assert_eq!((refused.status, refused.message()), (400, message), "{params:?}");
    }
    let raw = harness.upload_as("raw", &[("public_id", "t.csv")], b"a,b", "t.csv").await;
    assert_eq!(raw.status, 200);
    let refused = act(&harness, "raw/explicit", &[("public_id", "t.csv"), ("eager", "w_2"), ("tags", "x")], &[]).await;
    assert_eq!(refused.status, 400);
    let tagged = act(&harness, "raw/explicit", &[("public_id", "t.csv")], &[]).await;
    assert_eq!(tagged.json["tags"], json!([]), "a refusal changes nothing");
}

#[tokio::test]
async fn moved_coordinates_show() {
    let harness = Harness::start().await;
    // Red is the upper left quarter, yellow the lower right one.
    harness.upload(&[("public_id", "a"), ("custom_coordinates", "0,0,20,20")], &png(40, 40), "x.png").await;
    let color = async || {
        let bytes = harness.get("/local/image/upload/c_crop,g_custom/a.png").await.bytes().await.unwrap();
        let picture = cloudinary_pixels::decode(&bytes, &cloudinary_pixels::Limits::default()).unwrap();
        (picture.size(), picture.bitmap().get(5, 5))
    };
    assert_eq!(color().await, ((20, 20), Some([200, 30, 30, 255])));
    let moved =
        act(&harness, "image/explicit", &[("public_id", "a"), ("custom_coordinates", "22,22,10,12")], &[]).await;
    assert_eq!(moved.status, 200);
    assert_eq!(color().await, ((10, 12), Some([200, 200, 30, 255])));
}

#[tokio::test]
async fn destroy_by_asset_id() {
    let harness = Harness::start().await;
    let id = harness.upload(&[("public_id", "a")], &png(4, 4), "x.png").await.str("asset_id").to_owned();
    let destroy = async |path: &str, id: &str| act(&harness, path, &[("asset_id", id), ("invalidate", "1")], &[]).await;
    assert_eq!(destroy("asset/destroy", &id).await.json, json!({"result": "ok"}));
    assert_eq!(harness.get("/local/image/upload/a.png").await.status(), 404);
    assert_eq!(destroy("image/destroy", &id).await.json, json!({"result": "not found"}));
    let wrong = destroy("asset/destroy", "abc123").await;
    assert_eq!((wrong.status, wrong.message()), (400, "Invalid asset_id: abc123"));
}
