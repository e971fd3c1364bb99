//! Several files in one form: their order, and what becomes of the good ones among bad ones.

#[allow(dead_code)] // Each test uses its part.
mod support;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use cloudinary_axum::{Fields, FileField, FormData, Problem, TextField, UploadForm, Uploaded, Uploads};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde::Deserialize;
use support::{Album, Part, astronaut, hidden, multipart, photo};
use tower::ServiceExt as _;

#[derive(Deserialize)]
struct Photos {
    images: Vec<Uploaded>,
}

impl UploadForm for Photos {
    fn fields() -> Fields {
        let words = |_: &str, problem: &Problem| match problem {
            Problem::FileEmpty => Some("Leer.".to_owned()),
            _ => None,
        };
        let images = FileField::new("images").at_most(5).formats(["jpg", "png"]).keep_label("<Behalten>");
        Fields::new().messages(words).text(TextField::new("title")).file(images)
    }
}

async fn create(form: FormData<Photos>) -> Response {
    match form.into_result() {
        // In the order of the form; width tells one from the other.
        Ok(photos) => {
            let widths = photos.images.iter().map(|image| image.response().and_then(|facts| facts.width));
            format!("{:?}", widths.collect::<Vec<_>>()).into_response()
        }
        Err(view) => {
            let page = format!("{}|{}", view.error("images").unwrap_or_default(), view.file_input("images").unwrap());
            (view.status(), page).into_response()
        }
    }
}

async fn send(uploads: &Uploads, request: Request<Body>) -> (StatusCode, String) {
    let app = Router::new().route("/", post(create)).with_state(uploads.clone());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn file<'a>(filename: &'a str, content: &'a [u8]) -> Part<'a> {
    Part { name: "images", filename: Some(filename), content }
}

fn text<'a>(name: &'a str, content: &'a str) -> Part<'a> {
    Part { name, filename: None, content: content.as_bytes() }
}

#[tokio::test]
async fn each_that_is_left_out_is_named_and_the_others_are_kept_in_their_order() {
    let album = Album::start().await;
    let uploads = Uploads::new(album.cld.clone());
    let (espresso, gif, cat) = (photo("espresso.png"), photo("dahlia.gif"), photo("cat.jpg"));
    let (status, page) = send(
        &uploads,
        multipart(&[
            text("title", "All"),
            file("one.jpg", astronaut()),
            file("notes.jpg", b"these are no pixels"),
            file("two.png", &espresso),
            file("turning.gif", &gif),
            file("nothing.jpg", b""),
            // The sixth of five.
            file("three.jpg", &cat),
        ]),
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    let (errors, inputs) = page.split_once('|').unwrap();
    assert_eq!(
        errors.lines().collect::<Vec<_>>(),
        [
            "notes.jpg: This file is not an image, or it is damaged. Choose another.",
            "turning.gif: Choose a file in one of these formats: jpg, png.",
            "nothing.jpg: Leer.",
            "Choose at most 5 files.",
        ]
    );
    let kept: Vec<&str> =
        inputs.split("name=\"images\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(kept.len(), 2, "{inputs}");
    assert!(kept[0].contains(".jpg#") && kept[1].contains(".png#"), "{kept:?}");
    let ticket = hidden(inputs, "images.ticket");
    assert_eq!(inputs.matches(" checked data-cloudinary-thumbnail=").count(), 2, "{inputs}");
    assert_eq!(inputs.matches("/c_fill,h_100,w_150/").count(), 4, "a picture of each, and its address: {inputs}");
    assert_eq!(inputs.matches("> &#60;Behalten&#62;</label>").count(), 2, "{inputs}");

    // Sent again, with what is kept first and one more behind it.
    let again = [
        text("images", kept[0]),
        text("images", kept[1]),
        text("images.ticket", &ticket),
        file("three.jpg", &cat),
        text("title", "All"),
    ];
    let (status, answer) = send(&uploads, multipart(&again)).await;
    assert_eq!((status, answer.as_str()), (StatusCode::OK, "[Some(512), Some(423), Some(451)]"));
}

#[tokio::test]
async fn too_many() {
    let album = Album::start().await;
    let uploads = Uploads::new(album.cld.clone());
    let mut files = vec![text("title", "All")];
    files.extend([file("a.jpg", astronaut()); 6]);
    let (status, page) = send(&uploads, multipart(&files)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    assert!(page.starts_with("Choose at most 5 files.|"), "{page}");
    assert_eq!(page.matches("name=\"images\" value=\"image/upload/").count(), 5, "{page}");
}
