//! Processes beside this one.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

/// This program again, in another role; it ends when its standard input does.
pub(crate) struct Child {
    process: std::process::Child,
    /// The line it starts with.
    pub(crate) said: String,
}

impl Child {
    pub(crate) fn start(role: &str, cloudinary_url: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this program"))
            .arg(role)
            .env("CLOUDINARY_URL", cloudinary_url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("another process");
        let mut said = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut said).expect("its first line");
        Self { process, said: said.trim().to_owned() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// In a child: until the parent is gone.
pub(crate) fn wait_for_parent() {
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

/// Seconds of processor time that a process has used.
pub(crate) fn processor_seconds(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("/proc");
    let (_, fields) = stat.rsplit_once(") ").expect("a name in brackets");
    let ticks: u64 = fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().expect("a number")).sum();
    ticks as f64 / 100.0
}

/// The most memory a process had since it was last forgotten, in KiB.
pub(crate) fn peak_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or_default()
}

pub(crate) fn forget_peak(process: u32) {
    std::fs::write(format!("/proc/{process}/clear_refs"), "5").expect("/proc");
}
