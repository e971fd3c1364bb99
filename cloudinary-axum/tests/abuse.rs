//! Requests that no browser makes, over a socket; and media services that are slow or talk nonsense. Each gets an answer,
//! and leaves nothing behind.

#[allow(dead_code)] // Each test uses its part.
mod support;

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use cloudinary_core::UploadOptions;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use http::StatusCode;
use support::{Album, Part, astronaut, multipart, urlencoded};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

type Pieces = BoxStream<'static, Bytes>;

const FORM: &str = "content-type: multipart/form-data; boundary=b\r\n";

/// Sends a request piece by piece, for as long as it is taken, and hears the answer out; status 0 is none. A body shorter
/// than its length breaks off.
async fn talk(app: SocketAddr, headers: &str, length: Option<usize>, mut body: Pieces) -> (u16, String) {
    let (mut hear, mut say) = TcpStream::connect(app).await.unwrap().into_split();
    let framing = length.map_or("transfer-encoding: chunked\r\n".to_owned(), |of| format!("content-length: {of}\r\n"));
    let head = format!("POST / HTTP/1.1\r\nhost: {app}\r\nconnection: close\r\n{framing}{headers}\r\n");
    let writing = tokio::spawn(async move {
        say.write_all(head.as_bytes()).await?;
        let mut missing = length.unwrap_or_default();
        while let Some(piece) = body.next().await {
            if length.is_none() {
                say.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).await?;
            }
            say.write_all(&piece).await?;
            missing = missing.saturating_sub(piece.len());
            if length.is_none() {
                say.write_all(b"\r\n").await?;
            }
        }
        if length.is_none() {
            say.write_all(b"0\r\n\r\n").await?;
        }
        // A client that has said everything listens on.
        Ok::<_, std::io::Error>((missing == 0).then_some(say))
    });
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    let reading = async {
        // A server that closes on what it does not want to read resets the connection, after its answer.
        while let Ok(count @ 1..) = hear.read(&mut piece).await {
            answer.extend_from_slice(&piece[..count]);
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reading).await.expect("the connection comes to an end");
    writing.abort();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default();
    (status, answer.split_once("\r\n\r\n").map(|(_, text)| text.to_owned()).unwrap_or_default())
}

fn once(bytes: impl Into<Bytes>) -> Pieces {
    let bytes = bytes.into();
    // As a network brings it.
    stream::iter((0..bytes.len()).step_by(16 * 1024).map(move |at| bytes.slice(at..bytes.len().min(at + 16 * 1024))))
        .boxed()
}

/// The bytes of a body of parts, each written as it is given: headers, an empty line, content.
fn parts(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(b"--b\r\n");
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    body
}

fn part(disposition: &[u8], content: &[u8]) -> Vec<u8> {
    [b"content-disposition: form-data".as_slice(), disposition, b"\r\n\r\n", content].concat()
}

fn title() -> Vec<u8> {
    part(b"; name=\"title\"", b"Me")
}

fn photo() -> Vec<u8> {
    part(b"; name=\"image\"; filename=\"me.jpg\"", astronaut())
}

