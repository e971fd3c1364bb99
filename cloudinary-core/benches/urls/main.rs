//! How fast URLs, signatures and tags are made: this crate beside the same text pushed by hand, which is the floor.
//!
//! `cargo bench -p cloudinary-core --bench urls` prints a table; with `-- --tsv`, lines of
//! `implementation, job, nanoseconds, output` for `scripts/bench/urls`, which adds the other SDKs. Names of jobs leave the
//! others out. The test `allocations` counts how often each of these ways allocates; not here, for an allocator that
//! counts takes longer.

mod floor;
mod jobs;
mod meter;
mod variant;

fn main() {
    let (switches, wanted): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let tsv = switches.iter().any(|switch| switch == "--tsv");
    if !tsv {
        println!("{:<12} {:<24} {:>10} {:>8} {:>7}", "job", "implementation", "ops/s", "ns", "x floor");
    }
    for (job, variants) in jobs::all() {
        if !wanted.is_empty() && !wanted.iter().any(|name| name == job) {
            continue;
        }
        let results = meter::measure(job, variants);
        let floor = results.first().map_or(f64::NAN, |floor| floor.nanoseconds);
        for result in &results {
            let (name, ns) = (result.name, result.nanoseconds);
            if tsv {
                println!("{name}\t{job}\t{ns:.1}\t{}", result.output);
            } else {
                let (rate, ratio) = (1e9 / ns, ns / floor);
                println!("{job:<12} {name:<24} {rate:>10.0} {ns:>8.1} {ratio:>7.2}");
            }
        }
    }
}
