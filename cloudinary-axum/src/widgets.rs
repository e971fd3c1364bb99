//! What a page needs around its upload fields.

use askama::Template;
use askama::filters::HtmlSafe;
use cloudinary_core::{Cloudinary, Result, SignedUpload};

use crate::assets::versioned;
use crate::direct_upload::DirectUploadField;
use crate::form::{DIRECT_FILE_PART, FileField, Rendering};
use crate::html::Attributes;
use crate::uploads::Uploads;

/// The tags that load scripts and style sheets; see [`cloudinary_includes`] and [`cloudinary_jquery_includes`].
#[derive(Debug, Clone, Template)]
#[template(path = "includes.html")]
pub struct Includes {
    style_sheet: Option<String>,
    scripts: Vec<Script>,
}

#[derive(Debug, Clone)]
struct Script {
    url: String,
    integrity: Option<&'static str>,
}

impl HtmlSafe for Includes {}

/// The tags that load the browser script and its style sheet, for the page's `head`. `base` is where
/// [`assets::router`](crate::assets::router) is nested. The files come from the app itself and are named by their content,
/// so they need no integrity.
///
/// ```
/// let tags = cloudinary_axum::cloudinary_includes("/cloudinary").to_string();
/// assert!(tags.contains("<script src=\"/cloudinary/cloudinary.js?v="));
/// ```
pub fn cloudinary_includes(base: &str) -> Includes {
    let file = |name| format!("{}/{}", base.trim_end_matches('/'), versioned(name));
    Includes {
        style_sheet: Some(file("cloudinary.css")),
        scripts: vec![Script { url: file("cloudinary.js"), integrity: None }],
    }
}

/// A file of the official jQuery plugin, or of what it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PluginFile {
    /// The npm package.
    pub package: &'static str,
    /// Its version: the last that go together. jQuery 4 lacks functions that the plugin calls.
    pub version: &'static str,
    /// The file's path in the package.
    pub path: &'static str,
    /// Its SHA-384, as browsers want it in `integrity`.
    pub integrity: &'static str,
}

/// The official jQuery plugin, in the order in which its files load.
pub const JQUERY_PLUGIN: [PluginFile; 5] = [
    PluginFile {
        package: "jquery",
        version: "3.8.0",
        path: "dist/jquery.min.js",
        integrity: "sha384-y+mmtWM/UTOfSHNDviSCB4KK3sjOB+d26CdhTfXdfo+iil53SyrMmplvPuHHGfaD",
    },
    PluginFile {
        package: "blueimp-file-upload",
        version: "9.34.0",
        path: "js/vendor/jquery.ui.widget.js",
        integrity: "sha384-SBgtLzCyd67kE8gGnHCsJVXzLPmfuh1PNocBVm1oVGC78AKM8+sUCcWw7bYrMUjv",
    },
    PluginFile {
        package: "blueimp-file-upload",
        version: "9.34.0",
        path: "js/jquery.iframe-transport.js",
        integrity: "sha384-wXULTBmqBOGRGe9zjbHJCqs/VnILilt/09cB2rY7ZmzhtMGdsBBLpa57QvGDyUvC",
    },
    PluginFile {
        package: "blueimp-file-upload",
        version: "9.34.0",
        path: "js/jquery.fileupload.js",
        integrity: "sha384-gA9mhi9Bda8da5nXZ5TS668IBo64Okxtr26/gpgw96Vr4Q06e+KNU68SVl4lHSet",
    },
    PluginFile {
        package: "cloudinary-jquery-file-upload",
        version: "2.14.1",
        path: "cloudinary-jquery-file-upload.min.js",
        integrity: "sha384-KC6CUDhok67AcC91w9cO0s7nguEpZgQynJlCsYzG4CmLBGPl4/00i0ZmtDokRio2",
    },
];

