//! Two at once, over sockets.

use std::net::SocketAddr;

use cloudinary_core::{UploadOptions, UploadSource};
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{App, file, request, text};
use crate::support::{self, astronaut};

/// A request over a connection of its own, and the status of its answer.
async fn talk(app: SocketAddr, request: Request<axum::body::Body>) -> (u16, String) {
    let (head, body) = support::into_bytes(request).await;
    let kind = head.headers["content-type"].to_str().unwrap();
    let mut connection = TcpStream::connect(app).await.unwrap();
    let length = body.len();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: {app}\r\nx-user: ann\r\nconnection: close\r\ncontent-type: {kind}\r\n\
         content-length: {length}\r\n\r\n",
        head.uri
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&body).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer[9..12].parse().unwrap(), answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_wins() {
    let app = App::start().await;
    let address = app.listen().await;
    for round in 1..=8 {
        let [ticket] = app.tickets("/photo", "ann", ["image"]).await;
        let parts = [text("title", "Me"), text("image.ticket", &ticket), file("image", "me.jpg")];
        let send = || tokio::spawn(talk(address, request("/photo", "ann", &parts)));
        let answers = [send(), send(), send()];
        let mut statuses = Vec::new();
        for answer in answers {
            let (status, answer) = answer.await.unwrap();
            assert_eq!(answer.contains("sent already"), status == 409, "{answer}");
            statuses.push(status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409]);
        assert_eq!(app.stored(round).await, round);
    }
}

/// With tickets of two fields, and files of one each: neither gets in the other's way so that both are refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_wins_whichever_field_its_file_is_of() {
    let app = App::start().await;
    let address = app.listen().await;
    for round in 1..=8 {
        let [cover, images] = app.tickets("/several", "ann", ["cover", "images"]).await;
        let tickets = [text("cover.ticket", &cover), text("images.ticket", &images)];
        let send = |field| {
            let parts = [tickets[0], tickets[1], file(field, "me.jpg")];
            tokio::spawn(talk(address, request("/several", "ann", &parts)))
        };
        let (a, b) = (send("cover"), send("images"));
        let mut statuses = [a.await.unwrap().0, b.await.unwrap().0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        assert_eq!(app.stored(round).await, round);
    }
}

/// A direct upload, and a file with the form, under one ticket.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_wins_whichever_way_its_file_comes() {
    let app = App::start().await;
    let address = app.listen().await;
    for _ in 0..8 {
        let page = Request::get("/direct").header("x-user", "ann").body(axum::body::Body::empty()).unwrap();
        let page = app.send(page).await.1;
        let ticket = support::hidden(&page, "image.ticket");
        let plain = page.replace("&quot;", "\"").replace("&#34;", "\"");
        let prefix = plain.split("\"public_id_prefix\":\"").nth(1).unwrap().split('"').next().unwrap();
        let options = UploadOptions::new().public_id_prefix(prefix);
        let stored = app.cld.upload(UploadSource::bytes("me.jpg", astronaut()), &options).await.unwrap();
        let value = stored.asset().unwrap().presigned(app.cld.config()).unwrap().to_string();
        let direct = [text("title", "Me"), text("image", &value), text("image.ticket", &ticket)];
        let through = [text("title", "Me"), text("image.ticket", &ticket), file("image", "me.jpg")];
        let send = |parts: &[support::Part<'_>]| tokio::spawn(talk(address, request("/direct", "ann", parts)));
        let (a, b) = (send(&direct), send(&through));
        let mut statuses = [a.await.unwrap().0, b.await.unwrap().0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}
