//! Who uploads.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::jobs::Job;

/// An implementation.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    how: How,
}

enum How {
    /// This program again.
    Ours(&'static str),
    /// A program that takes the address, the file, how many uploads, and how many at once, and prints as ours does.
    Script { program: String, script: &'static str, variant: &'static str },
    /// Timed from outside: it starts quickly.
    Curl,
}

/// What came of a job.
#[derive(Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) seconds: f64,
    /// How much the process grew at its peak, if it says so.
    pub(crate) grown_kib: Option<u64>,
}

pub(crate) fn all() -> Vec<Peer> {
    let mut peers = vec![
        Peer { name: "ours", how: How::Ours("chunks") },
        Peer { name: "ours, one request", how: How::Ours("whole") },
        Peer { name: "curl", how: How::Curl },
    ];
    for (variable, script, variants) in [
        ("UPLOAD_BENCH_PYTHON", "peers.py", [("PyPI upload", "upload"), ("PyPI upload_large", "upload_large")]),
        ("UPLOAD_BENCH_NODE", "peers.mjs", [("npm upload", "upload"), ("npm upload_large", "upload_large")]),
    ] {
        let Ok(program) = std::env::var(variable) else {
            println!("{variable} is not set; scripts/bench/upload sets it");
            continue;
        };
        for (name, variant) in variants {
            peers.push(Peer { name, how: How::Script { program: program.clone(), script, variant } });
        }
    }
    peers
}

impl Peer {
    /// `None` if it could not do it.
    pub(crate) fn measure(&self, url: &str, path: &Path, job: &Job) -> Option<Measured> {
        let (uploads, at_once) = (job.uploads.to_string(), job.at_once.to_string());
        let mut command = match &self.how {
            How::Curl => return curl(url, path, job),
            How::Ours(variant) => {
                let mut command = Command::new(std::env::current_exe().ok()?);
                command.args(["--ours", variant]);
                command
            }
            How::Script { program, script, variant } => {
                let folder = std::env::var("UPLOAD_BENCH_SCRIPTS").ok()?;
                let mut command = Command::new(program);
                command.arg(Path::new(&folder).join(script)).arg(variant);
                command
            }
        };
        let output = command.arg(url).arg(path).args([uploads, at_once]).output().ok()?;
        if !output.status.success() {
            eprintln!("{}: {}", self.name, String::from_utf8_lossy(&output.stderr));
            return None;
        }
        let line = String::from_utf8(output.stdout).ok()?;
        let (seconds, grown) = line.trim().split_once('\t')?;
        Some(Measured { seconds: seconds.parse().ok()?, grown_kib: grown.parse().ok() })
    }
}

/// All uploads by one process, over as few connections as it likes. What else our form holds is a few hundred bytes.
fn curl(url: &str, path: &Path, job: &Job) -> Option<Measured> {
    let mut command = Command::new("curl");
    if job.at_once > 1 {
        command.args(["--parallel", "--parallel-immediate", "--parallel-max", &job.at_once.to_string()]);
    }
    for at in 0..job.uploads {
        if at > 0 {
            command.arg("--next");
        }
        // A server that answers at once needs no 100-continue, which would only cost time.
        command.args(["--silent", "--no-progress-meter", "--fail", "--output", "/dev/null", "--header", "Expect:"]);
        command.arg("--form").arg(format!("file=@{}", path.display())).arg(format!("{url}/v1_1/demo/raw/upload"));
    }
    let start = Instant::now();
    let status = command.status().ok()?;
    let seconds = start.elapsed().as_secs_f64();
    status.success().then_some(Measured { seconds, grown_kib: None })
}
