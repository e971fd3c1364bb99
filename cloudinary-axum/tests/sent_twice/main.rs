//! A form counts once, whichever way its files come.

mod app;
mod at_once;
mod spares;
mod tickets;
mod twice;

#[allow(dead_code)] // Each test uses its part.
#[path = "../support/mod.rs"]
mod support;
