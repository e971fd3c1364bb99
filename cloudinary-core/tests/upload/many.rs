//! Several files at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cloudinary_core::upload::many;
use cloudinary_core::{UploadOptions, UploadSource};
use futures_util::StreamExt as _;

use crate::sink::{Sink, refusal, stored};

#[tokio::test]
async fn a_few_at_a_time_and_each_by_itself() {
    let sink = Sink::start(|_, sent| if sent.has("item 7") { refusal(400) } else { stored(sent) }).await;
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let items = (0..20).map(move |at| {
        count.fetch_add(1, Ordering::SeqCst);
        (UploadSource::bytes("a.txt", format!("item {at}.")), UploadOptions::new())
    });
    let mut results = sink.client().upload_many(items, 3);
    let mut seen = Vec::new();
    while let Some((item, result)) = results.next().await {
        assert!(taken.load(Ordering::SeqCst) <= seen.len() + 1 + 3, "items are taken when their turn comes");
        assert_eq!(result.is_err(), item == 7, "{result:?}");
        seen.push(item);
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..20).collect::<Vec<_>>());
    assert!((2..=3).contains(&sink.most_at_once()), "{}", sink.most_at_once());
}

#[tokio::test]
async fn of_any_kind_and_of_none() {
    let sink = Sink::storing().await;
    let cld = sink.client();
    let upload = || cld.unsigned_upload(b"abc".to_vec(), "preset", &UploadOptions::new());
    let results: Vec<_> = many([upload(), upload()], 9).collect().await;
    assert!(results.len() == 2 && results.iter().all(|(_, result)| result.is_ok()));
    assert!(sink.requests().iter().all(|sent| sent.has("preset") && !sent.has("signature")));
    let none: Vec<(UploadSource, UploadOptions)> = Vec::new();
    assert_eq!(cld.upload_many(none, 1).count().await, 0);
    let impossible: Vec<_> = many([upload()], 0).collect().await;
    assert!(impossible.len() == 1 && impossible[0].1.as_ref().unwrap_err().to_string().starts_with("concurrency"));
    assert_eq!(sink.requests().len(), 2);
}
