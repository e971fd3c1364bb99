//! What must be refused: with the right status, a message that names the trouble, and nothing stored.

mod support;

use std::{fmt::Write as _, time::Duration};

use cloudinary_local::{Limits, LocalServer, UploadPreset};
use cloudinary_pixels::Format;
use support::{Answer, Harness, Params, picture, png, png_claiming};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// After every refusal the server still works, and what was refused is not there.
async fn check_nothing_stored(harness: &Harness, what: &str) {
    let status = harness.get("/local/image/upload/refused.png").await.status();
    assert_eq!(status, 404, "{what}: something was stored");
    let raw = harness.get("/local/raw/upload/refused").await.status();
    assert_eq!(raw, 404, "{what}: something was stored");
}

#[tokio::test]
async fn broken_files() {
    let limits = Limits { image_max_bytes: 4000, raw_max_bytes: 5000, ..Limits::default() };
    let harness = Harness::with(LocalServer::builder().limits(limits)).await;
    let (jpeg, whole_png) = (picture(Format::Jpeg, 64, 64), png(64, 64));
    let noise: Vec<u8> = (0..6000_u32).map(|i| ((i * 7919) >> 3) as u8).collect();
    let table: [(&str, &[u8], &str); 12] = [
        ("image", b"", "Empty file"),
        ("image", b"a,b\n1,2\n", "Invalid image file"),
        ("image", &jpeg[..jpeg.len() / 2], "Invalid image file: the jpg image is cut short"),
        ("image", &whole_png[..whole_png.len() / 2], "Invalid image file"),
        ("image", &jpeg[..8], "Invalid image file"),
        ("image", &png_claiming(100_000, 100_000), "Maximum image size is 50 Megapixels. Requested 10000 Megapixels"),
        ("image", b"BM\x10\0\0\0\0\0\0\0\0\0", "Unsupported image file: bmp images are not supported"),
        ("image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Unsupported image file: svg"),
        ("auto", b"%PDF-1.7\n", "Unsupported file format pdf"),
        ("image", &noise, "File size too large. Got 6000. Maximum is 5000."),
        ("image", &noise[..4500], "File size too large. Got 4500. Maximum is 4000."),
        ("raw", &noise, "File size too large. Got 6000. Maximum is 5000."),
    ];
    for (resource_type, bytes, message) in table {
        let answer = harness.upload_as(resource_type, &[("public_id", "refused")], bytes, "a.jpg").await;
        assert_eq!(answer.status, 400, "{message}: {answer:?}");
        assert!(answer.message().starts_with(message), "{:?}, not {message:?}", answer.message());
        assert_eq!(answer.cld_error.as_deref(), Some(answer.message()));
        check_nothing_stored(&harness, message).await;
    }
}

