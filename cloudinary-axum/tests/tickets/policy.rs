//! Who may, and how often.

use http::{Request, StatusCode};

use crate::app::App;
use crate::support::{self, astronaut, hidden};

#[tokio::test]
async fn the_policy_decides() {
    let app = App::start().await;
    assert_eq!(app.page("/photo", "mallory").await, (StatusCode::FORBIDDEN, "Log in first.".to_owned()));
    let (_, page) = app.page("/photo", "eve").await;
    let value = app.upload(&page, astronaut().to_vec()).await;
    let ticket = hidden(&page, "image.ticket");
    let (status, text) =
        app.post("/photo", "eve", &[("title", "Me"), ("image", &value), ("image.ticket", &ticket)]).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{text}");
    assert!(text.contains("enough for today") && app.is_gone(&value).await, "{text}");
    let file = support::multipart(&[
        support::Part { name: "title", filename: None, content: b"Me" },
        support::Part { name: "image", filename: Some("me.jpg"), content: astronaut() },
    ]);
    let (mut head, body) = file.into_parts();
    head.uri = "/photo".parse().unwrap();
    head.headers.insert("x-user", "eve".parse().unwrap());
    let (status, text) = app.send(Request::from_parts(head, body)).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{text}");
}

#[tokio::test]
async fn a_double_click_under_a_limit_destroys_nothing() {
    let app = App::start().await;
    let (_, page) = app.page("/photo", "frank").await;
    let value = app.upload(&page, astronaut().to_vec()).await;
    let ticket = hidden(&page, "image.ticket");
    let pairs = [("title", "Me"), ("image", value.as_str()), ("image.ticket", ticket.as_str())];
    assert_eq!(app.post("/photo", "frank", &pairs).await.0, StatusCode::OK);
    assert_eq!(app.post("/photo", "frank", &pairs).await.0, StatusCode::CONFLICT);
    // With a ticket that is not spent, he is denied, and what he may not add goes.
    let (_, page) = app.page("/photo", "frank").await;
    let second = app.upload(&page, astronaut().to_vec()).await;
    let ticket = hidden(&page, "image.ticket");
    let pairs = [("title", "Me"), ("image", second.as_str()), ("image.ticket", ticket.as_str())];
    assert_eq!(app.post("/photo", "frank", &pairs).await.0, StatusCode::TOO_MANY_REQUESTS);
    assert!(app.is_gone(&second).await && app.is_there(&value).await);
}

#[tokio::test]
async fn a_form_that_is_shown_again_is_signed_for_those_who_may() {
    let app = App::start().await;
    let (status, page) = app.page("/many", "grace").await;
    assert!(status == StatusCode::OK && page.contains("signature"), "{page}");
    let (status, text) = app.post("/photo", "grace", &[("title", "")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{text}");
    assert!(!text.contains("signature") && !text.contains(".ticket"), "{text}");
}

#[tokio::test]
async fn a_file_without_a_name_gets_around_nothing() {
    let app = App::start().await;
    let file = support::multipart(&[
        support::Part { name: "title", filename: None, content: b"Me" },
        support::Part { name: "image", filename: Some(""), content: astronaut() },
    ]);
    let (mut head, body) = file.into_parts();
    head.uri = "/photo".parse().unwrap();
    head.headers.insert("x-user", "mallory".parse().unwrap());
    let (status, text) = app.send(Request::from_parts(head, body)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{text}");
}
