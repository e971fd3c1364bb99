use std::{fmt, sync::Arc};

use cloudinary_core::{Secret, Transformation};

use crate::{
    Limits,
    http::ApiError,
    shelf::Shelf,
    upload::UploadPreset,
    webhook::{Destinations, Trigger},
};

/// What one server was told at its start.
pub(crate) struct Settings {
    pub(crate) cloud_name: String,
    pub(crate) api_key: String,
    pub(crate) api_secret: Secret,
    /// Scheme and host of every URL the server writes, without a slash at its end.
    pub(crate) public_url: String,
    /// Those of the start, and those of the Admin API.
    pub(crate) presets: Shelf<UploadPreset>,
    /// Those of the start, and those of the Admin API.
    pub(crate) named: Shelf<Transformation>,
    /// Where notifications go that name no place themselves, by the trigger's id.
    pub(crate) triggers: Shelf<Trigger>,
    /// Where all notifications go that name no place themselves; may be of a private network.
    #[cfg_attr(not(feature = "remote"), expect(dead_code, reason = "nothing is sent"))]
    pub(crate) notified: Destinations,
    pub(crate) callback_origins: Vec<String>,
    /// Whether uploads may be fetched from this machine and private networks.
    #[cfg_attr(not(feature = "remote"), expect(dead_code, reason = "nothing is fetched"))]
    pub(crate) remote_private: bool,
    pub(crate) limits: Limits,
}

impl Settings {
    pub(crate) fn preset(&self, name: &str) -> Result<Arc<UploadPreset>, ApiError> {
        self.presets.get(name).ok_or_else(|| ApiError::bad_request("Upload preset not found"))
    }

    pub(crate) fn named_transformation(&self, name: &str) -> Option<Transformation> {
        self.named.get(name).map(|named| Transformation::clone(&named))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("cloud_name", &self.cloud_name)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}
