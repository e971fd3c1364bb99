//! Gzipped tar files, in POSIX's ustar form; names that are too long for it stand in a pax record before them.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

const BLOCK: usize = 512;
/// Longest name that the header itself holds.
const NAME_MAX: usize = 100;

/// Makes one file after the other.
#[derive(Debug)]
pub(super) struct Tgz {
    packer: GzEncoder<Vec<u8>>,
}

impl Tgz {
    pub(super) fn new() -> Self {
        Self { packer: GzEncoder::new(Vec::new(), Compression::default()) }
    }

    /// The packed bytes that are ready after one more file; `modified` is in Unix seconds.
    pub(super) fn add(&mut self, name: &str, modified: i64, content: &[u8]) -> std::io::Result<Vec<u8>> {
        if name.len() > NAME_MAX {
            let record = pax_record("path", name);
            self.entry("pax", b'x', modified, &record)?;
        }
        let shortened: String =
            name.char_indices().take_while(|(at, c)| at + c.len_utf8() <= NAME_MAX).map(|(_, c)| c).collect();
        self.entry(&shortened, b'0', modified, content)?;
        Ok(std::mem::take(self.packer.get_mut()))
    }

    fn entry(&mut self, name: &str, kind: u8, modified: i64, content: &[u8]) -> std::io::Result<()> {
        self.packer.write_all(&header(name, kind, modified, content.len() as u64))?;
        self.packer.write_all(content)?;
        let padding = content.len().next_multiple_of(BLOCK) - content.len();
        self.packer.write_all(&[0; BLOCK][..padding])
    }

    /// What stands at the end.
    pub(super) fn finish(mut self) -> std::io::Result<Vec<u8>> {
        self.packer.write_all(&[0; 2 * BLOCK])?;
        self.packer.finish()
    }
}

fn header(name: &str, kind: u8, modified: i64, size: u64) -> Vec<u8> {
    let mut header = Vec::with_capacity(BLOCK);
    let mut field = |text: String, width: usize| {
        header.extend(text.as_bytes());
        header.resize(header.len() + width - text.len(), 0);
    };
    field(name.to_owned(), NAME_MAX);
    for (number, width) in [(0o644, 8), (0, 8), (0, 8), (size, 12), (modified.max(0).unsigned_abs(), 12)] {
        field(format!("{number:0digits$o}", digits = width - 1), width);
    }
    // The checksum counts itself as spaces.
    field(" ".repeat(8), 8);
    field(char::from(kind).to_string(), 1);
    field(String::new(), 100);
    field("ustar\0".to_owned() + "00", 8);
    field(String::new(), BLOCK - 265);
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    header.splice(148..156, format!("{sum:06o}\0 ").into_bytes());
    header
}

/// `30 path=…\n`, where the number counts the whole record, itself too.
fn pax_record(key: &str, value: &str) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    format!("{length} {key}={value}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn headers_and_long_names() {
        let long = format!("{}/ü.png", "folder".repeat(20));
        let mut tgz = Tgz::new();
        let mut bytes = tgz.add("a.txt", 1, b"hello").unwrap();
        bytes.extend(tgz.add(&long, 1, b"").unwrap());
        bytes.extend(tgz.finish().unwrap());
        let mut tar = Vec::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut tar).unwrap();
        assert_eq!(tar.len(), 7 * BLOCK, "two files, one record, and the end");
        assert_eq!((&tar[..6], &tar[257..263], &tar[512..517]), (&b"a.txt\0"[..], &b"ustar\0"[..], &b"hello"[..]));
        let expected = format!("{} path={long}\n", long.len() + 10);
        assert_eq!(&tar[3 * BLOCK..3 * BLOCK + expected.len()], expected.as_bytes());
        let sum: u64 = tar[..BLOCK]
            .iter()
            .enumerate()
            .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) })
            .sum();
        assert_eq!(&tar[148..154], format!("{sum:06o}").as_bytes());
    }

    #[test]
    fn record_lengths_count_themselves() {
        for length in [1, 5, 85, 86, 87, 88, 980, 984, 985] {
            let record = pax_record("path", &"x".repeat(length));
            let told: usize = String::from_utf8(record.clone()).unwrap().split(' ').next().unwrap().parse().unwrap();
            assert_eq!(told, record.len());
        }
    }
}
