//! What answers have in common.

mod changed;
mod job;
pub(crate) mod lenient;

pub use self::changed::ChangedAssets;
pub use self::job::StartedJob;
