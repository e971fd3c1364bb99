//! What the media service tells of its own accord: each notification becomes a line of a page.

use axum::extract::State as FromState;
use axum::response::{IntoResponse, Response};
use cloudinary_axum::{Event, Notification, Webhook, render};
use http::StatusCode;
use sqlx::FromRow;

use crate::app::State;
use crate::error::AppError;
use crate::pages::{Layout, NotificationsPage};

/// Where the media service sends them.
pub(crate) const HOOK: &str = "/notifications/hook";
/// As many as are kept.
const KEPT: i64 = 100;

/// A notification, in words.
#[derive(Debug, FromRow)]
pub(crate) struct Told {
    pub(crate) words: String,
    pub(crate) public_id: String,
    pub(crate) heard_at: String,
}

/// An answer that is lost makes the service tell it again, and then it is there already.
pub(crate) async fn hear(FromState(state): FromState<State>, webhook: Webhook) -> Result<StatusCode, AppError> {
    let (words, public_id) = in_words(&webhook.notification);
    let mut tx = state.photos.pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("INSERT OR IGNORE INTO notification (digest, words, public_id) VALUES (?, ?, ?)")
        .bind(webhook.id())
        .bind(words)
        .bind(public_id)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM notification WHERE id <= (SELECT max(id) FROM notification) - ?")
        .bind(KEPT)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(StatusCode::OK)
}

pub(crate) async fn page(FromState(state): FromState<State>) -> Result<Response, AppError> {
    let told = sqlx::query_as("SELECT words, public_id, heard_at FROM notification ORDER BY id DESC")
        .fetch_all(&state.photos.pool)
        .await?;
    Ok(render(&NotificationsPage { layout: Layout::new(&state), told }, &state.cld)?.into_response())
}

/// What happened, and to which file.
fn in_words(notification: &Notification) -> (String, String) {
    match &notification.event {
        Event::Upload(stored) => {
            let (width, height) = (stored.width.unwrap_or_default(), stored.height.unwrap_or_default());
            (format!("stored: {width} × {height} pixels, {} KB", stored.bytes.div_ceil(1000)), stored.public_id.clone())
        }
        Event::Eager { public_id, eager, .. } => (format!("pictures made of it: {}", eager.len()), public_id.clone()),
        Event::Delete { resources } => {
            let ids: Vec<&str> = resources.iter().map(|gone| gone.public_id.as_str()).collect();
            ("destroyed".to_owned(), ids.join(", "))
        }
        Event::Rename { from_public_id, to_public_id } => (format!("was {from_public_id}"), to_public_id.clone()),
        Event::Error { message } => (format!("failed: {message}"), String::new()),
        _ => {
            let id = notification.fields.get("public_id").and_then(|id| id.as_str()).unwrap_or_default();
            (notification.notification_type.replace('_', " "), id.to_owned())
        }
    }
}
