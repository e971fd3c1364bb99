use serde_json::json;

use crate::support::Harness;

#[tokio::test]
async fn kept_changed_and_removed() {
    let h = Harness::start().await;
    let created = h.admin_post("upload_mappings", json!({ "folder": "wiki", "template": "https://u.example/" })).await;
    assert_eq!(created.json, json!({ "message": "created", "folder": "wiki" }));
    let again = h.admin_post("upload_mappings", json!({ "folder": "wiki", "template": "https://u.example/" })).await;
    assert_eq!(again.status, 409);
    assert_eq!(h.admin_get("upload_mappings?folder=wiki").await.str("template"), "https://u.example/");
    let updated = h.admin_put("upload_mappings", json!({ "folder": "wiki", "template": "https://v.example/" })).await;
    assert_eq!(updated.status, 200);
    assert_eq!(h.admin_get("upload_mappings").await.column("mappings", "template"), ["https://v.example/"]);
    assert_eq!(
        h.admin_delete("upload_mappings", json!({ "folder": "wiki" })).await.json,
        json!({ "message": "deleted" })
    );
    assert_eq!(h.admin_get("upload_mappings").await.json, json!({ "mappings": [] }));
    for (body, status) in
        [(json!({ "folder": "wiki", "template": "nowhere" }), 400), (json!({ "folder": "wiki" }), 400)]
    {
        assert_eq!(h.admin_post("upload_mappings", body.clone()).await.status, status, "{body}");
    }
    assert_eq!(h.admin_get("upload_mappings?folder=wiki").await.status, 404);
    assert_eq!(h.admin_delete("upload_mappings", json!({ "folder": "wiki" })).await.status, 404);
}
