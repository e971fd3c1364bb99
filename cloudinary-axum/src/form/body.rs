//! A request's body, which is given up when nothing more comes of it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep};

/// How long a form may send nothing before it is given up.
pub const BODY_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The body, one piece at a time.
pub(super) struct FormBody {
    inner: BodyDataStream,
    waits: bool,
    /// Made when the body first has to be waited for.
    idle: Option<Pin<Box<Sleep>>>,
}

impl FormBody {
    pub(super) fn new(body: Body) -> Self {
        Self { inner: body.into_data_stream(), waits: false, idle: None }
    }
}

impl Stream for FormBody {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = Pin::new(&mut self.inner).poll_next(context);
        // The time in which nobody asked for more, as while a chunk is sent on, does not count.
        let began = piece.is_pending() && !self.waits;
        self.waits = piece.is_pending();
        if self.waits {
            let idle = self.idle.get_or_insert_with(|| Box::pin(sleep(BODY_IDLE_TIMEOUT))).as_mut();
            return poll_idle(idle, began, context).map(|error| Some(Err(error)));
        }
        piece.map(|piece| piece.map(|piece| piece.map_err(std::io::Error::other)))
    }
}

/// Ready when nothing came for too long since the wait began.
fn poll_idle(mut idle: Pin<&mut Sleep>, begins: bool, context: &mut Context<'_>) -> Poll<std::io::Error> {
    if begins {
        idle.as_mut().reset(Instant::now() + BODY_IDLE_TIMEOUT);
    }
    let error = || std::io::Error::other(format!("nothing of it came for {} seconds", BODY_IDLE_TIMEOUT.as_secs()));
    idle.poll(context).map(|()| error())
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stalls_is_given_up() {
        let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>("a")]).chain(futures_util::stream::pending());
        let mut body = FormBody::new(Body::from_stream(pieces));
        assert_eq!(body.next().await.unwrap().unwrap(), "a");
        // Nobody asks for more in this time, so it does not count.
        tokio::time::advance(BODY_IDLE_TIMEOUT * 2).await;
        let started = Instant::now();
        assert!(body.next().await.unwrap().unwrap_err().to_string().contains("30 seconds"));
        assert!(started.elapsed() >= BODY_IDLE_TIMEOUT);
    }
}
