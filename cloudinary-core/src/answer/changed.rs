//! Which assets a call for many of them changed.

use super::record;

record! {
    /// The assets that a call changed. An id that names no asset is left out, and is no error.
    pub struct ChangedAssets {
        /// The public ids of those that were there.
        public_ids: Vec<String>,
    }
}
