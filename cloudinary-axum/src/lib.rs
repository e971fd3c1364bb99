//! Cloudinary for axum and askama: a visitor's photo, stored and shown, in one declaration.
//!
//! A form declares its fields once ([`UploadForm`]). [`BlankForm`] renders it, [`FormData`] extracts it, whether the file
//! comes through the server or was uploaded by the browser before, and [`FormView`] renders it again with what was typed,
//! what was wrong, and the files that are stored already. The app's state holds [`Uploads`]: the client, and who may upload.
//!
//! ```no_run
//! use askama::Template;
//! use axum::extract::State;
//! use axum::response::{Html, IntoResponse, Response};
//! use axum::{Router, routing::get};
//! use cloudinary_axum::{BlankForm, Fields, FileField, FormData, FormView, RenderError, TextField, UploadForm};
//! use cloudinary_axum::{Uploaded, Uploads, assets, filters, render};
//! use cloudinary_core::Cloudinary;
//!
//! #[derive(serde::Deserialize)]
//! struct PhotoForm { title: String, image: Uploaded }
//!
//! impl UploadForm for PhotoForm {
//!     fn fields() -> Fields {
//!         Fields::new().text(TextField::new("title")).file(FileField::new("image").formats(["jpg", "png", "webp"]))
//!     }
//! }
//!
//! #[derive(Template)]
//! #[template(ext = "html", source = r#"
//!     {{ cloudinary_axum::cloudinary_includes("/cloudinary") }}
//!     <form method="post" enctype="multipart/form-data">
//!     {{ form.row("title")? }} {{ form.row("image")? }} <button>Add</button></form>"#)]
//! struct Page { form: FormView }
//!
//! #[derive(Template)]
//! #[template(ext = "html", source = r#"{{ photo.image.asset()|cloudinary(width=120, height=80, crop="fill") }}"#)]
//! struct Stored { photo: PhotoForm }
//!
//! async fn page(State(uploads): State<Uploads>, form: BlankForm<PhotoForm>) -> Result<Html<String>, RenderError> {
//!     Ok(render(&Page { form: form.into_view() }, uploads.client())?)
//! }
//!
//! async fn create(State(uploads): State<Uploads>, form: FormData<PhotoForm>) -> Result<Response, RenderError> {
//!     Ok(match form.into_result() {
//!         Ok(photo) => render(&Stored { photo }, uploads.client())?.into_response(),
//!         Err(form) => (form.status(), render(&Page { form }, uploads.client())?).into_response(),
//!     })
//! }
//!
//! # fn example() -> cloudinary_core::Result<()> {
//! let app: Router = Router::new()
//!     .route("/", get(page).post(create))
//!     .nest("/cloudinary", assets::router())
//!     .with_state(Uploads::new(Cloudinary::from_env()?));
//! # Ok(())
//! # }
//! ```
//!
//! # What else there is
//!
//! - Who may upload, how much and how often: [`UploadPolicy`]. What a browser uploaded is accepted from the visitor and for
//!   the field it was signed for.
//! - A form that is sent twice counts once, whichever way its files come: [`FormData`] says when. See [`TicketStore`] for
//!   apps of several processes.
//! - Forms that edit: [`FileField::editable`] and [`Change`].
//! - Several files: [`FileField::many`] and a `Vec<Uploaded>`.
//! - Other words, or another language: [`Fields::messages`] and [`Problem`].
//! - The service's notifications, verified: [`Webhook`].
//! - Cloudinary's Upload Widget, Uppy and FilePond: [`sign::router`]. The official jQuery plugin:
//!   [`cloudinary_jquery_includes`] and [`cloudinary_js_config`].
//! - The [`filters`] for images, URLs, `srcset` and videos.
//!
//! Everything that is rendered prints safe HTML by [`Display`](std::fmt::Display), so that it goes into maud (`PreEscaped`)
//! and minijinja (`Value::from_safe_string`) as well.
//!
//! # Cross-site requests
//!
//! They are the app's own to refuse, with a layer that looks at what browsers say of where a request comes from, such as
//! `tower-http`'s `CsrfLayer`: it needs no token in the form and leaves the body alone. A direct upload is not completed
//! from another site in any case when the policy knows visitors apart: its ticket is in the page alone.
//!
//! Where a token is wanted, look at it before the form is read, or the file is stored by then. Let the hidden input stand
//! first in the form; a middleware then reads the body up to the end of its first part, checks that, and passes all of the
//! body on. `tests/csrf.rs` in this crate's repository does so with `axum_csrf`, and takes the token from a header too, for
//! scripts that send the form themselves.

pub mod assets;
mod direct_upload;
mod file_input;
pub mod filters;
mod form;
mod html;
mod journal;
mod kept;
mod policy;
mod prepared;
mod random;
mod rejection;
mod row;
pub mod sign;
mod site;
mod ticket;
mod uploads;
mod webhook;
mod widgets;

pub use self::direct_upload::DirectUploadField;
pub use self::file_input::FileInput;
pub use self::filters::render;
pub use self::form::{
    BODY_IDLE_TIMEOUT, BlankForm, Change, DEFAULT_MAX_FILE_BYTES, DEFAULT_MAX_FILES, DEFAULT_MAX_TEXT_CHARS, Fields,
    FileField, FormData, FormView, MAX_BOUNDARY_BYTES, MAX_EXCESS_BYTES, MAX_FORM_PARTS, MAX_FORM_TEXT_BYTES,
    MAX_HELD_BYTES, MAX_PART_HEAD_BYTES, MIB, Problem, TextField, UploadForm, Uploaded,
};
pub use self::html::SafeHtml;
pub use self::journal::{JournalError, UploadJournal};
pub use self::policy::{Anybody, Attempt, Denied, Intent, UploadPolicy};
pub use self::rejection::{FormRejection, RenderError};
pub use self::row::Row;
pub use self::ticket::{DEFAULT_TICKET_LIFETIME, MAX_SPENT_TICKETS, MemoryTickets, TicketStore, TicketStoreError};
pub use self::uploads::Uploads;
pub use self::webhook::{Changed, Deleted, Event, MAX_NOTIFICATION_BYTES, Notification, Webhook, WebhookRejection};
pub use self::widgets::{
    DirectUpload, Includes, JQUERY_PLUGIN, JsConfig, PluginFile, cloudinary_direct_upload,
    cloudinary_direct_upload_field, cloudinary_includes, cloudinary_jquery_includes, cloudinary_js_config,
};
