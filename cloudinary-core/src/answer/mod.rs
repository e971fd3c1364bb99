//! How answers of the service are read, and what they have in common.
//!
//! Reading is tolerant of what is absent, null, or a number written as text, and keeps what this crate does not know.

#[cfg(feature = "client")]
mod changed;
#[cfg(feature = "client")]
mod job;
mod record;
mod tolerant;

#[cfg(feature = "client")]
pub use self::changed::ChangedAssets;
#[cfg(feature = "client")]
pub use self::job::StartedJob;
pub(crate) use self::record::record;
pub(crate) use self::tolerant::{Read, Tolerant, tolerant};
