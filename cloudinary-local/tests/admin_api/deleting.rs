use serde_json::json;

use crate::support::{Answer, Harness, png};

async fn with(ids: &[&str]) -> Harness {
    let h = Harness::start().await;
    for id in ids {
        h.upload(&[("public_id", id), ("tags", "t"), ("eager", "w_5|w_6/jpg")], &png(40, 20), "a.png").await;
    }
    h
}

#[tokio::test]
async fn assets() {
    let h = with(&["a", "b", "dir/c", "dir/d", "e", "f"]).await;
    let named =
        h.admin_delete("resources/image/upload", json!({ "public_ids": ["a", "none"], "invalidate": true })).await;
    assert_eq!(
        named.json,
        json!({
            "deleted": { "a": "deleted", "none": "not_found" },
            "deleted_counts": { "a": { "original": 1, "derived": 2 } },
            "partial": false,
        })
    );
    let prefixed = h.admin_delete("resources/image/upload", json!({ "prefix": "dir/" })).await;
    assert_eq!(prefixed.json["deleted"], json!({ "dir/c": "deleted", "dir/d": "deleted" }));
    let id = h.admin_get("resources/image/upload/e").await.str("asset_id").to_owned();
    let by_id = h.admin_delete("resources", json!({ "asset_ids": [id] })).await;
    assert_eq!(by_id.json["deleted"], json!({ id: "deleted" }));
    assert_eq!(h.admin_get("resources/image").await.column("resources", "public_id"), ["f", "b"]);
    assert_eq!(
        h.admin_delete("resources/image/tags/t", json!({})).await.json["deleted"],
        json!({ "b": "deleted", "f": "deleted" })
    );
    h.upload(&[("public_id", "g")], &png(4, 4), "a.png").await;
    assert_eq!(
        h.admin_delete("resources/image/upload", json!({ "all": true })).await.json["deleted"],
        json!({ "g": "deleted" })
    );
    assert_eq!(h.get("/local/image/upload/g.png").await.status().as_u16(), 404);
    for body in [json!({}), json!({ "all": true, "prefix": "a" }), json!({ "public_ids": ["a"], "colour": 1 })] {
        assert_eq!(h.admin_delete("resources/image/upload", body.clone()).await.status, 400, "{body}");
    }
    let many: Vec<String> = (0..101).map(|number| number.to_string()).collect();
    assert_eq!(h.admin_delete("resources/image/upload", json!({ "public_ids": many })).await.status, 400);
}

#[tokio::test]
async fn only_what_was_derived() {
    let h = with(&["a", "b"]).await;
    let derived = h.admin_get("resources/image/upload/a").await;
    let id = derived.json["derived"][0]["id"].as_str().unwrap().to_owned();
    let deleted = h
        .admin_delete("derived_resources", json!({ "derived_resource_ids": [id, "nonsense"], "invalidate": true }))
        .await;
    assert_eq!(
        deleted.json,
        json!({ "deleted": { id: "deleted", "nonsense": "not_found" }, "invalidation": { "took": 0, "urls": [] } })
    );
    assert_eq!(h.admin_get("resources/image/upload/a").await.column("derived", "transformation"), ["w_6/jpg"]);
    let by = h
        .admin_delete(
            "resources/image/upload",
            json!({ "public_ids": ["a", "b"], "transformations": "w_6/jpg", "keep_original": true }),
        )
        .await;
    assert_eq!(
        by.json["deleted_counts"],
        json!({ "a": { "original": 0, "derived": 1 }, "b": { "original": 0, "derived": 1 } })
    );
    assert_eq!(h.admin_get("resources/image/upload/b").await.column("derived", "transformation"), ["w_5"]);
    h.admin_delete("resources/image/upload", json!({ "all": true, "keep_original": true })).await;
    assert_eq!(h.admin_get("resources/image/upload/b").await.json["derived"], json!([]));
    assert_eq!(h.admin_delete("derived_resources", json!({})).await.status, 400);
}

