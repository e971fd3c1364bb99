//! Placeholder.
mod asset;
mod config;
mod error;
mod escape;
pub mod signing;
pub mod transformation;

pub use asset::*;
pub use config::*;
pub use error::*;
pub use transformation::{Angle, Color, Crop, Effect, Flag, Gravity, Layer, Quality, Radius, Transformation, Value};
