use serde_json::{Value, json};

use crate::support::{Harness, png};

fn colours() -> Value {
    json!({ "external_id": "colour", "label": "Colour", "type": "set", "datasource": { "values": [
        { "external_id": "r", "value": "red" }, { "external_id": "g", "value": "green" }, { "value": "blue" },
    ] } })
}

#[tokio::test]
async fn fields_are_made_changed_ordered_and_removed() {
    let h = Harness::start().await;
    let made = h
        .admin_post(
            "metadata_fields",
            json!({ "external_id": "n", "label": "Number", "type": "integer", "default_value": 3,
        "validation": { "type": "less_than", "value": 5, "equals": true } }),
        )
        .await;
    assert_eq!((made.status, &made.json["mandatory"], &made.json["default_value"]), (200, &json!(false), &json!(3)));
    h.admin_post("metadata_fields", colours()).await;
    let table = [
        (json!({ "external_id": "n", "label": "N", "type": "integer" }), 409, "external id n already exists"),
        (
            json!({ "label": "N", "type": "number" }),
            400,
            "Invalid value for parameter type: number; use string, integer, date, enum or set",
        ),
        (json!({ "type": "integer" }), 400, "Missing required parameter - label"),
        (json!({ "label": "N", "type": "enum" }), 400, "Missing required parameter - datasource"),
        (
            json!({ "external_id": "m", "label": "N", "type": "integer", "default_value": 6, "validation": { "type": "less_than", "value": 5 } }),
            400,
            "Value 6 is invalid for field m: it must be less than 5",
        ),
        (json!({ "label": "N", "type": "string", "colour": 1 }), 400, "Unknown parameter - colour"),
    ];
    for (body, status, message) in table {
        let answer = h.admin_post("metadata_fields", body.clone()).await;
        assert_eq!((answer.status, answer.message()), (status, message), "{body}");
    }
    // The type and the id of a field never change.
    let changed = h
        .admin_put(
            "metadata_fields/n",
            json!({ "label": "New", "type": "string", "external_id": "x", "default_value": 4 }),
        )
        .await;
    assert_eq!(
        (changed.str("label"), changed.str("type"), &changed.json["default_value"]),
        ("New", "integer", &json!(4))
    );
    assert_eq!(h.admin_put("metadata_fields/n", json!({ "default_value": 6 })).await.status, 400);
    let ordered = h.admin_put("metadata_fields/order", json!({ "order_by": "label", "direction": "asc" })).await;
    assert_eq!(ordered.column("metadata_fields", "external_id"), ["colour", "n"]);
    h.admin_put("metadata_fields/order", json!({ "order_by": "label", "direction": "desc" })).await;
    assert_eq!(h.admin_get("metadata_fields").await.column("metadata_fields", "external_id"), ["n", "colour"]);
    assert_eq!(h.admin_delete("metadata_fields/n", json!({})).await.json, json!({ "message": "ok" }));
    let gone = h.admin_get("metadata_fields/n").await;
    assert_eq!((gone.status, gone.message()), (404, "External ID n doesn't exist"));
}

#[tokio::test]
async fn datasources() {
    let h = Harness::start().await;
    h.admin_post("metadata_fields", colours()).await;
    let path = "metadata_fields/colour/datasource";
    let values =
        h.admin_put(path, json!({ "values": [{ "external_id": "r", "value": "ruby" }, { "value": "pink" }] })).await;
    assert_eq!(values.column("values", "value"), ["ruby", "green", "blue", "pink"]);
    assert_eq!(values.json["values"][0], json!({ "external_id": "r", "value": "ruby" }));
    let left = h.admin_delete(path, json!({ "external_ids": ["r"] })).await;
    assert_eq!(left.column("values", "value"), ["green", "blue", "pink"]);
    let sorted = h.admin_post(&format!("{path}/order"), json!({ "order_by": "value", "direction": "desc" })).await;
    assert_eq!(sorted.column("values", "value"), ["pink", "green", "blue"]);
    let back = h.admin_post("metadata_fields/colour/datasource_restore", json!({ "external_ids": ["r"] })).await;
    assert_eq!(back.json["values"].as_array().map(Vec::len), Some(4));
    assert_eq!(h.admin_delete(path, json!({ "external_ids": ["z"] })).await.status, 404);
    h.admin_post("metadata_fields", json!({ "external_id": "s", "label": "S", "type": "string" })).await;
    assert_eq!(h.admin_delete("metadata_fields/s/datasource", json!({ "external_ids": ["r"] })).await.status, 400);
}

