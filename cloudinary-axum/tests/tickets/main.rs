//! Direct uploads are for one visitor, one field, and once; and what the browser could lie about is asked of the service.

mod app;
mod choices;
mod facts;
mod once;
mod policy;
#[allow(dead_code)] // Each test uses its part.
#[path = "../support/mod.rs"]
mod support;
