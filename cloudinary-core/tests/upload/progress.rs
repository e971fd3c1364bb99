//! How far an upload has come.

use std::sync::{Arc, Mutex};

use cloudinary_core::upload::Progress;
use cloudinary_core::{UploadOptions, UploadSource};
use futures_util::StreamExt as _;

use crate::sink::{CHUNK, Sink, TempFile, content, refusal, stored};

#[tokio::test]
async fn told_piece_by_piece() {
    for (length, chunks) in [(700_000, 1), (2 * CHUNK + 7, 3)] {
        let file = TempFile::new(&content(length));
        let sink = Sink::start(|at, sent| if at == 1 { refusal(503) } else { stored(sent) }).await;
        let told: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let keep = Arc::clone(&told);
        let upload = sink.client().upload(file.0.as_path(), &UploadOptions::new()).chunk_bytes(CHUNK as u64);
        upload.on_progress(move |progress| keep.lock().unwrap().push(progress.clone())).await.unwrap();
        let told = told.lock().unwrap();
        let total = length as u64;
        assert!(told.len() > 2 * chunks, "{}", told.len());
        assert!(told.iter().all(|p| p.acknowledged <= p.sent && p.sent <= total && p.total == Some(total)), "{told:?}");
        assert!(told.windows(2).all(|two| two[0].acknowledged <= two[1].acknowledged));
        let last = told.last().unwrap();
        assert_eq!((last.sent, last.acknowledged, last.resume_point()), (total, total, None));
        // The second chunk was sent twice.
        let falls = told.windows(2).filter(|two| two[1].sent < two[0].sent).count();
        assert_eq!(falls, usize::from(chunks > 1), "{told:?}");
        for progress in told.iter().filter(|progress| progress.acknowledged > 0 && progress.acknowledged < total) {
            assert_eq!(progress.resume_point().unwrap().acknowledged, progress.acknowledged);
        }
    }
}

#[tokio::test]
async fn as_a_stream() {
    let sink = Sink::storing().await;
    let bytes = content(CHUNK + 1);
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = bytes.chunks(100_000).map(|piece| Ok(piece.to_vec())).collect();
    let source = UploadSource::stream("a.bin", futures_util::stream::iter(pieces));
    let (upload, mut progress) =
        sink.client().upload(source, &UploadOptions::new()).chunk_bytes(CHUNK as u64).progress();
    let watch = tokio::spawn(async move {
        let mut newest = None;
        while let Some(progress) = progress.next().await {
            newest = Some(progress);
        }
        newest.unwrap()
    });
    upload.await.unwrap();
    let newest = watch.await.unwrap();
    assert_eq!((newest.acknowledged, newest.total), (bytes.len() as u64, Some(bytes.len() as u64)));
}