#[tokio::test]
async fn assets_have_values() {
    let h = Harness::start().await;
    h.admin_post("metadata_fields", colours()).await;
    h.admin_post("metadata_fields", json!({ "external_id": "n", "label": "N", "type": "integer", "default_value": 3 }))
        .await;
    let uploaded = h.upload(&[("public_id", "a"), ("metadata", r#"colour=["r","g"]"#)], &png(4, 4), "a.png").await;
    assert_eq!(uploaded.json["metadata"], json!({ "colour": ["r", "g"], "n": 3 }), "{}", uploaded.json);
    let unknown = h.upload(&[("public_id", "b"), ("metadata", "x=1")], &png(4, 4), "a.png").await;
    assert_eq!(unknown.message(), r#"Metadata External IDs do not exist: ["x"]"#);
    let updated = h.admin_post("resources/image/upload/a", json!({ "metadata": "n=7" })).await;
    assert_eq!(updated.json["metadata"], json!({ "colour": ["r", "g"], "n": 7 }));
    assert_eq!(h.admin_post("resources/image/upload/a", json!({ "metadata": { "colour": "z" } })).await.status, 400);
    h.admin_delete("metadata_fields/colour/datasource", json!({ "external_ids": ["g"] })).await;
    let cleared = h.admin_post("resources/image/upload/a", json!({ "clear_invalid": true })).await;
    assert_eq!(cleared.json["metadata"], json!({ "n": 7 }));
    h.admin_post("resources/image/upload/a", json!({ "metadata": "colour=[\"r\"]" })).await;
    h.admin_delete("metadata_fields/n", json!({})).await;
    assert_eq!(h.admin_get("resources/image/upload/a").await.json["metadata"], json!({ "colour": ["r"] }));
    h.admin_put("metadata_fields/colour", json!({ "mandatory": true })).await;
    let mandatory = h.upload(&[("public_id", "c")], &png(4, 4), "a.png").await;
    assert_eq!((mandatory.status, mandatory.message()), (400, "Metadata field colour is mandatory: give it a value"));
}

#[tokio::test]
async fn rules() {
    let h = Harness::start().await;
    h.admin_post("metadata_fields", colours()).await;
    let rule = json!({ "external_id": "rule", "metadata_field_id": "colour", "name": "Rule",
        "condition": { "and": [{ "metadata_field_id": "colour", "includes": ["r"] }, { "metadata_field_id": "colour", "populated": true }] },
        "result": { "enable": true, "activate_values": "all" } });
    let made = h.admin_post("metadata_rules", rule.clone()).await;
    assert_eq!((made.status, made.str("state"), &made.json["position"]), (200, "active", &json!(1)));
    assert_eq!(h.admin_post("metadata_rules", rule.clone()).await.status, 409);
    let changed = h
        .admin_put(
            "metadata_rules/rule",
            json!({ "name": "Other", "state": "inactive", "condition": {}, "result": {} }),
        )
        .await;
    assert_eq!(
        (changed.str("name"), changed.str("state"), &changed.json["condition"]),
        ("Other", "inactive", &rule["condition"])
    );
    assert_eq!(h.admin_get("metadata_rules").await.column("metadata_rules", "external_id"), ["rule"]);
    let table = [
        json!({ "metadata_field_id": "z" }),
        json!({ "condition": { "metadata_field_id": "colour" } }),
        json!({ "condition": { "and": [] } }),
        json!({ "result": { "explode": true } }),
        json!({ "state": "asleep" }),
    ];
    for body in table {
        assert_eq!(h.admin_put("metadata_rules/rule", body.clone()).await.status, 400, "{body}");
    }
    assert_eq!(h.admin_delete("metadata_rules/rule", json!({})).await.json, json!({ "success": true }));
    assert_eq!(h.admin_delete("metadata_rules/rule", json!({})).await.status, 404);
}
