//! Files that come in pieces.

mod support;

use cloudinary_local::{Limits, LocalServer};
use serde_json::json;
use support::{Answer, Harness, png};

async fn start() -> Harness {
    let limits = Limits { chunk_min_bytes: 100, raw_max_bytes: 5000, ..Limits::default() };
    Harness::with(LocalServer::builder().limits(limits)).await
}

fn bytes(length: u32) -> Vec<u8> {
    (0..length).map(|i| (i * 31 % 251) as u8).collect()
}

impl Harness {
    async fn piece(&self, id: &str, range: &str, bytes: &[u8], params: support::Params<'_>) -> Answer {
        let request = self
            .post("raw/upload", &self.signed(params), Some((bytes, "data.bin")))
            .header("x-unique-upload-id", id)
            .header("content-range", format!("bytes {range}"));
        Answer::of(request.send().await.unwrap()).await
    }
}

#[tokio::test]
async fn in_order_with_the_total_known() {
    let harness = start().await;
    let whole = bytes(250);
    let tagged = [("public_id", "a.bin"), ("tags", "t")];
    let first = harness.piece("u1", "0-99/250", &whole[..100], &tagged).await;
    assert_eq!(
        first.json,
        json!({"done": false, "bytes": 100, "kind": "upload", "resource_type": "raw", "public_id": "a.bin"})
    );
    for (other, name) in [
        (&[("public_id", "a.bin")][..], "tags"),
        (&[("public_id", "a.bin"), ("tags", "u")], "tags"),
        (&[("public_id", "a.bin"), ("tags", "t"), ("overwrite", "0")], "overwrite"),
    ] {
        let refused = harness.piece("u1", "100-199/250", &whole[100..200], other).await;
        let message = format!("All parts must have the same parameters; this upload began with another {name}");
        assert_eq!((refused.status, refused.message()), (400, message.as_str()), "{other:?}");
    }
    harness.piece("u1", "100-199/250", &whole[100..200], &tagged).await;
    let last = harness.piece("u1", "200-249/250", &whole[200..], &tagged).await;
    assert_eq!(
        (&last.json["done"], &last.json["bytes"], &last.json["tags"]),
        (&json!(true), &json!(250), &json!(["t"]))
    );
    let stored = harness.get("/local/raw/upload/a.bin").await.bytes().await.unwrap();
    assert_eq!(stored, whole);

    // The sender did not hear the answer and asks again.
    let again = harness.piece("u1", "200-249/250", &whole[200..], &[("public_id", "a.bin")]).await;
    assert_eq!((&again.json["done"], &again.json["version"]), (&json!(true), &last.json["version"]));
}

#[tokio::test]
async fn in_any_order_with_the_total_told_at_the_end() {
    let harness = start().await;
    let whole = bytes(330);
    let settled = harness.piece("u2", "100-199/-1", &whole[100..200], &[]).await;
    let id = settled.str("public_id").to_owned();
    assert!(id.rsplit_once('.').is_some_and(|(_, extension)| extension == "bin"), "{id}");
    let last = harness.piece("u2", "200-329/330", &whole[200..], &[("public_id", &id)]).await;
    assert_eq!(last.json["done"], json!(false));
    let same_again = harness.piece("u2", "100-199/-1", &whole[100..200], &[("public_id", &id)]).await;
    assert_eq!((same_again.status, &same_again.json["done"]), (200, &json!(false)));
    let done = harness.piece("u2", "0-99/-1", &whole[..100], &[("public_id", &id)]).await;
    assert_eq!((&done.json["done"], done.str("public_id")), (&json!(true), id.as_str()));
    assert_eq!(harness.get(&format!("/local/raw/upload/{id}")).await.bytes().await.unwrap(), whole);
}

#[tokio::test]
async fn pieces_that_do_not_fit_are_refused() {
    let harness = start().await;
    let whole = bytes(300);
    harness.piece("u3", "0-99/300", &whole[..100], &[("public_id", "a")]).await;
    let table = [
        ("0-99/300", &whole[100..200], "Content-Range 0-99 overlaps bytes received before, with other content"),
        ("50-149/300", &whole[50..150], "Content-Range 50-149 overlaps"),
        ("100-199/301", &whole[100..200], "Content-Range 100-199 disagrees with the total size given before"),
        ("100-199/300", &whole[100..150], "Content-Range speaks of 100 bytes, but 50 came"),
        ("100-149/300", &whole[100..150], "All parts except EOF-chunk must be larger than 5mb"),
        ("300-199/300", &whole[..1], "Invalid Content-Range bytes 300-199/300"),
        ("0-99/6000", &whole[..100], "File size too large. Got 6000. Maximum is 5000."),
        ("5900-5999/-1", &whole[..100], "File size too large. Got 6000. Maximum is 5000."),
    ];
    for (range, bytes, message) in table {
        let answer = harness.piece("u3", range, bytes, &[("public_id", "a")]).await;
        assert_eq!(answer.status, 400, "{range}: {answer:?}");
        assert!(answer.message().starts_with(message), "{:?}, not {message:?}", answer.message());
    }
    let nameless = harness
        .post("raw/upload", &harness.signed(&[]), Some((&whole[..100], "a")))
        .header("content-range", "bytes 0-99/300");
    let answer = Answer::of(nameless.send().await.unwrap()).await;
    assert!(answer.message().starts_with("Missing required header - X-Unique-Upload-Id"), "{answer:?}");
    // What was refused has not spoiled what was kept.
    harness.piece("u3", "100-199/300", &whole[100..200], &[("public_id", "a")]).await;
    let done = harness.piece("u3", "200-299/300", &whole[200..], &[("public_id", "a")]).await;
    assert_eq!(done.json["done"], json!(true));
    assert_eq!(harness.get("/local/raw/upload/a").await.bytes().await.unwrap(), whole);
}

