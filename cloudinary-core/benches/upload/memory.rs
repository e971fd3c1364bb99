//! Whether a larger file takes more memory: it must not.

use std::fs::File;
use std::path::Path;

use crate::jobs::Job;
use crate::peers;

/// How much a process may grow while it streams from disk.
const GOAL_MIB: f64 = 15.0;

pub(crate) fn print(url: &str, folder: &Path) {
    println!("\nmemory, one file from disk; goal: at most {GOAL_MIB} MiB more at the peak");
    let all = peers::all();
    let ours = all.first().expect("ours is one of them");
    for (name, bytes) in [("1 MB", 1_000_000), ("100 MB", 100_000_000), ("2 GB", 2_000_000_000)] {
        let path = folder.join("hole.bin");
        // A file with nothing on disk reads as zeros.
        File::create(&path).and_then(|file| file.set_len(bytes)).expect("a file");
        let job = Job { name, bytes: usize::try_from(bytes).expect("64 bits"), uploads: 1, at_once: 1 };
        let grown = ours.measure(url, &path, &job).and_then(|measured| measured.grown_kib);
        let mib = grown.map_or(f64::NAN, |kib| kib as f64 / 1024.0);
        println!("{name:<22} {:<20} {mib:>8.1} MiB{}", ours.name, if mib <= GOAL_MIB { "" } else { ": too much" });
    }
}