#[tokio::test]
async fn and_brought_back() {
    let h = Harness::start().await;
    let first = h.upload(&[("public_id", "a"), ("backup", "1")], &png(40, 20), "a.png").await;
    h.upload(&[("public_id", "a"), ("backup", "1")], &png(10, 10), "a.png").await;
    let versions = h.admin_get("resources/image/upload/a?versions=true").await;
    assert_eq!(versions.json["versions"].as_array().map(Vec::len), Some(2));
    h.admin_delete("resources/image/upload", json!({ "public_ids": ["a"] })).await;
    let placeholder = h.admin_get("resources/image/upload/a").await;
    assert_eq!(
        (placeholder.status, &placeholder.json["bytes"], &placeholder.json["placeholder"]),
        (200, &json!(0), &json!(true))
    );
    assert_eq!(h.admin_get("resources/image").await.json, json!({ "resources": [] }));
    let restored = h.admin_post("resources/image/upload/restore", json!({ "public_ids": ["a", "none"] })).await;
    assert_eq!((&restored.json["a"]["width"], &restored.json["none"]), (&json!(10), &json!({ "error": "no_backup" })));
    let asset_id = placeholder.str("asset_id").to_owned();
    let version_id = first.str("version_id").to_owned();
    let older = h.admin_post("resources/restore", json!({ "asset_ids": [asset_id], "versions": [version_id] })).await;
    assert_eq!(older.json[&asset_id]["width"], json!(40));
    let mismatch = h.admin_post("resources/restore", json!({ "asset_ids": [asset_id], "versions": ["x", "y"] })).await;
    assert_eq!((mismatch.status, mismatch.message()), (400, "versions count must match ids count"));
    let deleted =
        h.admin_delete(&format!("resources/backup/{asset_id}"), json!({ "version_ids": [version_id, "none"] })).await;
    assert_eq!(deleted.json["deleted"], json!({ version_id: "deleted", "none": "not_found" }));
    assert_eq!(h.admin_delete("resources/backup/none", json!({ "version_ids": ["x"] })).await.status, 404);
}

#[tokio::test]
async fn nothing_kept_is_lost_on_the_way() {
    let h = Harness::start().await;
    let rename = async |from: &str, to: &str, overwrite: &str| {
        let params = h.signed(&[("from_public_id", from), ("to_public_id", to), ("overwrite", overwrite)]);
        Answer::of(h.post("image/rename", &params, None).send().await.unwrap()).await
    };
    let restore = async |id: &str| {
        h.admin_post("resources/image/upload/restore", json!({ "public_ids": [id] })).await.json[id]["width"].clone()
    };
    let versions = async |id: &str| {
        h.admin_get(&format!("resources/image/upload/{id}?versions=true")).await.json["versions"].clone()
    };

    h.upload(&[("public_id", "gone"), ("backup", "1")], &png(40, 20), "a.png").await;
    h.destroy(&[("public_id", "gone")]).await;
    h.upload(&[("public_id", "other"), ("backup", "1")], &png(10, 10), "a.png").await;
    let taken = rename("other", "gone", "0").await;
    assert_eq!((taken.status, taken.message()), (400, "to_public_id gone already exists"));
    assert_eq!(restore("gone").await, json!(40));

    // The target is alive and has a younger backup; what is renamed onto it is restored first all the same.
    h.upload(&[("public_id", "gone"), ("backup", "1")], &png(30, 20), "a.png").await;
    assert_eq!(rename("other", "gone", "1").await.status, 200);
    assert_eq!(versions("gone").await.as_array().map(Vec::len), Some(3));
    h.destroy(&[("public_id", "gone")]).await;
    assert_eq!(restore("gone").await, json!(10));

    // An asset without any, until it is asked for.
    h.upload(&[("public_id", "late")], &png(10, 20), "a.png").await;
    let explicit = h.signed(&[("public_id", "late"), ("backup", "1")]);
    assert_eq!(h.post("image/explicit", &explicit, None).send().await.unwrap().status(), 200);
    h.upload(&[("public_id", "late")], &png(20, 20), "a.png").await;
    assert_eq!(restore("late").await, json!(10));
    assert_eq!(versions("late").await.as_array().map(Vec::len), Some(2), "what was there is kept");
    assert_eq!(restore("late").await, json!(20));
}
