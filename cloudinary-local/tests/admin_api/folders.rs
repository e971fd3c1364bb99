use serde_json::json;

use crate::support::{Harness, png};

#[tokio::test]
async fn made_and_there_by_assets() {
    let h = Harness::start().await;
    h.upload(&[("public_id", "a/b/one")], &png(4, 4), "a.png").await;
    h.upload(&[("public_id", "two"), ("asset_folder", "c")], &png(4, 4), "a.png").await;
    let made = h.admin_post("folders/d/e", json!({})).await;
    assert_eq!(made.json, json!({ "success": true, "path": "d/e", "name": "e" }));
    assert_eq!(h.admin_post("folders/d/e", json!({})).await.status, 200, "again is fine");

    let roots = h.admin_get("folders").await;
    assert_eq!(
        (roots.column("folders", "path"), &roots.json["total_count"]),
        (vec!["a".into(), "c".into(), "d".into()], &json!(3))
    );
    let first = h.admin_get("folders?max_results=2").await;
    assert_eq!(first.column("folders", "name"), ["a", "c"]);
    let cursor = first.str("next_cursor");
    assert_eq!(
        h.admin_get(&format!("folders?max_results=2&next_cursor={cursor}")).await.column("folders", "name"),
        ["d"]
    );
    assert_eq!(h.admin_get(&format!("folders/a?next_cursor={cursor}")).await.status, 400, "it is of another list");

    let inside = h.admin_get("folders/a").await;
    assert_eq!(inside.json["folders"][0]["path"], "a/b");
    assert_eq!(inside.json["folders"][0]["external_id"].as_str().map(str::len), Some(32));
    let missing = h.admin_get("folders/z").await;
    assert_eq!((missing.status, missing.message()), (404, "Can't find folder with path z"));
    for bad in ["folders/a%3Fb", "folders/a/v1"] {
        assert_eq!(h.admin_post(bad, json!({})).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn renamed_with_what_lies_in_them() {
    let h = Harness::start().await;
    h.upload(&[("public_id", "a/b/one")], &png(4, 4), "a.png").await;
    h.admin_post("folders/a/empty", json!({})).await;
    h.admin_post("folders/taken", json!({})).await;
    let renamed = h.admin_put("folders/a", json!({ "to_folder": "x/y" })).await;
    assert_eq!(renamed.json["to"], json!({ "name": "y", "path": "x/y" }));
    assert_eq!(h.admin_get("folders/x/y").await.column("folders", "path"), ["x/y/b", "x/y/empty"]);
    assert_eq!(h.admin_get("folders/a").await.status, 404);
    let asset = h.admin_get("resources/image/upload/a/b/one").await;
    assert_eq!(asset.str("asset_folder"), "x/y/b", "the public_id stays: {}", asset.json);
    let table = [
        ("folders/z", json!({ "to_folder": "q" }), 404),
        ("folders/x", json!({ "to_folder": "taken" }), 409),
        ("folders/x", json!({ "to_folder": "x/in" }), 400),
        ("folders/x", json!({}), 400),
    ];
    for (path, body, status) in table {
        assert_eq!(h.admin_put(path, body.clone()).await.status, status, "{path} {body}");
    }
}

#[tokio::test]
async fn removed_when_empty() {
    let h = Harness::start().await;
    h.upload(&[("public_id", "a/one")], &png(4, 4), "a.png").await;
    h.admin_post("folders/d/e", json!({})).await;
    let full = h.admin_delete("folders/a", json!({})).await;
    assert_eq!((full.status, full.message()), (400, "Folder is not empty"));
    let deleted = h.admin_delete("folders/d", json!({})).await;
    assert_eq!(deleted.json, json!({ "deleted": ["d", "d/e"] }));
    assert_eq!(h.admin_delete("folders/d", json!({})).await.status, 404);
    assert_eq!(h.admin_delete("folders/a", json!({ "skip_backup": true })).await.status, 400);
}
