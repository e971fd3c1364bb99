use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How many bytes may be held at a time, by all requests together.
#[derive(Debug)]
pub(super) struct Budget {
    most: u64,
    /// What is told when there is no more.
    refusal: &'static str,
    taken: AtomicU64,
}

/// A part of the budget, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Arc<Budget>,
    held: u64,
}

impl Budget {
    pub(super) fn new(most: u64, refusal: &'static str) -> Arc<Self> {
        Arc::new(Self { most, refusal, taken: AtomicU64::new(0) })
    }

    pub(super) fn reserve(self: &Arc<Self>) -> Reservation {
        Reservation { budget: Arc::clone(self), held: 0 }
    }
}

impl Reservation {
    /// Takes so many more bytes.
    ///
    /// # Errors
    /// `QuotaExceeded` when there are not so many left, with a text for whoever asked.
    pub(crate) fn grow(&mut self, bytes: u64) -> io::Result<()> {
        let most = self.budget.most;
        let fits = |taken: u64| taken.checked_add(bytes).filter(|taken| *taken <= most);
        match self.budget.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => {
                self.held += bytes;
                Ok(())
            }
            Err(_) => Err(io::Error::new(io::ErrorKind::QuotaExceeded, self.budget.refusal)),
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.taken.fetch_sub(self.held, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_can_be_had_again() {
        let budget = Budget::new(10, "full");
        let (mut one, mut two) = (budget.reserve(), budget.reserve());
        assert!(one.grow(6).is_ok() && two.grow(4).is_ok());
        let refused = two.grow(1).unwrap_err();
        assert_eq!((refused.kind(), refused.to_string().as_str()), (io::ErrorKind::QuotaExceeded, "full"));
        drop(one);
        assert!(two.grow(6).is_ok() && two.grow(1).is_err());
    }
}
