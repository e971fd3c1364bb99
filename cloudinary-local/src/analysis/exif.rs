//! What the camera noted.

use exif::{In, Reader, Tag};
use serde_json::{Map, Value};

/// Longest value that is told; embedded thumbnails and makers' notes are longer.
const VALUE_MAX: usize = 1024;

/// Tag names and their values as texts. A file without notes, or with broken ones, has none.
pub(super) fn read(bytes: &[u8]) -> Map<String, Value> {
    let mut cursor = std::io::Cursor::new(bytes);
    let Ok(notes) = Reader::new().continue_on_error(true).read_from_container(&mut cursor).or_else(|error| {
        // Some notes are better than none, when only part of them is broken.
        error.distill_partial_result(|_| {})
    }) else {
        return Map::new();
    };
    let told = notes.fields().filter(|field| field.ifd_num == In::PRIMARY && field.tag != Tag::MakerNote);
    told.filter_map(|field| {
        let text = match &field.value {
            exif::Value::Ascii(lines) => {
                let lines: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(line)).collect();
                lines.join(" ").trim_end_matches('\0').to_owned()
            }
            exif::Value::Rational(fractions) => {
                fractions.iter().map(|one| format!("{}/{}", one.num, one.denom)).collect::<Vec<_>>().join(", ")
            }
            exif::Value::SRational(fractions) => {
                fractions.iter().map(|one| format!("{}/{}", one.num, one.denom)).collect::<Vec<_>>().join(", ")
            }
            exif::Value::Byte(numbers) => join(numbers),
            exif::Value::Short(numbers) => join(numbers),
            exif::Value::Long(numbers) => join(numbers),
            exif::Value::SShort(numbers) => join(numbers),
            exif::Value::SLong(numbers) => join(numbers),
            _ => field.display_value().to_string(),
        };
        (text.len() <= VALUE_MAX).then(|| (field.tag.to_string(), Value::from(text)))
    })
    .collect()
}

fn join(numbers: &[impl ToString]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn notes_of_a_camera() {
        // A TIFF of one directory: Make, Orientation, XResolution.
        let mut tiff = b"II*\0\x08\0\0\0\x03\0".to_vec();
        tiff.extend(b"\x0F\x01\x02\0\x05\0\0\0\x32\0\0\0");
        tiff.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
        tiff.extend(b"\x1A\x01\x05\0\x01\0\0\0\x37\0\0\0");
        tiff.extend(b"\0\0\0\0Acme\0\x48\0\0\0\x01\0\0\0");
        let notes = read(&tiff);
        for (name, value) in [("Make", "Acme"), ("Orientation", "6"), ("XResolution", "72/1")] {
            assert_eq!(notes.get(name).and_then(|value| value.as_str()), Some(value), "{name}: {notes:?}");
        }
        assert!(read(b"no image").is_empty());
    }
}
