//! Uploads against a server that keeps what it is sent: every source, every way it can fail, and what is made of it.

mod chunks;
mod many;
mod names;
mod progress;
mod resume;
mod sink;
mod sources;
