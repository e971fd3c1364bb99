//! Relaying a form's file: through our app and through Django; and by the client and by curl straight to the service.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::ROUNDS;
use crate::child::{Child, forget_peak, peak_kib};

struct Job {
    name: &'static str,
    /// The form that takes it.
    path: &'static str,
    bytes: usize,
    uploads: usize,
    at_once: usize,
}

const MB: usize = 1_000_000;
const JOBS: [Job; 4] = [
    Job { name: "1 MB, one by one", path: "small", bytes: MB, uploads: 100, at_once: 1 },
    Job { name: "1 MB, 4 at once", path: "small", bytes: MB, uploads: 100, at_once: 4 },
    Job { name: "100 MB, one by one", path: "large", bytes: 100 * MB, uploads: 4, at_once: 1 },
    Job { name: "100 MB, 4 at once", path: "large", bytes: 100 * MB, uploads: 8, at_once: 4 },
];

pub(crate) fn compare(app: &Child, sink: &Child, cloudinary_url: &str) {
    let folder = std::env::temp_dir().join(format!("forms-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let django = Django::start(cloudinary_url);
    println!("\nrelaying a form's file");
    println!("{:<20} {:<16} {:>8} {:>12} {:>18}", "job", "way", "MB/s", "ours / it", "app grown, MiB");
    for job in &JOBS {
        let file = file(&folder, job.bytes);
        let mut ways = vec![
            ("ours", format!("http://{}/{}", app.said, job.path), vec![app.id()]),
            ("only passed on", format!("http://{}/pass_on", app.said), vec![app.id()]),
            ("the client", cloudinary_url.to_owned(), vec![]),
            ("curl, straight", format!("{}/v1_1/demo/raw/upload", sink.said), vec![]),
        ];
        if let Some(django) = &django {
            ways.push(("Django", format!("http://{}/", django.address), django.workers()));
        }
        let mut best = vec![(f64::MAX, 0); ways.len()];
        for _ in 0..ROUNDS {
            for ((name, url, processes), best) in ways.iter().zip(&mut best) {
                for process in processes {
                    forget_peak(*process);
                }
                let before: u64 = processes.iter().map(|process| peak_kib(*process)).sum();
                let seconds = send(url, &file, job).unwrap_or_else(|| panic!("{name} cannot do it"));
                let after: u64 = processes.iter().map(|process| peak_kib(*process)).sum();
                *best = (best.0.min(seconds), best.1.max(after.saturating_sub(before)));
            }
        }
        let ours = best[0].0;
        for ((name, _, processes), (seconds, grown)) in ways.iter().zip(best) {
            let rate = (job.bytes * job.uploads) as f64 / 1e6 / seconds;
            let grown = if processes.is_empty() { "-".to_owned() } else { format!("{:.1}", grown as f64 / 1024.0) };
            println!("{:<20} {name:<16} {rate:>8.0} {:>12.2} {grown:>18}", job.name, seconds / ours);
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder was ours");
}

/// A file with bytes that nothing can compress.
fn file(folder: &Path, bytes: usize) -> PathBuf {
    let path = folder.join(format!("{bytes}.bin"));
    let noise = |at: usize| ((at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8;
    std::fs::write(&path, (0..bytes).map(noise).collect::<Vec<u8>>()).expect("room for the file");
    path
}

/// All uploads by one process, over as few connections as it likes; how many seconds they took.
fn send(url: &str, file: &Path, job: &Job) -> Option<f64> {
    let mut command = if url.starts_with("cloudinary://") { client(url, file, job) } else { curl(url, file, job) };
    let start = Instant::now();
    let status = command.status().ok()?;
    status.success().then_some(start.elapsed().as_secs_f64())
}

fn client(url: &str, file: &Path, job: &Job) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.env("CLOUDINARY_URL", url).arg("--client").arg(file);
    command.args([job.uploads.to_string(), job.at_once.to_string()]);
    command
}

fn curl(url: &str, file: &Path, job: &Job) -> Command {
    let mut command = Command::new("curl");
    if job.at_once > 1 {
        command.args(["--parallel", "--parallel-immediate", "--parallel-max", &job.at_once.to_string()]);
    }
    // The service wants it under this name, the forms under theirs.
    let part = if url.ends_with("/v1_1/demo/raw/upload") { "file" } else { "image" };
    for at in 0..job.uploads {
        if at > 0 {
            command.arg("--next");
        }
        // A server that answers at once needs no 100-continue, which would only cost time.
        command.args(["--silent", "--no-progress-meter", "--fail", "--output", "/dev/null", "--header", "Expect:"]);
        command.arg("--form").arg(format!("{part}=@{}", file.display())).arg(url);
    }
    command
}

/// A Django app with such a form, under gunicorn.
struct Django {
    process: std::process::Child,
    address: String,
}

impl Django {
    fn start(cloudinary_url: &str) -> Option<Self> {
        let Ok(python) = std::env::var("FORMS_BENCH_PYTHON") else {
            println!("FORMS_BENCH_PYTHON is not set; scripts/bench/forms sets it");
            return None;
        };
        let folder = std::env::var("FORMS_BENCH_SCRIPTS").expect("FORMS_BENCH_SCRIPTS, beside FORMS_BENCH_PYTHON");
        let address =
            TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").to_string();
        let process = Command::new(python)
            .args(["-m", "gunicorn", "--workers", "4", "--log-level", "error", "--timeout", "300"])
            .args(["--bind", &address, "--chdir", &folder, "peer:application"])
            .env("CLOUDINARY_URL", cloudinary_url)
            .stdin(Stdio::null())
            .spawn()
            .expect("gunicorn");
        // Waited for when it is dropped, should it never start too.
        let started = Self { process, address };
        for _ in 0..100 {
            if TcpStream::connect(&started.address).is_ok() {
                return Some(started);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("gunicorn did not start");
    }

    fn workers(&self) -> Vec<u32> {
        let id = self.process.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        children.split_whitespace().filter_map(|id| id.parse().ok()).collect()
    }
}

impl Drop for Django {
    fn drop(&mut self) {
        // It ends its workers when it is told to end itself.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}
