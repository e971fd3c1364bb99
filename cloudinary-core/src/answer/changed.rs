//! Which assets a call for many of them changed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::lenient;

/// The assets that a call changed. An id that names no asset is left out, and is no error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChangedAssets {
    /// The public ids of those that were there.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub public_ids: Vec<String>,
    /// Everything else.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}
