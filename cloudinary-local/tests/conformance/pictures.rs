//! Pictures to store.

use cloudinary_pixels::{Bitmap, Color, Encode, Format, Picture, encode};

/// A PNG of four colours.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    of(Format::Png, width, height)
}

pub(crate) fn of(format: Format, width: u32, height: u32) -> Vec<u8> {
    let bitmap = Bitmap::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => [200, 30, 30, 255],
        (false, true) => [30, 200, 30, 255],
        (true, false) => [30, 30, 200, 255],
        (false, false) => [200, 200, 30, 255],
    });
    encode(&Picture::still(bitmap), format, &Encode::default()).expect("it encodes")
}

/// A PNG of one colour.
pub(crate) fn plain(color: Color) -> Vec<u8> {
    encode(&Picture::still(Bitmap::filled(16, 8, color)), Format::Png, &Encode::default()).expect("it encodes")
}

/// A PNG that cannot be compressed: three bytes a pixel and more.
pub(crate) fn noise(width: u32, height: u32) -> Vec<u8> {
    let bitmap = Bitmap::from_fn(width, height, |x, y| {
        let mut seed = (u64::from(x) << 32 | u64::from(y)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        seed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        seed = (seed ^ (seed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let [red, green, blue, ..] = (seed ^ (seed >> 31)).to_le_bytes();
        [red, green, blue, 255]
    });
    encode(&Picture::still(bitmap), Format::Png, &Encode::default()).expect("it encodes")
}

/// A photo of one face, 512 × 512 pixels.
pub(crate) fn portrait() -> Vec<u8> {
    include_bytes!("../../../examples/photo_album/photos/astronaut.jpg").to_vec()
}
