//! How much a process grows while a file of 1 GiB passes through its upload form: `cargo bench --bench relay_memory`.
//!
//! Three processes, so that the app's memory is its own: the media server, the app, and this one, which is the browser.
//! `RELAY_MIB` changes the size. Linux only, since it reads `/proc`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use cloudinary_axum::{Fields, FileField, FormData, MIB, UploadForm, Uploaded};
use cloudinary_core::{Cloudinary, ResourceType, UploadOptions};
use cloudinary_local::{Limits, LocalServer};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The role is an argument, since all three are this program.
const ROLES: [&str; 2] = ["--media-server", "--app"];
/// How much the app may grow.
const GOAL_MIB: u64 = 32;

#[derive(Deserialize)]
struct Form {
    file: Uploaded,
}

impl UploadForm for Form {
    fn fields() -> Fields {
        let options = UploadOptions::new().resource_type(ResourceType::Raw);
        Fields::new().file(FileField::new("file").max_bytes(16 * 1024 * MIB).options(options))
    }
}

async fn create(form: FormData<Form>) -> Response {
    match form.into_result() {
        Ok(form) => form.file.response().map_or(0, |answer| answer.bytes).to_string().into_response(),
        Err(invalid) => (invalid.status(), format!("{:?}", invalid.errors().collect::<Vec<_>>())).into_response(),
    }
}

#[tokio::main]
async fn main() {
    let role = std::env::args().find(|argument| ROLES.contains(&argument.as_str()));
    match role.as_deref() {
        Some("--media-server") => media_server().await,
        Some(_) => app().await,
        None => browser().await,
    }
}

async fn media_server() {
    let folder = std::env::temp_dir().join(format!("relay-memory-{}", std::process::id()));
    let limits = Limits { raw_max_bytes: u64::MAX, spool_max_bytes: u64::MAX, ..Limits::default() };
    let server = LocalServer::builder().data_folder(&folder).limits(limits).start().await.expect("the media server");
    println!("{}", server.cloudinary_url());
    wait_for_parent().await;
    server.shutdown().await;
    std::fs::remove_dir_all(folder).expect("the folder was ours");
}

async fn app() {
    let cld = Cloudinary::from_env().expect("CLOUDINARY_URL");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!("{}", listener.local_addr().expect("an address"));
    let router = Router::new().route("/", post(create)).with_state(cloudinary_axum::Uploads::new(cld));
    axum::serve(listener, router).with_graceful_shutdown(wait_for_parent()).await.expect("serving");
}

/// Standard input ends when the parent drops it.
async fn wait_for_parent() {
    let mut nothing = Vec::new();
    let _ = tokio::io::stdin().read_to_end(&mut nothing).await;
}

/// A process of this program, and the line it starts with.
fn start(role: &str, cloudinary_url: &str) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .arg(role)
        .env("CLOUDINARY_URL", cloudinary_url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("another process");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its first line");
    (child, line.trim().to_owned())
}

async fn browser() {
    let mib: u64 = std::env::var("RELAY_MIB").ok().and_then(|mib| mib.parse().ok()).unwrap_or(1024);
    let (mut media, url) = start("--media-server", "");
    let (mut app, address) = start("--app", &url);

    upload(&address, 16).await;
    let before = resident_mib(app.id());
    let peak = Arc::new(AtomicU64::new(before));
    let done = Arc::new(AtomicBool::new(false));
    let watch = tokio::spawn(watch(app.id(), Arc::clone(&peak), Arc::clone(&done)));
    let started = Instant::now();
    let stored = upload(&address, mib).await;
    let seconds = started.elapsed().as_secs_f64();
    done.store(true, Ordering::Relaxed);
    watch.await.expect("the watch");
    let peak = peak.load(Ordering::Relaxed);

    println!("file          {mib:>8} MiB, stored {stored} bytes");
    println!("throughput    {:>8.0} MiB/s, fsync of every chunk included", mib as f64 / seconds);
    println!("before        {before:>8} MiB");
    println!("peak          {peak:>8} MiB");
    println!("growth        {:>8} MiB, goal: below {GOAL_MIB}", peak - before);
    for child in [&mut app, &mut media] {
        drop(child.stdin.take());
        child.wait().expect("its end");
    }
}

/// Posts a form with a file of so many mebibytes; the answer is the number of bytes that are stored.
async fn upload(address: &str, mib: u64) -> String {
    let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file.bin\"\r\n\r\n";
    let tail = "\r\n--b--\r\n";
    let length = head.len() as u64 + mib * MIB + tail.len() as u64;
    let mut connection = TcpStream::connect(address).await.expect("the app");
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: {length}\r\n\r\n{head}"
    );
    connection.write_all(request.as_bytes()).await.expect("the head");
    let mut piece: Vec<u8> = (0..MIB).map(|at| (at % 251) as u8).collect();
    for number in 0..mib {
        // No two pieces are the same, so that nothing on the way can save itself the work.
        piece[..8].copy_from_slice(&number.to_le_bytes());
        connection.write_all(&piece).await.expect("the file");
    }
    connection.write_all(tail.as_bytes()).await.expect("the tail");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("the answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer.rsplit("\r\n").next().unwrap_or_default().to_owned()
}

async fn watch(process: u32, peak: Arc<AtomicU64>, done: Arc<AtomicBool>) {
    while !done.load(Ordering::Relaxed) {
        peak.fetch_max(resident_mib(process), Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn resident_mib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("/proc");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).expect("a number") / 1024
}
