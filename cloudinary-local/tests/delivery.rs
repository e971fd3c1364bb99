//! What delivery URLs answer.

mod support;

use std::sync::Arc;

use cloudinary_core::{Flag, Secret, Transformation};
use cloudinary_local::LocalServer;
use cloudinary_pixels::{Format, Limits, probe};
use reqwest::{Method, Response};
use support::{Harness, picture, png};

async fn start() -> Harness {
    let thumb: Transformation = "c_fill,h_10,w_20".parse().unwrap();
    let builder = LocalServer::builder().named_transformation("thumb", thumb).credentials("key", Secret::from("b"));
    Harness::with(builder).await
}

async fn size(response: Response) -> (Option<Format>, u32, u32) {
    assert_eq!(response.status(), 200, "{:?}", response.headers().get("x-cld-error"));
    let bytes = response.bytes().await.unwrap();
    let info = probe(&bytes, &Limits::default()).expect("an image");
    (Some(info.format), info.width, info.height)
}

#[tokio::test]
async fn transformations_and_formats() {
    let harness = start().await;
    harness.upload(&[("public_id", "a/photo")], &picture(Format::Jpeg, 100, 50), "p.jpg").await;
    let table = [
        ("v1/a/photo.jpg", Format::Jpeg, 100, 50),
        ("v1/a/photo", Format::Jpeg, 100, 50),
        ("a/photo.png", Format::Png, 100, 50),
        ("a/photo.jpeg", Format::Jpeg, 100, 50),
        ("c_fill,h_30,w_30/v1/a/photo.jpg", Format::Jpeg, 30, 30),
        ("w_30,h_30,c_fill/v1/a/photo.webp", Format::Webp, 30, 30),
        ("c_scale,w_50/v1/a/photo.gif", Format::Gif, 50, 25),
        ("t_thumb/v1/a/photo.jpg", Format::Jpeg, 20, 10),
        ("c_crop,h_20,w_20/e_sepia/a/photo", Format::Jpeg, 20, 20),
        ("w_25,c_scale,f_png/a/photo", Format::Png, 25, 13),
    ];
    for (path, format, width, height) in table {
        let response = harness.get(&format!("/local/image/upload/{path}")).await;
        assert_eq!(response.headers()["content-type"], format.mime(), "{path}");
        assert_eq!(size(response).await, (Some(format), width, height), "{path}");
    }
}

#[tokio::test]
async fn refusals_have_no_body_and_say_why() {
    let harness = start().await;
    harness.upload(&[("public_id", "a")], &png(10, 10), "a.png").await;
    harness.upload_as("raw", &[("public_id", "t.txt")], b"text", "t.txt").await;
    let long = format!("image/upload/{}", "x".repeat(300));
    let table = [
        ("image/upload/none.jpg", 404, "Resource not found - none"),
        ("image/upload/../../../etc/passwd", 404, "Resource not found"),
        ("image/upload/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404, "Resource not found - ../../etc/passwd"),
        ("image/upload/a%00.jpg", 404, "Resource not found - a"),
        (&long, 400, "public_id is too long"),
        ("image/upload/w_abc,c_scale/a.png", 400, "Invalid width in transformation: abc"),
        ("image/upload/t_none/a.png", 400, "Unknown transformation none"),
        ("image/upload/ab_cd/a.png", 400, "Invalid transformation component - ab_cd"),
        ("image/upload/c_sideways,w_1/a.png", 400, "Invalid crop in transformation: sideways"),
        ("image/upload/e_art:zorro/a.png", 400, "The effect art is not supported"),
        ("image/upload/l_none/a.png", 404, "Resource not found - none"),
        ("image/upload/a.avif", 400, "Invalid extension in transformation: avif"),
        ("image/upload/c_scale,w_100000/a.png", 400, "Maximum image size is 50 Megapixels."),
        ("raw/upload/w_10,c_scale/t.txt", 400, "Raw files cannot be transformed"),
        ("video/upload/a.mp4", 400, "Resource type video is not carried out by cloudinary-local"),
        ("image/fetch/http://a/b.jpg", 400, "Delivery type fetch is not carried out by cloudinary-local"),
    ];
    for (path, status, message) in table {
        let response = harness.get(&format!("/local/{path}")).await;
        let error = String::from_utf8_lossy(response.headers()["x-cld-error"].as_bytes()).into_owned();
        assert_eq!(response.status(), status, "{path}: {error}");
        assert!(error.starts_with(message) && !error.is_empty(), "{path}: {error:?}, not {message:?}");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.bytes().await.unwrap().is_empty(), "{path}");
    }
    assert_eq!(harness.get("/other/image/upload/a.png").await.status(), 404);
}

