//! What is printed.

use crate::jobs::Job;
use crate::peers::{Measured, Peer};

/// The quicker of two rounds, with the larger of the two peaks.
pub(crate) fn better(one: Option<Measured>, other: Option<Measured>) -> Option<Measured> {
    match (one, other) {
        (Some(one), Some(other)) => {
            let grown_kib = one.grown_kib.max(other.grown_kib);
            Some(Measured { seconds: one.seconds.min(other.seconds), grown_kib })
        }
        (one, other) => one.or(other),
    }
}

/// How many times as fast ours is as each: above 1 it is faster.
pub(crate) fn print(job: &Job, results: &[(Peer, Option<Measured>)]) {
    println!("\n{:<22} {:<20} {:>8} {:>10} {:>12}", "job", "implementation", "MB/s", "ours / it", "grown, MiB");
    let ours = results.first().and_then(|(_, result)| *result).map_or(f64::NAN, |result| result.seconds);
    for (peer, result) in results {
        let Some(result) = result else {
            println!("{:<22} {:<20} {:>8}", job.name, peer.name, "failed");
            continue;
        };
        let rate = (job.bytes * job.uploads) as f64 / 1e6 / result.seconds;
        let grown = result.grown_kib.map_or("-".to_owned(), |kib| format!("{:.1}", kib as f64 / 1024.0));
        let ratio = result.seconds / ours;
        println!("{:<22} {:<20} {rate:>8.0} {ratio:>10.2} {grown:>12}", job.name, peer.name);
    }
}