#[tokio::test]
async fn bad_parameters() {
    let folder = tempfile::tempdir().unwrap();
    let builder = LocalServer::builder().data_folder(folder.path()).upload_preset(UploadPreset::signed("p"));
    let harness = Harness::with(builder).await;
    let stored = || {
        let shelves = std::fs::read_dir(folder.path().join("blobs")).unwrap();
        shelves.map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap().count()).sum::<usize>()
    };
    let long = "x".repeat(300);
    let longest_tag = format!("a,{}", "t".repeat(256));
    let table: [(Params<'_>, &str); 42] = [
        (&[("public_id", "a/../b")], "public_id (a/../b) is invalid: it may not have a . or .. segment"),
        (&[("public_id", "../../etc/passwd")], "public_id (../../etc/passwd) is invalid"),
        (&[("public_id", "a%2fb")], "public_id (a%2fb) is invalid: it may not contain %"),
        (&[("public_id", "a\0b")], "public_id (a\u{fffd}b) is invalid: it may not contain control characters"),
        (&[("public_id", &long)], "public_id is too long"),
        (&[("public_id", "/etc/passwd")], "public_id (/etc/passwd) is invalid"),
        (&[("public_id", "a?b")], "public_id (a?b) is invalid: it may not contain ?"),
        (&[("public_id", "v12/a")], "public_id (v12/a) is invalid"),
        (&[("folder", "../up")], "public_id (../up) is invalid"),
        (&[("folder", &long)], "public_id is too long"),
        (&[("type", "sideways")], "Invalid value for parameter type: sideways"),
        (&[("overwrite", "perhaps")], "Invalid value for parameter overwrite: perhaps"),
        (&[("colour", "red")], "Unknown parameter - colour"),
        (&[("ocr", "illegal")], "Ocr is invalid"),
        (&[("async", "perhaps")], "Invalid value for parameter async: perhaps"),
        (&[("notification_url", "ftp://a/")], "Invalid value for parameter notification_url: ftp://a/"),
        (&[("background_removal", "illegal")], "Background removal is invalid"),
        (&[("raw_convert", "illegal")], "Raw convert is invalid"),
        (&[("categorization", "illegal")], "Categorization illegal is not valid"),
        (&[("detection", "illegal")], "Detection invalid model 'illegal'"),
        (&[("moderation", "illegal")], "Moderation illegal moderation is not valid"),
        (&[("headers", "Set-Cookie: a=b")], "Invalid value for parameter headers: Set-Cookie"),
        (&[("access_control", "token")], "Invalid value for parameter access_control"),
        (&[("access_mode", "secret")], "Invalid value for parameter access_mode: secret"),
        (&[("responsive_breakpoints", "{}")], "Invalid value for parameter responsive_breakpoints"),
        (&[("eval", "a()")], "Parameter eval is not carried out by cloudinary-local"),
        (&[("on_success", "a()")], "Parameter on_success is not carried out by cloudinary-local"),
        (&[("format", "avif")], "Invalid value for parameter format: avif"),
        (&[("context", "novalue")], "Invalid value for parameter context"),
        (&[("tags", &longest_tag)], "Invalid value for parameter tags"),
        (&[("face_coordinates", "1,2,3")], "Invalid value for parameter face_coordinates: 1,2,3"),
        (&[("custom_coordinates", "a,b,c,d")], "Invalid value for parameter custom_coordinates"),
        (&[("display_name", "a/b")], "Display name cannot contain slashes"),
        (&[("upload_preset", "none")], "Upload preset not found"),
        (&[("eager", "w_abc,c_scale")], "Invalid width in transformation: abc"),
        (&[("eager", "t_nowhere")], "Unknown transformation nowhere"),
        (&[("transformation", "c_sideways,w_10")], "Invalid crop in transformation: sideways"),
        (&[("allowed_formats", " , ")], "Invalid value for parameter allowed_formats: it names no format"),
        (&[("eager", "c_scale,w_10/exe")], "Invalid extension in transformation: exe"),
        (&[("callback", "http://evil.example/cors.html")], "Invalid value for parameter callback"),
        (&[("cloud_name", "other")], "Invalid value for parameter cloud_name"),
        (&[("resource_type", "raw")], "Invalid value for parameter resource_type"),
    ];
    for (params, message) in table {
        let mut all = params.to_vec();
        if !params.iter().any(|(name, _)| matches!(*name, "public_id" | "folder")) {
            all.push(("public_id", "refused"));
        }
        let answer = harness.upload(&all, &png(4, 4), "a.png").await;
        assert_eq!(answer.status, 400, "{params:?}: {answer:?}");
        assert!(answer.message().starts_with(message), "{params:?}: {:?}", answer.message());
        assert_eq!(stored(), 0, "{params:?}: bytes were stored, under whatever name");
    }
}