#[tokio::test]
async fn an_id_used_again_begins_another_file() {
    let harness = start().await;
    let (one, two) = (bytes(200), vec![7; 200]);
    for _ in 0..2 {
        let done = harness.piece("again", "0-199/200", &one, &[("public_id", "c1")]).await;
        assert_eq!((done.str("public_id"), &done.json["done"]), ("c1", &json!(true)), "the same is answered the same");
    }
    let other = harness.piece("again", "0-199/200", &two, &[("public_id", "c2")]).await;
    assert_eq!(other.str("public_id"), "c2");
    assert_eq!(harness.get("/local/raw/upload/c1").await.bytes().await.unwrap(), one);
    assert_eq!(harness.get("/local/raw/upload/c2").await.bytes().await.unwrap(), two);
    let renamed = harness.piece("again", "0-199/200", &two, &[("public_id", "c3")]).await;
    assert_eq!(renamed.str("public_id"), "c3", "the same bytes for another asset");

    harness.piece("begun", "0-99/200", &one[..100], &[("public_id", "d1")]).await;
    for params in [&[("public_id", "d2")][..], &[("public_id", "d1"), ("type", "private")]] {
        let refused = harness.piece("begun", "100-199/200", &one[100..], params).await;
        assert_eq!(refused.status, 400, "{refused:?}");
        assert!(refused.message().starts_with("All parts must have the same public_id and type"), "{refused:?}");
    }
    let done = harness.piece("begun", "100-199/200", &one[100..], &[("public_id", "d1")]).await;
    assert_eq!(done.json["done"], json!(true));
}

#[tokio::test]
async fn two_senders_do_not_mix() {
    let harness = start().await;
    let (one, two) = (bytes(200), vec![7; 200]);
    harness.piece("x", "0-99/200", &one[..100], &[("public_id", "one")]).await;
    harness.piece("y", "0-99/200", &two[..100], &[("public_id", "two")]).await;
    harness.piece("x", "100-199/200", &one[100..], &[("public_id", "one")]).await;
    harness.piece("y", "100-199/200", &two[100..], &[("public_id", "two")]).await;
    assert_eq!(harness.get("/local/raw/upload/one").await.bytes().await.unwrap(), one);
    assert_eq!(harness.get("/local/raw/upload/two").await.bytes().await.unwrap(), two);
}

#[tokio::test]
async fn a_restart_in_between_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { chunk_min_bytes: 100, ..Limits::default() };
    let builder = || LocalServer::builder().data_folder(folder.path()).limits(limits.clone());
    let whole = bytes(200);
    let harness = Harness::with(builder()).await;
    harness.piece("r", "0-99/200", &whole[..100], &[("public_id", "a")]).await;
    harness.server.shutdown().await;
    let harness = Harness::with(builder()).await;
    let done = harness.piece("r", "100-199/200", &whole[100..], &[("public_id", "a")]).await;
    assert_eq!(done.json["done"], json!(true));
    assert_eq!(harness.get("/local/raw/upload/a").await.bytes().await.unwrap(), whole);
}

#[tokio::test]
async fn the_whole_is_checked_like_any_file() {
    let harness = start().await;
    let image = png(200, 200);
    let send = async |id: &str, range: String, bytes: &[u8]| {
        let request = harness
            .post("image/upload", &harness.signed(&[("public_id", "img")]), Some((bytes, "a.png")))
            .header("x-unique-upload-id", id)
            .header("content-range", range);
        Answer::of(request.send().await.unwrap()).await
    };
    let (length, half) = (image.len(), image.len() / 2);
    let mut broken = image.clone();
    broken[half..].fill(0);
    for (id, bytes) in [("bad", &broken), ("good", &image)] {
        send(id, format!("bytes 0-{}/{length}", half - 1), &bytes[..half]).await;
        let last = send(id, format!("bytes {half}-{}/{length}", length - 1), &bytes[half..]).await;
        if id == "bad" {
            assert!(last.message().starts_with("Invalid image file"), "{last:?}");
        } else {
            assert_eq!((&last.json["done"], &last.json["width"]), (&json!(true), &json!(200)));
        }
    }
}
