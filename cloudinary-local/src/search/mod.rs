//! Searches: an expression, read as what it says, and every asset held against it.
//!
//! ```text
//! tags:cat AND (bytes>1mb OR width:[1000 TO *]) AND NOT folder:drafts/*
//! ```
//!
//! [`expression`] reads the text, [`condition`] makes of each term what its field can be held against, [`asset`] tells
//! what an asset has in a field. Assets are looked at one by one; only the names of those that match are kept.

mod aggregate;
mod asset;
mod condition;
mod expression;
mod folder;
mod order;
mod query;
mod signed_url;
mod value;

pub(crate) use folder::search as folders;
pub(crate) use query::search as resources;
pub(crate) use signed_url::{answer as signed, is_path as is_signed_path};
