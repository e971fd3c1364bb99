//! Shades of gray, the only thing the detector sees.

/// A picture in shades of gray.
#[derive(Debug, Clone)]
pub(super) struct Gray {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<u8>,
}

impl Gray {
    /// A pixel; black outside.
    fn get(&self, x: i64, y: i64) -> u8 {
        let inside = |at: i64, length: usize| usize::try_from(at).ok().filter(|at| *at < length);
        match (inside(x, self.width), inside(y, self.height)) {
            (Some(x), Some(y)) => self.pixels.get(y * self.width + x).copied().unwrap_or(0),
            _ => 0,
        }
    }

    /// The window at `x`, `y` of this size, scaled to `to_width` by `to_height`. It may lie partly or wholly outside.
    ///
    /// This is the plain bilinear scaling that the model was trained with: a smoother one finds fewer faces.
    pub(super) fn window(
        &self,
        (x, y): (i64, i64),
        (width, height): (usize, usize),
        to_width: usize,
        to_height: usize,
    ) -> Gray {
        let columns = samples(width, to_width);
        let rows = samples(height, to_height);
        let mut pixels = Vec::with_capacity(to_width * to_height);
        for &(down, down_share) in &rows {
            for &(across, across_share) in &columns {
                let (left, top) = (x + across, y + down);
                let value = |dx, dy| f64::from(self.get(left + dx, top + dy));
                let upper = (1.0 - across_share) * value(0, 0) + across_share * value(1, 0);
                let lower = (1.0 - across_share) * value(0, 1) + across_share * value(1, 1);
                pixels.push(((1.0 - down_share) * upper + down_share * lower) as u8);
            }
        }
        Gray { width: to_width, height: to_height, pixels }
    }

    /// All of it at another size.
    pub(super) fn scaled(&self, width: usize, height: usize) -> Gray {
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        self.window((0, 0), (self.width, self.height), width, height)
    }
}

/// For each new pixel the old one before it, and the share of the next.
fn samples(from: usize, to: usize) -> Vec<(i64, f64)> {
    let step = from as f64 / to.max(1) as f64;
    let last = from.saturating_sub(2);
    (0..to)
        .map(|at| {
            let place = step * at as f64;
            let before = (place as usize).min(last);
            (before as i64, (place - before as f64).clamp(0.0, 1.0))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_anywhere() {
        let gray = Gray { width: 3, height: 2, pixels: vec![10, 20, 30, 40, 50, 60] };
        for (at, expected) in [
            ((0, 0), [10, 20, 40, 50]),
            ((1, 0), [20, 30, 50, 60]),
            ((-1, -1), [0, 0, 0, 10]),
            ((2, 1), [60, 0, 0, 0]),
            ((i64::from(i32::MAX), -9), [0; 4]),
        ] {
            assert_eq!(gray.window(at, (2, 2), 2, 2).pixels, expected, "{at:?}");
        }
        assert_eq!(gray.scaled(6, 1).pixels, [10, 15, 20, 25, 30, 30]);
        assert_eq!(gray.window((0, 0), (0, 1), 1, 1).pixels, [10]);
    }
}