/// The tags that load the official jQuery plugin in place of this crate's script, for a page that has handlers of its
/// events. On one page with both, every file would go up twice.
///
/// The files are not part of this crate. `url` says where each is: on the app itself, out of npm packages, or on a server
/// of npm packages. A browser runs a file only if it is the very one that was pinned ([`JQUERY_PLUGIN`]).
///
/// The plugin does nothing on its own. A script of the page, after these and `defer` too, starts it:
/// `$("input.cloudinary-fileupload[type=file]").cloudinary_fileupload();`
///
/// ```
/// use cloudinary_axum::cloudinary_jquery_includes;
/// let own = cloudinary_jquery_includes(|file| format!("/vendor/{}/{}", file.package, file.path));
/// let elsewhere = cloudinary_jquery_includes(|file| {
///     format!("https://npm.example.com/{}@{}/{}", file.package, file.version, file.path)
/// });
/// assert!(own.to_string().starts_with("<script src=\"/vendor/jquery/dist/jquery.min.js\" integrity=\"sha384-"));
/// assert!(elsewhere.to_string().contains("https://npm.example.com/blueimp-file-upload@9.34.0/js/jquery.fileupload.js"));
/// ```
///
/// Follows <https://cloudinary.com/documentation/jquery_image_and_video_upload>.
pub fn cloudinary_jquery_includes(url: impl Fn(&PluginFile) -> String) -> Includes {
    let scripts = JQUERY_PLUGIN.iter().map(|file| Script { url: url(file), integrity: Some(file.integrity) });
    Includes { style_sheet: None, scripts: scripts.collect() }
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

/// A whole form that posts a file straight to the media service; see [`cloudinary_direct_upload`].
#[derive(Debug, Clone, Template)]
#[template(path = "direct_upload.html")]
pub struct DirectUpload {
    url: String,
    params: Vec<(&'static str, String)>,
    ticket: String,
    attributes: Attributes,
}

impl DirectUpload {
    /// The ticket for the file. The service hands it on to nobody, so the app keeps it for the visitor, in a cookie or a
    /// session.
    pub fn ticket(&self) -> &str {
        &self.ticket
    }
}

impl HtmlSafe for DirectUpload {}

/// A whole form, without any script: the browser posts the file to the media service, which sends the visitor on to
/// `callback_url`, an absolute address of the app, with its answer in the query. As the tag of that name in pycloudinary,
/// deprecated there: a field in a form of the app's own ([`cloudinary_direct_upload_field`]) keeps the other fields, the
/// errors and the ticket together.
///
/// Nothing in that query is to be believed as it is. Let the page at `callback_url` render a form with the value
/// `{resource_type}/{type}/v{version}/{public_id}.{format}#{signature}` in a hidden input named after the field and the
/// [ticket](DirectUpload::ticket) in `{field}.ticket`; [`FormData`](crate::FormData) verifies both when it is sent.
/// `examples/direct_upload_form.rs` in this crate's repository does.
///
/// ```
/// use cloudinary_axum::{FileField, Uploads, cloudinary_direct_upload};
/// use cloudinary_core::{Cloudinary, Config};
/// let uploads = Uploads::new(Cloudinary::new(Config::new("demo").credentials("key", "hush"))?);
/// let form = cloudinary_direct_upload(&FileField::new("image"), &uploads, None, "https://photos.example.com/uploaded")?;
/// let html = form.to_string();
/// assert!(html.starts_with("<form action=\"https://api.cloudinary.com/v1_1/demo/image/upload\" method=\"post\""));
/// assert!(html.contains("<input type=\"hidden\" name=\"signature\"") && !html.contains("hush"));
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::MissingConfig`](cloudinary_core::Error::MissingConfig) without key or secret.
pub fn cloudinary_direct_upload(
    field: &FileField,
    uploads: &Uploads,
    subject: Option<&str>,
    callback_url: &str,
) -> Result<DirectUpload> {
    // A plain form posts one file at a time, whatever the field takes.
    let mut field = field.clone();
    field.many = None;
    let rendering = Rendering::of(&field, uploads, subject);
    let options = rendering.options().callback(callback_url);
    let signed = SignedUpload::new(uploads.client().config(), &options, uploads.now())?;
    let mut attributes = Attributes::new();
    attributes.set("type", "file");
    attributes.set("name", DIRECT_FILE_PART);
    attributes.set_file_rules(&field);
    for (name, value) in &field.attributes {
        attributes.set(name, value);
    }
    Ok(DirectUpload { url: signed.url, params: signed.fields, ticket: rendering.ticket(), attributes })
}
