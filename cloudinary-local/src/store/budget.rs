use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How many bytes may be received and not yet stored, by all requests together.
#[derive(Debug)]
pub(super) struct Budget {
    most: u64,
    taken: AtomicU64,
}

/// A part of the budget, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Arc<Budget>,
    held: u64,
}

impl Budget {
    pub(super) fn new(most: u64) -> Arc<Self> {
        Arc::new(Self { most, taken: AtomicU64::new(0) })
    }

    pub(super) fn reserve(self: &Arc<Self>) -> Reservation {
        Reservation { budget: Arc::clone(self), held: 0 }
    }
}

impl Reservation {
    /// Takes so many more bytes.
    ///
    /// # Errors
    /// `QuotaExceeded` when there are not so many left.
    pub(crate) fn grow(&mut self, bytes: u64) -> io::Result<()> {
        let most = self.budget.most;
        let fits = |taken: u64| taken.checked_add(bytes).filter(|taken| *taken <= most);
        match self.budget.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => {
                self.held += bytes;
                Ok(())
            }
            Err(_) => Err(io::ErrorKind::QuotaExceeded.into()),
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
        let budget = Budget::new(10);
        let (mut one, mut two) = (budget.reserve(), budget.reserve());
        assert!(one.grow(6).is_ok() && two.grow(4).is_ok());
        assert_eq!(two.grow(1).unwrap_err().kind(), io::ErrorKind::QuotaExceeded);
        drop(one);
        assert!(two.grow(6).is_ok() && two.grow(1).is_err());
    }
}
