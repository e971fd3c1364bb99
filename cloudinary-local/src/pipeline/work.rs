//! How much work and memory one rendering may take.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use super::error::PipelineError;

/// Bounds of one rendering, besides those of single pictures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WorkLimits {
    /// Most pixels that steps and layers may pass through together.
    pub(crate) pixels: u64,
    /// Most pixels of the image and the layers under way that are held at a time.
    pub(crate) live_pixels: u64,
    /// The longest a rendering may take; looked at between steps.
    pub(crate) time: Duration,
}

/// What is left of one rendering's work and time.
#[derive(Debug)]
pub(crate) struct Work {
    limit: u64,
    left: Cell<u64>,
    deadline: Option<Instant>,
}

impl Work {
    pub(crate) fn new(limits: &WorkLimits) -> Self {
        Self { limit: limits.pixels, left: Cell::new(limits.pixels), deadline: Instant::now().checked_add(limits.time) }
    }

    /// Pays for a step that passes through this many pixels, before it is begun.
    pub(crate) fn spend(&self, pixels: u64) -> Result<(), PipelineError> {
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(PipelineError::TooLong);
        }
        match self.left.get().checked_sub(pixels) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(PipelineError::TooMuch { megapixels: self.limit / 1_000_000 }),
        }
    }
}

/// The pixels of so many frames of a size.
pub(crate) fn pixels((width, height): (u32, u32), frames: usize) -> u64 {
    (u64::from(width) * u64::from(height)).saturating_mul(frames as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_and_time_end() {
        let limits = WorkLimits { pixels: 100, live_pixels: 0, time: Duration::from_mins(1) };
        let work = Work::new(&limits);
        assert_eq!((work.spend(60), work.spend(40)), (Ok(()), Ok(())));
        assert!(matches!(work.spend(1), Err(PipelineError::TooMuch { .. })));
        let late = Work::new(&WorkLimits { time: Duration::ZERO, ..limits });
        assert_eq!(late.spend(0), Err(PipelineError::TooLong));
    }
}
