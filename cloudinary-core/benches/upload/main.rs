//! How fast files go up, and in how much memory: this crate beside the other SDKs and curl, all to one server on this
//! machine that throws away what it gets.
//!
//! `cargo bench -p cloudinary-core --bench upload` compares with curl; `scripts/bench/upload` installs the other SDKs and
//! names them in `UPLOAD_BENCH_PYTHON` and `UPLOAD_BENCH_NODE`. Every implementation is a process of its own, as is the
//! server, and the best of several rounds counts, since a busy machine only ever makes things slower. Linux only, since
//! it reads `/proc`.

mod jobs;
mod memory;
mod ours;
mod peers;
mod sink;
mod table;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// How often each job is done by each.
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--sink", ..] => sink::serve(),
        ["--ours", variant, url, path, uploads, at_once] => {
            ours::run(variant, url, path, number(uploads), number(at_once));
        }
        // Tests build this too, and must not time anything.
        arguments if arguments.contains(&"--bench") => compare(),
        _ => println!("nothing is timed without --bench"),
    }
}

fn number(text: &str) -> usize {
    text.parse().expect("a number")
}

fn compare() {
    let mut server = Command::new(std::env::current_exe().expect("this program"))
        .arg("--sink")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server");
    let mut url = String::new();
    BufReader::new(server.stdout.take().expect("its output")).read_line(&mut url).expect("its address");
    let folder = std::env::temp_dir().join(format!("upload-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");

    for job in jobs::all() {
        let path = job.file(&folder);
        let mut best = peers::all().into_iter().map(|peer| (peer, None)).collect::<Vec<_>>();
        for _ in 0..ROUNDS {
            for (peer, result) in &mut best {
                let measured = peer.measure(url.trim(), &path, &job);
                *result = table::better(result.take(), measured);
            }
        }
        table::print(&job, &best);
    }
    memory::print(url.trim(), &folder);

    std::fs::remove_dir_all(&folder).expect("the folder was ours");
    drop(server.stdin.take());
    server.wait().expect("its end");
}
