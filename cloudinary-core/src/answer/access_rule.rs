//! Who may reach an asset, and when.

use super::record;

record! {
    /// A rule by which an asset may be reached: by everybody, for a while or always, or with a token.
    ///
    /// Follows <https://cloudinary.com/documentation/control_access_to_media#access_controlled_media_assets>.
    pub struct AccessRule {
        /// `anonymous`, or `token`.
        access_type: String,
        /// From when it holds, as `2030-05-01T09:00Z`; always until `end` if there is none.
        start: Option<String>,
        /// Until when it holds.
        end: Option<String>,
    }
}

impl AccessRule {
    /// Everybody may.
    pub fn anonymous() -> Self {
        Self::of("anonymous")
    }

    /// Who has a token may; see [`AuthToken`](crate::AuthToken).
    pub fn token() -> Self {
        Self::of("token")
    }

    /// From when it holds, as `2030-05-01T09:00Z`.
    pub fn starting(mut self, time: impl Into<String>) -> Self {
        self.start = Some(time.into());
        self
    }

    /// Until when it holds, as `2030-05-01T09:00Z`.
    pub fn ending(mut self, time: impl Into<String>) -> Self {
        self.end = Some(time.into());
        self
    }

    fn of(access_type: &str) -> Self {
        Self { access_type: access_type.to_owned(), start: None, end: None, more: serde_json::Map::new() }
    }
}
