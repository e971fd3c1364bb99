//! This crate's uploads, in a process of its own.

use std::path::Path;
use std::time::Instant;

use cloudinary_core::upload::{MAX_CHUNK_BYTES, many};
use cloudinary_core::{Cloudinary, Config, ResourceType, UploadOptions};
use futures_util::StreamExt as _;

/// Prints how many seconds it took, and by how many KiB the process grew.
pub(crate) fn run(variant: &str, url: &str, path: &str, uploads: usize, at_once: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let config = Config::new("demo").credentials("key", "secret").upload_prefix(url);
        let cld = Cloudinary::new(config).expect("a client");
        let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id("x");
        let one = || {
            let upload = cld.upload(Path::new(path), &options);
            if variant == "whole" { upload.chunk_bytes(MAX_CHUNK_BYTES) } else { upload }
        };
        // As a server has connected before, and loaded its certificates.
        cld.upload(b"warm".to_vec(), &options).await.expect("an upload");
        let before = kib("VmRSS");
        let start = Instant::now();
        let mut results = many((0..uploads).map(|_| one()), at_once);
        while let Some((_, result)) = results.next().await {
            result.expect("an upload");
        }
        let seconds = start.elapsed().as_secs_f64();
        println!("{seconds}\t{}", kib("VmHWM").saturating_sub(before));
    });
}

/// A line of `/proc/self/status`.
fn kib(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc");
    let line = status.lines().find(|line| line.starts_with(name)).expect("the line");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
