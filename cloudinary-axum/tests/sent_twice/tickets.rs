//! Tickets that are none, too old, or somebody else's.

use std::sync::atomic::Ordering;

use http::StatusCode;

use crate::app::{App, file, text};

const HOUR: i64 = 3600;

#[tokio::test]
async fn a_ticket_only_counts_the_form() {
    let app = App::start().await;
    let made = app.clock.load(Ordering::SeqCst);
    let [bobs] = app.tickets("/photo", "bob", ["image"]).await;
    let [other] = app.tickets("/several", "ann", ["cover"]).await;
    let [old, older, early, mine] = [
        app.tickets("/photo", "ann", ["image"]).await,
        app.tickets("/photo", "ann", ["image"]).await,
        app.tickets("/photo", "ann", ["image"]).await,
        app.tickets("/photo", "ann", ["image"]).await,
    ]
    .map(|[ticket]| ticket);
    let mut altered = mine.clone();
    altered.replace_range(3..4, if &mine[3..4] == "x" { "y" } else { "x" });
    let mut stored = 0;
    for (ticket, seconds, what) in [
        (&mine, 0, "her own"),
        (&altered, 0, "an altered one"),
        (&bobs, 0, "another visitor's"),
        (&other, 0, "another field's"),
        (&old, 2 * HOUR, "one that has ended"),
        (&older, 100 * HOUR, "one that ended days ago"),
        (&early, -2 * HOUR, "one of a time that has not come"),
        (&"x.y".repeat(1000), 0, "anything"),
    ] {
        app.clock.store(made + seconds, Ordering::SeqCst);
        let parts = [text("title", "Me"), text("image.ticket", ticket), file("image", "me.jpg")];
        let (status, text) = app.post("/photo", "ann", &parts).await;
        assert_eq!(status, StatusCode::OK, "{what}: {text}");
        stored += 1;
        for later in [0, 23 * HOUR] {
            app.clock.store(made + seconds + later, Ordering::SeqCst);
            let (status, text) = app.post("/photo", "ann", &parts).await;
            assert_eq!((status, text.contains("sent already")), (StatusCode::CONFLICT, true), "{what}: {text}");
        }
        assert_eq!(app.stored(stored).await, stored, "{what}");
    }
    app.clock.store(made, Ordering::SeqCst);
    // Ann has spent nothing of Bob's.
    let parts = [text("title", "Me"), text("image.ticket", &bobs), file("image", "me.jpg")];
    assert_eq!(app.post("/photo", "bob", &parts).await.0, StatusCode::OK);
    // Who never saw a page sends as often as the app lets them.
    for _ in 0..2 {
        for parts in [
            &[text("title", "Me"), file("image", "me.jpg")][..],
            &[text("title", "Me"), text("image.ticket", ""), file("image", "me.jpg")],
        ] {
            assert_eq!(app.post("/photo", "ann", parts).await.0, StatusCode::OK);
        }
    }
}

/// The ticket of a direct upload is asked for what it says, also when another file comes with the form.
#[tokio::test]
async fn a_file_beside_it_vouches_for_no_other() {
    let app = App::start().await;
    let [ticket] = app.tickets("/several", "ann", ["images"]).await;
    let source = cloudinary_core::UploadSource::bytes("a.jpg", crate::support::astronaut());
    let others = app.cld.upload(source, &cloudinary_core::UploadOptions::new()).await.unwrap().asset().unwrap();
    let value = others.presigned(app.cld.config()).unwrap().to_string();
    for ticket in ["", ticket.as_str()] {
        let parts = [text("images", &value), text("images.ticket", ticket), file("images", "me.jpg")];
        let (status, text) = app.post("/several", "ann", &parts).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{text}");
    }
    assert!(app.is_there(&others.to_string()).await);
}
