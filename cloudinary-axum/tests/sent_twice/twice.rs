//! The same form, sent again.

use http::StatusCode;

use crate::app::{App, file, text};
use crate::support::hidden;

#[tokio::test]
async fn the_second_adds_nothing_and_says_so() {
    let app = App::start().await;
    for (nth, (path, part, what)) in [
        ("/photo", "image", "the input of a file that goes through the server"),
        ("/direct", "file", "the direct-upload field without JavaScript"),
    ]
    .into_iter()
    .enumerate()
    {
        let [ticket] = app.tickets(path, "ann", ["image"]).await;
        let parts = [text("title", "Me"), text("image", ""), text("image.ticket", &ticket), file(part, "me.jpg")];
        let (status, first) = app.post(path, "ann", &parts).await;
        assert_eq!(status, StatusCode::OK, "{what}: {first}");
        for _ in 0..2 {
            let (status, page) = app.post(path, "ann", &parts).await;
            assert_eq!(status, StatusCode::CONFLICT, "{what}: {page}");
            assert!(page.starts_with("image: This form was sent already; nothing was added this time."), "{page}");
            assert!(page.contains("title=Me") && !page.contains("name=\"image\" value"), "{what}: {page}");
            assert_eq!(app.stored(2 * nth + 1).await, 2 * nth + 1, "{what}: what the second stored is destroyed");
            assert!(app.is_there(&first).await, "{what}: what the first stored is not");
        }
        // Whoever means another photo chooses it in the form that is shown.
        let (_, page) = app.post(path, "ann", &parts).await;
        let fresh = hidden(&page, "image.ticket");
        let parts = [text("title", "Me"), text("image.ticket", &fresh), file("image", "me.jpg")];
        assert_eq!(app.post(path, "ann", &parts).await.0, StatusCode::OK, "{what}");
        assert_eq!(app.post(path, "ann", &parts).await.0, StatusCode::CONFLICT, "{what}");
        assert_eq!(app.stored(2 * nth + 2).await, 2 * nth + 2, "{what}");
    }
}

#[tokio::test]
async fn a_form_that_was_shown_again_counts_once_too() {
    let app = App::start().await;
    let [ticket] = app.tickets("/photo", "ann", ["image"]).await;
    let wrong = [text("title", ""), text("image.ticket", &ticket), file("image", "me.jpg")];
    let (status, page) = app.post("/photo", "ann", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    let (kept, again) = (hidden(&page, "image"), hidden(&page, "image.ticket"));
    let right = [text("title", "Me"), text("image", &kept), text("image.ticket", &again)];
    let (status, first) = app.post("/photo", "ann", &right).await;
    assert_eq!((status, first.as_str()), (StatusCode::OK, kept.split('#').next().unwrap()));
    // That page once more, and the one before it, with what its input still has.
    let before = [text("title", "Me"), text("image.ticket", &ticket), file("image", "me.jpg")];
    for parts in [&right, &before] {
        let (status, page) = app.post("/photo", "ann", parts).await;
        assert_eq!(status, StatusCode::CONFLICT, "{page}");
    }
    assert_eq!(app.stored(1).await, 1);
    assert!(app.is_there(&first).await);
}

#[tokio::test]
async fn all_files_of_a_form_are_one_form() {
    let app = App::start().await;
    let fields = ["cover", "images"];
    let [cover, images] = app.tickets("/several", "ann", fields).await;
    let tickets = [text("cover.ticket", &cover), text("images.ticket", &images)];
    let (one, two, three) = (file("cover", "1.jpg"), file("images", "2.jpg"), file("images", "3.jpg"));
    let all = [tickets[0], tickets[1], one, two, three];
    assert_eq!(app.post("/several", "ann", &all).await, (StatusCode::OK, "true 2".to_owned()));
    // Whatever of it comes again, and with whichever of its tickets.
    for parts in [&all[..], &all[..3], &[tickets[0], tickets[1], two], &[tickets[1], two], &[tickets[1], one]] {
        let (status, page) = app.post("/several", "ann", parts).await;
        assert_eq!(status, StatusCode::CONFLICT, "{page}");
        assert!(page.contains("Schon gesendet."), "{page}");
        assert_eq!(app.stored(3).await, 3);
    }
}

#[tokio::test]
async fn what_took_the_place_of_the_first_file_stays() {
    let app = App::start().await;
    for field in ["chosen", "named"] {
        let [ticket] = app.tickets("/named", "ann", [field]).await;
        let name = format!("{field}.ticket");
        let parts = [text(&name, &ticket), file(field, "me.jpg")];
        let (status, first) = app.post("/named", "ann", &parts).await;
        assert_eq!(status, StatusCode::OK, "{first}");
        assert_eq!(app.post("/named", "ann", &parts).await.0, StatusCode::CONFLICT);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert!(app.is_there(&first).await, "{first}");
    }
}
