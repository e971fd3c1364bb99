//! Both upload flows of one form. `cargo run -p minimal`; `CLOUDINARY_URL`, or else a media server of its own.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use axum::{Router, extract::State, routing::get};
use cloudinary_axum::{BlankForm, Fields, FileField, FormData, FormView, TextField, UploadForm, Uploaded, Uploads};
use cloudinary_axum::{RenderError, assets, filters, render};

#[derive(serde::Deserialize)]
struct PhotoForm {
    title: String,
    image: Uploaded,
}

impl UploadForm for PhotoForm {
    fn fields() -> Fields {
        Fields::new().text(TextField::new("title")).file(FileField::new("image").formats(["jpg", "png", "webp"]))
    }
}

#[derive(Template)]
#[template(path = "page.html")]
#[allow(clippy::large_enum_variant)] // One a request.
enum Page {
    Form(FormView),
    Stored(PhotoForm),
}

async fn page(State(uploads): State<Uploads>, form: BlankForm<PhotoForm>) -> Result<Html<String>, RenderError> {
    Ok(render(&Page::Form(form.into_view()), uploads.client())?)
}

async fn create(State(uploads): State<Uploads>, form: FormData<PhotoForm>) -> Result<Response, RenderError> {
    Ok(match form.into_result() {
        Ok(photo) => render(&Page::Stored(photo), uploads.client())?.into_response(),
        Err(form) => (form.status(), render(&Page::Form(form), uploads.client())?).into_response(),
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let media = cloudinary_local::LocalServer::start().await?;
    let configured = std::env::var_os("CLOUDINARY_URL").is_some();
    let cld = if configured { cloudinary_core::Cloudinary::from_env()? } else { media.cloudinary()? };
    let app = Router::new().route("/", get(page).post(create)).nest("/cloudinary", assets::router());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app.with_state(Uploads::new(cld))).await?)
}
