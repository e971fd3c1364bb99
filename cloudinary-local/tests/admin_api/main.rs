//! The Admin API, over HTTP.

mod account;
mod deleting;
mod folders;
mod metadata;
mod presets;
mod resources;
mod streaming_profiles;
#[path = "../support/mod.rs"]
mod support;
mod transformations;
mod triggers;
mod upload_mappings;
