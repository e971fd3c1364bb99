//! A photo album on axum, askama and sqlx.
//!
//! Read it in this order: [`settings`] and [`app`] start it; `photo` is the model; `upload` is the form, with both
//! upload flows in one handler; `pages` are the templates; `album` lists, shows and deletes.

mod album;
pub mod app;
mod error;
mod pages;
mod photo;
mod samples;
mod serve;
pub mod settings;
mod upload;
mod visitor;
