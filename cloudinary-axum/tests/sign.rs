//! Signatures for other widgets: of the server's own declarations, and of nothing a request says.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use cloudinary_axum::{
    Attempt, Denied, Fields, FileField, FormData, Intent, UploadForm, UploadPolicy, Uploaded, Uploads, sign,
};
use cloudinary_core::client::BoxFuture;
use cloudinary_core::signing::{SignatureAlgorithm, SignatureVersion, sign_params};
use cloudinary_core::{Cloudinary, Crop, Transformation, UploadOptions};
use cloudinary_local::LocalServer;
use http::header::{CACHE_CONTROL, RETRY_AFTER};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower::ServiceExt as _;

/// What is signed beside the options: none of it comes from the request.
const ALWAYS: [&str; 4] = ["api_key", "public_id_prefix", "signature", "timestamp"];

fn avatar() -> FileField {
    let options = UploadOptions::new().tags(["avatars"]).eager([Transformation::new().width(80).crop(Crop::Fill)]);
    FileField::new("avatar").formats(["jpg", "png"]).options(options)
}

fn by_user() -> FileField {
    FileField::new("own").options_for(|request, options| {
        let user = request.headers.get("x-user").and_then(|user| user.to_str().ok());
        user.map_or(options.clone(), |user| options.folder(format!("users/{user}")))
    })
}

#[derive(Deserialize)]
struct AvatarForm {
    avatar: Uploaded,
}

impl UploadForm for AvatarForm {
    fn fields() -> Fields {
        Fields::new().file(avatar())
    }
}

async fn keep(form: FormData<AvatarForm>) -> Response {
    match form.into_result() {
        Ok(form) => form.avatar.asset().to_string().into_response(),
        Err(view) => (view.status(), format!("{:?}", view.error("avatar"))).into_response(),
    }
}

#[derive(Debug)]
struct Names;

impl UploadPolicy for Names {
    fn subject(&self, request: &http::request::Parts) -> Option<String> {
        Some(request.headers.get("x-user")?.to_str().ok()?.to_owned())
    }

    fn authorize<'a>(&'a self, attempt: &'a Attempt<'a>) -> BoxFuture<'a, Result<(), Denied>> {
        Box::pin(async move {
            match (attempt.subject, attempt.field, attempt.intent) {
                (Some("mallory"), ..) => Err(Denied::forbidden("Log in first.")),
                (Some("eve"), "avatar", Intent::Sign) => {
                    Err(Denied::too_many("That is enough for today.", Duration::from_secs(90)))
                }
                _ => Ok(()),
            }
        })
    }
}

struct App {
    cld: Cloudinary,
    router: Router,
    _media: LocalServer,
}

impl App {
    async fn start() -> Self {
        let media = LocalServer::start().await.unwrap();
        let cld = media.cloudinary().unwrap();
        let router = Router::new()
            .nest("/sign", sign::router([avatar(), by_user()]))
            .route("/keep", post(keep))
            .with_state(Uploads::new(cld.clone()).policy(Names));
        Self { cld, router, _media: media }
    }

