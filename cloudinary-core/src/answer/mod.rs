//! How answers of the service are read, and what they have in common.
//!
//! Reading is tolerant of what is absent, null, or a number written as text, and keeps what this crate does not know.

mod access_rule;
#[cfg(feature = "client")]
mod changed;
mod image;
#[cfg(feature = "client")]
mod job;
mod moderation;
mod record;
mod tolerant;

pub use self::access_rule::AccessRule;
#[cfg(feature = "client")]
pub use self::changed::ChangedAssets;
pub use self::image::{
    AccessibilityAnalysis, CinemagraphAnalysis, ColorShare, ColorblindAnalysis, Coordinates, Predominant,
    QualityAnalysis,
};
#[cfg(feature = "client")]
pub use self::job::StartedJob;
pub use self::moderation::Moderation;
pub(crate) use self::record::record;
pub(crate) use self::tolerant::{Read, Tolerant, tolerant};
