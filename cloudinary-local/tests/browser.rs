//! What a page of another origin needs: preflights, unsigned uploads, the redirect for hidden frames.

mod support;

use cloudinary_local::{LocalServer, UploadPreset};
use reqwest::Method;
use serde_json::json;
use support::{Answer, Harness, png};

const ORIGIN: &str = "http://localhost:3000";

async fn start() -> Harness {
    let preset = UploadPreset::unsigned("open")
        .parameter("folder", "visitors")
        .parameter("tags", "visitor")
        .parameter("allowed_formats", "png");
    let builder = LocalServer::builder()
        .upload_preset(preset)
        .upload_preset(UploadPreset::signed("closed").parameter("tags", "closed"))
        .callback_origin(ORIGIN);
    Harness::with(builder).await
}

#[tokio::test]
async fn a_preflight_allows_what_the_upload_field_sends() {
    let harness = start().await;
    for path in ["image/upload", "auto/upload", "delete_by_token"] {
        let answer = harness
            .http
            .request(Method::OPTIONS, harness.api(path))
            .header("origin", ORIGIN)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "content-range, content-disposition, x-requested-with, x-unique-upload-id",
            )
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 204);
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], "*");
        assert!(!headers.contains_key("access-control-allow-credentials"));
        assert!(headers["access-control-allow-methods"].to_str().unwrap().contains("POST"));
        let allowed = headers["access-control-allow-headers"].to_str().unwrap().to_ascii_lowercase();
        for name in ["x-requested-with", "x-unique-upload-id", "content-range", "content-disposition"] {
            assert!(allowed.split(", ").any(|known| known == name), "{name} in {allowed}");
        }
    }
}

#[tokio::test]
async fn answers_and_images_can_be_read_from_other_origins() {
    let harness = start().await;
    let request = harness
        .post("image/upload", &harness.signed(&[("public_id", "a")]), Some((&png(4, 4), "a.png")))
        .header("origin", ORIGIN)
        .header("x-requested-with", "XMLHttpRequest")
        // Sent with whole files too: it does not make them pieces.
        .header("x-unique-upload-id", "1e277cb93.da5c6");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert!(!answer.headers().contains_key("range"), "it would move the next offset of a chunked upload");
    let answer = Answer::of(answer).await;
    assert_eq!((answer.status, answer.json.get("done")), (200, None));
    for (path, status) in [("/local/image/upload/a.png", 200), ("/local/image/upload/b.png", 404)] {
        let image = harness.get(path).await;
        assert_eq!(image.status(), status);
        assert_eq!(image.headers()["access-control-allow-origin"], "*");
        assert!(image.headers()["access-control-expose-headers"].to_str().unwrap().contains("X-Cld-Error"));
    }
}

#[tokio::test]
async fn unsigned_uploads_follow_their_preset() {
    let harness = start().await;
    let send = async |params: support::Params<'_>, bytes: &[u8]| {
        let params: Vec<_> = params.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Answer::of(harness.post("image/upload", &params, Some((bytes, "a.png"))).send().await.unwrap()).await
    };
    let accepted = send(
        &[("upload_preset", "open"), ("public_id", "a"), ("folder", "mine"), ("tags", "own"), ("timestamp", "1")],
        &png(4, 4),
    )
    .await;
    assert_eq!((accepted.str("public_id"), &accepted.json["tags"]), ("visitors/a", &json!(["visitor", "own"])));
    let again = send(&[("upload_preset", "open"), ("public_id", "a")], &png(8, 8)).await;
    assert_eq!((&again.json["existing"], &again.json["width"]), (&json!(true), &json!(4)), "never overwritten");

    let jpeg = support::picture(cloudinary_pixels::Format::Jpeg, 4, 4);
    let table: [(support::Params<'_>, &[u8], &str); 6] = [
        (&[], b"", "Upload preset must be specified when using unsigned upload"),
        (&[("upload_preset", "none")], b"", "Upload preset not found"),
        (&[("upload_preset", "closed")], b"", "Upload preset must be whitelisted for unsigned uploads"),
        (
            &[("upload_preset", "open"), ("overwrite", "1")],
            b"",
            "Overwrite parameter is not allowed when using unsigned upload. Only upload_preset, callback, public_id, ",
        ),
        (&[("upload_preset", "open"), ("eager", "w_1"), ("type", "private")], b"", "Eager parameter is not allowed"),
        (&[("upload_preset", "open")], &jpeg, "Image file format jpg not allowed"),
    ];
    for (params, bytes, message) in table {
        let answer = send(params, bytes).await;
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(answer.message().starts_with(message), "{:?}, not {message:?}", answer.message());
    }
}

#[tokio::test]
async fn a_signed_request_may_use_any_preset_and_wins() {
    let harness = start().await;
    let answer = harness.upload(&[("upload_preset", "closed")], &png(4, 4), "a.png").await;
    assert_eq!(answer.json["tags"], json!(["closed"]));
    let answer = harness.upload(&[("upload_preset", "closed"), ("tags", "own")], &png(4, 4), "a.png").await;
    assert_eq!(answer.json["tags"], json!(["own"]));
}

#[tokio::test]
async fn hidden_frames_are_redirected() {
    let harness = start().await;
    let callback = format!("{ORIGIN}/cloudinary_cors.html");
    let params = harness.signed(&[("callback", &callback), ("public_id", "my pic"), ("tags", "a,b")]);
    let answer = harness.post("image/upload", &params, Some((&png(4, 4), "a.png"))).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    let target = answer.headers()["location"].to_str().unwrap();
    assert!(target.starts_with(&format!("{callback}?")), "{target}");
    for part in ["public_id=my%20pic&", "signature=", "version=", "resource_type=image", "type=upload", "format=png"] {
        assert!(target.contains(part), "{part} in {target}");
    }
    assert!(!target.contains('+') && !target.contains("tags"), "{target}");

    let refused = harness.post("image/upload", &params, Some((b"no image", "a.png"))).send().await.unwrap();
    assert_eq!(refused.status(), 302);
    let target = refused.headers()["location"].to_str().unwrap();
    assert!(target.starts_with(&format!("{callback}?error=Invalid%20image%20file")), "{target}");

    let by_script =
        harness.post("image/upload", &params, Some((&png(4, 4), "a.png"))).header("x-requested-with", "XMLHttpRequest");
    assert_eq!(Answer::of(by_script.send().await.unwrap()).await.status, 200);

    let elsewhere = harness.signed(&[("callback", "http://evil.example/a.html")]);
    let answer = harness.post("image/upload", &elsewhere, Some((&png(4, 4), "a.png"))).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(!answer.headers().contains_key("location"));
}
