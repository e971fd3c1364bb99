//! Work that the service goes on with after it answered.

use super::record;

record! {
    /// Work that was begun; the `notification_url` of the call, or of the account, is told of its end.
    pub struct StartedJob {
        /// How far it is, as `processing`.
        status: String = String::new(),
        /// The id that the notification will have too.
        batch_id: Option<String>,
        /// The asset it is about.
        public_id: Option<String>,
    }
}
