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
        ("stream of likely length", UploadSource::stream("a.bin", pieces()).with_likely_length(bytes.len() as u64)),
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

/// Nothing is lost, and nothing wrong is stored, where a stream turns out to be longer or shorter than was likely.
#[tokio::test]
async fn a_length_that_was_not_so_likely() {
    const SHORT: usize = 1000;
    for (length, likely, again) in [
        (SHORT, SHORT + 1, true),
        (SHORT, SHORT - 1, true),
        (SHORT, 3 * CHUNK, true),
        (SHORT, 0, true),
        (0, SHORT, true),
        (CHUNK, CHUNK + SHORT, true),
        (CHUNK, 2 * CHUNK, true),
        (CHUNK + SHORT, CHUNK, true),
        (2 * CHUNK + SHORT, 2 * CHUNK + 2 * SHORT, true),
        (2 * CHUNK + SHORT, CHUNK + SHORT, true),
        // Found out before the chunk that would have been another.
        (2 * CHUNK + SHORT, 3 * CHUNK + SHORT, true),
        (2 * CHUNK + SHORT, 2 * CHUNK + SHORT, false),
    ] {
        let bytes = content(length);
        let sink = Sink::storing().await;
        let pieces: Vec<_> = bytes.chunks(70_001).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
        let source =
            UploadSource::stream("a.bin", futures_util::stream::iter(pieces)).with_likely_length(likely as u64);
        sink.client().upload(source, &UploadOptions::new()).chunk_bytes(CHUNK as u64).await.unwrap();
        assert!(sink.assembled() == bytes, "{length} {likely}");
        let requests = sink.requests();
        let whole = requests.iter().filter(|sent| sent.is_whole).count();
        assert_eq!(whole, length.div_ceil(CHUNK).max(1), "{length} {likely}");
        // One that ends early may never have left.
        assert!(requests.len() - whole <= usize::from(again), "{length} {likely}");
    }
}

/// What is sent while it comes does not wait for the rest of its chunk.
#[tokio::test]
async fn a_stream_of_known_length_is_sent_while_it_comes() {
    let bytes = content(2 * CHUNK);
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let pieces =
        futures_util::stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
    let sink = Sink::storing().await;
    let source = UploadSource::stream("a.bin", pieces).with_length(bytes.len() as u64);
    let upload = sink.client().upload(source, &UploadOptions::new()).chunk_bytes(CHUNK as u64);
    let upload = tokio::spawn(upload.into_future());
    for (at, piece) in bytes.chunks(CHUNK / 2).enumerate() {
        sender.send(Ok::<_, std::io::Error>(piece.to_vec())).await.unwrap();
        while sink.requests().len() <= at / 2 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
    drop(sender);
    upload.await.unwrap().unwrap();
    assert!(sink.assembled() == bytes);
}
