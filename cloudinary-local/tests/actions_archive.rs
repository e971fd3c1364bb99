//! Archives, and signed links that download.

mod support;

use std::io::Read as _;

use serde_json::json;
use support::{Answer, Harness, Params, png};

async fn stocked() -> Harness {
    let harness = Harness::start().await;
    for (id, tags) in [("f/a", "x"), ("f/b", "x"), ("c", "y")] {
        harness
            .upload(&[("public_id", id), ("tags", tags)], &png(8, 4), &format!("{}.png", id.replace('/', "_")))
            .await;
    }
    harness.upload_as("raw", &[("public_id", "f/t.csv"), ("tags", "x")], b"a,b\n", "t.csv").await;
    harness
}

async fn create(harness: &Harness, resource_type: &str, params: Params<'_>) -> Answer {
    let path = format!("{resource_type}/generate_archive");
    Answer::of(harness.post(&path, &harness.signed(params), None).send().await.expect("an answer")).await
}

/// Names and contents, read from the central directory.
fn unzip(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let two = |at: usize| usize::from(u16::from_le_bytes([zip[at], zip[at + 1]]));
    let four = |at: usize| u32::from_le_bytes(zip[at..at + 4].try_into().unwrap()) as usize;
    let end = zip.len() - 22;
    let (count, mut at) = (two(end + 10), four(end + 16));
    let mut files = Vec::new();
    for _ in 0..count {
        assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
        let (method, packed, name_length, offset) = (two(at + 10), four(at + 20), two(at + 28), four(at + 42));
        let name = String::from_utf8(zip[at + 46..at + 46 + name_length].to_vec()).unwrap();
        assert_eq!(&zip[offset..offset + 4], b"PK\x03\x04");
        let start = offset + 30 + name_length;
        let packed = &zip[start..start + packed];
        let mut content = Vec::new();
        match method {
            0 => content.extend(packed),
            8 => drop(flate2::read::DeflateDecoder::new(packed).read_to_end(&mut content).unwrap()),
            other => panic!("method {other}"),
        }
        files.push((name, content));
        at += 46 + name_length;
    }
    files
}

