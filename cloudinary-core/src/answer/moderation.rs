//! Whether somebody has to approve an asset, and has.

use serde_json::Value as Json;

use super::record;

record! {
    /// What a moderator, human or not, thinks of an asset.
    pub struct Moderation {
        /// The moderator: `manual`, or an add-on.
        kind: String,
        /// `pending`, `approved`, `rejected`, `queued`, `aborted`.
        status: String,
        /// When it became so.
        updated_at: Option<String>,
        /// What the add-on said.
        response: Option<Json>,
    }
}