    async fn send(&self, request: Request<Body>) -> (http::response::Parts, String) {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (parts, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn sign(&self, path: &str, user: &str) -> Map<String, Json> {
        let (parts, text) = self.send(request(path, user, Body::empty())).await;
        assert_eq!((parts.status, &parts.headers[CACHE_CONTROL]), (StatusCode::OK, &"no-store".parse().unwrap()));
        serde_json::from_str(&text).unwrap()
    }

    async fn keep(&self, user: &str, pairs: &[(&str, &str)]) -> (StatusCode, String) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let mut request = request("/keep", user, Body::from(body));
        request.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
        let (parts, text) = self.send(request).await;
        (parts.status, text)
    }
}

/// What the widget does: posts the file with all fields, as they are; and the value that its page makes of the answer.
async fn upload(signature: &Map<String, Json>) -> String {
    let mut body = Vec::new();
    let mut part = |head: &str, content: &[u8]| {
        body.extend_from_slice(format!("--b\r\nContent-Disposition: form-data; name={head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    for (name, value) in fields(signature) {
        part(&format!("\"{name}\""), value.as_bytes());
    }
    let photo = include_bytes!("../../examples/photo_album/photos/astronaut.jpg");
    part("\"file\"; filename=\"me.jpg\"", photo);
    body.extend_from_slice(b"--b--\r\n");

    let (host, path) = signature["url"].as_str().unwrap().strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut connection = tokio::net::TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all(&[head.as_bytes(), &body].concat()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    let told: Json = serde_json::from_str(body).unwrap();
    let text = |name: &str| told[name].as_str().unwrap();
    let (id, format, signature) = (text("public_id"), text("format"), text("signature"));
    format!("{}/{}/v{}/{id}.{format}#{signature}", text("resource_type"), text("type"), told["version"])
}

fn request(path: &str, user: &str, body: Body) -> Request<Body> {
    let request = Request::post(path);
    let request = if user.is_empty() { request } else { request.header("x-user", user) };
    request.body(body).unwrap()
}

fn fields(signature: &Map<String, Json>) -> Vec<(String, String)> {
    let fields = signature["fields"].as_object().unwrap();
    fields.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

fn names(signature: &Map<String, Json>) -> Vec<String> {
    let mut names: Vec<String> = fields(signature).into_iter().map(|(name, _)| name).collect();
    names.sort();
    names
}

fn with_always(own: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = ALWAYS.iter().chain(own).map(|name| (*name).to_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn only_what_is_declared() {
    let app = App::start().await;
    for (method, path, status) in [
        ("POST", "/sign/avatar", StatusCode::OK),
        ("POST", "/sign/avatar/", StatusCode::NOT_FOUND),
        ("POST", "/sign/Avatar", StatusCode::NOT_FOUND),
        ("POST", "/sign/other", StatusCode::NOT_FOUND),
        ("POST", "/sign/avatar%00", StatusCode::NOT_FOUND),
        ("POST", "/sign/avatar%2Fx", StatusCode::NOT_FOUND),
        ("POST", "/sign/%FF", StatusCode::NOT_FOUND),
        ("POST", "/sign", StatusCode::NOT_FOUND),
        // What a link or an image could ask for in a visitor's name.
        ("GET", "/sign/avatar", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        assert_eq!(app.send(request).await.0.status, status, "{method} {path}");
    }
    let signature = app.sign("/sign/avatar", "ann").await;
    assert_eq!(names(&signature), with_always(&["allowed_formats", "eager", "tags"]));
    assert_eq!((&signature["field"], signature.len()), (&Json::from("avatar"), 4));
    assert_eq!(signature["url"].as_str().unwrap(), app.cld.config().api_url("image", "upload"));
}

#[tokio::test]
async fn nothing_of_the_request_is_signed() {
    let app = App::start().await;
    let json = r#"{"public_id":"victim","overwrite":"true","timestamp":"1","paramsToSign":{"public_id":"victim"}}"#;
    for (path, content_type, body) in [
        ("/sign/avatar?public_id=victim&overwrite=true&folder=admin&timestamp=1", "text/plain", ""),
        ("/sign/avatar", "application/json", json),
        ("/sign/avatar", "application/x-www-form-urlencoded", "public_id=victim&overwrite=true&timestamp=1"),
        (
            "/sign/avatar",
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"public_id\"\r\n\r\nvictim\r\n--b--\r\n",
        ),
    ] {
        let request = Request::post(path)
            .header("content-type", content_type)
            .header("public_id", "victim")
            .header("x-public-id", "victim")
            .header("host", "victim.example.com")
            .header("x-forwarded-host", "victim.example.com")
            .header("origin", "https://victim.example.com")
            .body(Body::from(body))
            .unwrap();
        let (parts, text) = app.send(request).await;
        assert_eq!(parts.status, StatusCode::OK, "{path}: {text}");
        let signature: Map<String, Json> = serde_json::from_str(&text).unwrap();
        assert_eq!(names(&signature), with_always(&["allowed_formats", "eager", "tags"]), "{path} {body}");
        assert!(!text.contains("victim") && !text.contains("overwrite"), "{text}");
        let timestamp = fields(&signature).into_iter().find(|(name, _)| name == "timestamp").unwrap().1;
        assert!(timestamp.parse::<i64>().unwrap() > 1_700_000_000, "{text}");
    }
}

#[tokio::test]
async fn the_signature_is_the_one_the_service_makes() {
    let app = App::start().await;
    let signature = app.sign("/sign/avatar", "ann").await;
    let fields = fields(&signature);
    let signed = fields.iter().filter(|(name, _)| !["signature", "api_key"].contains(&name.as_str()));
    let config = app.cld.config();
    let secret = config.require_api_secret().unwrap();
    let pairs = signed.map(|(name, value)| (name.as_str(), value.as_str()));
    let expected = sign_params(pairs, secret, SignatureAlgorithm::Sha1, SignatureVersion::V2);
    let value = |wanted: &str| &fields.iter().find(|(name, _)| name == wanted).unwrap().1;
    assert_eq!(value("signature"), &expected);
    assert_eq!(value("api_key"), config.require_api_key().unwrap());
    assert!(!format!("{signature:?}").contains(secret.expose()));
}

#[tokio::test]
async fn options_by_who_asks() {
    let app = App::start().await;
    for (user, folder) in [("ann", Some("users/ann")), ("bob", Some("users/bob")), ("", None)] {
        let signature = app.sign("/sign/own?folder=users/eve", user).await;
        let found = fields(&signature).into_iter().find(|(name, _)| name == "folder").map(|(_, folder)| folder);
        assert_eq!(found.as_deref(), folder, "{user}");
    }
}

#[tokio::test]
async fn the_policy_is_asked() {
    let app = App::start().await;
    let (parts, text) = app.send(request("/sign/avatar", "mallory", Body::empty())).await;
    assert_eq!((parts.status, text.as_str()), (StatusCode::FORBIDDEN, "Log in first."));
    let (parts, text) = app.send(request("/sign/avatar", "eve", Body::empty())).await;
    assert_eq!((parts.status, text.as_str()), (StatusCode::TOO_MANY_REQUESTS, "That is enough for today."));
    assert_eq!(parts.headers[RETRY_AFTER], "90");
    // With the name of the profile, so that another one is another matter.
    app.sign("/sign/own", "eve").await;
}

#[tokio::test]
async fn the_ticket_is_for_the_form_with_that_field() {
    let app = App::start().await;
    let signature = app.sign("/sign/avatar", "ann").await;
    let value = upload(&signature).await;
    let ticket = signature["ticket"].as_str().unwrap();
    let other = app.sign("/sign/own", "ann").await;
    for (user, ticket, what) in [
        ("bob", ticket, "another visitor"),
        ("ann", other["ticket"].as_str().unwrap(), "another profile's ticket"),
        ("ann", "", "no ticket"),
    ] {
        let (status, text) = app.keep(user, &[("avatar", &value), ("avatar.ticket", ticket)]).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{what}: {text}");
    }
    let pairs = [("avatar", value.as_str()), ("avatar.ticket", ticket)];
    assert_eq!(app.keep("ann", &pairs).await, (StatusCode::OK, value.split('#').next().unwrap().to_owned()));
    assert_eq!(app.keep("ann", &pairs).await.0, StatusCode::CONFLICT, "once");
}
