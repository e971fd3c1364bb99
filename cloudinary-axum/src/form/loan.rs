//! A form that is lent to an upload, which reads one file of it while it sends it.
//!
//! The task that holds the service's connection reads from the visitor's, so that a piece is sent while the processor still
//! has it at hand, and nobody else has to be woken for it.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures_util::{Stream, stream};

use super::multipart::Multipart;
use crate::rejection::FormRejection;

/// A form, until it is [given back](Self::give_back). Clones share it.
#[derive(Clone)]
pub(super) struct Loan(Arc<Mutex<Lent>>);

struct Lent {
    /// `None` when it was given back: a request that has failed may still ask for more.
    form: Option<Multipart>,
    /// The file's first piece, which was read to see whether there is one.
    first: Option<Bytes>,
    reading: Reading,
    max_bytes: u64,
    end: End,
    /// Wakes the upload when it waits for more.
    waiting: Option<Waker>,
}

/// How far an upload has read its file.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) bytes: u64,
    pub(super) came_to: CameTo,
}

/// What an upload's reading came to.
#[derive(Default)]
pub(super) enum CameTo {
    /// Nothing yet; there is more of the file.
    #[default]
    Unfinished,
    /// All of it.
    Whole,
    /// More than the field takes.
    TooLarge,
    /// The form cannot be read.
    Broken(FormRejection),
}

/// Who has the end of the file: the upload, once and for all, or nobody ever. Without it no request that would store the
/// file is whole.
#[derive(Clone, Default)]
pub(super) struct End(Arc<OnceLock<bool>>);

impl End {
    /// Keeps it from the upload, for good; false if it is too late for that.
    pub(super) fn withhold(&self) -> bool {
        !*self.0.get_or_init(|| false)
    }

    /// Gives it to the upload; false if it is withheld.
    pub(super) fn take(&self) -> bool {
        *self.0.get_or_init(|| true)
    }
}

impl Loan {
    /// Lends a form whose next piece is the file's second.
    pub(super) fn new(form: Multipart, first: Bytes, max_bytes: u64) -> Self {
        Self(Arc::new(Mutex::new(Lent {
            form: Some(form),
            first: Some(first),
            reading: Reading::default(),
            max_bytes,
            end: End::default(),
            waiting: None,
        })))
    }

    pub(super) fn end(&self) -> End {
        self.lent().end.clone()
    }

    /// The file. Fails where the form does, and where the file is too large, and from then on always.
    pub(super) fn pieces(&self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        let loan = self.clone();
        stream::poll_fn(move |context| loan.lent().poll_piece(context))
    }

    /// The form, and how far the upload has read it. The upload gets nothing more.
    pub(super) fn give_back(&self) -> (Option<Multipart>, Reading) {
        let mut lent = self.lent();
        lent.end.withhold();
        if let Some(waiting) = lent.waiting.take() {
            // Else its connection would stay open until something comes that it does not get.
            waiting.wake();
        }
        if let Some(first) = lent.first.take() {
            lent.reading.bytes += first.len() as u64;
        }
        (lent.form.take(), std::mem::take(&mut lent.reading))
    }

