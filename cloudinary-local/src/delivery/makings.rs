//! Derived images on their way: each is made by one task of its own, and everybody who asks for it waits for that.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::StatusCode;
use tokio::sync::watch;

use super::derive::Made;
use crate::http::ApiError;

/// How long a refusal is repeated without trying again.
const REFUSAL_KEPT: Duration = Duration::from_secs(5);

type Outcome = Option<Result<Made, ApiError>>;

/// What is being made, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Makings {
    running: Arc<Mutex<HashMap<String, watch::Receiver<Outcome>>>>,
}

impl Makings {
    /// Waits for what somebody else is making, or makes it.
    pub(super) async fn join(
        &self,
        name: String,
        make: impl Future<Output = Result<Made, ApiError>> + Send + 'static,
    ) -> Result<Made, ApiError> {
        let mut outcome = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            match running.entry(name.clone()) {
                Entry::Occupied(there) => there.get().clone(),
                Entry::Vacant(place) => {
                    let (sender, receiver) = watch::channel(None);
                    place.insert(receiver.clone());
                    let entry = Running { name, makings: self.clone() };
                    tokio::spawn(async move {
                        let made = make.await;
                        let refused = made.as_ref().is_err_and(|error| error.status == StatusCode::BAD_REQUEST);
                        // Nobody may be waiting any more.
                        sender.send_replace(Some(made));
                        if refused {
                            tokio::time::sleep(REFUSAL_KEPT).await;
                        }
                        drop(entry);
                    });
                    receiver
                }
            }
        };
        let failed = || ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "General Error: the image could not be made");
        let made = outcome.wait_for(Option::is_some).await.map_err(|_| failed())?;
        made.clone().unwrap_or_else(|| Err(failed()))
    }
}

/// Takes its name out again, also when making it panics.
struct Running {
    name: String,
    makings: Makings,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.makings.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_makes_it_even_when_all_are_gone_and_refusals_are_shared() {
        let (makings, calls) = (Makings::default(), Arc::new(AtomicU32::new(0)));
        let ask = |status: StatusCode| {
            let (makings, calls) = (makings.clone(), Arc::clone(&calls));
            async move {
                let making = async move {
                    calls.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    Err(ApiError::new(status, "no"))
                };
                makings.join(status.to_string(), making).await.unwrap_err().status
            }
        };
        let soon = Duration::from_millis(10);
        for _ in 0..5 {
            assert!(tokio::time::timeout(soon, ask(StatusCode::BAD_REQUEST)).await.is_err(), "each gives up waiting");
        }
        assert_eq!(ask(StatusCode::BAD_REQUEST).await, StatusCode::BAD_REQUEST);
        assert_eq!(ask(StatusCode::BAD_REQUEST).await, StatusCode::BAD_REQUEST);
        assert_eq!(calls.load(Ordering::SeqCst), 1, "one did it for all, and its refusal holds for a while");
        tokio::time::sleep(REFUSAL_KEPT * 2).await;
        assert!(makings.running.lock().unwrap().is_empty(), "not for ever");
        ask(StatusCode::SERVICE_UNAVAILABLE).await;
        tokio::time::sleep(soon).await;
        ask(StatusCode::SERVICE_UNAVAILABLE).await;
        assert_eq!(calls.load(Ordering::SeqCst), 3, "what may work the next time is tried again");
    }
}
