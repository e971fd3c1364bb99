//! Sources that fail: each is a typed error, or a correct upload.

use std::fs::OpenOptions;
use std::io::{Error as IoError, Write as _};
use std::path::Path;

use cloudinary_core::{Error, UploadOptions, UploadSource};

use crate::sink::{CHUNK, Sink, TempFile, content, stored};

#[tokio::test]
async fn what_is_no_file() {
    let sink = Sink::storing().await;
    for (path, reason) in [
        (Path::new("/nowhere/at/all.jpg"), "cannot read /nowhere/at/all.jpg: No such file"),
        (Path::new(env!("CARGO_MANIFEST_DIR")), "it is not a file"),
        (Path::new(""), "cannot read : "),
        (Path::new("a\0b"), "cannot read a\0b: "),
        #[cfg(unix)]
        (Path::new("/dev/null"), "it is not a file"),
    ] {
        let error = sink.client().upload(path, &UploadOptions::new()).await.unwrap_err();
        assert!(matches!(error, Error::Source { .. }) && error.to_string().contains(reason), "{error}");
    }
    assert!(sink.requests().is_empty());
}

/// They have no length until they are read.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn what_cannot_be_read() {
    let sink = Sink::storing().await;
    for (path, reason) in [
        ("/proc/self/mem", "cannot read /proc/self/mem: Input/output error"),
        ("/proc/cpuinfo", "cannot read /proc/cpuinfo: it should have 0 bytes and has at least 1"),
    ] {
        let error = sink.client().upload(Path::new(path), &UploadOptions::new()).await.unwrap_err();
        assert!(matches!(error, Error::Source { .. }) && error.to_string().contains(reason), "{error}");
    }
    assert!(sink.requests().iter().all(|sent| !sent.is_whole));
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Vanish,
    Replace,
    Shrink,
    Grow,
}

impl Change {
    fn make(self, path: &Path) {
        match self {
            Self::Vanish => std::fs::remove_file(path).unwrap(),
            Self::Replace => {
                let other = path.with_extension("other");
                std::fs::write(&other, "another file").unwrap();
                std::fs::rename(other, path).unwrap();
            }
            Self::Shrink => OpenOptions::new().write(true).open(path).unwrap().set_len(10).unwrap(),
            Self::Grow => OpenOptions::new().append(true).open(path).unwrap().write_all(b"more").unwrap(),
        }
    }
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_sent() {
    let bytes = content(3 * CHUNK);
    for (change, fault) in [
        (Change::Vanish, None),
        (Change::Replace, None),
        (Change::Shrink, Some("bytes and has")),
        (Change::Grow, Some("and has at least")),
    ] {
        // In one request, and in chunks.
        for chunk_bytes in [20_000_000, CHUNK as u64] {
            let file = TempFile::new(&bytes);
            let path = file.0.clone();
            let sink = Sink::watched(
                move |number| {
                    if number == 0 {
                        change.make(&path);
                    }
                },
                |_, sent| stored(sent),
            )
            .await;
            let upload = sink.client().upload(file.0.as_path(), &UploadOptions::new()).chunk_bytes(chunk_bytes);
            match (upload.await, fault) {
                (Ok(_), None) => assert!(sink.assembled() == bytes, "{change:?}"),
                (Err(error), Some(fault)) => {
                    assert!(matches!(error, Error::Source { .. }), "{change:?}: {error}");
                    let text = error.to_string();
                    assert!(
                        text.contains(fault) && text.contains("it changed while it was sent"),
                        "{change:?}: {text}"
                    );
                    assert!(text.contains(&file.0.display().to_string()), "{text}");
                    // What would complete the file never arrives.
                    let end = format!("-{}/", bytes.len() - 1);
                    let completing = sink.requests().into_iter().filter(|sent| {
                        sent.is_whole
                            && (sent.header("content-range").is_empty() || sent.header("content-range").contains(&end))
                    });
                    assert_eq!(completing.count(), 0, "{change:?}");
                }
                (result, _) => panic!("{change:?} {chunk_bytes}: {result:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_stream_that_breaks() {
    let broken = |good: usize| {
        let mut pieces: Vec<Result<Vec<u8>, IoError>> = content(good).chunks(100_000).map(|p| Ok(p.to_vec())).collect();
        pieces.push(Err(IoError::other("the camera was unplugged")));
        UploadSource::stream("a.bin", futures_util::stream::iter(pieces))
    };
    for source in [broken(0), broken(1_000_000), broken(0).with_length(5), broken(1_000_000).with_length(2_000_000)] {
        let sink = Sink::storing().await;
        let error = sink.client().upload(source, &UploadOptions::new()).await.unwrap_err();
        assert!(matches!(error, Error::Source { .. }), "{error:?}");
        assert_eq!(error.to_string(), "cannot read the stream: the camera was unplugged");
        assert!(sink.requests().iter().all(|sent| !sent.is_whole));
    }
}

#[tokio::test]
async fn addresses_go_as_they_are() {
    for address in ["https://a.b/c.jpg?d=e", "ftp://a.b/c", "s3://bucket/key", "gs://bucket/key"] {
        let sink = Sink::storing().await;
        let source = UploadSource::remote(address).unwrap();
        sink.client().upload(source, &UploadOptions::new()).await.unwrap();
        let requests = sink.requests();
        let (head, file) = requests[0].file();
        assert_eq!((head.as_str(), file), ("name=\"file\"", address.as_bytes()));
    }
    let sink = Sink::storing().await;
    let uri = UploadSource::data_uri("data:image/gif;base64,R0lGODlhAQABAAAAACw=").unwrap();
    sink.client().upload(uri, &UploadOptions::new()).await.unwrap();
    assert_eq!(sink.requests()[0].file().1, b"data:image/gif;base64,R0lGODlhAQABAAAAACw=");
}

#[tokio::test]
async fn dropping_the_upload_stops_it() {
    let sink = Sink::storing().await;
    let endless = futures_util::stream::unfold(0_u32, |at| async move {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        Some((Ok::<_, IoError>(vec![0; 1000]), at + 1))
    });
    let source = UploadSource::stream("a.bin", endless).with_length(10_000_000);
    let upload = sink.client().upload(source, &UploadOptions::new()).into_future();
    let stopped = tokio::time::timeout(std::time::Duration::from_millis(100), upload).await;
    assert!(stopped.is_err());
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let requests = sink.requests();
    assert!(requests.len() == 1 && !requests[0].is_whole && requests[0].body.len() < 100_000);
}