    fn lent(&self) -> MutexGuard<'_, Lent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent {
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let over = |what: &str| Poll::Ready(Some(Err(io::Error::other(what))));
        let Some(form) = self.form.as_mut().filter(|_| matches!(self.reading.came_to, CameTo::Unfinished)) else {
            return over("the form has nothing more for it");
        };
        let piece = match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => match form.poll_piece(context) {
                Poll::Ready(piece) => piece,
                Poll::Pending => {
                    self.waiting = Some(context.waker().clone());
                    return Poll::Pending;
                }
            },
        };
        self.waiting = None;
        match piece {
            Ok(Some(piece)) => {
                self.reading.bytes += piece.len() as u64;
                if self.reading.bytes <= self.max_bytes {
                    return Poll::Ready(Some(Ok(piece)));
                }
                self.reading.came_to = CameTo::TooLarge;
                over("the file is too large")
            }
            Ok(None) if self.end.take() => {
                self.reading.came_to = CameTo::Whole;
                Poll::Ready(None)
            }
            Ok(None) => over("nobody waits for the file any more"),
            Err(rejection) => {
                self.reading.came_to = CameTo::Broken(rejection);
                over("the form did not give the whole file")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures_util::{StreamExt as _, TryStreamExt as _};

    use super::super::body::FormBody;
    use super::*;

    async fn lent(max_bytes: u64, body: &[&'static str]) -> Loan {
        let head = "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n";
        let pieces = [head].into_iter().chain(body.iter().copied()).map(Ok::<_, io::Error>).collect::<Vec<_>>();
        let mut form = Multipart::new(FormBody::new(Body::from_stream(stream::iter(pieces))), "b", 1000);
        form.next().await.unwrap().unwrap();
        let first = form.piece().await.unwrap().unwrap();
        Loan::new(form, first, max_bytes)
    }

    #[tokio::test]
    async fn what_an_upload_reads() {
        for (body, max_bytes, expected, came_to) in [
            (&["ab", "c\r\n--b--"][..], 3, Some("abc"), "whole"),
            (&["a\r\n--b--"], 3, Some("a"), "whole"),
            (&["ab", "cd\r\n--b--"], 3, None, "too large"),
            (&["abcd", "\r\n--b--"], 3, None, "too large"),
            (&["ab", "c"], 3, None, "broken"),
        ] {
            let loan = lent(max_bytes, body).await;
            let mut pieces = loan.pieces();
            let found: Result<Vec<Bytes>, _> = pieces.by_ref().try_collect().await;
            assert_eq!(found.ok().map(|pieces| pieces.concat()), expected.map(|text| text.as_bytes().to_vec()));
            assert_eq!(loan.end().withhold(), expected.is_none());
            let (form, reading) = loan.give_back();
            let found = match reading.came_to {
                CameTo::Unfinished => "unfinished",
                CameTo::Whole => "whole",
                CameTo::TooLarge => "too large",
                CameTo::Broken(_) => "broken",
            };
            assert!(form.is_some() && found == came_to, "{body:?}: {found}");
        }
    }

    /// An upload that fails leaves the rest to be read, and reads nothing of it later.
    #[tokio::test]
    async fn an_upload_that_stops_early() {
        for taken in [0, 1] {
            let loan = lent(100, &["ab", "c", "d\r\n--b--"]).await;
            let mut pieces = loan.pieces();
            for _ in 0..taken {
                pieces.next().await.unwrap().unwrap();
            }
            let (form, reading) = loan.give_back();
            assert!(matches!(reading.came_to, CameTo::Unfinished) && reading.bytes == 2, "{}", reading.bytes);
            assert!(pieces.next().await.unwrap().is_err());
            assert_eq!(form.unwrap().piece().await.unwrap().unwrap(), "c");
        }
    }

    /// A connection may keep what it was sending after the service has answered.
    #[tokio::test]
    async fn an_upload_that_waits_is_told_that_nothing_comes() {
        let head = "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n";
        let body = stream::iter([head, "ab"].map(Ok::<_, io::Error>)).chain(stream::pending());
        let mut form = Multipart::new(FormBody::new(Body::from_stream(body)), "b", 1000);
        form.next().await.unwrap().unwrap();
        let first = form.piece().await.unwrap().unwrap();
        let loan = Loan::new(form, first, 100);
        let mut pieces = loan.pieces();
        pieces.next().await.unwrap().unwrap();
        let waiting = tokio::spawn(async move { pieces.next().await });
        tokio::task::yield_now().await;
        loan.give_back();
        assert!(waiting.await.unwrap().unwrap().is_err());
    }

    #[tokio::test]
    async fn the_end_is_taken_or_withheld() {
        for is_withheld in [false, true] {
            let loan = lent(100, &["ab\r\n--b--"]).await;
            let end = loan.end();
            assert!(!is_withheld || end.withhold());
            let found: io::Result<Vec<Bytes>> = loan.pieces().try_collect().await;
            assert_eq!((found.is_ok(), end.withhold()), (!is_withheld, is_withheld));
        }
    }
}
