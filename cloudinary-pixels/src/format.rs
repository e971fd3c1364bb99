//! The file formats that are read and written.

/// A file format that is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG: photographs, no transparency.
    Jpeg,
    /// PNG: lossless, with transparency. Only the first image of an animated one is read.
    Png,
    /// WebP: lossy or lossless, with transparency.
    Webp,
    /// GIF: 256 colours, animation, a pixel is transparent or not.
    Gif,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 4] = [Format::Jpeg, Format::Png, Format::Webp, Format::Gif];

    /// The usual file name extension: `jpg`, `png`, `webp`, `gif`.
    pub const fn extension(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::Webp => "webp",
            Format::Gif => "gif",
        }
    }

    /// The media type: `image/jpeg` and so on.
    pub const fn mime(self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::Webp => "image/webp",
            Format::Gif => "image/gif",
        }
    }

    /// The format of a file name extension, in upper or lower case: also `jpeg` and `jpe`.
    pub fn from_extension(extension: &str) -> Option<Format> {
        match extension.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" | "jpe" => Some(Format::Jpeg),
            "png" => Some(Format::Png),
            "webp" => Some(Format::Webp),
            "gif" => Some(Format::Gif),
            _ => None,
        }
    }

    /// The format these bytes begin like, whatever their file was called.
    ///
    /// ```
    /// use cloudinary_pixels::Format;
    /// assert_eq!(Format::sniff(b"GIF89a..."), Some(Format::Gif));
    /// ```
    pub fn sniff(bytes: &[u8]) -> Option<Format> {
        let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        match bytes {
            _ if webp => Some(Format::Webp),
            [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Format::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
            _ => None,
        }
    }

    /// Whether it can hold transparent pixels.
    pub const fn has_alpha(self) -> bool {
        !matches!(self, Format::Jpeg)
    }

    /// Longest side the format can hold, in pixels.
    pub const fn max_side(self) -> u32 {
        match self {
            Format::Jpeg | Format::Gif => 65_535,
            Format::Webp => 16_383,
            Format::Png => 2_147_483_647,
        }
    }

    /// The name of the image format these bytes begin like, when it is one that is *not* read
    /// here: `bmp`, `tiff`, `avif`, `heic`, `ico`, `psd`, `jxl`, `svg` or `pdf`.
    pub fn sniff_unsupported(bytes: &[u8]) -> Option<&'static str> {
        let brand = (bytes.get(4..8) == Some(b"ftyp")).then(|| bytes.get(8..12)).flatten();
        match brand {
            Some(b"avif" | b"avis") => return Some("avif"),
            Some(b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1") => return Some("heic"),
            _ => {}
        }
        match bytes {
            [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some("bmp"),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some("tiff"),
            [0, 0, 1, 0, count, 0, ..] if *count > 0 => Some("ico"),
            [b'8', b'B', b'P', b'S', ..] => Some("psd"),
            [0xFF, 0x0A, ..] | [0, 0, 0, 0x0C, b'J', b'X', b'L', b' ', ..] => Some("jxl"),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some("pdf"),
            _ if looks_like_svg(bytes) => Some("svg"),
            _ => None,
        }
    }
}

/// An `<svg` element within the first kilobyte of something that begins like XML.
fn looks_like_svg(bytes: &[u8]) -> bool {
    let head = bytes.get(..1024).unwrap_or(bytes);
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    head.starts_with(b"<") && head.windows(4).any(|window| window == b"<svg")
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.extension())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell() {
        let cases: [(&[u8], Option<Format>, Option<&str>); 13] = [
            (b"", None, None),
            (b"\xFF\xD8\xFF\xE0", Some(Format::Jpeg), None),
            (b"\x89PNG\r\n\x1A\n", Some(Format::Png), None),
            (b"\x89PNG", None, None),
            (b"RIFF\0\0\0\0WEBP", Some(Format::Webp), None),
            (b"RIFF\0\0\0\0WAVE", None, None),
            (b"GIF87a", Some(Format::Gif), None),
            (b"BM\x10\0\0\0\0\0\0\0", None, Some("bmp")),
            (b"MM\0\x2A", None, Some("tiff")),
            (b"\0\0\0\x1Cftypavif", None, Some("avif")),
            (b"<?xml version='1.0'?>\n<svg/>", None, Some("svg")),
            (b"%PDF-1.7", None, Some("pdf")),
            (b"title,price\n", None, None),
        ];
        for (bytes, format, unsupported) in cases {
            assert_eq!(Format::sniff(bytes), format, "{bytes:?}");
            assert_eq!(Format::sniff_unsupported(bytes), unsupported, "{bytes:?}");
        }
    }

    #[test]
    fn extensions() {
        for format in Format::ALL {
            assert_eq!(Format::from_extension(format.extension()), Some(format));
        }
        assert_eq!(Format::from_extension("JPEG"), Some(Format::Jpeg));
        assert_eq!(Format::from_extension("jpe"), Some(Format::Jpeg));
        assert_eq!(Format::from_extension("exe"), None);
    }
}