#[tokio::test]
async fn bad_credentials() {
    let harness = Harness::start().await;
    let signed = |change: fn(&mut Vec<(String, String)>)| {
        let mut params = harness.signed(&[("public_id", "refused")]);
        change(&mut params);
        params
    };
    let without = |name: &str| {
        let mut params = signed(|_| {});
        params.retain(|(known, _)| known != name);
        params
    };
    let altered = |name: &str, value: &str| {
        let mut params = signed(|_| {});
        for (known, old) in &mut params {
            if known == name {
                value.clone_into(old);
            }
        }
        params
    };
    let unsigned_extra = signed(|params| params.push(("tags".into(), "smuggled".into())));
    let table = [
        (altered("public_id", "refused2"), 401, "Invalid Signature "),
        (
            altered("signature", &"0".repeat(40)),
            401,
            "Invalid Signature 0000000000000000000000000000000000000000. String to sign - 'public_id=refused&timestamp=",
        ),
        (altered("signature", "short"), 401, "Invalid Signature short. "),
        (altered("api_key", "12345"), 401, "Unknown API key 12345"),
        (unsigned_extra, 401, "Invalid Signature "),
        (without("signature"), 400, "Missing required parameter - signature"),
        (without("api_key"), 400, "Missing required parameter - api_key"),
        (without("timestamp"), 400, "Missing required parameter - timestamp"),
        (Vec::new(), 400, "Upload preset must be specified when using unsigned upload"),
        (
            harness.signed_at(&[("public_id", "refused")], support::now() - 3700),
            400,
            "Stale request - reported time is ",
        ),
        (
            harness.signed_at(&[("public_id", "refused")], support::now() + 3700),
            400,
            "Stale request - reported time is ",
        ),
    ];
    for (params, status, message) in table {
        let request = harness.post("image/upload", &params, Some((&png(4, 4), "a.png")));
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, status, "{params:?}: {answer:?}");
        assert!(answer.message().starts_with(message), "{:?}, not {message:?}", answer.message());
        let config = harness.server.config();
        assert!(!answer.message().contains(config.require_api_secret().unwrap().expose()), "the secret is out");
        check_nothing_stored(&harness, message).await;
    }
    let other_cloud = harness.api("image/upload").replace("/local/", "/other/");
    let answer = Answer::of(harness.http.post(other_cloud).form(&[("a", "b")]).send().await.unwrap()).await;
    assert_eq!((answer.status, answer.message()), (401, "Invalid cloud_name other"));
}

#[tokio::test]
async fn all_four_signatures_are_accepted() {
    use cloudinary_core::signing::{SignatureAlgorithm, SignatureVersion, sign_params};
    let harness = Harness::start().await;
    let config = harness.server.config();
    let timestamp = support::now().to_string();
    let params = [("context", "alt=a&b"), ("timestamp", timestamp.as_str())];
    for algorithm in [SignatureAlgorithm::Sha1, SignatureAlgorithm::Sha256] {
        for version in [SignatureVersion::V1, SignatureVersion::V2] {
            let signature = sign_params(params, config.require_api_secret().unwrap(), algorithm, version);
            let fields =
                [params[0], params[1], ("signature", &signature), ("api_key", config.require_api_key().unwrap())]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()));
            let request = harness.post("image/upload", &fields, Some((&png(4, 4), "a.png")));
            assert_eq!(request.send().await.unwrap().status(), 200, "{algorithm} {version:?}");
        }
    }
}

#[tokio::test]
async fn odd_requests() {
    let harness = Harness::start().await;
    let api = harness.api("image/upload");
    let table = [
        (harness.post("image/upload", &harness.signed(&[]), None), 400, "Missing required parameter - file"),
        (
            harness.post("video/upload", &harness.signed(&[]), Some((b"x", "a"))),
            400,
            "Resource type video is not carried out",
        ),
        (harness.post("sound/upload", &harness.signed(&[]), Some((b"x", "a"))), 400, "Invalid resource type sound"),
        (harness.http.post(&api).body("x"), 400, "Missing Content-Type"),
        (
            harness.http.post(&api).header("content-type", "text/plain").body("x"),
            400,
            "Unsupported Content-Type text/plain",
        ),
        (
            harness.http.post(&api).header("content-type", "multipart/form-data").body("x"),
            400,
            "Invalid multipart body",
        ),
        (harness.http.post(&api).header("content-type", "application/json").body("{"), 400, "Invalid JSON body"),
        (harness.http.post(&api).form(&[("tags", "a"), ("tags", "b")]), 400, "Parameter tags is given more than once"),
        (harness.http.post(harness.api("image/slideshow")).form(&[("a", "b")]), 404, "Unknown action"),
        (harness.http.post(harness.api("%ff/upload")).form(&[("a", "b")]), 400, "Invalid path: "),
        (harness.http.get(&api), 405, "Method GET is not allowed"),
        (harness.http.delete(harness.api("image/destroy")), 405, "Method DELETE is not allowed"),
    ];
    for (request, status, message) in table {
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, status, "{message}: {answer:?}");
        assert!(answer.message().starts_with(message), "{:?}, not {message:?}", answer.message());
    }
}

