//! One at a time, by name: of many requests for the same derived image one makes it and the others find it made.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::OwnedMutexGuard;

/// The names somebody is working on.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    working: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
}

impl Flights {
    /// Waits until nobody else works on `name`; it is ours until the guard is dropped.
    pub(crate) async fn alone(&self, name: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
            working.retain(|_, lock| lock.strong_count() > 0);
            let there = working.get(name).and_then(Weak::upgrade);
            there.unwrap_or_else(|| {
                let fresh = Arc::new(tokio::sync::Mutex::new(()));
                working.insert(name.to_owned(), Arc::downgrade(&fresh));
                fresh
            })
        };
        lock.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Flights;

    #[tokio::test(start_paused = true)]
    async fn the_same_name_waits_and_another_does_not() {
        let flights = Flights::default();
        let held = flights.alone("a").await;
        let soon = Duration::from_secs(1);
        assert!(tokio::time::timeout(soon, flights.alone("b")).await.is_ok());
        assert!(tokio::time::timeout(soon, flights.alone("a")).await.is_err());
        drop(held);
        assert!(tokio::time::timeout(soon, flights.alone("a")).await.is_ok());
        assert_eq!(flights.working.lock().unwrap().len(), 1, "forgotten names are swept");
    }
}
