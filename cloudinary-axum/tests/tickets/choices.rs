//! What a visitor chose, and what of it counts.

use cloudinary_core::AssetRef;
use http::StatusCode;

use crate::app::App;
use crate::support::{astronaut, hidden, photo};

#[tokio::test]
async fn options_by_the_request() {
    let app = App::start().await;
    let (_, page) = app.page("/avatar", "ann").await;
    let value = app.upload(&page, astronaut().to_vec()).await;
    assert!(value.contains("/users/ann/"), "{value}");
    let ticket = hidden(&page, "avatar.ticket");
    let (status, text) = app.post("/avatar", "ann", &[("avatar", &value), ("avatar.ticket", &ticket)]).await;
    assert_eq!(status, StatusCode::OK, "{text}");
}

#[tokio::test]
async fn edits() {
    let app = App::start().await;
    let (_, page) = app.page("/edit", "ann").await;
    assert!(page.contains("type=\"checkbox\" name=\"image.clear\"") && page.contains("/old"), "{page}");
    assert!(page.contains("> Weg &#38; &#34;fort&#34;</label>"), "{page}");
    assert_eq!(app.post("/edit", "ann", &[("image", "")]).await.1, "Unchanged");
    assert_eq!(app.post("/edit", "ann", &[("image", ""), ("image.clear", "1")]).await.1, "Removed");
    let value = app.upload(&page, astronaut().to_vec()).await;
    let ticket = hidden(&page, "image.ticket");
    let pairs = [("image", value.as_str()), ("image.clear", "1"), ("image.ticket", &ticket)];
    assert!(app.post("/edit", "ann", &pairs).await.1.starts_with("replaced "));
}

#[tokio::test]
async fn several_keep_their_order_and_a_second_choice_replaces_the_first() {
    let app = App::start().await;
    let (_, page) = app.page("/many", "ann").await;
    let ticket = hidden(&page, "image.ticket");
    let (a, b) = (app.upload(&page, astronaut().to_vec()).await, app.upload(&page, photo("espresso.png")).await);
    let id = |value: &str| value.split('#').next().unwrap().parse::<AssetRef>().unwrap().public_id;
    let c = app.upload(&page, astronaut().to_vec()).await;
    let three = [("image", b.as_str()), ("image", &a), ("image", &c), ("image.ticket", &ticket)];
    let (status, text) = app.post("/many", "ann", &three).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    // One file twice is one file.
    let pairs = [("image", b.as_str()), ("image", &a), ("image", &b), ("image.ticket", &ticket)];
    let (status, text) = app.post("/many", "ann", &pairs).await;
    assert_eq!((status, text), (StatusCode::OK, format!("{} {}", id(&b), id(&a))));

    let (_, page) = app.page("/photo", "ann").await;
    let ticket = hidden(&page, "image.ticket");
    let (first, second) =
        (app.upload(&page, astronaut().to_vec()).await, app.upload(&page, astronaut().to_vec()).await);
    let pairs = [("title", "Me"), ("image", &first), ("image", &second), ("image", &second), ("image.ticket", &ticket)];
    let (status, text) = app.post("/photo", "ann", &pairs).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, second.split('#').next().unwrap()));
    assert!(app.is_gone(&first).await && app.is_there(&second).await);
}
