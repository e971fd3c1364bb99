//! A page of a thousand images, by the filter and as strings that somebody else made.

use std::hint::black_box;
use std::time::Instant;

use askama::Template;
use cloudinary_axum::{filters, render};
use cloudinary_core::{AssetRef, Cloudinary, Config};

const IMAGES: usize = 1000;
const PAGES: usize = 200;

#[derive(Template)]
#[template(
    source = r#"{% for image in images %}<p>{{ image|cloudinary(format="jpg", width=120, height=80, crop="fill", alt="A photo") }}</p>{% endfor %}"#,
    ext = "html"
)]
struct Filtered {
    images: Vec<AssetRef>,
}

#[derive(Template)]
#[template(
    source = r#"{% for url in urls %}<p><img alt="{{ alt }}" height="{{ height }}" src="{{ url }}" width="{{ width }}"/></p>{% endfor %}"#,
    ext = "html"
)]
struct Plain {
    urls: Vec<String>,
    alt: String,
    width: u32,
    height: u32,
}

pub(crate) fn compare() {
    let cld = Cloudinary::new(Config::new("demo")).expect("a client");
    let asset =
        |at: usize| AssetRef { version: Some(1_372_180_830), ..AssetRef::image(format!("albums/summer/photo_{at}")) };
    let filtered = Filtered { images: (0..IMAGES).map(asset).collect() };
    let base = "https://res.cloudinary.com/demo/image/upload/c_fill,h_80,w_120/v1372180830/albums/summer/photo_";
    let urls = (0..IMAGES).map(|at| format!("{base}{at}.jpg")).collect();
    let plain = Plain { urls, alt: "A photo".to_owned(), width: 120, height: 80 };
    let ours = || render(&filtered, &cld).expect("a page").0;
    let theirs = || plain.render().expect("a page");
    assert_eq!(ours(), theirs(), "the same page");
    // In turns, so that whatever else the machine does meets both.
    let (mut least, mut least_of_plain) = (f64::MAX, f64::MAX);
    for _ in 0..PAGES {
        least = least.min(micros(ours));
        least_of_plain = least_of_plain.min(micros(theirs));
    }
    println!("\na page of {IMAGES} images");
    println!("{:<44} {:>12} {:>10}", "images", "µs a page", "of plain");
    for (name, micros) in [("strings in a plain template", least_of_plain), ("the cloudinary filter", least)] {
        println!("{name:<44} {micros:>12.0} {:>9.2}x", micros / least_of_plain);
    }
}

/// How long a page takes.
fn micros(page: impl Fn() -> String) -> f64 {
    let start = Instant::now();
    black_box(page());
    start.elapsed().as_secs_f64() * 1e6
}
