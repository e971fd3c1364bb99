//! What a page needs around its upload fields.

use askama::Template;
use askama::filters::HtmlSafe;
use cloudinary_core::{Cloudinary, Result};

use crate::assets::versioned;
use crate::direct_upload::DirectUploadField;
use crate::form::{FileField, Rendering};
use crate::uploads::Uploads;

/// The tags that load the script and the style sheet; see [`cloudinary_includes`].
#[derive(Debug, Clone, Template)]
#[template(path = "includes.html")]
pub struct Includes {
    base: String,
    css: String,
    js: String,
}

impl HtmlSafe for Includes {}

/// The tags that load the browser script and its style sheet, for the page's `head`. `base` is where
/// [`assets::router`](crate::assets::router) is nested.
///
/// ```
/// let tags = cloudinary_axum::cloudinary_includes("/cloudinary").to_string();
/// assert!(tags.contains("<script src=\"/cloudinary/cloudinary.js?v="));
/// ```
pub fn cloudinary_includes(base: &str) -> Includes {
    Includes {
        base: base.trim_end_matches('/').to_owned(),
        css: versioned("cloudinary.css"),
        js: versioned("cloudinary.js"),
    }
}

/// The configuration that the official jQuery plugin reads; see [`cloudinary_js_config`].
#[derive(Debug, Clone, Template)]
#[template(path = "js_config.html")]
pub struct JsConfig {
    settings: Vec<(&'static str, String)>,
}

impl HtmlSafe for JsConfig {}

/// The configuration for scripts in the page, as `meta` tags, which need no inline script: the official JavaScript
/// library reads them by `$.cloudinary.fromDocument()`. Our own script needs none. Never has the secret.
///
/// ```
/// use cloudinary_core::{Cloudinary, Config};
/// let cld = Cloudinary::new(Config::new("demo").credentials("key", "hush"))?;
/// let tags = cloudinary_axum::cloudinary_js_config(&cld).to_string();
/// assert!(tags.contains("<meta name=\"cloudinary_cloud_name\" content=\"demo\">") && !tags.contains("hush"));
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
pub fn cloudinary_js_config(client: &Cloudinary) -> JsConfig {
    let config = client.config();
    let mut settings = vec![("cloud_name", config.cloud_name.clone()), ("secure", config.secure.to_string())];
    let mut optional = |name, value: &Option<String>| settings.extend(value.clone().map(|value| (name, value)));
    optional("api_key", &config.api_key);
    optional("cname", &config.cname);
    optional("secure_distribution", &config.secure_distribution);
    for (name, value) in [("private_cdn", config.private_cdn), ("cdn_subdomain", config.cdn_subdomain)] {
        if value {
            settings.push((name, value.to_string()));
        }
    }
    JsConfig { settings }
}

/// A direct-upload field made on the spot, for a page whose form is not an [`UploadForm`](crate::UploadForm). Its file is
/// accepted by a form with a field of the same name, types and formats, of the same subject.
///
/// # Errors
/// [`Error::MissingConfig`](cloudinary_core::Error::MissingConfig) without key or secret.
pub fn cloudinary_direct_upload_field(
    field: &FileField,
    uploads: &Uploads,
    subject: Option<&str>,
) -> Result<DirectUploadField> {
    DirectUploadField::signed(&Rendering::of(field, uploads, subject))
}
