//! How fast a long list is read: 10,000 resources by cursor, 500 a page, without a network.
//!
//! `cargo bench -p cloudinary-core --bench listing`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bytes::Bytes;
use cloudinary_core::client::{Body, BoxFuture, Transport, TransportError};
use cloudinary_core::{Cloudinary, Config};
use futures_util::TryStreamExt as _;

const RESOURCES: usize = 10_000;
const PAGE: usize = 500;
const ROUNDS: usize = 20;
const GOAL_MB: f64 = 100.0;

/// Gives one page after another.
#[derive(Debug, Clone)]
struct Pages {
    pages: Arc<Vec<Bytes>>,
    next: Arc<AtomicUsize>,
}

impl Transport for Pages {
    fn send(&self, _: http::Request<Body>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let page = self.next.fetch_add(1, Ordering::Relaxed) % self.pages.len();
        Box::pin(async move { Ok(http::Response::new(Body::from(self.pages[page].clone()))) })
    }
}

/// As the service writes them, with tags and texts.
fn page(number: usize, last: bool) -> Bytes {
    let resource = |at: usize| {
        format!(
            r#"{{"asset_id":"{at:032x}","public_id":"albums/summer/beach_{at}","format":"jpg","version":{},"resource_type":"image","type":"upload","created_at":"2026-01-31T12:00:00Z","bytes":{},"width":1920,"height":1080,"asset_folder":"albums/summer","display_name":"beach_{at}","access_mode":"public","url":"http://res.cloudinary.com/demo/image/upload/v1372180830/albums/summer/beach_{at}.jpg","secure_url":"https://res.cloudinary.com/demo/image/upload/v1372180830/albums/summer/beach_{at}.jpg","tags":["beach","sea","summer 2026"],"context":{{"custom":{{"alt":"A beach, \"the\" beach","caption":"Strand"}}}}}}"#,
            1_372_180_830 + at,
            100_000 + at,
        )
    };
    let resources: Vec<String> = (number * PAGE..(number + 1) * PAGE).map(resource).collect();
    let cursor = if last { String::new() } else { format!(r#","next_cursor":"c{number}""#) };
    format!(r#"{{"resources":[{}]{cursor}}}"#, resources.join(",")).into()
}

#[tokio::main]
async fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("nothing is timed without --bench");
        return;
    }
    let count = RESOURCES / PAGE;
    let pages: Vec<Bytes> = (0..count).map(|number| page(number, number + 1 == count)).collect();
    let bytes: usize = pages.iter().map(Bytes::len).sum();
    let transport = Pages { pages: Arc::new(pages), next: Arc::default() };
    let cld = Cloudinary::with_transport(Config::new("demo").credentials("key", "secret"), transport);
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let list: Vec<_> = cld.admin().resources().max_results(500).stream().try_collect().await.expect("a list");
        best = best.min(start.elapsed().as_secs_f64());
        assert_eq!(list.len(), RESOURCES);
    }
    let rate = bytes as f64 / 1e6 / best;
    println!("{RESOURCES} resources, {:.1} MB: {rate:.0} MB/s, goal: at least {GOAL_MB:.0}", bytes as f64 / 1e6);
}
