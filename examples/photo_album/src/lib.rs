//! A photo album on axum, askama and sqlx.
//!
//! Read it in this order: [`settings`] and [`app`] start it; `photo` is the model; `upload` is the form, with both
//! upload flows in one handler, and `edit` the one that changes a photo; `pages` are the templates; `album` lists, shows
//! and deletes; `attachments` shows which row holds which file.

mod album;
pub mod app;
mod attachments;
mod edit;
mod error;
mod journal;
mod pages;
mod photo;
mod samples;
mod serve;
pub mod settings;
mod upload;
mod visitor;
