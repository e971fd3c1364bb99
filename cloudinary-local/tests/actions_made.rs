//! Images that are made of others: sprites, animations, single pages.

mod support;

use cloudinary_pixels::{Bitmap, Color, Encode, Format, Frame, Limits, Picture, decode, encode};
use serde_json::json;
use support::{Answer, Harness, Params, plain, png};

async fn act(harness: &Harness, path: &str, params: Params<'_>) -> Answer {
    Answer::of(harness.post(path, &harness.signed(params), None).send().await.expect("an answer")).await
}

async fn fetch(harness: &Harness, url: &str) -> (String, Vec<u8>) {
    let answer = harness.http.get(url).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{url}");
    let content_type = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (content_type, answer.bytes().await.unwrap().to_vec())
}

async fn tagged() -> Harness {
    let harness = Harness::start().await;
    harness.upload(&[("public_id", "red"), ("tags", "logo")], &plain(Color::rgb(255, 0, 0)), "r.png").await;
    harness.upload(&[("public_id", "f/four"), ("tags", "logo")], &png(20, 10), "f.png").await;
    harness
}

#[tokio::test]
async fn sprite() {
    let harness = tagged().await;
    let done = act(&harness, "image/sprite", &[("tag", "logo")]).await;
    assert_eq!((done.status, done.str("public_id")), (200, "logo"), "{done:?}");
    let infos = json!({
        "red": {"x": 0, "y": 0, "width": 8, "height": 8},
        "f/four": {"x": 0, "y": 8, "width": 20, "height": 10},
    });
    assert_eq!(done.json["image_infos"], infos);
    let (content_type, bytes) = fetch(&harness, done.str("image_url")).await;
    let sheet = decode(&bytes, &Limits::default()).unwrap();
    assert_eq!((content_type.as_str(), sheet.size()), ("image/png", (20, 18)));
    assert_eq!(sheet.bitmap().get(4, 4), Some([255, 0, 0, 255]));
    assert_eq!(sheet.bitmap().get(15, 4).map(|[.., alpha]| alpha), Some(0));
    assert_eq!(sheet.bitmap().get(18, 16), Some([200, 200, 30, 255]));
    let (content_type, css) = fetch(&harness, done.str("css_url")).await;
    let css = String::from_utf8(css).unwrap();
    assert_eq!(content_type, "text/css; charset=utf-8");
    assert!(
        css.contains(".f_four { background: url('") && css.contains("-0px -8px; width: 20px; height: 10px"),
        "{css}"
    );
    let (_, told) = fetch(&harness, done.str("json_url")).await;
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&told).unwrap(), infos);

    let small = act(&harness, "image/sprite", &[("tag", "logo"), ("transformation", "c_fill,h_4,w_4/f_jpg")]).await;
    assert_eq!(small.json["image_infos"]["f/four"], json!({"x": 0, "y": 4, "width": 4, "height": 4}));
    assert!(small.str("image_url").contains(".jpg"), "{small:?}");
    assert_eq!(decode(&fetch(&harness, small.str("image_url")).await.1, &Limits::default()).unwrap().size(), (4, 8));

    let table: [(Params<'_>, u16, &str); 4] = [
        (&[], 400, "Missing required parameter - tag"),
        (&[("tag", "nobody")], 404, "Resource not found - no images with tag nobody"),
        (&[("tag", "logo"), ("urls", "http://a/b.png")], 400, "Either tag or urls is given, not both"),
        (&[("urls", "http://127.0.0.1:9/b.png")], 400, "Error in loading http://127.0.0.1:9/b.png"),
    ];
    for (params, status, message) in table {
        let refused = act(&harness, "image/sprite", params).await;
        assert_eq!(refused.status, status, "{params:?}: {refused:?}");
        assert!(refused.message().starts_with(message), "{params:?}: {}", refused.message());
    }
}

#[tokio::test]
async fn multi() {
    let harness = tagged().await;
    let done = act(&harness, "image/multi", &[("tag", "logo")]).await;
    assert_eq!((done.status, done.str("public_id")), (200, "logo"), "{done:?}");
    assert!(done.str("url").contains("/image/multi/v") && done.str("url").ends_with("/logo.gif"), "{done:?}");
    let movie = decode(&fetch(&harness, done.str("url")).await.1, &Limits::default()).unwrap();
    assert_eq!((movie.frame_count(), movie.size()), (2, (20, 10)));
    let fitted = act(&harness, "image/multi", &[("tag", "logo"), ("transformation", "c_fill,h_6,w_6")]).await;
    assert_eq!(fitted.str("public_id"), "logo,c_fill,h_6,w_6");
    assert_eq!(decode(&fetch(&harness, fitted.str("url")).await.1, &Limits::default()).unwrap().size(), (6, 6));
    for (name, value) in
        [("format", "pdf"), ("format", "webp"), ("transformation", "f_webp"), ("transformation", "f_mp4")]
    {
        assert_eq!(act(&harness, "image/multi", &[("tag", "logo"), (name, value)]).await.status, 400, "{name} {value}");
    }
}

#[tokio::test]
async fn explode() {
    let harness = Harness::start().await;
    let colors = [Color::rgb(255, 0, 0), Color::rgb(0, 255, 0), Color::rgb(0, 0, 255)];
    let frames = colors.map(|color| Frame { bitmap: Bitmap::filled(6, 4, color), delay: 50 });
    let movie = Picture::animation(frames.to_vec(), 0).unwrap();
    let gif = encode(&movie, Format::Gif, &Encode::default()).unwrap();
    let stored = harness.upload(&[("public_id", "movie")], &gif, "m.gif").await;
    assert_eq!(stored.json["pages"], 3);
    let done = act(&harness, "image/explode", &[("public_id", "movie"), ("transformation", "pg_all")]).await;
    assert_eq!((done.status, done.str("status"), done.str("batch_id").len()), (200, "processing", 32), "{done:?}");
    for (page, color) in colors.iter().enumerate() {
        let url = format!("{}/local/image/upload/pg_{}/movie.png", harness.server.url(), page + 1);
        let picture = decode(&fetch(&harness, &url).await.1, &Limits::default()).unwrap();
        assert_eq!(picture.bitmap().get(2, 2), Some([color.r, color.g, color.b, 255]), "{url}");
    }
    for (page, status) in [("pg_4", 400), ("pg_0", 400), ("pg_all", 400), ("pg_1-2", 400), ("pg_3", 200)] {
        assert_eq!(harness.get(&format!("/local/image/upload/{page}/movie.gif")).await.status(), status, "{page}");
    }
    let missing = act(&harness, "image/explode", &[("public_id", "gone")]).await;
    assert_eq!((missing.status, missing.message()), (404, "Resource not found - gone"));
}

#[tokio::test]
async fn what_is_not_carried_out_says_so() {
    let harness = Harness::start().await;
    for (path, params, message) in [
        ("image/text", ("text", "Hi"), "The action text is not carried out by cloudinary-local: no fonts come with it"),
        (
            "video/create_slideshow",
            ("manifest_json", "{}"),
            "The action create_slideshow is not carried out by cloudinary-local: video is not carried out",
        ),
    ] {
        let refused = act(&harness, path, &[params]).await;
        assert_eq!((refused.status, refused.message()), (400, message));
    }
    let unsigned = harness.post("image/text", &[("text".into(), "Hi".into())], None).send().await.unwrap();
    assert_eq!(Answer::of(unsigned).await.message(), "Upload preset must be specified when using unsigned upload");
}
