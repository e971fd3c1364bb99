//! Large files in chunks, each of which is sent again when it fails.

use cloudinary_core::{UploadOptions, UploadSource};

use crate::sink::{CHUNK, Sink, TempFile, content, refusal, stored};

/// The same bytes from every kind of source.
fn sources(file: &TempFile, bytes: &[u8]) -> Vec<(&'static str, UploadSource)> {
    let pieces = || {
        futures_util::stream::iter(
            bytes.to_vec().chunks(999_999).map(|p| Ok::<_, std::io::Error>(p.to_vec())).collect::<Vec<_>>(),
        )
    };
    vec![
        ("path", UploadSource::path(&file.0)),
        ("bytes", UploadSource::bytes("a.bin", bytes.to_vec())),
        ("stream", UploadSource::stream("a.bin", pieces())),
        ("stream of known length", UploadSource::stream("a.bin", pieces()).with_length(bytes.len() as u64)),
        ("reader", UploadSource::reader("a.bin", std::io::Cursor::new(bytes.to_vec()))),
    ]
}

#[tokio::test]
async fn every_source_arrives_whole() {
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7] {
        let bytes = content(length);
        let file = TempFile::new(&bytes);
        for (name, source) in sources(&file, &bytes) {
            let sink = Sink::storing().await;
            let upload = sink.client().upload(source, &UploadOptions::new().folder("f")).chunk_bytes(CHUNK as u64);
            let done = upload.await.unwrap();
            assert_eq!(done.public_id, "f/x");
            assert!(sink.assembled() == bytes, "{name} of {length} bytes");
            let requests = sink.requests();
            assert_eq!(requests.len(), length.div_ceil(CHUNK).max(1), "{name} of {length} bytes");
            // Each is signed anew; the first names the folder, later ones the id that came of it.
            for (at, sent) in requests.iter().enumerate() {
                assert!(sent.has("name=\"signature\""));
                assert_eq!(sent.has("name=\"folder\""), at == 0);
                assert_eq!(sent.has("name=\"public_id\"\r\n\r\nf/x\r\n"), at > 0);
            }
        }
    }
}

#[tokio::test]
async fn a_chunk_that_fails_is_sent_again() {
    let bytes = content(2 * CHUNK + 7);
    let file = TempFile::new(&bytes);
    for failing in 0..3 {
        for (name, source) in sources(&file, &bytes) {
            let sink = Sink::start(move |at, sent| if at == failing { refusal(503) } else { stored(sent) }).await;
            let options = UploadOptions::new().public_id("f/x");
            sink.client().upload(source, &options).chunk_bytes(CHUNK as u64).await.unwrap();
            let requests = sink.requests();
            let range = |at: usize| requests[at].header("content-range").to_owned();
            assert_eq!((requests.len(), range(failing)), (4, range(failing + 1)), "{name}");
            assert!(requests[failing].file().1 == requests[failing + 1].file().1, "{name}");
            assert!(sink.assembled() == bytes, "{name}");
        }
    }
}
