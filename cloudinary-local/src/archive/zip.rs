//! ZIP files, as PKWARE's APPNOTE has them: each file whole in memory, sizes before contents, no ZIP64.

use std::io::Write as _;

use flate2::{Compression, Crc, write::DeflateEncoder};
use time::OffsetDateTime;

/// The version of the format that readers need: 2.0, deflated files.
const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;

/// Makes one file after the other, then the directory.
#[derive(Debug, Default)]
pub(super) struct Zip {
    offset: u64,
    directory: Vec<u8>,
    files: u16,
}

impl Zip {
    /// The bytes of one more file; `modified` is in Unix seconds.
    pub(super) fn add(&mut self, name: &str, modified: i64, content: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut deflater = DeflateEncoder::new(Vec::new(), Compression::default());
        deflater.write_all(content)?;
        let deflated = deflater.finish()?;
        // Pictures hardly ever get smaller.
        let (method, packed) = if deflated.len() < content.len() { (8_u16, &*deflated) } else { (0, content) };
        let mut crc = Crc::new();
        crc.update(content);
        let (time, date) = dos_time(modified);
        let size = |length: usize| u32::try_from(length).map_err(|_| too_large());
        let name_length = u16::try_from(name.len()).map_err(|_| too_large())?;

        let mut facts = Vec::new();
        for number in [VERSION, FLAGS, method, time, date] {
            facts.extend(number.to_le_bytes());
        }
        for number in [crc.sum(), size(packed.len())?, size(content.len())?] {
            facts.extend(number.to_le_bytes());
        }
        facts.extend(name_length.to_le_bytes());
        facts.extend(0_u16.to_le_bytes());

        let mut file = b"PK\x03\x04".to_vec();
        file.extend(&facts);
        file.extend(name.as_bytes());
        file.extend(packed);

        let offset = u32::try_from(self.offset).map_err(|_| too_large())?;
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&facts);
        // No comment, the first disk, no attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.files = self.files.checked_add(1).ok_or_else(too_large)?;
        self.offset += file.len() as u64;
        Ok(file)
    }

    /// What stands at the end.
    pub(super) fn finish(self) -> std::io::Result<Vec<u8>> {
        let (offset, length) = (u32::try_from(self.offset), u32::try_from(self.directory.len()));
        let mut end = self.directory;
        end.extend(b"PK\x05\x06\0\0\0\0");
        end.extend(self.files.to_le_bytes());
        end.extend(self.files.to_le_bytes());
        end.extend(length.map_err(|_| too_large())?.to_le_bytes());
        end.extend(offset.map_err(|_| too_large())?.to_le_bytes());
        end.extend([0; 2]);
        Ok(end)
    }
}

fn too_large() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::FileTooLarge, "too large for a ZIP file")
}

/// Time and date as MS-DOS had them, from 1980 on, in steps of two seconds.
fn dos_time(seconds: i64) -> (u16, u16) {
    let Ok(at) = OffsetDateTime::from_unix_timestamp(seconds) else { return (0, 0x21) };
    let year = at.year() - 1980;
    if !(0..128).contains(&year) {
        return (0, 0x21);
    }
    let time = (u16::from(at.hour()) << 11) | (u16::from(at.minute()) << 5) | (u16::from(at.second()) / 2);
    let date = ((year as u16) << 9) | (u16::from(u8::from(at.month())) << 5) | u16::from(at.day());
    (time, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let table = [
            (0, (0, 0x21)),
            (315_532_800, (0, 0x21)),
            (1_372_180_830, ((17_u16 * 2048 + 20 * 32 + 15), (33 * 512 + 6 * 32 + 25))),
            (i64::MAX, (0, 0x21)),
        ];
        for (seconds, expected) in table {
            assert_eq!(dos_time(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn the_directory_is_at_the_end() {
        let mut zip = Zip::default();
        let mut bytes = zip.add("a.txt", 0, &[b'a'; 1000]).unwrap();
        assert!(bytes.len() < 100, "it is packed");
        let first = bytes.len();
        bytes.extend(zip.add("ü/b", 0, b"b").unwrap());
        let directory = bytes.len();
        bytes.extend(zip.finish().unwrap());
        let end = bytes.len() - 22;
        assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
        assert_eq!(&bytes[end + 10..end + 12], 2_u16.to_le_bytes());
        assert_eq!(&bytes[end + 16..end + 20], (directory as u32).to_le_bytes());
        assert_eq!(
            (&bytes[first..first + 4], &bytes[directory..directory + 4]),
            (&b"PK\x03\x04"[..], &b"PK\x01\x02"[..])
        );
    }
}
