//! Runs recorded inputs and outputs of `PyPI` `cloudinary` against this crate.
//!
//! `cargo test -p cloudinary-core --test vectors` runs every file of `tests/vectors/`, or those named in
//! `CLOUDINARY_VECTORS`, separated by `:`. Each failure is printed with input, expected and got; the last line counts.
//! Kinds of record that this crate has no counterpart for yet are counted as skipped, by kind.

mod exceptions;
mod images;
mod record;
mod settings;
mod signatures;
mod transformations;
mod uploads;
mod urls;
mod videos;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value as Json, json};

use self::exceptions::same_trouble;
use self::record::Input;

fn main() -> ExitCode {
    let mut tally = Tally::default();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file: Json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let records = file["vectors"].as_array().unwrap_or_else(|| panic!("{}: no vectors", path.display()));
        for record in records {
            tally.run(record);
        }
    }
    tally.report()
}

fn files() -> Vec<PathBuf> {
    if let Ok(named) = std::env::var("CLOUDINARY_VECTORS") {
        return named.split(':').map(PathBuf::from).collect();
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("tests/vectors is part of the crate")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    /// Neither passed nor failed: records of behaviour that is different on purpose.
    excepted: BTreeMap<&'static str, usize>,
    skipped: BTreeMap<String, usize>,
}

impl Tally {
    fn run(&mut self, record: &Json) {
        let input = Input { record };
        if let Some(decision) = input.excepted() {
            *self.excepted.entry(decision).or_default() += 1;
            return;
        }
        let Some(outcome) = input.run() else {
            *self.skipped.entry(input.kind().to_owned()).or_default() += 1;
            return;
        };
        let raises = record.get("raises");
        let matches = match (&outcome, raises) {
            (Err(error), Some(raises)) => same_trouble(&error.to_string(), &raises["message"]),
            (Ok(got), None) => *got == input.expected(),
            _ => false,
        };
        if matches {
            self.passed += 1;
            return;
        }
        self.failed += 1;
        println!("FAILED {}", input.kind());
        println!(
            "  input    {}",
            json!({"args": record["args"], "kwargs": record["kwargs"], "config": record["config"], "self": record["self"]})
        );
        println!("  expected {}", raises.cloned().unwrap_or_else(|| input.expected()));
        match outcome {
            Ok(got) => println!("  got      {got}"),
            Err(error) => println!("  got      error: {error}"),
        }
    }

    fn report(&self) -> ExitCode {
        for (decision, count) in &self.excepted {
            println!("excepted {count}: {decision}");
        }
        for (kind, count) in &self.skipped {
            println!("skipped {count} of {kind}");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 && self.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
