//! Completing direct uploads: the same bytes to a handler that believes them, and to one that checks.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use cloudinary_axum::{Uploads, cloudinary_direct_upload_field};
use cloudinary_core::{AssetRef, Cloudinary, Config};

use crate::ROUNDS;
use crate::app::trusted;
use crate::child::{Child, processor_seconds};

const REQUESTS: usize = 10_000;
const CONNECTIONS: usize = 8;

pub(crate) fn compare(app: &Child, cloudinary_url: &str) {
    println!("\ncompleting a direct upload, {CONNECTIONS} connections");
    println!("{:<44} {:>12} {:>10} {:>16}", "handler", "requests/s", "of plain", "processor, µs");
    let uploads = Uploads::new(Cloudinary::new(Config::from_url(cloudinary_url).expect("a URL")).expect("a client"));
    let rows = [
        ("a plain Form", "/plain"),
        ("ours, signature and ticket", "/trusted"),
        ("ours, and the service is asked", "/asked"),
    ];
    let mut best = [(0.0_f64, f64::MAX); 3];
    for _ in 0..ROUNDS {
        for ((_, path), best) in rows.iter().zip(&mut best) {
            let requests = requests(&uploads, app, path);
            let before = processor_seconds(app.id());
            let start = Instant::now();
            send(&app.said, &requests);
            let rate = REQUESTS as f64 / start.elapsed().as_secs_f64();
            let processor = (processor_seconds(app.id()) - before) * 1e6 / REQUESTS as f64;
            *best = (best.0.max(rate), best.1.min(processor));
        }
    }
    for ((name, _), (rate, processor)) in rows.iter().zip(best) {
        println!("{name:<44} {rate:>12.0} {:>9.0}% {processor:>16.1}", rate / best[0].0 * 100.0);
    }
}

/// Each with a ticket of its own, since one is good once.
fn requests(uploads: &Uploads, app: &Child, path: &str) -> Vec<Vec<u8>> {
    let field = trusted();
    let one = || {
        let html = cloudinary_direct_upload_field(&field, uploads, None).expect("it can be signed").to_string();
        let prefix = between(&html, "public_id_prefix&#34;:&#34;", "&#34;");
        let asset = AssetRef {
            version: Some(1_372_180_830),
            format: Some("jpg".into()),
            ..AssetRef::image(format!("{prefix}/sample"))
        };
        let value = asset.presigned(uploads.client().config()).expect("a secret").to_string();
        let ticket = between(&html, "name=\"image.ticket\" value=\"", "\"");
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("title", "A day at the beach"), ("image", &value), ("image.ticket", ticket)])
            .finish();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            app.said,
            body.len()
        );
        (head + &body).into_bytes()
    };
    (0..REQUESTS).map(|_| one()).collect()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect(start);
    rest.split_once(end).expect(end).0
}

fn send(address: &str, requests: &[Vec<u8>]) {
    std::thread::scope(|scope| {
        for share in requests.chunks(REQUESTS.div_ceil(CONNECTIONS)) {
            scope.spawn(move || {
                let mut connection = TcpStream::connect(address).expect("the app");
                connection.set_nodelay(true).expect("a connection");
                let mut answer = [0; 4096];
                for request in share {
                    connection.write_all(request).expect("a request");
                    // Small enough to come at once.
                    let length = connection.read(&mut answer).expect("an answer");
                    let text = String::from_utf8_lossy(&answer[..length]);
                    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
                }
            });
        }
    });
}
