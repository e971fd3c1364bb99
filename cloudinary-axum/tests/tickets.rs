//! Direct uploads are for one visitor, one field, and once; and what the browser could lie about is asked of the service.

#[allow(dead_code)] // Each test uses its part.
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cloudinary_axum::{
    Attempt, BlankForm, Change, Denied, Fields, FileField, FormData, Intent, Problem, RenderError, TextField,
    UploadForm, UploadPolicy, Uploaded, Uploads,
};
use cloudinary_core::client::BoxFuture;
use cloudinary_core::{AssetRef, Cloudinary, UploadOptions, UploadSource};
use cloudinary_local::LocalServer;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde::Deserialize;
use support::{astronaut, hidden, photo, shown_again};
use tower::ServiceExt as _;

#[derive(Deserialize)]
struct Photo {
    title: String,
    image: Uploaded,
}

impl UploadForm for Photo {
    fn fields() -> Fields {
        let image = FileField::new("image").formats(["jpg", "png"]).max_bytes(250_000).max_dimensions(1300, 1300);
        Fields::new().text(TextField::new("title")).file(image)
    }
}

#[derive(Deserialize)]
struct Avatar {
    #[serde(rename = "avatar")]
    image: Uploaded,
}

impl UploadForm for Avatar {
    fn fields() -> Fields {
        let words = |_: &str, problem: &Problem| match problem {
            Problem::NotYours => Some("Das ist nicht deine Datei.".to_owned()),
            _ => None,
        };
        Fields::new().messages(words).file(FileField::new("avatar").formats(["jpg", "png"]).options_for(
            |request, options| match request.headers.get("x-user").and_then(|user| user.to_str().ok()) {
                Some(user) => options.folder(format!("users/{user}")),
                None => options,
            },
        ))
    }
}

#[derive(Deserialize)]
struct Edit {
    image: Change,
}

impl UploadForm for Edit {
    fn fields() -> Fields {
        Fields::new().file(FileField::new("image").formats(["jpg", "png"]).editable())
    }
}

#[derive(Deserialize)]
struct Many {
    image: Vec<Uploaded>,
}

impl UploadForm for Many {
    fn fields() -> Fields {
        Fields::new().file(FileField::new("image").at_most(2))
    }
}

/// Visitors say who they are in a header; mallory may do nothing, eve has used her quota up, frank may add one photo, and
/// grace may look at the page once.
#[derive(Debug, Default)]
struct Names {
    franks: AtomicI64,
    graces: AtomicI64,
}

impl UploadPolicy for Names {
    fn subject(&self, request: &http::request::Parts) -> Option<String> {
        Some(request.headers.get("x-user")?.to_str().ok()?.to_owned())
    }

    fn authorize<'a>(&'a self, attempt: &'a Attempt<'a>) -> BoxFuture<'a, Result<(), Denied>> {
        Box::pin(async move {
            match attempt.subject {
                Some("mallory") => Err(Denied::forbidden("Log in first.")),
                Some("frank")
                    if attempt.intent == Intent::Complete && self.franks.fetch_add(1, Ordering::SeqCst) > 0 =>
                {
                    Err(Denied::too_many("One is enough.", Duration::from_mins(1)))
                }
                Some("grace") if attempt.intent == Intent::Sign && self.graces.fetch_add(1, Ordering::SeqCst) > 0 => {
                    Err(Denied::forbidden("You have left."))
                }
                Some("eve") if attempt.intent != Intent::Sign => {
                    Err(Denied::too_many("That is enough for today.", Duration::from_mins(1)))
                }
                _ => Ok(()),
            }
        })
    }
}

struct App {
    cld: Cloudinary,
    router: Router,
    clock: Arc<AtomicI64>,
    _media: LocalServer,
}

async fn photo_page(form: BlankForm<Photo>) -> Result<String, RenderError> {
    Ok(form.row("image")?.to_string())
}

async fn photo_done(form: FormData<Photo>) -> Response {
    match form.into_parts() {
        (Some(photo), mut view) if photo.title == "taken" => {
            view.add_error("title", "This title is taken.");
            shown_again(&view)
        }
        (Some(photo), _) => photo.image.asset().to_string().into_response(),
        (None, view) => shown_again(&view),
    }
}

async fn avatar_page(form: BlankForm<Avatar>) -> Result<String, RenderError> {
    Ok(form.direct_field("avatar")?.to_string())
}

