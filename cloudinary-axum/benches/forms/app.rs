//! The app: the same handler, with a plain form and with ours.

use axum::Router;
use axum::extract::{Form, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use cloudinary_axum::{Fields, FileField, FormData, MIB, TextField, UploadForm, Uploaded, Uploads};
use cloudinary_core::{Cloudinary, ResourceType, UploadOptions};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde::Deserialize;

use crate::child::wait_for_parent;

#[derive(Deserialize)]
struct Plain {
    title: String,
    image: String,
    #[serde(rename = "image.ticket")]
    ticket: String,
}

async fn plain(Form(form): Form<Plain>) -> Response {
    format!("{} {} {}", form.title, form.image, form.ticket.len()).into_response()
}

/// The field that both sides know: signature and ticket are checked.
pub(crate) fn trusted() -> FileField {
    asked().trust_browser()
}

/// And the service is asked what it is.
fn asked() -> FileField {
    FileField::new("image").formats(["jpg", "png"])
}

/// A form and the handler of it.
macro_rules! form {
    ($name:ident, $handler:ident, $fields:expr) => {
        #[derive(Deserialize)]
        struct $name {
            #[serde(default)]
            title: String,
            image: Uploaded,
        }

        impl UploadForm for $name {
            fn fields() -> Fields {
                $fields
            }
        }

        async fn $handler(form: FormData<$name>) -> Response {
            match form.into_result() {
                Ok(form) => format!("{} {}", form.title, form.image.asset()).into_response(),
                Err(view) => (view.status(), format!("{:?}", view.errors().collect::<Vec<_>>())).into_response(),
            }
        }
    };
}

/// What every relay does at least: the body goes on as it comes, unread, and nothing of it is kept to be sent again.
async fn pass_on(State(service): State<Service>, request: Request) -> Response {
    let headers = [CONTENT_TYPE, CONTENT_LENGTH].map(|name| (request.headers().get(&name).cloned(), name));
    let mut call =
        service.client.post(service.url).body(reqwest::Body::wrap_stream(request.into_body().into_data_stream()));
    for (value, name) in headers {
        call = call.header(name, value.expect("a form of known length"));
    }
    call.send().await.expect("the service").text().await.expect("its answer").into_response()
}

#[derive(Clone)]
struct Service {
    client: reqwest::Client,
    url: String,
}

fn raw(max_bytes: u64) -> Fields {
    let options = UploadOptions::new().resource_type(ResourceType::Raw);
    Fields::new().file(FileField::new("image").max_bytes(max_bytes).options(options))
}

form!(Trusted, complete_trusted, Fields::new().text(TextField::new("title")).file(trusted()));
form!(Asked, complete_asked, Fields::new().text(TextField::new("title")).file(asked()));
form!(Small, relay_small, raw(10 * MIB));
form!(Large, relay_large, raw(1024 * MIB));

#[tokio::main]
pub(crate) async fn serve() {
    let cld = Cloudinary::from_env().expect("CLOUDINARY_URL");
    // The service is plain HTTP here, but a client is made for both.
    rustls::crypto::ring::default_provider().install_default().expect("no other provider");
    let client = reqwest::Client::builder().tcp_nodelay(true).build().expect("a client");
    let prefix = cld.config().upload_prefix.as_deref().expect("the service's address");
    let service = Service { client, url: [prefix, "/v1_1/demo/raw/upload"].concat() };
    let router = Router::new()
        .route("/plain", post(plain))
        .route("/trusted", post(complete_trusted))
        .route("/asked", post(complete_asked))
        .route("/small", post(relay_small))
        .route("/large", post(relay_large))
        .with_state(Uploads::new(cld))
        .route("/pass_on", post(pass_on).with_state(service));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!("{}", listener.local_addr().expect("an address"));
    let parent = async { tokio::task::spawn_blocking(wait_for_parent).await.expect("the parent") };
    let listener = axum::serve::ListenerExt::tap_io(listener, |connection| {
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, router).with_graceful_shutdown(parent).await.expect("serving");
}
