//! What spends nothing: the same form can be sent again.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};

use crate::app::{App, file, request, text};
use crate::support::{self, hidden};

#[tokio::test]
async fn forms_that_were_not_accepted() {
    let app = App::start().await;
    let [ticket] = app.tickets("/photo", "ann", ["image"]).await;
    let with = |title| [text("title", title), text("image.ticket", &ticket), file("image", "me.jpg")];
    // A mistake in another field, no file at all, and one that cannot be stored.
    let broken = support::Part { content: b"no pixels", ..file("image", "me.jpg") };
    for parts in [&with("")[..], &with("Me")[..2], &[text("title", "Me"), text("image.ticket", &ticket), broken]] {
        assert_eq!(app.post("/photo", "ann", parts).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Half a form, after which the file is whole, and before.
    let (head, body) = support::into_bytes(request("/photo", "ann", &with("Me"))).await;
    for end in [body.len() - 10, body.len() / 2] {
        let half = Request::from_parts(head.clone(), Body::from(body.slice(..end)));
        assert_eq!(app.send(half).await.0, StatusCode::BAD_REQUEST);
    }
    // A visitor who leaves at all sorts of moments, before and after the file is stored.
    for milliseconds in [1, 5, 20, 80] {
        let stalled = futures_util::StreamExt::chain(
            futures_util::stream::iter([Ok::<_, std::io::Error>(body.slice(..body.len() - 5))]),
            futures_util::stream::pending(),
        );
        let post = app.send(Request::from_parts(head.clone(), Body::from_stream(stalled)));
        assert!(tokio::time::timeout(Duration::from_millis(milliseconds), post).await.is_err());
    }
    assert_eq!(app.post("/photo", "ann", &with("Me")).await.0, StatusCode::OK);
    // One is kept in a form that was shown again.
    assert_eq!(app.stored(2).await, 2);
    assert_eq!(app.post("/photo", "ann", &with("Me")).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn forms_without_a_file() {
    let app = App::start().await;
    let [cover, images] = app.tickets("/several", "ann", ["cover", "images"]).await;
    let tickets = [text("cover.ticket", &cover), text("images.ticket", &images)];
    let with = |more: &[support::Part<'static>]| [&tickets[..], more].concat();
    let nothing = with(&[file("images", ""), text("cover", "")].map(|part| support::Part { content: b"", ..part }));
    let (cleared, photo) =
        (with(&[text("cover.clear", "1")]), with(&[text("cover.clear", "1"), file("cover", "1.jpg")]));
    for _ in 0..2 {
        assert_eq!(app.post("/several", "ann", &nothing).await, (StatusCode::OK, "false 0".to_owned()));
        assert_eq!(app.post("/several", "ann", &cleared).await, (StatusCode::OK, "false 0".to_owned()));
    }
    assert_eq!(app.post("/several", "ann", &photo).await, (StatusCode::OK, "true 0".to_owned()));
    assert_eq!(app.post("/several", "ann", &photo).await.0, StatusCode::CONFLICT);
    // Changing a text back and forth was never what counts.
    assert_eq!(app.post("/several", "ann", &nothing).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_store_that_fails_loses_no_file() {
    let app = App::start().await;
    // At the first ticket, and at the second, when the first is spent.
    for (spent, stored) in [(0, 2), (1, 4)] {
        let [cover, images] = app.tickets("/several", "ann", ["cover", "images"]).await;
        let tickets = [text("cover.ticket", &cover), text("images.ticket", &images)];
        let sent = [&tickets[..], &[file("cover", "1.jpg"), file("images", "2.jpg")]].concat();
        app.store.until_it_fails.store(spent, Ordering::SeqCst);
        let (status, page) = app.post("/several", "ann", &sent).await;
        assert_eq!(status, StatusCode::BAD_GATEWAY, "{page}");
        assert!(page.contains("Try again in a moment."), "{page}");
        assert_eq!(app.stored(stored).await, stored);
        let names = ["cover", "cover.ticket", "images", "images.ticket"];
        let values = names.map(|name| hidden(&page, name));
        let again: Vec<_> = names.iter().zip(&values).map(|(name, value)| text(name, value)).collect();
        assert_eq!(app.post("/several", "ann", &again).await, (StatusCode::OK, "true 1".to_owned()));
        assert_eq!(app.post("/several", "ann", &sent).await.0, StatusCode::CONFLICT);
        assert_eq!(app.stored(stored).await, stored);
    }
}

/// The connection is lost while the ticket is being spent, so that no handler ever runs.
#[tokio::test]
async fn a_visitor_who_leaves_while_the_form_is_accepted() {
    let app = App::start().await;
    let [ticket] = app.tickets("/photo", "ann", ["image"]).await;
    let parts = [text("title", "Me"), text("image.ticket", &ticket), file("image", "me.jpg")];
    app.store.is_slow.store(true, Ordering::SeqCst);
    let lost = tokio::time::timeout(Duration::from_millis(700), app.post("/photo", "ann", &parts)).await;
    assert!(lost.is_err(), "{lost:?}");
    app.store.is_slow.store(false, Ordering::SeqCst);
    app.store.answers.add_permits(1);
    assert_eq!(app.stored(0).await, 0);
    let (status, text) = app.post("/photo", "ann", &parts).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    // One that leaves in its turn takes nothing back from the one that was accepted.
    app.store.is_slow.store(true, Ordering::SeqCst);
    assert!(tokio::time::timeout(Duration::from_millis(700), app.post("/photo", "ann", &parts)).await.is_err());
    app.store.is_slow.store(false, Ordering::SeqCst);
    app.store.answers.add_permits(1);
    assert_eq!(app.stored(1).await, 1);
    assert_eq!(app.post("/photo", "ann", &parts).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_handler_that_fails_can_reopen_the_form() {
    let app = App::start().await;
    for (title, expected) in [("reopen", StatusCode::OK), ("fail", StatusCode::CONFLICT)] {
        let [ticket] = app.tickets("/photo", "ann", ["image"]).await;
        let with = |title| [text("title", title), text("image.ticket", &ticket), file("image", "me.jpg")];
        assert_eq!(app.post("/photo", "ann", &with(title)).await.0, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(app.post("/photo", "ann", &with("Me")).await.0, expected, "{title}");
    }
}