#[tokio::test]
async fn more_than_any_form_has() {
    let album = Album::start().await;
    let app = album.listen().await;
    let many: Vec<Vec<u8>> = (0..10_000).map(|at| part(format!("; name=\"f{at}\"").as_bytes(), b"x")).collect();
    let mut after_a_photo = vec![title(), photo()];
    after_a_photo.extend(many.iter().cloned());
    let pairs = "a=b&".repeat(10_000);
    let long_name = |at: usize| format!("{at}{}", "n".repeat(10_000));
    let named = |of: &str, at| part(format!("; name=\"{}\"{of}", long_name(at)).as_bytes(), b"");
    let named_texts: Vec<_> = (0..250).map(|at| named("", at)).collect();
    let named_files: Vec<_> = (0..250).map(|at| named("; filename=\"a\"", at)).collect();
    let filenames: Vec<_> =
        (0..250).map(|at| part(format!("; name=\"n\"; filename=\"{}\"", long_name(at)).as_bytes(), b"")).collect();
    let name = vec![b'n'; 1 << 20];
    let filename = [b"; name=\"image\"; filename=\"".as_slice(), &name, b".jpg\""].concat();
    let headers: Vec<u8> = (0..10_000).flat_map(|at| format!("x-{at}: {}\r\n", "x".repeat(90)).into_bytes()).collect();
    let headed = [headers.as_slice(), &part(b"; name=\"title\"", b"Me")].concat();
    let urlencoded = "content-type: application/x-www-form-urlencoded\r\n";
    for (kind, body, status, words, what) in [
        (FORM, parts(&many), 413, "more than 1000 parts", "10,000 parts"),
        (FORM, parts(&after_a_photo), 413, "more than 1000 parts", "10,000 parts behind a photo"),
        (FORM, parts(&named_texts), 413, "2097152 bytes", "2.5 MB of names of texts"),
        (FORM, parts(&named_files), 413, "2097152 bytes", "2.5 MB of names of file parts"),
        (FORM, parts(&filenames), 413, "2097152 bytes", "2.5 MB of names of files"),
        (urlencoded, pairs.into_bytes(), 413, "more than 1000 pairs", "10,000 pairs"),
        (FORM, parts(&[part(&filename, astronaut())]), 400, "headers of a part", "a file name of 1 MB"),
        (FORM, parts(&[headed]), 400, "headers of a part", "1 MB of headers of a part"),
    ] {
        for length in [Some(body.len()), None] {
            let (found, text) = talk(app, kind, length, once(body.clone())).await;
            assert_eq!(found, status, "{what}: {text}");
            assert!(text.contains(words), "{what}: {text}");
        }
        album.gone("image/upload/the_photo").await;
    }
    // A megabyte of headers of the request itself: the server under the app refuses it.
    let (status, _) = talk(app, std::str::from_utf8(&headers).unwrap(), Some(0), once("")).await;
    assert_eq!(status, 431);
    assert_eq!(talk(app, FORM, None, once(parts(&[title(), photo()]))).await.0, 200, "it lives");
}

#[tokio::test]
async fn files_of_no_field() {
    let album = Album::start().await;
    let app = album.listen().await;
    let unknown = |at: usize| part(format!("; name=\"{at}{}\"; filename=\"a\"", "ü".repeat(500)).as_bytes(), b"x");
    let mut of_all = vec![title()];
    of_all.extend((0..900).map(unknown));
    let (status, text) = talk(app, FORM, None, once(parts(&of_all))).await;
    let errors: Vec<_> = text.lines().filter(|line| line.starts_with("error ")).collect();
    assert_eq!(status, 422, "{text}");
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors.iter().any(|error| error.starts_with("error image: ")), "{errors:?}");
    assert!(errors.iter().all(|error| error.chars().count() < 200), "{errors:?}");
}

#[tokio::test]
async fn without_end() {
    let album = Album::start().await;
    let app = album.listen().await;
    let endless = |start: &[u8], again: &str| {
        let again = Bytes::from(again.repeat(16 * 1024 / again.len()));
        once(start.to_vec()).chain(stream::repeat(again)).boxed()
    };
    let start = |last: Vec<u8>| parts(&[title(), photo(), last])[..].strip_suffix(b"\r\n--b--\r\n").unwrap().to_vec();
    let long = format!("content-type: multipart/form-data; boundary={}\r\n", "b".repeat(8000));
    for (kind, body, status, words, what) in [
        (FORM, endless(b"", "no boundary ever "), 400, "cannot be read", "no boundary"),
        (FORM, endless(b"", "--"), 400, "cannot be read", "dashes"),
        (FORM, endless(b"--", "b"), 400, "cannot be read", "a boundary without its end"),
        (FORM, endless(b"\r\n", "\r\n"), 400, "cannot be read", "empty lines"),
        (FORM, endless(&start(part(b"; name=\"a\"", b"")), "\r\n--"), 413, "2097152 bytes", "almost a boundary"),
        (FORM, endless(&start(part(b"; name=\"a\"", b"")), "text"), 413, "2097152 bytes", "a text"),
        (FORM, endless(&start(b"x: ".to_vec()), "y"), 400, "headers of a part", "a header"),
        (FORM, endless(&start(b"".to_vec()), "x: y\r\n"), 400, "cannot be read", "headers"),
        (&long, endless(b"", "b"), 400, "cannot be read", "a boundary of 8,000 letters"),
    ] {
        let (found, text) = talk(app, kind, None, body).await;
        assert_eq!(found, status, "{what}: {text}");
        assert!(text.contains(words), "{what}: {text}");
        album.gone("image/upload/the_photo").await;
    }
    // Files are cut off at their field's limit; what comes after that is read for a while, to say so.
    let file = parts(&[title(), part(b"; name=\"image\"; filename=\"a.jpg\"", astronaut())]);
    let file = file.strip_suffix(b"\r\n--b--\r\n").unwrap();
    let (status, text) = talk(app, FORM, None, endless(file, "\r\n--\n")).await;
    assert_eq!(status, 413, "{text}");
    album.gone("image/upload/the_photo").await;
}

