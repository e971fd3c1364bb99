//! How answers of the service are read: tolerant of what is absent, null, or a number written as text, and keeping what
//! this crate does not know; and what answers have in common.

#[cfg(feature = "client")]
mod changed;
#[cfg(feature = "client")]
mod job;
#[cfg(feature = "client")]
pub(crate) mod lenient;
mod record;
mod tolerant;

#[cfg(feature = "client")]
pub use self::changed::ChangedAssets;
#[cfg(feature = "client")]
pub use self::job::StartedJob;
pub(crate) use self::record::record;
pub(crate) use self::tolerant::{Read, Tolerant, tolerant};
