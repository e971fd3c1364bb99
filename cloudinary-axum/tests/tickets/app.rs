//! An app with a form of each kind, and visitors who say who they are.

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
use tower::ServiceExt as _;

use crate::support::{get as get_url, shown_again};

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
        let image = FileField::new("image").formats(["jpg", "png"]).editable();
        Fields::new().file(image.remove_label("Weg & \"fort\""))
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

pub(crate) struct App {
    pub(crate) cld: Cloudinary,
    router: Router,
    pub(crate) clock: Arc<AtomicI64>,
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
    pub(crate) async fn start() -> Self {
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

    pub(crate) async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    pub(crate) async fn page(&self, path: &str, user: &str) -> (StatusCode, String) {
        self.send(Request::get(path).header("x-user", user).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, user: &str, pairs: &[(&str, &str)]) -> (StatusCode, String) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = Request::post(path).header("x-user", user);
        self.send(request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(body)).unwrap())
            .await
    }

    /// What a browser does with a rendered field: uploads with the very parameters that the page has.
    pub(crate) async fn upload(&self, page: &str, content: Vec<u8>) -> String {
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

    pub(crate) async fn upload_with(&self, options: &UploadOptions, content: Vec<u8>) -> String {
        let stored = self.cld.upload(UploadSource::bytes("me.jpg", content), options).await.unwrap();
        stored.asset().unwrap().presigned(self.cld.config()).unwrap().to_string()
    }

    pub(crate) async fn is_there(&self, presigned: &str) -> bool {
        let asset: AssetRef = presigned.split('#').next().unwrap().parse().unwrap();
        get_url(&self.cld.image(&asset).to_string()).await.0 == StatusCode::OK
    }

    pub(crate) async fn is_gone(&self, presigned: &str) -> bool {
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
