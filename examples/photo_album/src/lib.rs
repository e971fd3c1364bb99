//! A photo album on axum, askama and sqlx.
//!
//! Read it in this order: [`settings`] and [`app`] start it; `photo` is the model; `upload` is the form, with both
//! upload flows in one handler, `edit` the one that changes a photo, and `cover` one whose picture may be missing; `pages`
//! are the templates; `album` lists, shows and deletes; `attachments` shows which row holds which file, and
//! `notifications` what the media service tells of its own accord; `error` makes pages of what goes wrong.

mod album;
pub mod app;
mod attachments;
mod cover;
mod edit;
mod error;
mod journal;
mod notifications;
mod pages;
mod photo;
mod samples;
mod serve;
pub mod settings;
mod upload;
mod visitor;
