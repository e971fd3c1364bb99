//! How fast forms are: completing a direct upload beside the same handler with a plain `Form`; relaying a file beside the client
//! and curl straight to the service, and Django; a page of filters beside the same page of plain strings.
//!
//! `cargo bench -p cloudinary-axum --bench forms` compares with curl; `scripts/bench/forms` installs Django, gunicorn and
//! the Python client and names them in `FORMS_BENCH_PYTHON`. App and service are processes of their own, on this machine,
//! and the best of several rounds counts, since a busy machine only ever makes things slower. Linux only, since it reads
//! `/proc`.

mod app;
mod child;
mod client;
mod complete;
mod filters;
mod relay;
mod sink;

/// How often each job is done by each.
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--sink", ..] => sink::serve(),
        ["--app", ..] => app::serve(),
        ["--client", file, uploads, at_once] => client::upload_all(file, uploads, at_once),
        // Tests build this too, and must not time anything.
        arguments if arguments.contains(&"--bench") => compare(),
        _ => println!("nothing is timed without --bench"),
    }
}

fn compare() {
    let sink = child::Child::start("--sink", "");
    let url = format!("cloudinary://key:secret@demo?upload_prefix={}", sink.said);
    let app = child::Child::start("--app", &url);
    filters::compare();
    complete::compare(&app, &url);
    relay::compare(&app, &sink, &url);
}