#[tokio::test]
async fn what_goes_in() {
    let harness = stocked().await;
    let table: [(&str, Params<'_>, u32, &[&str]); 11] = [
        ("image", &[("tags", "x")], 2, &["f/a.png", "f/b.png"]),
        ("image", &[("tags", "x,y")], 3, &["f/a.png", "f/b.png", "c.png"]),
        ("image", &[("prefixes", "f/")], 2, &["f/a.png", "f/b.png"]),
        ("image", &[("public_ids", "c,f/a"), ("flatten_folders", "1")], 2, &["c.png", "a.png"]),
        ("all", &[("prefixes", "f/b,f/t")], 2, &["f/b.png", "f/t.csv"]),
        ("raw", &[("tags", "x")], 1, &["f/t.csv"]),
        ("image", &[("fully_qualified_public_ids", "raw/upload/f/t.csv,image/upload/c")], 2, &["f/t.csv", "c.png"]),
        (
            "image",
            &[("tags", "x"), ("use_original_filename", "1"), ("flatten_folders", "1")],
            2,
            &["f_a.png", "f_b.png"],
        ),
        (
            "image",
            &[("tags", "x"), ("transformations", "c_scale,w_4/jpg|w_2/e_sepia"), ("flatten_folders", "true")],
            2,
            &["c_scale,w_4/a.jpg", "w_2-e_sepia/a.png", "c_scale,w_4/b.jpg", "w_2-e_sepia/b.png"],
        ),
        (
            "image",
            &[("public_ids", "c"), ("transformations", "w_4|w_2"), ("skip_transformation_name", "1")],
            1,
            &["c.png", "c (1).png"],
        ),
        (
            "image",
            &[
                ("public_ids", "c,gone"),
                ("transformations", "w_4"),
                ("flatten_transformations", "1"),
                ("allow_missing", "1"),
            ],
            1,
            &["c-w_4.png"],
        ),
    ];
    for (resource_type, params, resources, names) in table {
        let done = create(&harness, resource_type, params).await;
        assert_eq!(done.status, 200, "{params:?}: {done:?}");
        assert_eq!((&done.json["resource_count"], &done.json["file_count"]), (&json!(resources), &json!(names.len())));
        assert_eq!((done.str("resource_type"), done.str("type")), ("raw", "upload"));
        let zip = harness.http.get(done.str("url")).send().await.unwrap();
        assert_eq!(zip.headers()["content-type"], "application/zip");
        let zip = zip.bytes().await.unwrap();
        assert_eq!(json!(zip.len()), done.json["bytes"]);
        let files = unzip(&zip);
        assert_eq!(files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names, "{params:?}");
    }
    let done = create(&harness, "raw", &[("tags", "x")]).await;
    let zip = harness.http.get(done.str("url")).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(unzip(&zip), [("f/t.csv".to_owned(), b"a,b\n".to_vec())]);
}

#[tokio::test]
async fn targets_and_refusals() {
    let harness = stocked().await;
    let params = [
        ("tags", "x"),
        ("target_public_id", "packs/one"),
        ("target_tags", "pack"),
        ("target_format", "tgz"),
        ("mode", "create"),
    ];
    let done = create(&harness, "image", &params).await;
    assert_eq!((done.str("public_id"), &done.json["tags"]), ("packs/one.tgz", &json!(["pack"])));
    let tgz = harness.get("/local/raw/upload/packs/one.tgz").await.bytes().await.unwrap();
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(&*tgz).read_to_end(&mut tar).unwrap();
    assert_eq!((&tar[..8], &tar[512..520]), (&b"f/a.png\0"[..], &b"\x89PNG\r\n\x1a\n"[..]));

    let table: [(Params<'_>, u16, &str); 7] = [
        (&[], 400, "Missing required parameter - public_ids, fully_qualified_public_ids, tags or prefixes"),
        (&[("public_ids", "c,gone")], 404, "Resource not found - gone"),
        (&[("tags", "nobody"), ("allow_missing", "1")], 404, "Resource not found - nothing to put into the archive"),
        (
            &[("tags", "x"), ("target_format", "rar")],
            400,
            "Invalid value for parameter target_format: rar; use zip or tgz",
        ),
        (&[("tags", "x"), ("target_public_id", "../a")], 400, "public_id (../a) is invalid"),
        (&[("tags", "x"), ("transformations", "w_abc")], 400, "Invalid width in transformation: abc"),
        (&[("tags", "x"), ("colour", "red")], 400, "Unknown parameter - colour"),
    ];
    for (params, status, message) in table {
        let refused = create(&harness, "image", params).await;
        assert_eq!(refused.status, status, "{params:?}");
        assert!(refused.message().starts_with(message), "{params:?}: {}", refused.message());
    }
}

/// A link with everything signed in its query.
fn link(harness: &Harness, path: &str, signed: &[(String, String)]) -> String {
    reqwest::Url::parse_with_params(&harness.api(path), signed).expect("a URL").into()
}

#[tokio::test]
async fn links_download() {
    let harness = stocked().await;
    let get = async |url: String| harness.http.get(url).send().await.expect("an answer");
    let archive = link(&harness, "image/generate_archive", &harness.signed(&[("mode", "download"), ("tags", "x")]));
    let answer = get(archive.clone()).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"application/zip".parse().unwrap())
    );
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment; "));
    assert_eq!(unzip(&answer.bytes().await.unwrap()).len(), 2);
    assert_eq!(get(archive.replace("tags=x", "tags=y")).await.status(), 401, "it is signed");
    let tag = link(&harness, "image/download_tag.zip", &harness.signed(&[("tag", "y"), ("transformation", "w_2")]));
    assert_eq!(unzip(&get(tag).await.bytes().await.unwrap())[0].0, "w_2/c.png");

    harness.upload(&[("public_id", "p"), ("type", "private")], &png(8, 4), "p.png").await;
    let private = |extra: Params<'_>, timestamp: i64| {
        let mut params = vec![("public_id", "p"), ("type", "private")];
        params.extend(extra);
        link(&harness, "image/download", &harness.signed_at(&params, timestamp))
    };
    let now = support::now();
    let plain = get(private(&[("format", "png")], now)).await;
    assert_eq!((plain.status().as_u16(), plain.headers().contains_key("content-disposition")), (200, false));
    assert_eq!(plain.bytes().await.unwrap(), png(8, 4));
    let saved = get(private(&[("format", "jpg"), ("attachment", "1")], now)).await;
    assert_eq!(saved.headers()["content-disposition"], "attachment; filename*=UTF-8''p%2Ejpg");
    let (soon, over) = ((now + 60).to_string(), (now - 1).to_string());
    let table: [(Params<'_>, i64, u16); 4] = [
        (&[], now - 4000, 400),
        (&[("expires_at", &soon)], now - 4000, 200),
        (&[("expires_at", &over)], now, 401),
        (&[("format", "exe")], now, 400),
    ];
    for (extra, timestamp, status) in table {
        assert_eq!(get(private(extra, timestamp)).await.status(), status, "{extra:?}");
    }
    let gone = link(&harness, "image/download", &harness.signed(&[("public_id", "gone")]));
    assert_eq!(get(gone).await.status(), 404);
}

