//! Prints direct-upload fields as an app renders them, for other programs to look at. Needs `CLOUDINARY_URL`; asks the
//! service nothing.
//!
//! Reads JSON from standard input, one field a line: `{"options": {…}, "now": 1700000000}`, with the options in the form
//! the other SDKs take. Answers with JSON, one line each: the blank field, a value as a browser leaves it behind, and the
//! field of the form that came back with that value.

use std::io::BufRead as _;

use axum::body::Body;
use axum::extract::{FromRequest as _, FromRequestParts as _};
use cloudinary_axum::{BlankForm, Fields, FileField, FormData, TextField, UploadForm, Uploaded, Uploads};
use cloudinary_core::{AssetRef, Cloudinary, ResourceType, UploadOptions};
use http::Request;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

type Failure = Box<dyn std::error::Error>;

#[derive(Deserialize)]
struct Case {
    options: Map<String, Json>,
    now: i64,
}

#[derive(Deserialize)]
struct PhotoForm {
    #[expect(dead_code, reason = "it is left out, so that the form comes back")]
    title: String,
    #[expect(dead_code, reason = "the form always comes back")]
    image: Uploaded,
}

impl UploadForm for PhotoForm {
    fn fields() -> Fields {
        let image = FileField::new("image").attr("class", "wide").attr("style", "color: red").trust_browser();
        let image =
            image.options_for(|request, _| request.extensions.get::<UploadOptions>().cloned().unwrap_or_default());
        Fields::new().text(TextField::new("title")).file(image)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let cld = Cloudinary::from_env()?;
    for line in std::io::stdin().lock().lines() {
        println!("{}", rendered(&cld, &serde_json::from_str(&line?)?).await?);
    }
    Ok(())
}

async fn rendered(cld: &Cloudinary, case: &Case) -> Result<Json, Failure> {
    let now = case.now;
    let uploads = Uploads::new(cld.clone()).clock(move || now);
    let options = UploadOptions::from_options(&case.options)?;
    let request = |body: String| {
        let content_type = "application/x-www-form-urlencoded";
        Request::post("/").header("content-type", content_type).extension(options.clone()).body(Body::from(body))
    };
    let (mut parts, _) = request(String::new())?.into_parts();
    let blank = BlankForm::<PhotoForm>::from_request_parts(&mut parts, &uploads).await;
    let html = blank.map_err(|_| "nobody is denied")?.direct_field("image")?.to_string();

    let prefix = between(&html, "&quot;public_id_prefix&quot;:&quot;", "&quot;")
        .or_else(|| between(&html, "&#34;public_id_prefix&#34;:&#34;", "&#34;"))
        .ok_or("the field signs a prefix")?;
    let ticket = between(&html, "name=\"image.ticket\" value=\"", "\"").ok_or("the field has a ticket")?;
    let kind = if options.kind() == ResourceType::Auto { ResourceType::Image } else { options.kind() };
    let format = if kind == ResourceType::Image { "jpg" } else { "mp4" };
    let asset = AssetRef {
        resource_type: kind,
        delivery_type: options.get("type").unwrap_or("upload").parse()?,
        version: Some(1_372_180_830),
        public_id: format!("{prefix}/sample"),
        format: Some(format.into()),
    };
    let value = asset.presigned(cld.config())?.to_string();
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("image", value.as_str()), ("image.ticket", ticket)])
        .finish();
    let form = FormData::<PhotoForm>::from_request(request(body)?, &uploads).await?;
    let Err(invalid) = form.into_result() else { return Err("the form has no title".into()) };
    if let Some(error) = invalid.error("image") {
        return Err(format!("the value is good: {error}").into());
    }
    Ok(json!({"blank": html, "value": value, "again": invalid.direct_field("image")?.to_string()}))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(found, _)| found)
}
