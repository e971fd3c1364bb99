//! Cloudinary for axum and askama: a visitor's photo, stored and shown, in one declaration.
//!
//! A form declares its fields once ([`UploadForm`]); [`FormData`] extracts it, whether the file comes through the
//! server or was uploaded by the browser before; [`FormView`] renders it, blank or again with its errors. The
//! [`filters`] show an image in a template; [`assets`] serves the browser script.
//!
//! ```no_run
//! use axum::response::{Html, IntoResponse, Redirect, Response};
//! use cloudinary_axum::{Fields, FileField, FormData, FormView, TextField, UploadForm, Uploaded};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct PhotoForm { title: String, image: Uploaded }
//!
//! impl UploadForm for PhotoForm {
//!     fn fields() -> Fields {
//!         Fields::new().text(TextField::new("title")).file(FileField::new("image").formats(["jpg", "png", "webp"]))
//!     }
//! }
//!
//! async fn create(form: FormData<PhotoForm>) -> Response {
//!     match form.into_result() {
//!         Ok(photo) => format!("stored {}", photo.image.asset()).into_response(),
//!         Err(invalid) => (invalid.status(), Html(invalid.direct_field("image").unwrap().to_string())).into_response(),
//!     }
//! }
//! ```

pub mod assets;
mod direct_upload;
mod file_input;
pub mod filters;
mod form;
mod html;
mod journal;
mod kept;
mod policy;
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
    FileField, FormData, FormView, MAX_EXCESS_BYTES, MAX_FORM_PARTS, MAX_FORM_TEXT_BYTES, MAX_HELD_BYTES,
    MAX_PART_HEAD_BYTES, MIB, Problem, TextField, UploadForm, Uploaded,
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
    DirectUpload, Includes, JQUERY_PLUGIN, JsConfig, PluginFile, cloudinary_direct_upload, cloudinary_direct_upload_field,
    cloudinary_includes, cloudinary_jquery_includes, cloudinary_js_config,
};
