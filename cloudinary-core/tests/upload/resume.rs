//! Uploads that stopped, and go on.

use cloudinary_core::client::RetryPolicy;
use cloudinary_core::upload::ResumePoint;
use cloudinary_core::{Cloudinary, Error, UploadOptions, UploadSource};

use crate::sink::{CHUNK, Sink, TempFile, content, refusal, stored};

fn impatient(sink: &Sink) -> Cloudinary {
    sink.client().with_retry(RetryPolicy::never())
}

fn pieces(bytes: &[u8]) -> Vec<Result<Vec<u8>, std::io::Error>> {
    bytes.chunks(1_000_000).map(|piece| Ok(piece.to_vec())).collect()
}

fn stream(pieces: Vec<Result<Vec<u8>, std::io::Error>>) -> UploadSource {
    UploadSource::stream("a.bin", futures_util::stream::iter(pieces))
}

#[tokio::test]
async fn from_where_the_service_stopped() {
    let bytes = content(3 * CHUNK + 7);
    let file = TempFile::new(&bytes);
    let options = UploadOptions::new().folder("f");
    for failing in 1..4 {
        let sink = Sink::start(move |at, sent| if at == failing { refusal(500) } else { stored(sent) }).await;
        let cld = impatient(&sink);
        let error = cld.upload(file.0.as_path(), &options).chunk_bytes(CHUNK as u64).await.unwrap_err();
        let Error::Interrupted { point, cause } = &error else { panic!("{error}") };
        assert_eq!((point.acknowledged, point.total), ((failing * CHUNK) as u64, Some(bytes.len() as u64)));
        assert!(matches!(**cause, Error::Api { status: 500, .. }) && error.api_kind() == cause.api_kind());
        assert!(error.to_string().contains(&format!("stopped after {} bytes", failing * CHUNK)), "{error}");
        let kept = serde_json::to_string(point).unwrap();
        for source in [
            UploadSource::path(&file.0),
            UploadSource::bytes("a.bin", bytes.clone()),
            stream(pieces(&bytes[failing * CHUNK..])),
            stream(pieces(&bytes[failing * CHUNK..])).with_length((bytes.len() - failing * CHUNK) as u64),
        ] {
            let point: ResumePoint = serde_json::from_str(&kept).unwrap();
            let done = cld.upload(source, &options).chunk_bytes(CHUNK as u64).resume(point).await.unwrap();
            assert_eq!(done.public_id, "f/x");
            assert!(sink.assembled() == bytes);
        }
        // Nothing that was acknowledged was sent again.
        let ranges = sink.requests().into_iter().skip(failing + 1);
        assert!(ranges.map(|sent| sent.header("content-range").to_owned()).all(|range| !range.starts_with("bytes 0-")));
    }
}

#[tokio::test]
async fn from_where_the_stream_broke() {
    let bytes = content(2 * CHUNK + 7);
    let sink = Sink::storing().await;
    let mut broken = pieces(&bytes[..CHUNK + 5_000_000]);
    broken.push(Err(std::io::Error::new(std::io::ErrorKind::ConnectionReset, "the visitor's network")));
    let upload = sink.client().upload(stream(broken), &UploadOptions::new()).chunk_bytes(CHUNK as u64);
    let error = upload.await.unwrap_err();
    assert!(error.to_string().ends_with("cannot read the stream: the visitor's network"), "{error}");
    let point = error.resume_point().unwrap().clone();
    assert_eq!((point.acknowledged, point.total), (CHUNK as u64, None));
    sink.client().upload(stream(pieces(&bytes[CHUNK..])), &UploadOptions::new()).resume(point).await.unwrap();
    assert!(sink.assembled() == bytes);
}

#[tokio::test]
async fn no_more_than_can_be() {
    let bytes = content(2 * CHUNK);
    // A refusal for good, and one of the first chunk, leave nothing to go on with.
    for (failing, status) in [(1, 400), (0, 500), (1, 404)] {
        let sink = Sink::start(move |at, sent| if at == failing { refusal(status) } else { stored(sent) }).await;
        let upload = impatient(&sink).upload(bytes.clone(), &UploadOptions::new()).chunk_bytes(CHUNK as u64);
        let error = upload.await.unwrap_err();
        assert!(matches!(error, Error::Api { .. }), "{error}");
    }
    let sink = Sink::storing().await;
    let point = |json: &str| serde_json::from_str::<ResumePoint>(json).unwrap();
    let begun = r#"{"upload_id":"u","acknowledged":6000000,"total":12000000,"public_id":null}"#;
    for (source, point, reason) in [
        (UploadSource::bytes("a", content(CHUNK)), point(begun), "has 6000000 bytes now and had 12000000"),
        (
            UploadSource::bytes("a", content(CHUNK)),
            point(&begun.replace("12000000", "null")),
            "6000000 bytes were sent before, and the file has 6000000",
        ),
        (UploadSource::remote("https://a.b/c").unwrap(), point(begun), "the service fetches it anew"),
        (UploadSource::bytes("a", bytes.clone()), ResumePoint::default(), "give the point of an upload that stopped"),
        (stream(Vec::new()), point(begun), "it should have 12000000 bytes and has 6000000"),
    ] {
        let error = sink.client().upload(source, &UploadOptions::new()).resume(point).await.unwrap_err();
        assert!(error.to_string().contains(reason), "{reason}: {error}");
    }
    assert!(sink.requests().is_empty());
}
