//! Which tickets are spent.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use cloudinary_core::client::BoxFuture;

/// How many spent tickets [`MemoryTickets`] remembers. Beyond that none is accepted until some have expired.
pub const MAX_SPENT_TICKETS: usize = 1_000_000;

/// Remembers which tickets are spent.
///
/// The default, [`MemoryTickets`], is good for an app of one process. With several, give them a store they share, as a
/// table with the serial, a text of at most 100 characters, as its primary key: `INSERT`, and a duplicate means spent.
pub trait TicketStore: fmt::Debug + Send + Sync + 'static {
    /// Spends a ticket: true the first time, false ever after. Of two calls at once, one gets true. After `expires`, in
    /// Unix seconds, it may be forgotten: no ticket of that name is good then. `now` is what the clock says.
    ///
    /// # Errors
    /// [`TicketStoreError`] when that cannot be known; the ticket is then not accepted.
    fn spend<'a>(&'a self, serial: &'a str, expires: i64, now: i64) -> BoxFuture<'a, Result<bool, TicketStoreError>>;

    /// Makes a spent ticket good again: what it was spent for came to nothing, as for a visitor who left while the form
    /// was being accepted. In a table, a `DELETE`. Default: nothing; such a visitor is then told that the form was sent
    /// already, and has to choose the file again.
    ///
    /// # Errors
    /// [`TicketStoreError`] when that cannot be done.
    fn give_back<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<(), TicketStoreError>> {
        let _ = serial;
        Box::pin(async { Ok(()) })
    }
}

/// A store of tickets does not answer.
#[derive(Debug, thiserror::Error)]
#[error("the spent tickets cannot be looked up: {0}")]
pub struct TicketStoreError(pub String);

/// The spent tickets of one process, in memory.
#[derive(Debug, Default)]
pub struct MemoryTickets(Mutex<Spent>);

#[derive(Debug, Default)]
struct Spent {
    /// With when each ends.
    serials: HashMap<Arc<str>, i64>,
    /// The same by when they end. Many end at once, so that this stays small.
    by_expiry: BTreeMap<i64, HashSet<Arc<str>>>,
}

impl TicketStore for MemoryTickets {
    fn spend<'a>(&'a self, serial: &'a str, expires: i64, now: i64) -> BoxFuture<'a, Result<bool, TicketStoreError>> {
        Box::pin(async move {
            let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            spent.forget_before(now);
            if spent.serials.contains_key(serial) {
                return Ok(false);
            }
            if spent.serials.len() >= MAX_SPENT_TICKETS {
                return Err(TicketStoreError(format!("{MAX_SPENT_TICKETS} are remembered already")));
            }
            let serial: Arc<str> = serial.into();
            spent.serials.insert(Arc::clone(&serial), expires);
            spent.by_expiry.entry(expires).or_default().insert(serial);
            Ok(true)
        })
    }

    fn give_back<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<(), TicketStoreError>> {
        Box::pin(async move {
            let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            spent.forget(serial);
            Ok(())
        })
    }
}

impl Spent {
    fn forget(&mut self, serial: &str) {
        let Some(expires) = self.serials.remove(serial) else { return };
        if let Some(at_once) = self.by_expiry.get_mut(&expires) {
            at_once.remove(serial);
            if at_once.is_empty() {
                self.by_expiry.remove(&expires);
            }
        }
    }

    fn forget_before(&mut self, now: i64) {
        while let Some(first) = self.by_expiry.first_entry()
            && *first.key() < now
        {
            for serial in first.remove() {
                self.serials.remove(&serial);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn once() {
        let store = MemoryTickets::default();
        for (serial, expires, now, expected) in
            [("a", 10, 5, true), ("a", 10, 6, false), ("b", 20, 6, true), ("a", 10, 11, true), ("b", 20, 11, false)]
        {
            assert_eq!(store.spend(serial, expires, now).await.unwrap(), expected, "{serial} at {now}");
        }
    }

    #[tokio::test]
    async fn what_is_given_back_is_good_again() {
        let store = MemoryTickets::default();
        for serial in ["a", "b"] {
            assert!(store.spend(serial, 10, 5).await.unwrap());
        }
        for serial in ["a", "a", "unknown"] {
            store.give_back(serial).await.unwrap();
        }
        let again = [store.spend("a", 10, 6).await.unwrap(), store.spend("b", 10, 6).await.unwrap()];
        assert_eq!(again, [true, false]);
        // Nothing of it stays behind.
        assert!(store.spend("c", 20, 11).await.unwrap());
        let spent = store.0.lock().unwrap();
        assert_eq!((spent.serials.len(), spent.by_expiry.len()), (1, 1));
    }
}
