use cloudinary_local::{LocalServer, UploadPreset};
use serde_json::json;

use crate::support::{Answer, Harness, png};

async fn unsigned(h: &Harness, params: &[(&str, &str)]) -> Answer {
    let params: Vec<_> = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Answer::of(h.post("image/upload", &params, Some((&png(40, 20), "a.png"))).send().await.unwrap()).await
}

#[tokio::test]
async fn uploads_follow_them() {
    let h = Harness::with(LocalServer::builder().upload_preset(UploadPreset::signed("first").parameter("folder", "f")))
        .await;
    let created = h
        .admin_post(
            "upload_presets",
            json!({ "name": "p", "unsigned": true, "folder": "g", "tags": "a,b", "context": "k=v", "transformation": "c_scale,w_10",
                "faces": "1", "timestamp": 1, "eager": ["w_5/jpg"] }),
        )
        .await;
    assert_eq!((created.status, &created.json), (200, &json!({ "message": "created", "name": "p" })));
    let told = h.admin_get("upload_presets/p").await.json;
    let expected = json!({
        "name": "p",
        "unsigned": true,
        "settings": {
            "folder": "g", "tags": ["a", "b"], "context": { "k": "v" }, "faces": true,
            "transformation": [{ "crop": "scale", "width": 10 }], "eager": [[{ "width": 5, "format": "jpg" }]],
        },
    });
    assert_eq!(told, expected);
    assert_eq!(h.admin_get("upload_presets").await.column("presets", "name"), ["first", "p"]);
    let uploaded = unsigned(&h, &[("upload_preset", "p"), ("public_id", "x")]).await;
    assert_eq!(
        (uploaded.status, uploaded.str("public_id"), &uploaded.json["width"]),
        (200, "g/x", &json!(10)),
        "{}",
        uploaded.json
    );

    let updated = h.admin_put("upload_presets/p", json!({ "folder": "h", "disallow_public_id": true })).await;
    assert_eq!(updated.json, json!({ "message": "updated" }));
    let refused = unsigned(&h, &[("upload_preset", "p"), ("public_id", "x")]).await;
    assert_eq!(refused.message(), "public_id parameter is not allowed by upload preset p");
    assert!(unsigned(&h, &[("upload_preset", "p")]).await.str("public_id").starts_with("h/"));
    h.admin_put("upload_presets/p", json!({ "unsigned": false })).await;
    let refused = unsigned(&h, &[("upload_preset", "p")]).await;
    assert_eq!(refused.message(), "Upload preset must be whitelisted for unsigned uploads");
    assert_eq!(h.admin_delete("upload_presets/p", json!({})).await.json, json!({ "message": "deleted" }));
    assert_eq!(unsigned(&h, &[("upload_preset", "p")]).await.message(), "Upload preset not found");
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let h = Harness::start().await;
    h.admin_post("upload_presets", json!({ "name": "p" })).await;
    let table = [
        (json!({ "name": "p" }), 409, "Upload preset p already exists"),
        (json!({ "name": "q", "colour": "red" }), 400, "Unknown parameter - colour"),
        (json!({ "name": "q", "transformation": "c_imagga_crop,w_1" }), 400, ""),
        (
            json!({ "name": "q", "live": true }),
            400,
            "cloudinary-local does not carry out live: video is not carried out",
        ),
        (json!({ "name": "q/r" }), 400, "Invalid value for parameter name: q/r may not have a /"),
    ];
    for (body, status, message) in table {
        let answer = h.admin_post("upload_presets", body.clone()).await;
        assert_eq!(answer.status, status, "{body}");
        assert!(message.is_empty() || answer.message() == message, "{body}: {}", answer.message());
    }
    let named = h.admin_post("upload_presets", json!({ "folder": "x" })).await;
    assert_eq!(named.str("name").len(), 8, "a name is made");
    for (method, path) in [("GET", "upload_presets/z"), ("PUT", "upload_presets/z"), ("DELETE", "upload_presets/z")] {
        let answer = h.admin(method.parse().unwrap(), path, None).await;
        assert_eq!((answer.status, answer.message()), (404, "Can't find upload preset named z"), "{method}");
    }
}

#[tokio::test]
async fn definitions_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let builder = || LocalServer::builder().data_folder(folder.path());
    let h = Harness::with(builder()).await;
    h.admin_post("upload_presets", json!({ "name": "p", "unsigned": true, "folder": "g" })).await;
    h.admin_post("transformations", json!({ "name": "small", "transformation": "c_scale,w_7" })).await;
    h.server.shutdown().await;
    let h = Harness::with(builder()).await;
    assert_eq!(unsigned(&h, &[("upload_preset", "p"), ("public_id", "x")]).await.str("public_id"), "g/x");
    assert_eq!(h.get("/local/image/upload/t_small/g/x.png").await.status().as_u16(), 200);
}
