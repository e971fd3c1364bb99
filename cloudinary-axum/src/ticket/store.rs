//! Which tickets are spent.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use cloudinary_core::client::BoxFuture;

/// How many spent tickets [`MemoryTickets`] remembers. Beyond that none is accepted until some have expired.
pub const MAX_SPENT_TICKETS: usize = 1_000_000;

/// Remembers which tickets are spent.
///
/// The default, [`MemoryTickets`], is good for an app of one process. With several, give them a store they share, as a
/// table with the serial as its primary key: `INSERT`, and a duplicate means spent.
pub trait TicketStore: fmt::Debug + Send + Sync + 'static {
    /// Spends a ticket: true the first time, false ever after. Of two calls at once, one gets true. After `expires`, in
    /// Unix seconds, it may be forgotten: no ticket of that name is good then. `now` is what the clock says.
    ///
    /// # Errors
    /// [`TicketStoreError`] when that cannot be known; the ticket is then not accepted.
    fn spend<'a>(&'a self, serial: &'a str, expires: i64, now: i64) -> BoxFuture<'a, Result<bool, TicketStoreError>>;
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
    by_serial: HashMap<String, i64>,
    by_expiry: BTreeSet<(i64, String)>,
}

impl TicketStore for MemoryTickets {
    fn spend<'a>(&'a self, serial: &'a str, expires: i64, now: i64) -> BoxFuture<'a, Result<bool, TicketStoreError>> {
        Box::pin(async move {
            let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            spent.forget_before(now);
            if spent.by_serial.contains_key(serial) {
                return Ok(false);
            }
            if spent.by_serial.len() >= MAX_SPENT_TICKETS {
                return Err(TicketStoreError(format!("{MAX_SPENT_TICKETS} are remembered already")));
            }
            spent.by_serial.insert(serial.to_owned(), expires);
            spent.by_expiry.insert((expires, serial.to_owned()));
            Ok(true)
        })
    }
}

impl Spent {
    fn forget_before(&mut self, now: i64) {
        while let Some((expires, _)) = self.by_expiry.first()
            && *expires < now
        {
            if let Some((_, serial)) = self.by_expiry.pop_first() {
                self.by_serial.remove(&serial);
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
}
