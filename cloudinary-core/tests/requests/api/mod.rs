//! The calls of `cloudinary.api`.

mod account;
mod assets;
mod definitions;
mod lists;
mod metadata;

use cloudinary_core::{Cloudinary, Result};
use serde_json::{Map, Value as Json};

pub(crate) async fn perform(
    cld: &Cloudinary,
    call: &str,
    args: &[Json],
    kwargs: &Map<String, Json>,
) -> Option<Result<Json>> {
    let call = call.strip_prefix("api.")?;
    let mut outcome = Box::pin(lists::perform(cld, call, args, kwargs)).await;
    if outcome.is_none() {
        outcome = Box::pin(assets::perform(cld, call, args, kwargs)).await;
    }
    if outcome.is_none() {
        outcome = Box::pin(definitions::perform(cld, call, args, kwargs)).await;
    }
    if outcome.is_none() {
        outcome = Box::pin(metadata::perform(cld, call, args, kwargs)).await;
    }
    if outcome.is_none() {
        outcome = Box::pin(account::perform(cld, call, args, kwargs)).await;
    }
    outcome
}
