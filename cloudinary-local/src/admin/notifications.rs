//! Notifications to be polled for. None are kept: they go to the URLs of uploads and triggers.

use serde_json::Value;

use super::{Asked, not_carried_out};
use crate::http::ApiError;

const WHY: &str = "polling for notifications: they are sent to URLs, not kept";

/// `GET /v2/notifications/{cloud}/messages`
pub(super) fn claim(asked: &mut Asked) -> Result<Value, ApiError> {
    asked.rest();
    Err(not_carried_out(WHY))
}

/// `POST /v2/notifications/{cloud}/messages/ack`
pub(super) fn acknowledge(asked: &mut Asked) -> Result<Value, ApiError> {
    asked.rest();
    Err(not_carried_out(WHY))
}
