//! What the browser could lie about.

use cloudinary_core::AssetRef;
use http::StatusCode;

use crate::app::App;
use crate::support::{astronaut, hidden, photo};

#[tokio::test]
async fn facts_are_asked_of_the_service() {
    let app = App::start().await;
    for (name, status, words) in [
        ("picos_de_europa.jpg", StatusCode::PAYLOAD_TOO_LARGE, "too large. Choose one of at most"),
        ("dandelions.jpg", StatusCode::UNPROCESSABLE_ENTITY, "too big"),
    ] {
        let (_, page) = app.page("/photo", "ann").await;
        let ticket = hidden(&page, "image.ticket");
        // The script of the page would have refused it; this browser has no script of ours.
        let value = app.upload(&page, photo(name)).await;
        let (found, text) =
            app.post("/photo", "ann", &[("title", "Me"), ("image", &value), ("image.ticket", &ticket)]).await;
        assert_eq!(found, status, "{name}: {text}");
        assert!(text.contains(words), "{name}: {text}");
        assert!(app.is_gone(&value).await, "{name}: what was refused is destroyed");
    }
}

#[tokio::test]
async fn a_file_that_is_not_there() {
    let app = App::start().await;
    let (_, page) = app.page("/photo", "ann").await;
    let value = app.upload(&page, astronaut().to_vec()).await;
    let asset: AssetRef = value.split('#').next().unwrap().parse().unwrap();
    app.cld.destroy(&asset).await.unwrap();
    let ticket = hidden(&page, "image.ticket");
    let (status, text) =
        app.post("/photo", "ann", &[("title", "Me"), ("image", &value), ("image.ticket", &ticket)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    assert!(text.contains("not valid"), "{text}");
}