#[tokio::test]
async fn boundaries_that_are_none() {
    let album = Album::start().await;
    let app = album.listen().await;
    let body = parts(&[title(), photo()]);
    for boundary in
        ["", "; boundary", "; boundary=", "; boundary=\"b", "; boundary=\"\"", "; boundary=c", "; boundry=b"]
    {
        let kind = format!("content-type: multipart/form-data{boundary}\r\n");
        let (status, text) = talk(app, &kind, Some(body.len()), once(body.clone())).await;
        assert_eq!(status, 400, "{boundary:?}: {text}");
        assert!(text.contains("the form cannot be read"), "{boundary:?}: {text}");
        album.gone("image/upload/the_photo").await;
    }
}

#[tokio::test]
async fn boundaries_of_all_lengths() {
    let album = Album::start().await;
    let app = album.listen().await;
    for (length, status, words) in [
        (70, 200, "Me|image/upload/"),
        (71, 200, "Me|image/upload/"),
        (200, 200, "Me|image/upload/"),
        (201, 400, "its boundary has 201 bytes, and may have 200"),
    ] {
        let boundary = "b".repeat(length);
        let kind = format!("content-type: multipart/form-data; boundary={boundary}\r\n");
        let mut body = Vec::new();
        for part in [title(), photo()] {
            body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            body.extend_from_slice(&part);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let (found, text) = talk(app, &kind, Some(body.len()), once(body)).await;
        assert_eq!((found, text.contains(words)), (status, true), "{length}: {text}");
    }
}

#[tokio::test]
async fn names_of_all_sorts() {
    let album = Album::start().await;
    let app = album.listen().await;
    // Of a file: the name is nothing the album relies on, so that the photo is stored under any.
    let long = "n".repeat(2000);
    for name in [
        "a\\\"b.jpg",
        "ends\\",
        "a%22b.jpg",
        "a%0D%0Ab.jpg",
        "..\\..\\boot.ini",
        "../../../etc/passwd",
        "\u{202e}gpj.exe",
        "\u{200f}\u{2066}a.jpg",
        "nul\\0.jpg",
        "<script>alert(1)</script>.jpg",
        "'; DROP TABLE photo; --.jpg",
        ".",
        "..",
        " ",
        "a\tb.jpg",
        "\u{feff}",
        &long,
    ] {
        let file = part(format!("; name=\"image\"; filename=\"{name}\"").as_bytes(), astronaut());
        let body = parts(&[title(), file]);
        let (status, text) = talk(app, FORM, Some(body.len()), once(body)).await;
        assert_eq!((status, text.starts_with("Me|image/upload/v")), (200, true), "{name:?}: {text}");
        assert!(name.len() < 3 || !text.contains(name), "{name:?}: {text}");
    }
}

#[tokio::test]
async fn bytes_that_no_name_has() {
    let album = Album::start().await;
    let app = album.listen().await;
    for (bytes, what) in [(b"\0", "NUL"), (b"\n", "a line's end"), (b"\r", "a return"), (b"\xFF", "no UTF-8")] {
        for place in ["; name=\"ti@tle\"", "; name=\"image\"; filename=\"a@.jpg\""] {
            let (before, after) = place.split_once('@').unwrap();
            let disposition = [before.as_bytes(), bytes, after.as_bytes()].concat();
            // Behind a photo that is stored by then.
            let body = parts(&[title(), photo(), part(&disposition, astronaut())]);
            let (status, text) = talk(app, FORM, Some(body.len()), once(body)).await;
            assert_eq!(
                (status, text.starts_with("the form cannot be read: ")),
                (400, true),
                "{what} in {place}: {text}"
            );
            album.gone("image/upload/the_photo").await;
        }
    }
}

#[tokio::test]
async fn texts_of_all_sorts() {
    let album = Album::start().await;
    let app = album.listen().await;
    for (content, shown) in [
        ("\u{202e}evil\u{2066}", "\u{202e}evil\u{2066}"),
        ("\"quoted\" <b>", "\"quoted\" <b>"),
        ("one\r\ntwo", "one"),
        ("a\u{0}b", "error title: This text has a character that cannot be shown."),
    ] {
        // Without a file, so that the form comes back with what was typed.
        let body = parts(&[part(b"; name=\"title\"", content.as_bytes())]);
        let (status, text) = talk(app, FORM, Some(body.len()), once(body)).await;
        assert_eq!(status, 422, "{content:?}: {text}");
        assert!(text.contains("error image: Choose a file.") && text.contains(shown), "{content:?}: {text}");
    }
    // The other way round: text where a file is due, a file where text is.
    let reversed = parts(&[part(b"; name=\"image\"", astronaut()), part(b"; name=\"title\"; filename=\"t\"", b"Me")]);
    let (status, text) = talk(app, FORM, Some(reversed.len()), once(reversed)).await;
    assert_eq!((status, text.contains("is not UTF-8")), (400, true), "{text}");
    // A request that ends too early.
    let body = parts(&[title(), photo()]);
    for missing in [10, 1000, body.len() / 2] {
        let (status, text) = talk(app, FORM, Some(body.len()), once(body[..body.len() - missing].to_vec())).await;
        assert!(status == 0 || status == 400, "{missing}: {status}: {text}");
        album.gone("image/upload/the_photo").await;
    }
}

/// A media service that answers every request with the same bytes, or with nothing at all.
async fn service(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut request = vec![0; 64 * 1024];
                let Some(answer) = answer else {
                    while stream.read(&mut request).await.is_ok_and(|count| count > 0) {}
                    return;
                };
                // Only when all of it came, or the connection breaks before the answer is heard.
                let mut idle = false;
                while !idle {
                    let read = tokio::time::timeout(Duration::from_millis(60), stream.read(&mut request)).await;
                    idle = read.is_err() || matches!(read, Ok(Ok(0) | Err(_)));
                }
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    url
}

#[tokio::test]
async fn services_that_are_slow_or_talk_nonsense() {
    let photo = [
        Part { name: "title", filename: None, content: b"Me" },
        Part { name: "image", filename: Some("me.jpg"), content: astronaut() },
    ];
    let real = Album::start().await;
    let asset = real.presigned(astronaut(), &UploadOptions::new()).await;
    let asset: cloudinary_core::AssetRef = asset.split('#').next().unwrap().parse().unwrap();
    let html =
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 34\r\n\r\n<h1>Internal proxy 10.0.0.7</h1>..";
    for (answer, what) in [
        (None, "silence"),
        (Some(""), "a closed connection"),
        (Some("SSH-2.0-OpenSSH_9.2\r\n"), "another protocol"),
        (Some(html), "a page"),
        (Some("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"), "an empty object"),
        (Some("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull"), "null"),
        (Some("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"public_id\":\"a\""), "half an answer"),
        (Some("HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{\"public_id\":[[[1]]"), "broken JSON"),
        (Some("HTTP/1.1 204 No Content\r\n\r\n"), "nothing"),
        (Some("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"), "a redirect"),
        (Some("HTTP/1.1 500 Oh\r\ncontent-length: 9\r\n\r\nsecret 42"), "an error of its own"),
        (
            Some("HTTP/1.1 401 No\r\ncontent-length: 39\r\n\r\n{\"error\":{\"message\":\"Invalid api_key k\"}}"),
            "a refusal",
        ),
        (Some("HTTP/1.1 420 Slow\r\ncontent-length: 34\r\n\r\n{\"error\":{\"message\":\"Rate limit 9\"}}"), "a limit"),
    ] {
        let album = Album::on_service(&service(answer).await).await;
        let ticket = album.ticket().await;
        let value = asset.presigned(album.cld.config()).unwrap().to_string();
        let direct = urlencoded(&[("title", "Me"), ("image", &value), ("image.ticket", &ticket)]);
        for (request, way) in [(multipart(&photo), "through the server"), (direct, "completed")] {
            let asked = tokio::time::Instant::now();
            let answer = album.post(request).await;
            assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{what}, {way}: {}", answer.text);
            assert_eq!(
                answer.errors("image"),
                "The file could not be stored just now. Try again in a moment.",
                "{what}, {way}"
            );
            assert_eq!(answer.value("title"), "Me", "{what}, {way}: what was typed is kept");
            for inside in ["10.0.0.7", "secret", "api_key", "Rate limit"] {
                assert!(!answer.text.contains(inside), "{what}, {way}: {}", answer.text);
            }
            assert!(asked.elapsed() < Duration::from_secs(20), "{what}, {way}: {:?}", asked.elapsed());
        }
    }
}
