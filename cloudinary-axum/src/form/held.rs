//! What a file field holds when its form was read.

use super::uploaded::Uploaded;
use crate::ticket::Serial;

/// Of one file field. A form has one for each, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    /// Verified, and of this visitor and field.
    pub(super) files: Vec<Uploaded>,
    /// Of the ticket that came with the field, if it was good: a form that is shown again goes on with it, so that what
    /// was uploaded with it stays covered.
    pub(super) serial: Option<Serial>,
    /// Whether the box that removes its file was ticked.
    pub(super) cleared: bool,
    /// Whether the visitor may not upload with it.
    pub(super) denied: bool,
}
