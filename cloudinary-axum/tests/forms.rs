//! One form, both flows, against the embedded media server.

#[allow(dead_code)] // Each test uses its part.
mod support;

use axum::body::Body;
use cloudinary_core::{AssetRef, UploadOptions, UploadSource};
use http::StatusCode;
use support::{Album, Part, astronaut, multipart, photo, urlencoded};

fn file<'a>(name: &'a str, filename: &'a str, content: &'a [u8]) -> Part<'a> {
    Part { name, filename: Some(filename), content }
}

fn text<'a>(name: &'a str, content: &'a str) -> Part<'a> {
    Part { name, filename: None, content: content.as_bytes() }
}

#[tokio::test]
async fn a_file_goes_through_the_server() {
    let album = Album::start().await;
    for (parts, title) in [
        (vec![text("title", "Me"), file("image", "me.jpg", astronaut())], "Me"),
        // The title may come after the file.
        (vec![file("image", "me.jpg", astronaut()), text("title", "After")], "After"),
        // The direct-upload field without JavaScript: an empty hidden input, then a part named `file`.
        (vec![text("title", "Direct"), text("image", ""), file("file", "me.jpg", astronaut())], "Direct"),
        (vec![text("title", "Only"), file("file", "me.jpg", astronaut())], "Only"),
    ] {
        let answer = album.post(multipart(&parts)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let (stored_title, asset) = answer.text.split_once('|').unwrap();
        assert_eq!(stored_title, title);
        assert_eq!(album.delivered(asset).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_direct_upload_is_taken_by_its_signature() {
    let album = Album::start().await;
    let presigned = album.presigned(astronaut(), &UploadOptions::new()).await;
    let tickets = [album.ticket().await, album.ticket().await, album.ticket().await, album.ticket().await];
    let [a, b, c, d] = tickets.each_ref().map(|ticket| text("image.ticket", ticket));
    for request in [
        multipart(&[text("title", "Me"), text("image", &presigned), a]),
        urlencoded(&[("title", "Me"), ("image.ticket", &tickets[1]), ("image", &presigned)]),
        // What the script leaves behind: the hidden input filled, the file input empty.
        multipart(&[b, text("title", "Me"), text("image", &presigned), c, file("file", "", b"")]),
        multipart(&[text("title", "Me"), text("image", ""), d, text("image", &presigned)]),
    ] {
        let answer = album.post(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.text, format!("Me|{}", presigned.split('#').next().unwrap()));
    }
}

#[tokio::test]
async fn altered_references_are_refused() {
    let album = Album::start().await;
    let good = album.presigned(astronaut(), &UploadOptions::new()).await;
    let private = UploadOptions::new().delivery_type(cloudinary_core::DeliveryType::Private);
    let raw = UploadOptions::new().resource_type(cloudinary_core::ResourceType::Raw);
    let last = good.chars().last().unwrap();
    let other = if last == '0' { '1' } else { '0' };
    for (value, message) in [
        (format!("{}{other}", &good[..good.len() - 1]), "not valid"),
        (good.replacen("/v1", "/v2", 1), "not valid"),
        (good.replace(".jpg#", ".jpgx#"), "one of these formats: jpg, png"),
        (good.replace(".jpg#", ".gif#"), "one of these formats: jpg, png"),
        // A raw id keeps its extension, so that this is another id.
        (good.replace("image/upload", "raw/upload"), "not valid"),
        (good.replace("image/upload", "image/private"), "delivery type upload"),
        (good.replace("image/upload", "auto/upload"), "not valid"),
        (album.presigned(astronaut(), &private).await, "delivery type upload"),
        (album.presigned(astronaut(), &raw).await, "type image"),
        ("image/upload/v1/a.jpg".to_owned(), "not valid"),
        ("#".to_owned(), "not valid"),
        ("image/upload/v1/../../etc/passwd#0".to_owned(), "not valid"),
        ("x".repeat(300), "not valid"),
    ] {
        let ticket = album.ticket().await;
        let answer =
            album.post(multipart(&[text("title", "Me"), text("image", &value), text("image.ticket", &ticket)])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{value}: {}", answer.text);
        assert!(answer.errors("image").contains(message), "{value}: {}", answer.text);
        assert_eq!(answer.value("title"), "Me");
    }
}

#[tokio::test]
async fn files_that_cannot_be_taken() {
    let album = Album::start().await;
    let png_named_gif = photo("espresso.png");
    let gif = photo("dahlia.gif");
    let cut = &astronaut()[..astronaut().len() / 2];
    let large = vec![0xFF; 2 * 1024 * 1024 + 1];
    for (filename, content, status, message) in [
        (
            "notes.jpg",
            b"these are no pixels".as_slice(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "not an image, or it is damaged",
        ),
        ("cut.jpg", cut, StatusCode::UNPROCESSABLE_ENTITY, "not an image, or it is damaged"),
        ("empty.jpg", b"", StatusCode::UNPROCESSABLE_ENTITY, "This file is empty"),
        ("dahlia.gif", &gif, StatusCode::UNPROCESSABLE_ENTITY, "one of these formats: jpg, png"),
        ("large.jpg", &large, StatusCode::PAYLOAD_TOO_LARGE, "too large. Choose one of at most 2 MB"),
        ("huge.png", &support::huge_png(), StatusCode::UNPROCESSABLE_ENTITY, "too many pixels"),
        (
            "picture.bmp",
            b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".as_slice(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "one of these formats",
        ),
    ] {
        let answer = album.post(multipart(&[text("title", "Me"), file("image", filename, content)])).await;
        assert_eq!(answer.status, status, "{filename}: {}", answer.text);
        assert!(answer.errors("image").contains(message), "{filename}: {}", answer.text);
        assert_eq!(answer.value("title"), "Me", "{filename}");
        assert_eq!(album.delivered("image/upload/the_photo").await, StatusCode::NOT_FOUND, "{filename}");
    }
    // The content counts, not the name.
    let renamed = [text("title", "Me"), file("image", "espresso.gif", &png_named_gif)];
    assert_eq!(album.post(multipart(&renamed)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn fields_that_are_missing_keep_the_rest() {
    let album = Album::start().await;
    let answer = album.post(multipart(&[text("title", "Me"), file("image", "", b"")])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.errors("image"), "Choose a file.");

    // The title is missing; the file is stored already, and nobody uploads it twice.
    let answer = album.post(multipart(&[text("title", " "), file("image", "me.jpg", astronaut())])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((answer.errors("title"), answer.errors("image")), ("This field is required.", ""));
    let kept = answer.kept();
    let ticket = answer.ticket();
    let picture = "<span class=\"cloudinary-kept\" data-cloudinary-kept=\"image\"><img src=";
    assert_eq!(answer.text.matches(picture).count(), 1, "{}", answer.text);
    assert!(answer.text.contains("alt=\"the_photo.jpg\" width=\"150\""), "{}", answer.text);
    let second = album.post(urlencoded(&[("title", "Me"), ("image", &kept), ("image.ticket", &ticket)])).await;
    assert_eq!((second.status, second.text), (StatusCode::OK, format!("Me|{}", kept.split('#').next().unwrap())));

    let long = "x".repeat(201);
    let answer = album.post(urlencoded(&[("title", &long)])).await;
    assert!(answer.errors("title").contains("at most 200 characters"), "{}", answer.text);
}

#[tokio::test]
async fn a_request_that_breaks_off_leaves_nothing() {
    let album = Album::start().await;
    let whole = multipart(&[text("title", "Me"), file("image", "me.jpg", astronaut()), text("more", "x")]);
    let (head, body) = support::into_bytes(whole).await;
    // In the middle of the file; and after it, when it is stored already.
    for cut in [body.len() / 2, body.len() - 20] {
        let request = http::Request::from_parts(head.clone(), Body::from(body.slice(..cut)));
        let answer = album.post(request).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{cut}: {}", answer.text);
        album.gone("image/upload/the_photo").await;
    }
}

#[tokio::test]
async fn what_is_no_form() {
    let album = Album::start().await;
    let with_type = |content_type: &str, body: &'static str| {
        http::Request::post("/").header("content-type", content_type).body(Body::from(body)).unwrap()
    };
    let parts: Vec<String> = (0..1100).map(|at| format!("field{at}")).collect();
    let many: Vec<Part<'_>> = parts.iter().map(|name| text(name, "x")).collect();
    let long = "x".repeat(3 * 1024 * 1024);
    for (request, status, message) in [
        (with_type("application/json", "{}"), StatusCode::UNSUPPORTED_MEDIA_TYPE, "multipart/form-data"),
        (with_type("multipart/form-data", ""), StatusCode::BAD_REQUEST, "boundary"),
        (with_type("multipart/form-data; boundary=b", "no parts at all"), StatusCode::BAD_REQUEST, "form"),
        (
            multipart(&[Part { name: "title", filename: None, content: b"\xFF\xFE" }]),
            StatusCode::BAD_REQUEST,
            "not UTF-8",
        ),
        (multipart(&[text("", "x")]), StatusCode::BAD_REQUEST, "no name"),
        (support::in_pieces(multipart(&[text(&long, "x")])), StatusCode::BAD_REQUEST, "headers of a part"),
        (multipart(&many), StatusCode::PAYLOAD_TOO_LARGE, "1000 parts"),
        (multipart(&[text("title", &long)]), StatusCode::PAYLOAD_TOO_LARGE, "2097152 bytes"),
        (urlencoded(&[("title", &long)]), StatusCode::PAYLOAD_TOO_LARGE, "2097152 bytes"),
    ] {
        let answer = album.post(request).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert!(answer.text.contains(message), "{message}: {}", answer.text);
    }
    let large = vec![b'x'; 200_000];
    let reversed = [file("title", "title.txt", &large), text("image", "some text")];
    let answer = album.post(support::in_pieces(multipart(&reversed))).await;
    assert!(answer.errors("title").contains("where text is due"), "{}", answer.text);
    assert!(answer.errors("image").contains("not valid"), "{}", answer.text);
}

#[tokio::test]
async fn a_field_for_one_stores_one() {
    let album = Album::start().await;
    let twice = [text("title", "Me"), file("image", "a.jpg", astronaut()), file("image", "b.jpg", astronaut())];
    let answer = album.post(multipart(&twice)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.errors("image"), "Choose one file only.");
}

#[tokio::test]
async fn a_visitor_who_leaves_leaves_nothing() {
    let album = Album::start().await;
    // At all sorts of moments: before, while and after the file is stored.
    for milliseconds in [1, 5, 10, 20, 40, 80, 160] {
        let request = multipart(&[text("title", "Me"), file("image", "me.jpg", astronaut())]);
        let (head, body) = support::into_bytes(request).await;
        // The last bytes never come, so that the form is never whole.
        let whole = futures_util::stream::iter([Ok::<_, std::io::Error>(body.slice(..body.len() - 5))]);
        let stalled = futures_util::StreamExt::chain(whole, futures_util::stream::pending());
        let post = album.post(http::Request::from_parts(head, Body::from_stream(stalled)));
        assert!(tokio::time::timeout(std::time::Duration::from_millis(milliseconds), post).await.is_err());
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        album.gone("image/upload/the_photo").await;
    }
}

#[tokio::test]
async fn a_service_that_is_down_is_no_fault_of_the_visitor() {
    let album = Album::start().await;
    album.stop_media().await;
    let answer = album.post(multipart(&[text("title", "Me"), file("image", "me.jpg", astronaut())])).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.errors("image").contains("could not be stored just now"), "{}", answer.text);
    assert_eq!(answer.value("title"), "Me");
}

#[tokio::test]
async fn a_wrong_secret_shows_in_no_page() {
    let album = Album::with_secret("not the secret").await;
    let answer = album.post(multipart(&[text("title", "Me"), file("image", "me.jpg", astronaut())])).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(!answer.text.contains("not the secret") && !answer.text.contains("ignature"), "{}", answer.text);
}

#[tokio::test]
async fn streams_of_unknown_length_go_in_chunks() {
    let album = Album::start().await;
    // Larger than a chunk, and nothing any format is known by.
    let content: Vec<u8> = (0..9_000_000_u32).map(|at| (at % 251) as u8).collect();
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
        content.chunks(100_000).map(|piece| Ok(piece.to_vec())).collect();
    let source = UploadSource::stream("data.bin", futures_util::stream::iter(pieces));
    let options = UploadOptions::new().resource_type(cloudinary_core::ResourceType::Raw).public_id("data.bin");
    let answer = album.cld.upload(source, &options).await.unwrap();
    assert_eq!(answer.bytes, content.len() as u64);
    let asset = AssetRef { format: None, ..answer.asset().unwrap() };
    let (status, delivered) = support::get(&album.cld.image(&asset).to_string()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(delivered == content, "the stored file is another");
}
