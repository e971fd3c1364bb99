use cloudinary_local::LocalServer;
use serde_json::json;

use crate::support::{Harness, png};

#[tokio::test]
async fn named_ones_are_called_by_urls() {
    let h = Harness::with(LocalServer::builder().named_transformation("given", "w_3".parse().unwrap())).await;
    h.upload(&[("public_id", "a")], &png(40, 20), "a.png").await;
    let created = h.admin_post("transformations", json!({ "name": "small", "transformation": "w_8,c_scale" })).await;
    assert_eq!(created.json, json!({ "message": "created" }));
    let details = h.admin_get("transformations?transformation=small").await.json;
    assert_eq!(
        [&details["name"], &details["info"], &details["used"], &details["named"], &details["allowed_for_strict"]],
        [&json!("t_small"), &json!([{ "crop": "scale", "width": 8 }]), &json!(false), &json!(true), &json!(true)]
    );
    assert_eq!(h.get("/local/image/upload/t_small/a.png").await.status().as_u16(), 200);
    let details = h.admin_get("transformations?transformation=t_small").await.json;
    assert_eq!(
        (&details["used"], &details["derived"][0]["public_id"], &details["derived"][0]["transformation"]),
        (&json!(true), &json!("a"), &json!("t_small"))
    );
    let url = details["derived"][0]["url"].as_str().unwrap().to_owned();
    assert_eq!(h.http.get(url).send().await.unwrap().status().as_u16(), 200);

    h.admin_put(
        "transformations",
        json!({ "transformation": "small", "unsafe_update": "c_scale,w_9", "allowed_for_strict": false }),
    )
    .await;
    let details = h.admin_get("transformations?transformation=small").await.json;
    assert_eq!(
        (&details["info"][0]["width"], &details["allowed_for_strict"], &details["used"]),
        (&json!(9), &json!(false), &json!(false))
    );
    assert_eq!(
        h.admin_delete("transformations", json!({ "transformation": "small" })).await.json,
        json!({ "message": "deleted" })
    );
    assert_eq!(h.admin_get("transformations?transformation=small").await.status, 404);
    assert_eq!(h.get("/local/image/upload/t_small/a.png").await.status().as_u16(), 400, "URLs find it no more");
}

#[tokio::test]
async fn what_was_derived_is_listed() {
    let h = Harness::start().await;
    h.upload(&[("public_id", "a"), ("eager", "c_scale,w_8|w_6/jpg")], &png(40, 20), "a.png").await;
    h.admin_post("transformations", json!({ "name": "small", "transformation": "w_9" })).await;
    assert_eq!(
        h.admin_get("transformations").await.column("transformations", "name"),
        ["c_scale,w_8", "t_small", "w_6/jpg"]
    );
    assert_eq!(h.admin_get("transformations?named=true").await.column("transformations", "name"), ["t_small"]);
    let first = h.admin_get("transformations?max_results=2").await;
    let rest = h.admin_get(&format!("transformations?max_results=2&next_cursor={}", first.str("next_cursor"))).await;
    assert_eq!(rest.column("transformations", "name"), ["w_6/jpg"]);
    let details = h.admin_get("transformations?transformation=w_8,c_scale").await.json;
    assert_eq!(
        (&details["used"], &details["named"], details["derived"].as_array().map(Vec::len)),
        (&json!(true), &json!(false), Some(1))
    );
    h.admin_put("transformations", json!({ "transformation": "c_scale,w_8", "allowed_for_strict": true })).await;
    assert_eq!(h.admin_get("transformations?transformation=c_scale,w_8").await.json["allowed_for_strict"], true);
    h.admin_delete("transformations", json!({ "transformation": "c_scale,w_8" })).await;
    assert_eq!(h.admin_get("transformations?transformation=c_scale,w_8").await.status, 404);
    assert_eq!(h.admin_get("resources/image/upload/a").await.column("derived", "transformation"), ["w_6/jpg"]);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let h = Harness::start().await;
    h.admin_post("transformations", json!({ "name": "small", "transformation": "w_9" })).await;
    let table = [
        (json!({ "name": "small", "transformation": "w_9" }), 409),
        (json!({ "name": "bad", "transformation": "c_imagga_crop,w_1" }), 400),
        (json!({ "name": "a/b", "transformation": "w_1" }), 400),
        (json!({ "name": "x" }), 400),
        (json!({ "transformation": "w_1" }), 400),
    ];
    for (body, status) in table {
        assert_eq!(h.admin_post("transformations", body.clone()).await.status, status, "{body}");
    }
    let circle =
        h.admin_put("transformations", json!({ "transformation": "small", "unsafe_update": "t_small/w_1" })).await;
    assert_eq!(circle.status, 400, "it would never end");
    assert_eq!(
        h.admin_put("transformations", json!({ "transformation": "nothing", "allowed_for_strict": true })).await.status,
        404
    );
}
