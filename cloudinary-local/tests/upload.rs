//! What an upload stores and answers.

mod support;

use cloudinary_core::signing::verify_response;
use cloudinary_pixels::Format;
use serde_json::json;
use support::{Answer, Harness, picture, png};

#[tokio::test]
async fn the_answer_is_complete() {
    let harness = Harness::start().await;
    let bytes = png(20, 10);
    let answer = harness
        .upload(
            &[
                ("public_id", "beach"),
                ("folder", "summer"),
                ("tags", "b,a, b"),
                ("context", r"alt=My image|caption=a\|b\=c"),
            ],
            &bytes,
            "my pic.png",
        )
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let config = harness.server.config();
    let version = answer.json["version"].as_i64().unwrap();
    let url = format!("{}/local/image/upload/v{version}/summer/beach.png", harness.server.url());
    let expected = [
        ("public_id", json!("summer/beach")),
        ("width", json!(20)),
        ("height", json!(10)),
        ("format", json!("png")),
        ("resource_type", json!("image")),
        ("type", json!("upload")),
        ("bytes", json!(bytes.len())),
        ("pages", json!(1)),
        ("tags", json!(["b", "a"])),
        ("context", json!({"custom": {"alt": "My image", "caption": "a|b=c"}})),
        ("folder", json!("summer")),
        ("asset_folder", json!("summer")),
        ("display_name", json!("beach")),
        ("original_filename", json!("my pic")),
        ("placeholder", json!(false)),
        ("api_key", json!(config.api_key)),
        ("url", json!(url)),
        ("secure_url", json!(url)),
    ];
    for (name, value) in expected {
        assert_eq!(answer.json[name], value, "{name}");
    }
    let secret = config.require_api_secret().unwrap();
    assert!(verify_response("summer/beach", &version.to_string(), answer.str("signature"), secret));
    for (name, length) in [("asset_id", 32), ("version_id", 32), ("etag", 32), ("created_at", 20)] {
        assert_eq!(answer.str(name).len(), length, "{name}");
    }
    let delivered = harness.http.get(&url).send().await.unwrap();
    assert_eq!(delivered.headers()["content-type"], "image/png");
    assert_eq!(delivered.bytes().await.unwrap(), bytes);
}