#[tokio::test]
async fn backups_download() {
    let harness = Harness::start().await;
    let old = harness.upload(&[("public_id", "a"), ("backup", "1")], &png(4, 4), "a.png").await;
    harness.upload(&[("public_id", "a")], &png(8, 8), "a.png").await;
    let backup = async |version_id: &str| {
        let params = harness.signed(&[("asset_id", old.str("asset_id")), ("version_id", version_id)]);
        harness.http.get(link(&harness, "download_backup", &params)).send().await.expect("an answer")
    };
    let answer = backup(old.str("version_id")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.bytes().await.unwrap(), png(4, 4));
    assert_eq!(backup("0123").await.status(), 404);
    harness.destroy(&[("public_id", "a")]).await;
    assert_eq!(harness.get("/local/image/upload/a.png").await.status(), 404);
    assert_eq!(harness.destroy(&[("public_id", "a")]).await.json, json!({"result": "not found"}));
    assert_eq!(backup(old.str("version_id")).await.bytes().await.unwrap(), png(4, 4), "it outlives its asset");
    let again = harness.upload(&[("public_id", "a"), ("overwrite", "0")], &png(6, 6), "a.png").await;
    assert_eq!((&again.json["width"], again.json.get("existing")), (&json!(6), None), "a placeholder is nothing");
}

#[tokio::test]
async fn archives_are_bounded_together() {
    use cloudinary_local::{Limits, LocalServer};
    let table = [
        (Limits { archives_max_bytes: 10, ..Limits::default() }, 503, "Too much is packed and downloaded at a time"),
        (Limits { archive_max_files: 1, ..Limits::default() }, 400, "Too many files in the archive: at most 1"),
        (Limits { spool_max_bytes: 4_000, ..Limits::default() }, 200, ""),
    ];
    // Packing makes it no smaller.
    let mut state = 1_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(2_500)
    .collect();
    for (limits, status, message) in table {
        let harness = Harness::with(LocalServer::builder().limits(limits)).await;
        for id in ["a", "b"] {
            let stored = harness.upload_as("raw", &[("public_id", id), ("tags", "x")], &noise, id).await;
            assert_eq!(stored.status, 200, "{stored:?}");
        }
        let done = create(&harness, "raw", &[("tags", "x")]).await;
        assert_eq!(done.status, status, "{done:?}");
        assert!(done.message().starts_with(message), "{done:?}");
        if status == 200 {
            assert!(done.json["bytes"].as_u64() > Some(4_000), "larger than the budget of uploads: {done:?}");
        }
    }
}
