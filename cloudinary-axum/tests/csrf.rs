//! Beside a layer that checks a token: in the multipart form, or in a header that the page's script sends. The token is
//! looked at before the form is, so that nothing is stored and no ticket spent for a request of another site.

#[allow(dead_code)] // Each test uses its part.
mod support;

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, body::Bytes};
use axum_csrf::{CsrfConfig, CsrfLayer, CsrfToken, Key};
use bytes::BytesMut;
use cloudinary_axum::{BODY_IDLE_TIMEOUT, BlankForm, FormData, RenderError, Uploads};
use cloudinary_core::UploadOptions;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use support::{Album, Part, PhotoForm, astronaut, hidden, shown_again, urlencoded};
use tower::ServiceExt as _;

/// The hidden input, which stands first in the form.
const FIELD: &str = "authenticity_token";
/// The header of a script that sends the form itself.
const HEADER: &str = "x-csrf-token";
/// The token is in the first bytes of the form, or not there.
const MOST: usize = 4096;

/// Lets through what has the visitor's token; to be layered under `CsrfLayer`, which knows it.
async fn check(token: CsrfToken, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let (given, body) = match head.headers.get(HEADER).and_then(|value| value.to_str().ok()) {
        Some(given) => (Some(given.to_owned()), body),
        None => first_field(&head.headers, body).await,
    };
    if given.is_none_or(|given| token.verify(&given).is_err()) {
        return (StatusCode::FORBIDDEN, "This form is not from this site, or too old. Open it again.").into_response();
    }
    next.run(Request::from_parts(head, body)).await
}

/// The token in the first part of a form; and the form, of which nothing is missing.
async fn first_field(headers: &HeaderMap, body: Body) -> (Option<String>, Body) {
    let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let Ok(boundary) = multer::parse_boundary(kind) else { return (None, body) };
    let mut rest = body.into_data_stream();
    let mut start = BytesMut::new();
    let mut found = None;
    while found.is_none() && start.len() < MOST {
        let Some(piece) = next_piece(&mut rest).await else { break };
        start.extend_from_slice(&piece);
        let read_so_far = stream::iter([Ok::<Bytes, std::io::Error>(start.clone().freeze())]);
        let mut form = multer::Multipart::new(read_so_far, boundary.clone());
        // A part that is not whole yet is an error, and more of it is awaited.
        if let Ok(Some(field)) = form.next_field().await {
            if field.name() != Some(FIELD) {
                break;
            }
            found = field.text().await.ok();
        }
    }
    let whole = stream::iter([Ok(start.freeze())]).chain(rest);
    (found, Body::from_stream(whole))
}

async fn next_piece(pieces: &mut BodyDataStream) -> Option<Bytes> {
    tokio::time::timeout(BODY_IDLE_TIMEOUT, pieces.next()).await.ok()??.ok()
}

async fn page(token: CsrfToken, form: BlankForm<PhotoForm>) -> Result<Response, RenderError> {
    let value = token.authenticity_token().unwrap();
    let page = format!("<input type=\"hidden\" name=\"{FIELD}\" value=\"{value}\">{}", form.direct_field("image")?);
    Ok((token, page).into_response())
}

async fn create(form: FormData<PhotoForm>) -> Response {
    match form.into_result() {
        Ok(_) => "added".into_response(),
        Err(invalid) => shown_again(&invalid),
    }
}

struct App {
    router: Router,
    album: Album,
}

struct Visit {
    cookie: String,
    token: String,
    ticket: String,
}

impl App {
    async fn start() -> Self {
        let album = Album::start().await;
        let config = CsrfConfig::new().with_key(Some(Key::generate())).with_salt("a salt of this app");
        let router = Router::new()
            .route("/", get(page).post(create))
            .layer(from_fn(check))
            .layer(CsrfLayer::new(config))
            .with_state(Uploads::new(album.cld.clone()));
        Self { router, album }
    }