#[tokio::test]
async fn names_come_from_files_or_from_chance() {
    let harness = Harness::start().await;
    // parameters, resource type, file name, expected ('#': any letter or digit)
    let table: [(support::Params<'_>, &str, &str, &str); 7] = [
        (&[], "image", "logo.png", "####################"),
        (&[("use_filename", "1")], "image", "logo.png", "logo_######"),
        (&[("use_filename", "true"), ("unique_filename", "0")], "image", "logo.png", "logo"),
        (&[("use_filename", "1"), ("unique_filename", "false")], "raw", "data.csv", "data.csv"),
        (
            &[("use_filename", "1"), ("unique_filename", "0"), ("filename_override", "other.png")],
            "image",
            "logo.png",
            "other",
        ),
        (
            &[("use_filename", "1"), ("unique_filename", "0"), ("public_id_prefix", "p"), ("folder", "f")],
            "image",
            "logo.png",
            "f/p/logo",
        ),
        (&[("use_filename", "1"), ("unique_filename", "0")], "image", "üni näme.png", "üni_näme"),
    ];
    for (params, resource_type, filename, expected) in table {
        let answer = harness.upload_as(resource_type, params, &png(4, 4), filename).await;
        assert_eq!(answer.status, 200, "{filename}: {answer:?}");
        let id = answer.str("public_id");
        let fits = id.chars().count() == expected.chars().count()
            && id.chars().zip(expected.chars()).all(|(c, e)| c == e || e == '#' && c.is_ascii_alphanumeric());
        assert!(fits, "{id} is not {expected}");
    }
}

#[tokio::test]
async fn auto_tells_images_from_other_files() {
    let harness = Harness::start().await;
    let image = harness.upload_as("auto", &[], &picture(Format::Jpeg, 8, 8), "a").await;
    assert_eq!((image.str("resource_type"), image.str("format")), ("image", "jpg"));
    let raw = harness.upload_as("auto", &[("public_id", "t.csv")], b"a,b\n", "t.csv").await;
    assert_eq!((raw.str("resource_type"), raw.str("public_id")), ("raw", "t.csv"));
    for absent in ["width", "height", "format", "pages"] {
        assert!(raw.json.get(absent).is_none(), "{absent}");
    }
    assert!(raw.str("url").ends_with("/t.csv"));
}

#[tokio::test]
async fn overwriting() {
    let harness = Harness::start().await;
    let first = harness.upload(&[("public_id", "a"), ("tags", "old")], &png(4, 4), "a.png").await;
    assert!(first.json.get("overwritten").is_none() && first.json.get("existing").is_none());

    let kept = harness.upload(&[("public_id", "a"), ("overwrite", "0")], &png(8, 8), "a.png").await;
    assert_eq!((&kept.json["existing"], &kept.json["width"]), (&json!(true), &json!(4)));
    assert_eq!((&kept.json["version"], &kept.json["tags"]), (&first.json["version"], &json!(["old"])));

    let replaced = harness.upload(&[("public_id", "a")], &png(8, 8), "a.png").await;
    assert_eq!((&replaced.json["overwritten"], &replaced.json["width"]), (&json!(true), &json!(8)));
    assert_eq!((&replaced.json["asset_id"], &replaced.json["tags"]), (&first.json["asset_id"], &json!([])));
    assert!(replaced.json["version"].as_i64() > first.json["version"].as_i64());
}

#[tokio::test]
async fn formats_are_allowed_or_converted() {
    type Row<'a> = (&'a str, support::Params<'a>, &'a [u8], &'a str, Result<&'a str, &'a str>);
    let harness = Harness::start().await;
    let (image, text) = (png(4, 4), b"a,b\n".as_slice());
    let table: [Row<'_>; 7] = [
        ("image", &[("allowed_formats", "png,jpg")], &image, "a.png", Ok("png")),
        ("image", &[("allowed_formats", "jpeg")], &image, "a.png", Err("Image file format png not allowed")),
        ("image", &[("allowed_formats", "jpg")], &image, "a.jpg", Err("Image file format png not allowed")),
        ("image", &[("allowed_formats", "jpg"), ("format", "jpg")], &image, "a.png", Ok("jpg")),
        ("raw", &[("allowed_formats", "csv")], text, "a.csv", Ok("")),
        ("raw", &[("allowed_formats", "csv")], text, "a.txt", Err("Raw file format txt not allowed")),
        ("raw", &[("allowed_formats", "csv")], text, "a", Err("An unknown file format not allowed")),
    ];
    for (resource_type, params, bytes, filename, expected) in table {
        let answer = harness.upload_as(resource_type, params, bytes, filename).await;
        match expected {
            Ok(format) => assert_eq!(answer.json["format"].as_str().unwrap_or_default(), format, "{answer:?}"),
            Err(message) => assert_eq!((answer.status, answer.message()), (400, message)),
        }
    }
}

#[tokio::test]
async fn a_stored_format_is_told() {
    let harness = Harness::start().await;
    let answer = harness.upload(&[("format", "jpg"), ("public_id", "a")], &png(4, 4), "a.png").await;
    assert_eq!((answer.str("format"), answer.str("original_extension")), ("jpg", "png"));
    let delivered = harness.get("/local/image/upload/a.jpg").await.bytes().await.unwrap();
    assert_eq!(Format::sniff(&delivered), Some(Format::Jpeg));
    assert_eq!(delivered.len(), answer.json["bytes"]);
}

#[tokio::test]
async fn files_come_in_other_forms() {
    let harness = Harness::start().await;
    let data = format!("data:image/png;base64,{}", base64(&png(4, 4)));
    let mut params = harness.signed(&[("public_id", "from_data")]);
    params.push(("file".to_owned(), data));

    let multipart = harness.post("image/upload", &params, None).send().await.unwrap();
    assert_eq!(Answer::of(multipart).await.str("public_id"), "from_data");
    let urlencoded = harness.http.post(harness.api("image/upload")).form(&params).send().await.unwrap();
    assert_eq!(Answer::of(urlencoded).await.json["overwritten"], true);
    let object: serde_json::Map<_, _> = params.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let json = harness.http.post(harness.api("image/upload")).json(&object).send().await.unwrap();
    assert_eq!(Answer::of(json).await.json["overwritten"], true);
}

#[tokio::test]
async fn basic_authorization_needs_no_signature() {
    let harness = Harness::start().await;
    let config = harness.server.config();
    let (key, secret) = (config.require_api_key().unwrap(), config.require_api_secret().unwrap());
    for (key, secret, status, message) in [
        (key, secret.expose(), 200, ""),
        (key, "wrong", 401, "api_secret mismatch"),
        ("123", secret.expose(), 401, "Unknown API key 123"),
    ] {
        let request = harness.post("image/upload", &[], Some((&png(4, 4), "a.png"))).basic_auth(key, Some(secret));
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!((answer.status, answer.message()), (status, message));
        let ping = harness.http.get(harness.api("ping")).basic_auth(key, Some(secret)).send().await.unwrap();
        assert_eq!(ping.status().as_u16(), status);
    }
}

#[tokio::test]
async fn destroyed_is_gone() {
    let harness = Harness::start().await;
    harness.upload(&[("public_id", "a")], &png(4, 4), "a.png").await;
    harness.upload(&[("public_id", "b")], &png(4, 4), "b.png").await;
    assert_eq!(harness.get("/local/image/upload/a.png").await.status(), 200);
    assert_eq!(harness.destroy(&[("public_id", "a"), ("invalidate", "1")]).await.json, json!({"result": "ok"}));
    assert_eq!(harness.destroy(&[("public_id", "a")]).await.json, json!({"result": "not found"}));
    assert_eq!(harness.get("/local/image/upload/a.png").await.status(), 404);
    assert_eq!(harness.get("/local/image/upload/b.png").await.status(), 200, "the same bytes, another asset");
    let unsigned = harness.post("image/destroy", &[("public_id".into(), "b".into())], None).send().await.unwrap();
    assert_eq!(unsigned.status(), 400);
    assert_eq!(harness.get("/local/image/upload/b.png").await.status(), 200);
}

#[tokio::test]
async fn a_delete_token_deletes_once() {
    let harness = Harness::start().await;
    let answer = harness.upload(&[("public_id", "a"), ("return_delete_token", "1")], &png(4, 4), "a.png").await;
    let token = answer.str("delete_token").to_owned();
    let delete = async |token: &str| {
        let request = harness.http.post(harness.api("delete_by_token")).form(&[("token", token)]);
        Answer::of(request.send().await.unwrap()).await
    };
    assert_eq!(delete("other").await.message(), "Invalid token");
    assert_eq!(delete(&token).await.json, json!({"result": "ok"}));
    let again = delete(&token).await;
    assert_eq!((again.status, again.message()), (400, "Invalid token"));
    assert_eq!(harness.get("/local/image/upload/a").await.status(), 404);
}

#[tokio::test]
async fn a_token_speaks_of_one_version_only() {
    let harness = Harness::start().await;
    let answer = harness.upload(&[("public_id", "a"), ("return_delete_token", "1")], &png(4, 4), "a.png").await;
    harness.upload(&[("public_id", "a")], &png(8, 8), "a.png").await;
    let request = harness.http.post(harness.api("delete_by_token")).form(&[("token", answer.str("delete_token"))]);
    assert_eq!(Answer::of(request.send().await.unwrap()).await.status, 400);
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[tokio::test]
async fn presets_that_cannot_work_are_told_at_the_start() {
    use cloudinary_local::{Error, UploadPreset};
    for (name, value) in
        [("transformation", "w_abc"), ("overwrite", "perhaps"), ("allowed_formats", ","), ("colour", "red")]
    {
        let preset = UploadPreset::unsigned("p").parameter(name, value);
        let refused = cloudinary_local::LocalServer::builder().upload_preset(preset).start().await;
        assert!(matches!(refused, Err(Error::Setting { name: "upload_presets", .. })), "{name}: {refused:?}");
    }
}
