//! What can be told of a picture by looking at it, and of its file by reading what the camera noted.

mod colors;
mod exif;
mod focus;
mod iptc;
mod phash;

use bytes::Bytes;
use cloudinary_pixels::{Bitmap, Decode, Error, Limits, decode_with, probe, resize};
use serde_json::{Map, Value, json};

/// Longest side that a picture is looked at.
const LOOKED_AT: u32 = 512;

/// What a request wants to know.
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of its own")]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Analyses {
    pub(crate) colors: bool,
    pub(crate) exif: bool,
    pub(crate) image_metadata: bool,
    pub(crate) media_metadata: bool,
    pub(crate) phash: bool,
    pub(crate) quality_analysis: bool,
}

impl Analyses {
    /// The name of one that is wanted, if any is.
    pub(crate) fn first(self) -> Option<&'static str> {
        [
            (self.colors, "colors"),
            (self.exif, "exif"),
            (self.image_metadata, "image_metadata"),
            (self.media_metadata, "media_metadata"),
            (self.phash, "phash"),
            (self.quality_analysis, "quality_analysis"),
        ]
        .into_iter()
        .find_map(|(wanted, name)| wanted.then_some(name))
    }

    /// The fields of the answer. Notes are read from the file as it came, which still has them; everything else is of
    /// the picture as it is stored. Decodes the picture: run it off the request threads.
    pub(crate) fn of(self, original: &Bytes, stored: &Bytes, limits: &Limits) -> Result<Map<String, Value>, Error> {
        let mut found = Map::new();
        if self.exif {
            found.insert("exif".to_owned(), exif::read(original).into());
        }
        for (wanted, name) in [(self.image_metadata, "image_metadata"), (self.media_metadata, "media_metadata")] {
            if wanted {
                let mut notes = exif::read(original);
                notes.extend(iptc::read(original));
                found.insert(name.to_owned(), notes.into());
            }
        }
        let of_pixels = self.colors || self.phash || self.quality_analysis;
        if !of_pixels && !self.image_metadata && !self.media_metadata {
            return Ok(found);
        }
        let bitmap = look(stored, limits)?;
        if self.image_metadata || self.media_metadata {
            found.insert("grayscale".to_owned(), is_gray(&bitmap).into());
            found.insert("semi_transparent".to_owned(), is_semi_transparent(&bitmap).into());
        }
        if self.colors {
            let colors = colors::Colors::of(&bitmap);
            found.insert("colors".to_owned(), colors.told());
            found.insert("predominant".to_owned(), colors.predominant());
        }
        if self.phash {
            found.insert("phash".to_owned(), phash::of(&bitmap).into());
        }
        if self.quality_analysis {
            found.insert("quality_analysis".to_owned(), json!({ "focus": focus::of(&bitmap) }));
        }
        Ok(found)
    }
}

/// The picture, upright and small.
fn look(bytes: &Bytes, limits: &Limits) -> Result<Bitmap, Error> {
    let info = probe(bytes, limits)?;
    let longest = info.width.max(info.height);
    let small = |side: u32| {
        if longest <= LOOKED_AT {
            side
        } else {
            (u64::from(side) * u64::from(LOOKED_AT) / u64::from(longest)).max(1) as u32
        }
    };
    let size = (small(info.width), small(info.height));
    let how = Decode { at_least: Some(size), first_frame_only: true };
    let bitmap = decode_with(bytes, limits, &how)?.into_bitmap();
    let bitmap = if bitmap.size() == size { bitmap } else { resize(&bitmap, size.0, size.1) };
    Ok(info.orientation.apply(bitmap))
}

fn is_gray(bitmap: &Bitmap) -> bool {
    // Lossy formats leave a little colour in grey.
    bitmap.pixels().iter().all(|[r, g, b, _]| r.max(g).max(b) - r.min(g).min(b) <= 4)
}

fn is_semi_transparent(bitmap: &Bitmap) -> bool {
    bitmap.pixels().iter().any(|[.., alpha]| (1..255).contains(alpha))
}
