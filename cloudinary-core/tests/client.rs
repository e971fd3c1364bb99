//! The client against a server that records what it is sent.

use cloudinary_core::client::RetryPolicy;
use cloudinary_core::{ApiErrorKind, AssetRef, Cloudinary, Config, Error, UploadOptions, UploadSource};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Answers each connection with one of the answers, in turn; gives the requests as text.
async fn server(answers: Vec<&'static str>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut connection, _) = listener.accept().await.unwrap();
            requests.push(read_request(&mut connection).await);
            connection.write_all(answer.as_bytes()).await.unwrap();
            connection.shutdown().await.unwrap();
        }
        requests
    });
    (url, requests)
}

async fn read_request(connection: &mut tokio::net::TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match connection.read(&mut buffer).await.unwrap() {
            0 => return text,
            count => request.extend_from_slice(&buffer[..count]),
        }
    }
}

const STORED: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\
    {\"public_id\":\"a\",\"version\":1,\"resource_type\":\"image\",\"type\":\"upload\",\"format\":\"jpg\"}";

fn client(url: &str) -> Config {
    Config::new("demo").credentials("key", "hush").upload_prefix(url)
}

#[tokio::test]
async fn uploads_are_signed_and_have_a_length() {
    let (url, requests) = server(vec![STORED]).await;
    let cld = Cloudinary::new(client(&url)).unwrap();
    let source = UploadSource::bytes("C:\\photos\\me \"x\".jpg", b"abc".to_vec());
    let done = cld.upload(source, &UploadOptions::new().tags(["a", "b"])).await.unwrap();
    assert_eq!(done.asset().unwrap().to_string(), "image/upload/v1/a.jpg");
    let request = requests.await.unwrap().remove(0);
    assert!(request.starts_with("POST /v1_1/demo/image/upload HTTP/1.1\r\n"), "{request}");
    assert!(
        request.to_lowercase().contains("content-length: ") && !request.to_lowercase().contains("transfer-encoding")
    );
    for part in
        ["name=\"tags\"\r\n\r\na,b\r\n", "name=\"signature\"\r\n", "name=\"api_key\"\r\n\r\nkey\r\n", "\r\n\r\nabc\r\n"]
    {
        assert!(request.contains(part), "{part}: {request}");
    }
    assert!(!request.contains("photos") && !request.contains("hush"), "{request}");
}

#[tokio::test]
async fn a_bearer_token_stands_in_place_of_the_signature() {
    let destroyed = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"result\":\"ok\"}";
    let (url, requests) = server(vec![STORED, STORED, destroyed]).await;
    let cld = Cloudinary::new(Config::new("demo").upload_prefix(&url).oauth_token("tok")).unwrap();
    let bytes = || UploadSource::bytes("a.jpg", b"abc".to_vec());
    cld.upload(bytes(), &UploadOptions::new()).await.unwrap();
    cld.unsigned_upload(bytes(), "preset", &UploadOptions::new()).await.unwrap();
    cld.destroy(AssetRef::image("a")).await.unwrap();
    for (request, bearer) in requests.await.unwrap().into_iter().zip([true, false, true]) {
        assert_eq!(request.to_lowercase().contains("authorization: bearer tok\r\n"), bearer, "{request}");
        assert!(!request.contains("name=\"signature\"") && !request.contains("name=\"api_key\""), "{request}");
    }
}

const PART: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"done\":false,\"public_id\":\"f/p/x\"}";

fn stream_of(bytes: usize) -> UploadSource {
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
        vec![0_u8; bytes].chunks(1 << 20).map(|p| Ok(p.to_vec())).collect();
    UploadSource::stream("a.bin", futures_util::stream::iter(pieces))
}

fn ranges(requests: &[String]) -> Vec<&str> {
    let range = |line: &'_ str| line.to_lowercase().starts_with("content-range: ");
    requests.iter().map(|request| request.lines().find(|line| range(line)).map_or("", |line| &line[15..])).collect()
}

#[tokio::test]
async fn streams_of_unknown_length_go_in_chunks_of_one_upload() {
    let (url, requests) = server(vec![PART, PART, STORED]).await;
    let cld = Cloudinary::new(client(&url)).unwrap();
    let options = UploadOptions::new().folder("f").public_id_prefix("p");
    cld.upload(stream_of(13 << 20), &options).await.unwrap();
    let requests = requests.await.unwrap();
    let expected = ["bytes 0-6291455/-1", "bytes 6291456-12582911/-1", "bytes 12582912-13631487/13631488"];
    assert_eq!(ranges(&requests), expected);
    let upload_id =
        |request: &str| request.lines().find(|line| line.starts_with("x-unique-upload-id")).map(str::to_owned);
    assert!(
        requests.iter().all(|request| upload_id(request).is_some() && upload_id(request) == upload_id(&requests[0]))
    );
    // The first names folder and prefix; later ones the id that came of them.
    for (request, first) in requests.iter().zip([true, false, false]) {
        assert_eq!(request.contains("name=\"folder\""), first);
        assert_eq!(request.contains("name=\"public_id_prefix\""), first);
        assert_eq!(request.contains("name=\"public_id\"\r\n\r\nf/p/x\r\n"), !first);
    }
}

#[tokio::test]
async fn a_stream_that_lies_of_its_length_stores_nothing() {
    const CHUNK: usize = 6 << 20;
    // What it says, what it gives, and how many chunks go before that shows; never the one that would complete it.
    for (said, given, sent) in
        [(2 * CHUNK, 3 * CHUNK, 1), (2 * CHUNK + 1, CHUNK, 0), (CHUNK + 5, 2 * CHUNK, 1), (5, 9, 0)]
    {
        let (url, requests) = server(vec![PART; sent]).await;
        let cld = Cloudinary::new(client(&url)).unwrap();
        let source = stream_of(given).with_length(said as u64);
        let error = cld.upload(source, &UploadOptions::new()).chunk_bytes(CHUNK as u64).await.unwrap_err();
        assert!(
            error.to_string().contains("it should have") || error.to_string().contains("reach"),
            "{said} {given}: {error}"
        );
        if sent > 0 {
            let requests = requests.await.unwrap();
            assert!(
                ranges(&requests).iter().all(|range| !range.contains(&format!("-{}/", said - 1))),
                "{said} {given}"
            );
        }
    }
}

#[tokio::test]
async fn answers_that_are_errors() {
    for (answer, kind, message) in [
        (
            "HTTP/1.1 401 X\r\nConnection: close\r\n\r\n{\"error\":{\"message\":\"Invalid Signature\"}}",
            Some(ApiErrorKind::Unauthorized),
            "Invalid Signature",
        ),
        (
            "HTTP/1.1 420 X\r\nX-Cld-Error: slow down\r\nConnection: close\r\n\r\n",
            Some(ApiErrorKind::RateLimited),
            "slow down",
        ),
        (
            "HTTP/1.1 502 X\r\nConnection: close\r\n\r\n<html>gateway</html>",
            Some(ApiErrorKind::Server),
            "does not say why",
        ),
        ("HTTP/1.1 200 X\r\nConnection: close\r\n\r\n<html>hello</html>", None, "not one of the service's"),
        ("HTTP/1.1 200 X\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{\"public", None, "cannot reach"),
        ("", None, "cannot reach"),
    ] {
        let (url, _requests) = server(vec![answer]).await;
        let cld = Cloudinary::new(client(&url)).unwrap().with_retry(RetryPolicy::never());
        let error = cld.upload(b"abc".to_vec(), &UploadOptions::new()).await.unwrap_err();
        assert_eq!(error.api_kind(), kind, "{answer}: {error}");
        assert!(error.to_string().contains(message), "{answer}: {error}");
        assert!(!format!("{error} {error:?}").contains("hush"));
    }
}

#[tokio::test]
async fn sources_that_fail() {
    let cld = Cloudinary::new(client("http://127.0.0.1:9")).unwrap();
    for (source, message) in [
        (UploadSource::path("/nowhere/at/all.jpg"), "cannot read /nowhere/at/all.jpg"),
        (UploadSource::path(env!("CARGO_MANIFEST_DIR")), "it is not a file"),
    ] {
        let error = cld.upload(source, &UploadOptions::new()).await.unwrap_err();
        assert!(matches!(error, Error::Source { .. }) && error.to_string().contains(message), "{error}");
    }
    for bytes in [1000, u64::MAX] {
        let error = cld.upload(b"abc".to_vec(), &UploadOptions::new()).chunk_bytes(bytes).await.unwrap_err();
        assert!(error.to_string().contains("chunk_bytes"), "{error}");
    }
    let no_secret = Cloudinary::new(Config::new("demo")).unwrap();
    let error = no_secret.upload(b"abc".to_vec(), &UploadOptions::new()).await.unwrap_err();
    assert!(error.to_string().contains("api_secret"), "{error}");
}
