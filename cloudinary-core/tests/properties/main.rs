//! What holds for every input, tried on random ones.

mod configuration;
mod html;
mod setters;
mod signatures;
mod tags;
mod transformations;
mod urls;

use proptest::prelude::*;

/// `PROPTEST_CASES` asks for more.
pub(crate) fn cases() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(1000), failure_persistence: None, ..default }
}
