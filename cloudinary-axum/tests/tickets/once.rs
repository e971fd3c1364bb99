//! A ticket lets one form in, in its time, for whom it was made.

use std::sync::atomic::Ordering;

use http::StatusCode;

use crate::app::App;
use crate::support::{astronaut, hidden};

#[tokio::test]
async fn once_and_for_whom_it_was_made() {
    let app = App::start().await;
    let (_, page) = app.page("/photo", "ann").await;
    let (_, second_tab) = app.page("/photo", "ann").await;
    let (_, bobs) = app.page("/photo", "bob").await;
    let (_, avatar) = app.page("/avatar", "ann").await;
    let ticket = hidden(&page, "image.ticket");
    let value = app.upload(&page, astronaut().to_vec()).await;
    let pairs = |title: &'static str, ticket: &str| {
        vec![("title", title.to_owned()), ("image", value.clone()), ("image.ticket", ticket.to_owned())]
    };
    let post = async |path: &str, user: &str, pairs: Vec<(&str, String)>| {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, text)| (*name, text.as_str())).collect();
        app.post(path, user, &pairs).await
    };
    let mut altered = ticket.clone();
    altered.replace_range(3..4, if &ticket[3..4] == "x" { "y" } else { "x" });
    for (user, forged, what) in [
        ("ann", String::new(), "no ticket"),
        ("bob", ticket.clone(), "another visitor"),
        ("bob", hidden(&bobs, "image.ticket"), "another visitor's file under his own ticket"),
        ("ann", hidden(&second_tab, "image.ticket"), "another tab's ticket"),
        ("ann", hidden(&avatar, "avatar.ticket"), "another field's ticket"),
        ("ann", altered, "an altered ticket"),
    ] {
        let (status, text) = post("/photo", user, pairs("Me", &forged)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{what}: {text}");
        assert!(text.contains("uploaded for another form"), "{what}: {text}");
    }
    // A mistake in another field spends nothing.
    let (status, text) = post("/photo", "ann", pairs("", &ticket)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    let (kept, again) = (hidden(&text, "image"), hidden(&text, "image.ticket"));
    let (status, text) =
        app.post("/photo", "ann", &[("title", "Me"), ("image", &kept), ("image.ticket", &again)]).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(app.is_there(&value).await);
    // A double submit, and a replay under the ticket of the page before.
    for ticket in [&again, &ticket] {
        let (status, text) = post("/photo", "ann", pairs("Me", ticket)).await;
        assert_eq!(status, StatusCode::CONFLICT, "{text}");
        assert!(text.contains("sent already"), "{text}");
    }
    assert!(app.is_there(&value).await, "what was accepted is some row's");
    // The words are the app's own where it has some.
    let (_, text) = app.post("/avatar", "ann", &[("avatar", &value)]).await;
    assert_eq!(text, "Das ist nicht deine Datei.");
}

#[tokio::test]
async fn two_at_once_are_one() {
    let app = App::start().await;
    let (_, page) = app.page("/photo", "ann").await;
    let ticket = hidden(&page, "image.ticket");
    let value = app.upload(&page, astronaut().to_vec()).await;
    let pairs = [("title", "Me"), ("image", value.as_str()), ("image.ticket", ticket.as_str())];
    let (a, b) = tokio::join!(app.post("/photo", "ann", &pairs), app.post("/photo", "ann", &pairs));
    let mut statuses = [a.0, b.0];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT], "{} {}", a.1, b.1);
}

#[tokio::test]
async fn a_form_that_the_app_refuses_can_be_sent_again() {
    let app = App::start().await;
    let (_, page) = app.page("/photo", "ann").await;
    let value = app.upload(&page, astronaut().to_vec()).await;
    let ticket = hidden(&page, "image.ticket");
    let (status, text) =
        app.post("/photo", "ann", &[("title", "taken"), ("image", &value), ("image.ticket", &ticket)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    let again = hidden(&text, "image.ticket");
    assert_ne!(again, ticket);
    let (status, text) =
        app.post("/photo", "ann", &[("title", "Me"), ("image", &value), ("image.ticket", &again)]).await;
    assert_eq!(status, StatusCode::OK, "{text}");
}

#[tokio::test]
async fn pages_grow_old() {
    let app = App::start().await;
    let made = app.clock.load(Ordering::SeqCst);
    let (_, page) = app.page("/photo", "ann").await;
    let ticket = hidden(&page, "image.ticket");
    let value = app.upload(&page, astronaut().to_vec()).await;
    for (seconds, status, words) in [
        (3601, StatusCode::UNPROCESSABLE_ENTITY, "open for too long"),
        // The clock went back by more than clocks differ: the ticket is of a time that has not come.
        (-61, StatusCode::FORBIDDEN, "another form"),
    ] {
        app.clock.store(made + seconds, Ordering::SeqCst);
        let (found, text) =
            app.post("/photo", "ann", &[("title", "Me"), ("image", &value), ("image.ticket", &ticket)]).await;
        assert_eq!(found, status, "{seconds}: {text}");
        assert!(text.contains(words), "{seconds}: {text}");
    }
}
