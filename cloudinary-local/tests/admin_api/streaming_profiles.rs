use serde_json::json;

use crate::support::Harness;

#[tokio::test]
async fn predefined_and_own() {
    let h = Harness::start().await;
    let names = h.admin_get("streaming_profiles").await.column("data", "name");
    assert_eq!(names, ["4k", "full_hd", "hd", "sd", "full_hd_wifi", "full_hd_lean", "hd_lean"]);
    let four_k = h.admin_get("streaming_profiles/4k").await.json;
    assert_eq!(
        four_k["data"]["representations"][0]["transformation"],
        json!([{ "bit_rate": "35m", "crop": "limit", "height": 2160, "width": 3840 }])
    );
    // The client sends the list as text.
    let text = json!([{ "transformation": "br_5m,c_limit,h_1200,w_1200" }]).to_string();
    let created = h.admin_post("streaming_profiles", json!({ "name": "mine", "representations": text })).await;
    assert_eq!(
        created.json["data"]["representations"][0]["transformation"],
        json!([{ "bit_rate": "5m", "crop": "limit", "height": 1200, "width": 1200 }])
    );
    let list = json!([{ "transformation": "w_1" }]);
    for (name, status) in [("mine", 409), ("hd", 409), ("a/b", 400)] {
        let body = json!({ "name": name, "representations": list });
        assert_eq!(h.admin_post("streaming_profiles", body).await.status, status, "{name}");
    }
    let updated =
        h.admin_put("streaming_profiles/mine", json!({ "display_name": "Mine", "representations": list })).await;
    assert_eq!(updated.json["data"]["display_name"], "Mine");
    h.admin_put("streaming_profiles/hd", json!({ "representations": list })).await;
    assert_eq!(
        h.admin_get("streaming_profiles/hd").await.json["data"]["representations"].as_array().map(Vec::len),
        Some(1)
    );
    h.admin_delete("streaming_profiles/hd", json!({})).await;
    assert_eq!(
        h.admin_get("streaming_profiles/hd").await.json["data"]["representations"].as_array().map(Vec::len),
        Some(4)
    );
    assert_eq!(h.admin_delete("streaming_profiles/mine", json!({})).await.status, 200);
    assert_eq!(h.admin_get("streaming_profiles/mine").await.status, 404);
    for bad in [
        json!({ "name": "x" }),
        json!({ "name": "x", "representations": [] }),
        json!({ "name": "x", "representations": "[" }),
    ] {
        assert_eq!(h.admin_post("streaming_profiles", bad.clone()).await.status, 400, "{bad}");
    }
}
