//! The perceptual hash: the signs of the lowest frequencies of the brightness. Pictures that look alike differ in few
//! bits.

use std::f32::consts::PI;

use cloudinary_pixels::{Bitmap, resize};

/// Side of the picture that is looked at.
const SIDE: usize = 32;
/// Frequencies that are kept on each axis, the very lowest left out.
const KEPT: usize = 8;

/// 64 bits as 16 hexadecimal digits.
pub(super) fn of(bitmap: &Bitmap) -> String {
    let small = resize(bitmap, SIDE as u32, SIDE as u32);
    let brightness: Vec<f32> = small
        .pixels()
        .iter()
        .map(|[r, g, b, _]| 0.299 * f32::from(*r) + 0.587 * f32::from(*g) + 0.114 * f32::from(*b))
        .collect();
    let basis = |frequency: usize, place: usize| (PI / SIDE as f32 * (place as f32 + 0.5) * frequency as f32).cos();
    let mut frequencies = Vec::with_capacity(KEPT * KEPT);
    for down in 1..=KEPT {
        for across in 1..=KEPT {
            let sum: f32 = brightness
                .chunks_exact(SIDE)
                .enumerate()
                .map(|(y, row)| {
                    let row: f32 = row.iter().enumerate().map(|(x, value)| value * basis(across, x)).sum();
                    row * basis(down, y)
                })
                .sum();
            frequencies.push(sum);
        }
    }
    let mut sorted = frequencies.clone();
    sorted.sort_by(f32::total_cmp);
    let median = match sorted.get(sorted.len() / 2 - 1..=sorted.len() / 2) {
        Some([low, high]) => f32::midpoint(*low, *high),
        _ => 0.0,
    };
    let bits = frequencies.iter().fold(0_u64, |bits, value| bits << 1 | u64::from(*value > median));
    format!("{bits:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: &str, b: &str) -> u32 {
        let bits = |text| u64::from_str_radix(text, 16).unwrap();
        (bits(a) ^ bits(b)).count_ones()
    }

    #[test]
    fn likeness_is_few_bits() {
        let picture = |width: u32, height: u32, light: u8| {
            Bitmap::from_fn(width, height, |x, y| {
                let (x, y) = (x * 64 / width, y * 64 / height);
                let value = ((x * x + 3 * y * y + x * y) % 200) as u8 / 8 * 8;
                [value.saturating_add(light), value, value, 255]
            })
        };
        let one = of(&picture(256, 256, 0));
        assert_eq!(one.len(), 16);
        assert!(distance(&one, &of(&picture(256, 256, 20))) <= 6, "a little lighter");
        assert!(distance(&one, &of(&picture(192, 128, 0))) <= 10, "another size");
        let other = Bitmap::from_fn(256, 256, |x, _| if x < 128 { [0, 0, 0, 255] } else { [255, 255, 255, 255] });
        assert!(distance(&one, &of(&other)) >= 16, "another picture");
    }
}