async fn avatar_done(form: FormData<Avatar>) -> Response {
    match form.into_result() {
        Ok(avatar) => avatar.image.asset().to_string().into_response(),
        Err(view) => {
            (view.status(), view.errors().map(|(_, error)| error.to_owned()).collect::<String>()).into_response()
        }
    }
}

async fn edit_page(form: BlankForm<Edit>) -> Result<String, RenderError> {
    let mut form = form.into_view();
    form.set_current("image", &AssetRef::image("old"));
    Ok(form.direct_field("image")?.to_string())
}

async fn edit_done(form: FormData<Edit>) -> Response {
    match form.into_result() {
        Ok(edit) => match edit.image {
            Change::Replaced(uploaded) => format!("replaced {}", uploaded.asset()),
            other => format!("{other:?}"),
        }
        .into_response(),
        Err(view) => shown_again(&view),
    }
}

async fn many_page(form: BlankForm<Many>) -> Result<String, RenderError> {
    Ok(form.direct_field("image")?.to_string())
}

async fn many_done(form: FormData<Many>) -> Response {
    match form.into_result() {
        Ok(many) => {
            many.image.iter().map(|one| one.asset().public_id.clone()).collect::<Vec<_>>().join(" ").into_response()
        }
        Err(view) => shown_again(&view),
    }
}

impl App {
    async fn start() -> Self {
        let media = LocalServer::start().await.unwrap();
        let cld = media.cloudinary().unwrap();
        let clock = Arc::new(AtomicI64::new(now()));
        let hands = Arc::clone(&clock);
        let uploads = Uploads::new(cld.clone()).policy(Names::default()).clock(move || hands.load(Ordering::SeqCst));
        let router = Router::new()
            .route("/photo", get(photo_page).post(photo_done))
            .route("/avatar", get(avatar_page).post(avatar_done))
            .route("/edit", get(edit_page).post(edit_done))
            .route("/many", get(many_page).post(many_done))
            .with_state(uploads);
        Self { cld, router, clock, _media: media }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn page(&self, path: &str, user: &str) -> (StatusCode, String) {
        self.send(Request::get(path).header("x-user", user).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, user: &str, pairs: &[(&str, &str)]) -> (StatusCode, String) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = Request::post(path).header("x-user", user);
        self.send(request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(body)).unwrap())
            .await
    }

    /// What a browser does with a rendered field: uploads with the very parameters that the page has.
    async fn upload(&self, page: &str, content: Vec<u8>) -> String {
        let (_, rest) = page.split_once("data-form-data=\"").unwrap();
        let json = rest.split('"').next().unwrap().replace("&quot;", "\"").replace("&#34;", "\"");
        let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
        let mut options = UploadOptions::new();
        for (name, value) in &fields {
            if !["signature", "api_key", "timestamp"].contains(&name.as_str()) {
                options = options.param(name, value.as_str().unwrap()).unwrap();
            }
        }
        self.upload_with(&options, content).await
    }

    async fn upload_with(&self, options: &UploadOptions, content: Vec<u8>) -> String {
        let stored = self.cld.upload(UploadSource::bytes("me.jpg", content), options).await.unwrap();
        stored.asset().unwrap().presigned(self.cld.config()).unwrap().to_string()
    }

    async fn is_there(&self, presigned: &str) -> bool {
        let asset: AssetRef = presigned.split('#').next().unwrap().parse().unwrap();
        support::get(&self.cld.image(&asset).to_string()).await.0 == StatusCode::OK
    }

    async fn is_gone(&self, presigned: &str) -> bool {
        for _ in 0..50 {
            if !self.is_there(presigned).await {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }
}

fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64
}

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
    let (_, page) = app.page("/photo", "ann").await;
    let ticket = hidden(&page, "image.ticket");
    let value = app.upload(&page, astronaut().to_vec()).await;
    for (seconds, status, words) in [
        (3601, StatusCode::UNPROCESSABLE_ENTITY, "open for too long"),
        // The clock went back by more than clocks differ: the ticket is of a time that has not come.
        (-61, StatusCode::FORBIDDEN, "another form"),
    ] {
        app.clock.store(now() + seconds, Ordering::SeqCst);
        let (found, text) =
            app.post("/photo", "ann", &[("title", "Me"), ("image", &value), ("image.ticket", &ticket)]).await;
        assert_eq!(found, status, "{seconds}: {text}");
        assert!(text.contains(words), "{seconds}: {text}");
    }
}

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