#[tokio::test]
async fn caches_are_told_the_truth() {
    let harness = start().await;
    let uploaded = harness.upload(&[("public_id", "a")], &png(40, 40), "a.png").await;
    let version = uploaded.json["version"].as_i64().unwrap();
    for steps in ["", "c_scale,w_20/"] {
        let lasting = harness.get(&format!("/local/image/upload/{steps}v{version}/a.png")).await;
        assert_eq!(lasting.headers()["cache-control"], "public, max-age=2592000");
        let path = format!("/local/image/upload/{steps}a.png");
        let fresh = harness.get(&path).await;
        assert_eq!(fresh.headers()["cache-control"], "public, no-cache");
        let etag = fresh.headers()["etag"].clone();
        let modified = fresh.headers()["last-modified"].clone();
        let url = format!("{}{path}", harness.server.url());
        for (name, value, status) in [
            ("if-none-match", etag.to_str().unwrap(), 304),
            ("if-none-match", "\"other\"", 200),
            ("if-none-match", "*", 304),
            ("if-modified-since", modified.to_str().unwrap(), 304),
        ] {
            let answer = harness.http.get(&url).header(name, value).send().await.unwrap();
            assert_eq!(answer.status(), status, "{name}: {value}");
            assert_eq!(answer.headers()["etag"], etag);
        }
        let head = harness.http.request(Method::HEAD, &url).send().await.unwrap();
        assert_eq!(head.headers()["content-length"], fresh.headers()["content-length"]);
        let whole = fresh.bytes().await.unwrap();
        let part = harness.http.get(&url).header("range", "bytes=4-7").send().await.unwrap();
        assert_eq!(part.status(), 206);
        assert_eq!(part.headers()["content-range"], format!("bytes 4-7/{}", whole.len()));
        assert_eq!(part.bytes().await.unwrap(), whole[4..8]);
        let outside = harness.http.get(&url).header("range", "bytes=999999-").send().await.unwrap();
        assert_eq!(outside.status(), 416);
    }
}

#[tokio::test]
async fn derived_images_are_made_once_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let builder = || LocalServer::builder().data_folder(folder.path());
    let harness = Arc::new(Harness::with(builder()).await);
    harness.upload(&[("public_id", "a")], &png(400, 400), "a.png").await;
    let mut together = Vec::new();
    for _ in 0..8 {
        let harness = Arc::clone(&harness);
        together.push(tokio::spawn(async move {
            harness.get("/local/image/upload/c_scale,w_100/a.png").await.bytes().await.unwrap()
        }));
    }
    let mut images = Vec::new();
    for one in together {
        images.push(one.await.unwrap());
    }
    assert!(images.windows(2).all(|pair| pair[0] == pair[1]));
    let count = || {
        let shelves = std::fs::read_dir(folder.path().join("blobs")).unwrap();
        shelves.map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap().count()).sum::<usize>()
    };
    assert_eq!(count(), 2, "the original and one derived image");
    // The same steps in another order are the same image.
    harness.get("/local/image/upload/w_100,c_scale/v1/a.png").await;
    assert_eq!(count(), 2);
    let modified = harness.get("/local/image/upload/c_scale,w_100/a.png").await.headers()["last-modified"].clone();
    Arc::into_inner(harness).unwrap().server.shutdown().await;

    let harness = Harness::with(builder()).await;
    let again = harness.get("/local/image/upload/c_scale,w_100/a.png").await;
    assert_eq!(again.headers()["last-modified"], modified, "from the store, not made again");
    assert_eq!(again.bytes().await.unwrap(), images[0]);
    harness.upload(&[("public_id", "a")], &png(300, 100), "a.png").await;
    assert_eq!(size(harness.get("/local/image/upload/c_scale,w_100/a.png").await).await.2, 33, "of the new image");
    harness.destroy(&[("public_id", "a")]).await;
    assert_eq!(count(), 0, "what was derived goes with it");
    assert_eq!(harness.get("/local/image/upload/c_scale,w_100/a.png").await.status(), 404);
}

