//! What is uploaded, how often, and how many at once.

use std::path::{Path, PathBuf};

/// One row of rounds.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    pub(crate) bytes: usize,
    pub(crate) uploads: usize,
    pub(crate) at_once: usize,
}

pub(crate) fn all() -> Vec<Job> {
    const MB: usize = 1_000_000;
    vec![
        Job { name: "1 MB, one by one", bytes: MB, uploads: 100, at_once: 1 },
        Job { name: "1 MB, 4 at once", bytes: MB, uploads: 100, at_once: 4 },
        Job { name: "100 MB, one by one", bytes: 100 * MB, uploads: 4, at_once: 1 },
        Job { name: "100 MB, 4 at once", bytes: 100 * MB, uploads: 8, at_once: 4 },
    ]
}

impl Job {
    /// A file of its size, with bytes that nothing can compress.
    pub(crate) fn file(&self, folder: &Path) -> PathBuf {
        let path = folder.join(format!("{}.bin", self.bytes));
        let noise = |at: usize| ((at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8;
        std::fs::write(&path, (0..self.bytes).map(noise).collect::<Vec<u8>>()).expect("room for the file");
        path
    }
}