#[tokio::test]
async fn a_body_cut_off_in_the_middle() {
    let harness = Harness::start().await;
    let mut body = String::new();
    for (name, value) in harness.signed(&[("public_id", "refused")]) {
        let _ = write!(body, "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n\u{89}PNG half of a file";
    let request = harness
        .http
        .post(harness.api("image/upload"))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body.clone());
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert!(answer.message().starts_with("Invalid multipart body"), "{}", answer.message());

    // The same, with a connection that is cut.
    let mut stream = TcpStream::connect(harness.server.address()).await.unwrap();
    let head = format!(
        "POST /v1_1/local/image/upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{body}",
        body.len() + 1000
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    drop(stream);
    tokio::time::sleep(Duration::from_millis(50)).await;
    check_nothing_stored(&harness, "a cut connection").await;
}

#[tokio::test]
async fn too_much_is_refused_with_an_answer() {
    let limits = Limits { request_max_bytes: 1_000_000, fields_max: 20, field_max_bytes: 100, ..Limits::default() };
    let harness = Harness::with(LocalServer::builder().limits(limits)).await;
    let answer = harness.upload(&[("public_id", "refused")], &vec![0; 5_000_000], "a.png").await;
    assert_eq!((answer.status, answer.message()), (413, "413 Request entity too large"));
    let many: Vec<(String, String)> = (0..30).map(|i| (format!("field{i}"), String::new())).collect();
    let answer = Answer::of(harness.post("image/upload", &many, None).send().await.unwrap()).await;
    assert_eq!((answer.status, answer.message()), (400, "Too many parameters: at most 20"));
    let long = [("tags".to_owned(), "x".repeat(200))];
    let answer = Answer::of(harness.post("image/upload", &long, None).send().await.unwrap()).await;
    assert_eq!((answer.status, answer.message()), (400, "Parameter tags is too long: at most 100 bytes"));
    check_nothing_stored(&harness, "too much").await;
}

/// Sends the head of an upload of 90 MB, then `body`, and reads what comes back for at most five seconds.
async fn answer_amid_body(harness: &Harness, headers: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(harness.server.address()).await.unwrap();
    let head = format!(
        "POST /v1_1/local/image/upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n{headers}Content-Length: 90000000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(8), stream.read(&mut answer)).await;
    let count = read.expect("an answer comes, though the body does not end").unwrap_or_default();
    String::from_utf8_lossy(&answer[..count]).into_owned()
}

#[tokio::test]
async fn endless_heads_are_cut() {
    let harness = Harness::start().await;
    let endless = "x".repeat(200_000);
    let part = "--b\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\nvalue\r\n";
    for body in [
        format!("--b\r\nContent-Disposition: form-data; name=\"{endless}"),
        format!("{part}--b\r\nContent-Disposition: form-data; name=\"{endless}"),
        endless.clone(),
    ] {
        let answer = answer_amid_body(&harness, "", body.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(answer.contains("Invalid multipart body: the head of a part is longer than 32768 bytes"), "{answer}");
    }
    let long_name = format!("--b\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n", "x".repeat(300));
    let answer = Answer::of(
        harness
            .http
            .post(harness.api("image/upload"))
            .header("content-type", "multipart/form-data; boundary=b")
            .body(format!("{long_name}value\r\n--b--\r\n"))
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert!(answer.message().starts_with("Invalid multipart body: a field's name may have 255 bytes"), "{answer:?}");
}

#[tokio::test]
async fn files_of_strangers_are_not_received() {
    let limits = Limits { params_max_bytes: 1000, ..Limits::default() };
    let harness = Harness::with(LocalServer::builder().limits(limits)).await;
    let field =
        |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nbegin";
    let many: String = (0..20).map(|at| field("tags[]", &format!("{at}{}", "t".repeat(100)))).collect();
    let table = [
        ("Authorization: Basic a2V5OnNlY3JldA==\r\n", String::new(), 401, "Unknown API key key"),
        ("Authorization: basic a2V5OnNlY3JldA==\r\n", String::new(), 401, "Unknown API key key"),
        ("Authorization: Bearer abc\r\n", String::new(), 401, "Only Basic authorization"),
        ("", field("api_key", "12345") + file, 401, "Unknown API key 12345"),
        ("", field("upload_preset", "none") + file, 400, "Upload preset not found"),
        ("", field("colour", "red"), 400, "Unknown parameter - colour"),
        ("", field("tags", "red") + &field("tags", "blue"), 400, "Parameter tags is given more than once"),
        ("", field("tags", "red") + &field("tags[]", "blue"), 400, "Parameter tags is given more than once"),
        ("", many, 400, "Parameters are too long: at most 1000 bytes together"),
    ];
    // Together, as each waits a while for its client to end.
    let answers = table.iter().map(|(headers, body, ..)| answer_amid_body(&harness, headers, body.as_bytes()));
    let answers = futures_util::future::join_all(answers).await;
    for ((_, _, status, message), answer) in table.into_iter().zip(answers) {
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{message}: {answer}");
        assert!(answer.contains(message), "{message}: {answer}");
    }
}

#[tokio::test]
async fn only_so_much_is_received_at_a_time() {
    let limits = Limits { spool_max_bytes: 100_000, ..Limits::default() };
    let harness = Harness::with(LocalServer::builder().limits(limits)).await;
    let answer = harness.upload_as("raw", &[], &vec![7; 200_000], "a").await;
    assert_eq!((answer.status, answer.message()), (503, "Too much is uploaded at a time; try again later"));
    let uri = format!("data:text/plain,{}", "x".repeat(200_000));
    let form = harness.http.post(harness.api("raw/upload")).form(&[("file", uri.as_str())]);
    assert_eq!(form.send().await.unwrap().status(), 503);
    for _ in 0..3 {
        let answer = harness.upload_as("raw", &[], &vec![7; 50_000], "a").await;
        assert_eq!(answer.status, 200, "what was received is given back: {answer:?}");
    }
}

#[tokio::test]
async fn slow_clients_are_given_up() {
    let short = Duration::from_millis(200);
    let limits = Limits { header_timeout: short, idle_timeout: short, ..Limits::default() };
    let harness = Harness::with(LocalServer::builder().limits(limits)).await;
    for (sent, expected) in [
        ("POST /v1_1/local/image/upload HTTP/1.1\r\nHost: a\r\n", ""),
        (
            "POST /v1_1/local/image/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b",
            "HTTP/1.1 408",
        ),
    ] {
        let mut stream = TcpStream::connect(harness.server.address()).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "the connection stays open: {sent:?}");
        assert!(String::from_utf8_lossy(&answer).starts_with(expected), "{:?}", String::from_utf8_lossy(&answer));
    }
}

#[tokio::test]
async fn strangers_have_little_room() {
    let limits = Limits { early_max_bytes: 100_000, ..Limits::default() };
    let harness = Harness::with(LocalServer::builder().limits(limits)).await;
    let send = async |file_first: bool, bytes: usize| {
        let file = || reqwest::multipart::Part::bytes(vec![7; bytes]).file_name("a");
        let mut form = reqwest::multipart::Form::new();
        if file_first {
            form = form.part("file", file());
        }
        for (name, value) in harness.signed(&[]) {
            form = form.text(name, value);
        }
        if !file_first {
            form = form.part("file", file());
        }
        Answer::of(harness.http.post(harness.api("raw/upload")).multipart(form).send().await.unwrap()).await
    };
    for (file_first, bytes, status) in
        [(true, 200_000, 503), (true, 50_000, 200), (true, 50_000, 200), (true, 50_000, 200), (false, 200_000, 200)]
    {
        let answer = send(file_first, bytes).await;
        assert_eq!(answer.status, status, "{file_first} {bytes}: {answer:?}");
    }
    let refused = send(true, 200_000).await;
    assert!(refused.message().starts_with("Too much is uploaded at a time before its credentials"), "{refused:?}");

    let mut pairs = harness.signed(&[]);
    pairs.push(("file".to_owned(), format!("data:text/plain,{}", "x".repeat(200_000))));
    let body: std::collections::BTreeMap<_, _> = pairs.into_iter().collect();
    let json = || harness.http.post(harness.api("raw/upload")).json(&body);
    assert_eq!(json().send().await.unwrap().status(), 503);
    let config = harness.server.config();
    let (key, secret) = (config.require_api_key().unwrap(), config.require_api_secret().unwrap().expose());
    assert_eq!(json().basic_auth(key, Some(secret)).send().await.unwrap().status(), 200);
}