/// The color in the middle of a delivered PNG.
async fn middle(harness: &Harness, path: &str) -> [u8; 4] {
    let response = harness.get(path).await;
    assert_eq!(response.status(), 200, "{path}: {:?}", response.headers().get("x-cld-error"));
    let picture = cloudinary_pixels::decode(&response.bytes().await.unwrap(), &Limits::default()).unwrap();
    let (width, height) = picture.size();
    picture.bitmap().get(width / 2, height / 2).unwrap()
}

#[tokio::test]
async fn what_an_image_is_made_of_names_it() {
    use cloudinary_pixels::Color;
    let folder = tempfile::tempdir().unwrap();
    let builder = |named: &str| {
        LocalServer::builder().data_folder(folder.path()).named_transformation("look", named.parse().unwrap())
    };
    let harness = Harness::with(builder("c_scale,w_30")).await;
    harness.upload(&[("public_id", "base")], &support::plain(Color::rgb(250, 0, 0)), "a.png").await;
    harness.upload(&[("public_id", "logo")], &support::plain(Color::rgb(0, 250, 0)), "a.png").await;
    let overlaid = "/local/image/upload/l_logo/base.png";
    assert_eq!(middle(&harness, overlaid).await, [0, 250, 0, 255]);
    harness.upload(&[("public_id", "logo")], &support::plain(Color::rgb(0, 0, 250)), "a.png").await;
    assert_eq!(middle(&harness, overlaid).await, [0, 0, 250, 255], "of the new logo");
    harness.destroy(&[("public_id", "logo")]).await;
    assert_eq!(harness.get(overlaid).await.status(), 404, "there is no logo any more");

    let named = "/local/image/upload/t_look/base.png";
    assert_eq!(size(harness.get(named).await).await.1, 30);
    harness.server.shutdown().await;
    let harness = Harness::with(builder("c_scale,w_40")).await;
    assert_eq!(size(harness.get(named).await).await.1, 40, "as it is defined now");

    // The same bytes, told otherwise of.
    let (bytes, path) = (png(100, 100), "/local/image/upload/c_crop,g_custom/told.png");
    for coordinates in ["0,0,10,10", "0,0,20,20"] {
        harness.upload(&[("public_id", "told"), ("custom_coordinates", coordinates)], &bytes, "a.png").await;
        assert_eq!(size(harness.get(path).await).await.1.to_string(), &coordinates[4..6]);
    }
}

#[tokio::test]
async fn derived_images_do_not_fill_the_disk() {
    use cloudinary_local::Limits;
    let folder = tempfile::tempdir().unwrap();
    let count = || {
        let shelves = std::fs::read_dir(folder.path().join("blobs")).unwrap();
        shelves.map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap().count()).sum::<usize>()
    };
    let limits = Limits { derived_max_bytes: 1000, ..Limits::default() };
    let harness = Harness::with(LocalServer::builder().data_folder(folder.path()).limits(limits)).await;
    harness.upload(&[("public_id", "a")], &png(40, 40), "a.png").await;
    let mut all = 0;
    for width in 1..40 {
        let image = harness.get(&format!("/local/image/upload/c_scale,w_{width}/a.png")).await;
        all += image.bytes().await.unwrap().len();
    }
    let blobs = count();
    assert!(all > 2000 && (2..20).contains(&blobs), "{blobs} of 40 are kept, of {all} bytes");
    // Not one fits: they are delivered, and not kept.
    let gone = Harness::with(LocalServer::builder().limits(Limits { derived_max: 0, ..Limits::default() })).await;
    gone.upload(&[("public_id", "a")], &png(40, 40), "a.png").await;
    assert_eq!(size(gone.get("/local/image/upload/c_scale,w_7/a.png").await).await.1, 7);
    let limits = Limits { derived_result_max_bytes: 20, ..Limits::default() };
    let small = Harness::with(LocalServer::builder().limits(limits)).await;
    small.upload(&[("public_id", "a")], &png(40, 40), "a.png").await;
    assert_eq!(small.get("/local/image/upload/c_scale,w_7/a.png").await.status(), 400);
}

