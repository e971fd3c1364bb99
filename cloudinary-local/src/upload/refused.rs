//! Actions of the service that are not carried out here, each refused by its name.

use axum::{body::Body, extract::State};
use http::HeaderMap;

use super::action::{Action, Named};
use crate::{
    app::App,
    http::{ApiError, Segments},
};

/// `POST /v1_1/{cloud}/{resource_type}/text`
pub(crate) async fn text(
    app: State<App>,
    segments: Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> ApiError {
    const PARAMETERS: Named = Named {
        done: &[
            "background",
            "font_color",
            "font_family",
            "font_hinting",
            "font_antialiasing",
            "font_size",
            "font_style",
            "font_weight",
            "letter_spacing",
            "line_spacing",
            "notification_url",
            "opacity",
            "public_id",
            "stroke",
            "text",
            "text_align",
            "text_decoration",
        ],
        refused: &[],
    };
    refuse("text", "no fonts come with it", PARAMETERS, app, segments, headers, body).await
}

/// `POST /v1_1/{cloud}/{resource_type}/create_slideshow`
pub(crate) async fn create_slideshow(
    app: State<App>,
    segments: Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> ApiError {
    const PARAMETERS: Named = Named {
        done: &[
            "manifest_json",
            "manifest_transformation",
            "notification_url",
            "overwrite",
            "public_id",
            "tags",
            "transformation",
            "upload_preset",
        ],
        refused: &[],
    };
    refuse("create_slideshow", "video is not carried out", PARAMETERS, app, segments, headers, body).await
}

/// Who may not call it at all hears that first.
async fn refuse(
    action: &str,
    why: &str,
    named: Named,
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> ApiError {
    match Action::read(&app, &cloud, &resource_type, &headers, body, named).await {
        Ok(_) => ApiError::bad_request(format!("The action {action} is not carried out by cloudinary-local: {why}")),
        Err(error) => error,
    }
}
