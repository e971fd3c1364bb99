//! Another size.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::{Bitmap, Color};

/// The bitmap at another size, stretched to it: smooth when smaller (each new pixel is a weighted
/// mean of the old ones it covers) and when larger. Transparent pixels give no colour to their
/// neighbours. A side of zero becomes one.
///
/// Rows and columns are scaled one after the other, in the order that has the smaller bitmap in
/// between: it has never more pixels than the larger of the old and the new one.
pub fn resize(bitmap: &Bitmap, width: u32, height: u32) -> Bitmap {
    let (width, height) = (width.max(1), height.max(1));
    if bitmap.size() == (width, height) {
        return bitmap.clone();
    }
    match between(bitmap.size(), (width, height)) {
        Some((width_between, height_between)) => scale(&scale(bitmap, width_between, height_between), width, height),
        None => scale(bitmap, width, height),
    }
}

/// The size after the first of two passes, when columns have to be scaled first. By itself the
/// scaler begins with the rows, which makes `20000×1` of `1×20000` by way of `20000×20000`.
fn between(from: (u32, u32), to: (u32, u32)) -> Option<(u32, u32)> {
    let rows_first = u64::from(to.0) * u64::from(from.1);
    let columns_first = u64::from(from.0) * u64::from(to.1);
    (from.0 != to.0 && from.1 != to.1 && columns_first < rows_first).then_some((from.0, to.1))
}

fn scale(bitmap: &Bitmap, width: u32, height: u32) -> Bitmap {
    let mut out = Bitmap::filled(width, height, Color::TRANSPARENT);
    // Lanczos where detail must survive; when the source is many times larger a narrower bell
    // looks the same and costs half.
    let much_smaller = bitmap.width() / width >= 4 && bitmap.height() / height >= 4;
    let filter = if much_smaller { FilterType::Hamming } else { FilterType::Lanczos3 };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(!bitmap.is_opaque());
    let done = (|| {
        let (from_width, from_height) = bitmap.size();
        let from = ImageRef::new(from_width, from_height, bitmap.bytes(), PixelType::U8x4).ok()?;
        let mut to = Image::from_slice_u8(width, height, out.bytes_mut(), PixelType::U8x4).ok()?;
        Resizer::new().resize(&from, &mut to, &options).ok()
    })();
    // The calls above fail when a buffer does not fit its size or its kind of pixel; both are
    // fixed right here.
    debug_assert!(done.is_some(), "buffers fit their sizes");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_colours() {
        let red = Bitmap::filled(40, 30, Color::rgb(200, 10, 10));
        for size in [(1, 1), (7, 300), (80, 60), (40, 30), (400, 1)] {
            let out = resize(&red, size.0, size.1);
            assert_eq!(out.size(), size);
            assert!(out.pixels().iter().all(|pixel| *pixel == [200, 10, 10, 255]), "{size:?}");
        }
        assert_eq!(resize(&red, 0, 0).size(), (1, 1));
    }

    #[test]
    fn nothing_large_lies_between() {
        for (from, to) in [
            ((1, 20_000), (20_000, 1)),
            ((20_000, 1), (1, 20_000)),
            ((4000, 3000), (400, 300)),
            ((10, 10), (100, 5)),
            ((7, 5), (7, 50)),
        ] {
            let (width, height) = between(from, to).unwrap_or((to.0, from.1));
            let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
            assert!(area((width, height)) <= area(from).max(area(to)), "{from:?} {to:?} by {width}x{height}");
        }
        // By way of a square this would take 3.6 GB.
        let tall = Bitmap::filled(1, 30_000, Color::rgb(200, 10, 10));
        let wide = resize(&tall, 30_000, 1);
        assert!(wide.pixels().iter().all(|pixel| *pixel == [200, 10, 10, 255]));
    }

    #[test]
    fn transparent_pixels_give_no_colour() {
        let half = Bitmap::from_fn(64, 64, |x, _| if x < 32 { [255, 0, 0, 255] } else { [0, 255, 0, 0] });
        for side in [3, 17, 150] {
            let out = resize(&half, side, side);
            for pixel in out.pixels().iter().filter(|pixel| pixel[3] > 16) {
                assert!(pixel[0] > 230 && pixel[1] < 25, "{pixel:?}");
            }
        }
    }

    #[test]
    fn halves_are_means() {
        let stripes = Bitmap::from_fn(64, 64, |x, _| {
            let v = if x % 2 == 0 { 0 } else { 200 };
            [v, v, v, 255]
        });
        let out = resize(&stripes, 16, 16);
        let middle = out.get(8, 8).expect("inside");
        assert!(middle[0].abs_diff(100) <= 3, "{middle:?}");
    }
}