    async fn send(&self, request: Request, cookie: &str) -> (StatusCode, HeaderMap, String) {
        let (mut head, body) = request.into_parts();
        head.headers.insert("cookie", cookie.parse().unwrap());
        let response = self.router.clone().oneshot(Request::from_parts(head, body)).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (head.status, head.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn visit(&self) -> Visit {
        let (status, headers, page) = self.send(Request::get("/").body(Body::empty()).unwrap(), "").await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let cookie = headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Visit { cookie, token: hidden(&page, FIELD), ticket: hidden(&page, "image.ticket") }
    }
}

fn text<'a>(name: &'a str, content: &'a str) -> Part<'a> {
    Part { name, filename: None, content: content.as_bytes() }
}

#[tokio::test]
async fn a_form_with_a_file() {
    let app = App::start().await;
    let (mine, others) = (app.visit().await, app.visit().await);
    let file = Part { name: "image", filename: Some("me.jpg"), content: astronaut() };
    let long = format!("{}x", "x".repeat(MOST));
    let empty = text("title", "");
    for (parts, what) in [
        (vec![text("title", "Me"), file], "no token"),
        (vec![text(FIELD, ""), text("title", "Me"), file], "an empty one"),
        (vec![text(FIELD, &others.token), text("title", "Me"), file], "another visitor's"),
        (vec![text(FIELD, &mine.token[1..]), text("title", "Me"), file], "one that is cut"),
        (vec![text(FIELD, &long), text("title", "Me"), file], "one without end"),
        (vec![text("title", "Me"), file, text(FIELD, &mine.token)], "one that comes too late"),
        (vec![text("title", "Me"), text("title", FIELD), file], "its name for a value"),
        (vec![empty, file], "none in a form that is refused anyway"),
    ] {
        for request in [support::multipart(&parts), support::in_pieces(support::multipart(&parts))] {
            let (status, _, page) = app.send(request, &mine.cookie).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{what}: {page}");
            assert!(page.contains("Open it again"), "{what}: {page}");
        }
        assert_eq!(app.album.delivered("image/upload/the_photo").await, StatusCode::NOT_FOUND, "{what}");
    }
    // With the token, whole and byte by byte; and not by a visitor without the cookie.
    let good = [text(FIELD, &mine.token), text("title", "Me"), file];
    assert_eq!(app.send(support::multipart(&good), "").await.0, StatusCode::FORBIDDEN);
    for request in [support::multipart(&good), byte_by_byte(support::multipart(&good)).await] {
        let (status, _, page) = app.send(request, &mine.cookie).await;
        assert_eq!((status, page.as_str()), (StatusCode::OK, "added"));
        assert_eq!(app.album.delivered("image/upload/the_photo").await, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_direct_upload_is_not_completed_without_it() {
    let app = App::start().await;
    let visit = app.visit().await;
    let value = app.album.presigned(astronaut(), &UploadOptions::new()).await;
    let pairs = [("title", "Me"), ("image", value.as_str()), ("image.ticket", visit.ticket.as_str())];
    let parts = [text("title", "Me"), text("image", &value), text("image.ticket", &visit.ticket)];
    // What a page of another site can send: its cookies come along, the token does not.
    for request in [urlencoded(&pairs), support::multipart(&parts)] {
        let (status, _, page) = app.send(request, &visit.cookie).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{page}");
    }
    // Nothing was destroyed, and the ticket is good still: for the page's script, by its header.
    let (mut head, body) = urlencoded(&pairs).into_parts();
    head.headers.insert(HEADER, "guessed".parse().unwrap());
    let guessed = Request::from_parts(head.clone(), Body::empty());
    assert_eq!(app.send(guessed, &visit.cookie).await.0, StatusCode::FORBIDDEN);
    head.headers.insert(HEADER, visit.token.parse().unwrap());
    let (status, _, page) = app.send(Request::from_parts(head, body), &visit.cookie).await;
    assert_eq!((status, page.as_str()), (StatusCode::OK, "added"));
    // The form itself, sent after that, is a double submit.
    let with_token = [text(FIELD, &visit.token), parts[0], parts[1], parts[2]];
    let (status, _, page) = app.send(support::multipart(&with_token), &visit.cookie).await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
}

/// The start of a body in pieces of one byte, as the slowest network would bring it.
async fn byte_by_byte(request: Request) -> Request {
    let (head, bytes) = support::into_bytes(request).await;
    let (start, rest) = (bytes.slice(..1000), bytes.slice(1000..));
    let bytes: Vec<_> = (0..start.len()).map(|at| Ok::<_, std::io::Error>(start.slice(at..=at))).collect();
    Request::from_parts(head, Body::from_stream(stream::iter(bytes).chain(stream::iter([Ok(rest)]))))
}
