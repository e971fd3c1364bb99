//! Work that the service goes on with after it answered.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::lenient;

/// Work that was begun; the `notification_url` of the call, or of the account, is told of its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StartedJob {
    /// How far it is, as `processing`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub status: String,
    /// The id that the notification will have too.
    #[serde(default, deserialize_with = "lenient::text")]
    pub batch_id: Option<String>,
    /// The asset it is about.
    #[serde(default, deserialize_with = "lenient::text")]
    pub public_id: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}
