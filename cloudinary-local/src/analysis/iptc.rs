//! What an editor noted in a JPEG: IPTC fields, in the Photoshop block of the file.

use serde_json::{Map, Value};

/// Fields of the application record that are told, by their numbers.
const FIELDS: &[(u8, &str)] = &[
    (5, "ObjectName"),
    (15, "Category"),
    (20, "SupplementalCategories"),
    (25, "Keywords"),
    (40, "SpecialInstructions"),
    (55, "DateCreated"),
    (60, "TimeCreated"),
    (80, "By-line"),
    (85, "By-lineTitle"),
    (90, "City"),
    (92, "Sub-location"),
    (95, "Province-State"),
    (100, "Country-PrimaryLocationCode"),
    (101, "Country-PrimaryLocationName"),
    (105, "Headline"),
    (110, "Credit"),
    (115, "Source"),
    (116, "CopyrightNotice"),
    (120, "Caption-Abstract"),
    (122, "Writer-Editor"),
];

/// The fields and their texts; those that are there more than once are joined by `, `.
pub(super) fn read(jpeg: &[u8]) -> Map<String, Value> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for record in segments(jpeg).filter_map(photoshop).flat_map(records) {
        let Some((_, name)) = FIELDS.iter().find(|(number, _)| *number == record.0) else { continue };
        let text = String::from_utf8_lossy(record.1).trim_end_matches('\0').to_owned();
        match found.iter_mut().find(|(known, _)| known == name) {
            Some((_, texts)) => {
                texts.push_str(", ");
                texts.push_str(&text);
            }
            None => found.push((name, text)),
        }
    }
    found.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect()
}

/// The contents of the APP13 segments before the picture itself.
fn segments(jpeg: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8]).unwrap_or_default();
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(4)?;
        let [0xFF, marker, high, low] = *head else { return None };
        // From the start of the scan on there are no segments but the picture.
        if marker == 0xDA || marker == 0xD9 {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([high, low])).checked_sub(2)?;
        let (content, next) = after.split_at_checked(length)?;
        rest = next;
        Some((marker, content))
    })
    .filter_map(|(marker, content)| (marker == 0xED).then_some(content))
}

/// The IPTC block among Photoshop's.
fn photoshop(segment: &[u8]) -> Option<&[u8]> {
    let mut rest = segment.strip_prefix(b"Photoshop 3.0\0")?;
    loop {
        let (head, after) = rest.strip_prefix(b"8BIM")?.split_at_checked(2)?;
        // A name, with its length before it, and padding to an even length.
        let name = usize::from(*after.first()?) + 1;
        let (size, after) = after.get(name + name % 2..)?.split_at_checked(4)?;
        let size = usize::try_from(u32::from_be_bytes(size.try_into().ok()?)).ok()?;
        let content = after.get(..size)?;
        if head == [0x04, 0x04] {
            return Some(content);
        }
        rest = after.get(size + size % 2..)?;
    }
}

/// Number and content of each field of the application record.
fn records(block: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = block;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(5)?;
        let [0x1C, record, number, high, low] = *head else { return None };
        let (content, next) = after.split_at_checked(usize::from(u16::from_be_bytes([high, low])))?;
        rest = next;
        Some((record, number, content))
    })
    .filter_map(|(record, number, content)| (record == 2).then_some((number, content)))
}

#[cfg(test)]
mod tests {
    use super::read;

    fn field(number: u8, text: &str) -> Vec<u8> {
        let mut field = vec![0x1C, 2, number, 0, text.len() as u8];
        field.extend(text.as_bytes());
        field
    }

    fn jpeg(block: &[u8]) -> Vec<u8> {
        let mut segment = b"Photoshop 3.0\x008BIM\x03\xED\x01a\0\0\0\x01x\0".to_vec();
        segment.extend(b"8BIM\x04\x04\0\0");
        segment.extend((block.len() as u32).to_be_bytes());
        segment.extend(block);
        let mut jpeg = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xED];
        jpeg.extend((segment.len() as u16 + 2).to_be_bytes());
        jpeg.extend(segment);
        jpeg.extend([0xFF, 0xDA]);
        jpeg
    }

    #[test]
    fn notes_of_an_editor() {
        let block = [field(105, "Beach"), field(25, "sea"), field(25, "sand"), field(200, "?")].concat();
        let whole = jpeg(&block);
        let notes = read(&whole);
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert_eq!((&notes["Headline"], &notes["Keywords"]), (&"Beach".into(), &"sea, sand".into()));
        for end in 0..whole.len() {
            // Cut short anywhere it is read as far as it goes, or not at all.
            assert!(read(&whole[..end]).len() <= 2);
        }
        assert!(read(b"no image").is_empty());
    }
}
