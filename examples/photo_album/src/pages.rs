//! The pages' templates, and the files that belong to them.

use askama::Template;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use cloudinary_axum::{FormView, Includes, cloudinary_includes, filters};
use cloudinary_core::Transformation;
use cloudinary_sqlx::CloudinaryField;
use cloudinary_sqlx::attachments::{Attachment, AttachmentState};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::app::{State, UNSIGNED_PRESET};
use crate::notifications::Told;
use crate::photo::Photo;
use crate::upload;

/// What every page has around its content.
pub(crate) struct Layout {
    pub(crate) includes: Includes,
    pub(crate) media_server: String,
    pub(crate) flash: Option<&'static str>,
    pub(crate) undo: Option<i64>,
}

impl Layout {
    pub(crate) fn new(state: &State) -> Self {
        Self {
            includes: cloudinary_includes("/cloudinary"),
            media_server: state.site.media_server.clone(),
            flash: None,
            undo: None,
        }
    }
}

#[derive(Template)]
#[template(path = "list.html")]
pub(crate) struct ListPage {
    pub(crate) layout: Layout,
    pub(crate) cover: Option<CloudinaryField>,
    pub(crate) photos: Vec<Photo>,
    pub(crate) thumbnail: Transformation,
}

#[derive(Template)]
#[template(path = "photo.html")]
pub(crate) struct PhotoPage {
    pub(crate) layout: Layout,
    pub(crate) photo: Photo,
    pub(crate) view: Transformation,
    pub(crate) examples: Vec<Example>,
}

/// One of the transformations a photo's page shows.
pub(crate) struct Example {
    pub(crate) name: &'static str,
    pub(crate) transformation: Transformation,
    pub(crate) format: &'static str,
}

#[derive(Template)]
#[template(path = "upload.html")]
pub(crate) struct UploadPage {
    pub(crate) layout: Layout,
    pub(crate) unsigned: bool,
    pub(crate) server: FormView,
    pub(crate) direct: FormView,
}

#[derive(Template)]
#[template(path = "edit.html")]
pub(crate) struct EditPage {
    pub(crate) layout: Layout,
    pub(crate) photo: Photo,
    pub(crate) form: FormView,
}

#[derive(Template)]
#[template(path = "cover.html")]
pub(crate) struct CoverPage {
    pub(crate) layout: Layout,
    pub(crate) form: FormView,
}

#[derive(Template)]
#[template(path = "notifications.html")]
pub(crate) struct NotificationsPage {
    pub(crate) layout: Layout,
    pub(crate) told: Vec<Told>,
}

#[derive(Template)]
#[template(path = "attachments.html")]
pub(crate) struct AttachmentsPage {
    pub(crate) layout: Layout,
    pub(crate) attachments: Vec<Attachment>,
}

#[derive(Template)]
#[template(path = "delete.html")]
pub(crate) struct DeletePage {
    pub(crate) layout: Layout,
    pub(crate) photo: Photo,
    pub(crate) thumbnail: Transformation,
}

#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    pub(crate) layout: Layout,
    pub(crate) status: u16,
    pub(crate) heading: &'static str,
    /// What was told in plain words.
    pub(crate) words: String,
    /// Whether the visitor can do nothing but wait.
    pub(crate) ours: bool,
    /// The page to ask for again.
    pub(crate) again: Option<String>,
}

/// The album's own style sheet and icon.
pub(crate) fn static_files<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let file = |media_type: &'static str, text: &'static str| {
        get(move || async move { ([(CONTENT_TYPE, media_type), (CACHE_CONTROL, "no-cache")], text).into_response() })
    };
    Router::new()
        .route("/album.css", file("text/css; charset=utf-8", include_str!("../static/album.css")))
        .route("/favicon.svg", file("image/svg+xml", include_str!("../static/favicon.svg")))
}