#[tokio::test]
async fn private_and_authenticated_assets_need_a_signature() {
    use cloudinary_core::signing::{SignatureAlgorithm, sign_url};
    let harness = start().await;
    for kind in ["private", "authenticated"] {
        let answer = harness.upload(&[("public_id", "a"), ("type", kind)], &png(10, 10), "a.png").await;
        let own = harness.http.get(answer.str("url")).send().await.unwrap();
        assert_eq!(own.status(), 200, "the answer's own URL is signed: {}", answer.str("url"));
        assert!(own.headers()["cache-control"].to_str().unwrap().starts_with("private"));
    }
    harness.upload(&[("public_id", "open")], &png(10, 10), "a.png").await;
    let sign = |text: &str| sign_url(text, &Secret::from("b"), SignatureAlgorithm::Sha1, false);
    let table = [
        ("private/a.png".to_owned(), 401),
        ("private/c_scale,w_5/a.png".to_owned(), 200),
        ("authenticated/a.png".to_owned(), 401),
        ("authenticated/c_scale,w_5/a.png".to_owned(), 401),
        (format!("authenticated/{}/a.png", sign("a.png")), 200),
        (format!("authenticated/{}/v7/a.png", sign("a.png")), 200),
        (format!("authenticated/{}/c_scale,w_5/a.png", sign("c_scale,w_5/a.png")), 200),
        (format!("authenticated/{}/c_scale,w_6/a.png", sign("c_scale,w_5/a.png")), 401),
        (format!("upload/{}/open.png", sign("other.png")), 401),
        ("upload/l_authenticated:a/open.png".to_owned(), 401),
        (format!("upload/{}/l_authenticated:a/open.png", sign("l_authenticated:a/open.png")), 200),
        // Once made for who may see it, it is still not for everybody.
        ("upload/l_authenticated:a/open.png".to_owned(), 401),
    ];
    for (path, status) in table {
        let response = harness.get(&format!("/local/image/{path}")).await;
        assert_eq!(response.status(), status, "{path} {:?}", response.headers().get("x-cld-error"));
    }
}

#[tokio::test]
async fn raw_files_run_nowhere() {
    let harness = start().await;
    let page = b"<script>alert(1)</script>";
    for (id, content_type, saved) in [
        ("page.html", "text/html", true),
        ("drawing.svg", "image/svg+xml", true),
        ("notes.txt", "text/plain; charset=utf-8", false),
        ("data.bin", "application/octet-stream", false),
    ] {
        harness.upload_as("raw", &[("public_id", id)], page, id).await;
        let response = harness.get(&format!("/local/raw/upload/{id}")).await;
        let headers = response.headers();
        assert_eq!(headers["content-type"], content_type);
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["content-security-policy"], "default-src 'none'; sandbox");
        assert_eq!(headers.contains_key("content-disposition"), saved, "{id}");
        assert_eq!(response.bytes().await.unwrap(), page.as_slice());
    }
}

