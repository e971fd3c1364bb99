//! A form that posts a file straight to the media service, without any script: `cargo run --example direct_upload_form`.
//!
//! The service sends the visitor back to `/uploaded` with its answer in the query. The page there asks for the title, and
//! its form is the one that is verified.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::{Router, routing::get, routing::post};
use cloudinary_axum::{DirectUpload, Fields, FileField, FormData, FormView, RenderError, TextField, UploadForm};
use cloudinary_axum::{Uploaded, Uploads, cloudinary_direct_upload, filters, render};
use cloudinary_local::LocalServer;
use http::HeaderMap;
use http::header::{COOKIE, SET_COOKIE};
use serde::Deserialize;

#[derive(Deserialize)]
struct PhotoForm {
    title: String,
    image: Uploaded,
}

impl UploadForm for PhotoForm {
    fn fields() -> Fields {
        Fields::new().text(TextField::new("title").label("Title")).file(image().label("Photo"))
    }
}

fn image() -> FileField {
    FileField::new("image").formats(["jpg", "png", "webp"])
}

/// Where the app is, as the visitor's browser knows it.
#[derive(Clone, axum::extract::FromRef)]
struct App {
    uploads: Uploads,
    origin: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!DOCTYPE html><title>Photo</title>
{% match self %}
{% when Self::Choose(form) %}<h1>Choose a photo</h1>{{ form }}
{% when Self::Refused(why) %}<h1>The photo was refused</h1><p>{{ why }}</p><a href="/">Choose another</a>
{% when Self::Name { value, ticket } %}<h1>The photo is there</h1>
<form method="post" action="/photos"><input type="hidden" name="image" value="{{ value }}">
<input type="hidden" name="image.ticket" value="{{ ticket }}">
<label>Title <input name="title"></label> <button>Add</button></form>
{% when Self::Again(form) %}<h1>Not yet</h1>
<form method="post" action="/photos" enctype="multipart/form-data">
{{ form.row("title")? }} {{ form.row("image")? }} <button>Add</button></form>
{% when Self::Stored(photo) %}<h1>{{ photo.title }}</h1>
{{ photo.image.asset()|cloudinary(width=400, height=300, crop="fill", alt=photo.title) }}
{% endmatch %}"#
)]
#[allow(clippy::large_enum_variant)] // One a request.
enum Page {
    Choose(DirectUpload),
    Refused(String),
    Name { value: String, ticket: String },
    Again(FormView),
    Stored(PhotoForm),
}

async fn choose(State(app): State<App>) -> Result<Response, RenderError> {
    let form = cloudinary_direct_upload(&image(), &app.uploads, None, &format!("{}/uploaded", app.origin))?;
    // The service hands on none of it, so the visitor's browser keeps the ticket meanwhile.
    let ticket = format!("ticket={}; Path=/; HttpOnly; SameSite=Lax", form.ticket());
    let page = render(&Page::Choose(form), app.uploads.client())?;
    Ok(([(SET_COOKIE, ticket)], page).into_response())
}

/// What the service says in the query; nothing of it is believed before the form with it is verified.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Stored {
        resource_type: String,
        r#type: String,
        version: String,
        public_id: String,
        format: String,
        signature: String,
    },
    Refused {
        error: String,
    },
}

async fn uploaded(
    State(app): State<App>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Html<String>, RenderError> {
    let page = match answer {
        Answer::Refused { error } => Page::Refused(error),
        Answer::Stored { resource_type, r#type, version, public_id, format, signature } => Page::Name {
            value: format!("{resource_type}/{type}/v{version}/{public_id}.{format}#{signature}"),
            ticket: cookie(&headers, "ticket").unwrap_or_default(),
        },
    };
    Ok(render(&page, app.uploads.client())?)
}

async fn create(State(uploads): State<Uploads>, form: FormData<PhotoForm>) -> Result<Response, RenderError> {
    Ok(match form.into_result() {
        Ok(photo) => render(&Page::Stored(photo), uploads.client())?.into_response(),
        Err(form) => (form.status(), render(&Page::Again(form), uploads.client())?).into_response(),
    })
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers.get_all(COOKIE).into_iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = pairs.flat_map(|cookies| cookies.split("; ")).filter_map(|pair| pair.split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let media = LocalServer::builder().callback_origin(&origin).start().await?;
    println!("{origin}");
    let app = Router::new().route("/", get(choose)).route("/uploaded", get(uploaded)).route("/photos", post(create));
    Ok(axum::serve(listener, app.with_state(App { uploads: Uploads::new(media.cloudinary()?), origin })).await?)
}