#[tokio::test]
async fn attachments_and_automatic_formats() {
    let harness = start().await;
    harness.upload(&[("public_id", "f/photo")], &picture(Format::Jpeg, 20, 20), "p.jpg").await;
    for (steps, name) in [
        ("fl_attachment", "photo.jpg"),
        ("fl_attachment:tree", "tree.jpg"),
        ("c_scale,fl_attachment:tree,w_10", "tree.jpg"),
        ("fl_attachment:v1%252E2", "v1.2.jpg"),
    ] {
        let response = harness.get(&format!("/local/image/upload/{steps}/v1/f/photo.jpg")).await;
        let name = name.replace('.', "%2E");
        assert_eq!(response.headers()["content-disposition"], format!("attachment; filename*=UTF-8''{name}"));
    }
    let parted = harness.get("/local/image/upload/fl_attachment:v1%2E2/v1/f/photo.jpg").await;
    assert_eq!(parted.status(), 400, "a dot that is escaped once parts two flags");
    // Whatever the name, it arrives.
    for (name, expected) in [
        ("report 1.2", "report%201%2E2%2Ejpg"),
        ("a,b/c:d;e", "a%2Cb%2Fc%3Ad%3Be%2Ejpg"),
        ("50% é?#(1)", "50%25%20%C3%A9%3F%23%281%29%2Ejpg"),
        ("a%2Cb", "a%252Cb%2Ejpg"),
    ] {
        let steps = Transformation::new().width(10).crop("scale").flags([Flag::attachment(name)]);
        let response = harness.get(&format!("/local/image/upload/{steps}/v1/f/photo.jpg")).await;
        let disposition = response.headers().get("content-disposition").map(|value| value.to_str().unwrap());
        assert_eq!(disposition, Some(&*format!("attachment; filename*=UTF-8''{expected}")), "{name}");
    }
    let url = format!("{}/local/image/upload/f_auto/f/photo.jpg", harness.server.url());
    for (accept, format) in
        [("image/avif,image/webp,*/*;q=0.8", "image/webp"), ("*/*", "image/jpeg"), ("image/webp;q=0,*/*", "image/jpeg")]
    {
        let response = harness.http.get(&url).header("accept", accept).send().await.unwrap();
        assert_eq!(
            (&response.headers()["content-type"], &response.headers()["vary"]),
            (&format.parse().unwrap(), &"Accept".parse().unwrap())
        );
    }
}

#[tokio::test]
async fn a_webp_goes_to_those_who_take_it() {
    let harness = start().await;
    harness.upload(&[("public_id", "w"), ("format", "webp")], &png(20, 20), "p.png").await;
    let url = format!("{}/local/image/upload/f_auto/w", harness.server.url());
    for (accept, format) in [
        ("image/webp,*/*", "image/webp"),
        ("*/*", "image/webp"),
        ("image/png,image/jpeg", "image/png"),
        ("image/webp;q=0,*/*", "image/png"),
    ] {
        let response = harness.http.get(&url).header("accept", accept).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], format, "{accept}");
    }
}

#[tokio::test]
async fn an_id_may_have_a_dot() {
    let harness = start().await;
    for (id, side) in [("rep", 10), ("rep.v2", 20)] {
        harness.upload(&[("public_id", id)], &png(side, side), "p.png").await;
    }
    for (path, side) in [("rep", 10), ("rep.png", 10), ("rep.v2", 20), ("rep.v2.png", 20)] {
        assert_eq!(size(harness.get(&format!("/local/image/upload/{path}")).await).await.1, side, "{path}");
    }
}

#[tokio::test]
async fn eager_versions_are_ready() {
    let harness = start().await;
    let params = [("public_id", "a"), ("eager", "w_660,h_400,c_pad,b_blue/png|t_thumb|c_scale,w_10")];
    let answer = harness.upload(&params, &picture(Format::Jpeg, 100, 50), "a.jpg").await;
    let eager = answer.json["eager"].as_array().expect("a list");
    let expected =
        [("b_blue,c_pad,h_400,w_660/png", 660, 400, "png"), ("t_thumb", 20, 10, "jpg"), ("c_scale,w_10", 10, 5, "jpg")];
    assert_eq!(eager.len(), expected.len());
    for (made, (transformation, width, height, format)) in eager.iter().zip(expected) {
        assert_eq!(made["transformation"], transformation);
        assert_eq!((&made["width"], &made["height"], &made["format"]), (&width.into(), &height.into(), &format.into()));
        let response = harness.http.get(made["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(response.content_length(), made["bytes"].as_u64());
        assert_eq!(size(response).await.1, width);
    }
}

#[tokio::test]
async fn incoming_transformations_change_what_is_stored() {
    let harness = start().await;
    let answer =
        harness.upload(&[("public_id", "a"), ("transformation", "c_limit,h_20,w_20")], &png(80, 40), "a.png").await;
    assert_eq!((&answer.json["width"], &answer.json["height"]), (&20.into(), &10.into()));
    assert_eq!(size(harness.get("/local/image/upload/a.png").await).await, (Some(Format::Png), 20, 10));
}
