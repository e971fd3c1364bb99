//! Random transformations, made by setters.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use cloudinary_core::{Layer, Transformation, VideoCodec};
use proptest::prelude::*;

pub(crate) type Setter = fn(Transformation, &str) -> Transformation;

/// A setter for each parameter, which takes the value as it stands in a URL.
pub(crate) const SETTERS: [(&str, Setter); 43] = [
    ("a", |t, v| t.angle(v)),
    ("ac", |t, v| t.audio_codec(v)),
    ("af", |t, v| t.audio_frequency(v)),
    ("ar", |t, v| t.aspect_ratio(v)),
    ("b", |t, v| t.background(v)),
    ("bl", |t, v| t.baseline(v)),
    ("bo", |t, v| match v.split_once("px_solid_") {
        Some((pixels, color)) => t.border(pixels, color),
        None => t.border(v, "black"),
    }),
    ("br", |t, v| t.bit_rate(v)),
    ("c", |t, v| t.crop(v)),
    ("co", |t, v| t.color(v)),
    ("cs", |t, v| t.color_space(v)),
    ("d", |t, v| t.default_image(v)),
    ("dl", |t, v| t.delay(v)),
    ("dn", |t, v| t.density(v)),
    ("dpr", |t, v| t.dpr(v)),
    ("dr", |t, v| t.dynamic_range(v)),
    ("du", |t, v| t.duration(v)),
    ("e", |t, v| t.effect(v)),
    ("eo", |t, v| t.end_offset(v)),
    ("f", |t, v| t.fetch_format(v)),
    ("fl", |t, v| t.flags(v.split('.'))),
    ("fn", |t, v| match v.rsplit_once(':') {
        Some(("wasm", id)) => t.wasm_function(id),
        Some(("remote", url)) => t.remote_function(decoded(url)),
        Some(("pre:remote", url)) => t.remote_pre_function(decoded(url)),
        _ => t.wasm_function(v),
    }),
    ("fps", |t, v| t.fps(v)),
    ("g", |t, v| t.gravity(v)),
    ("h", |t, v| t.height(v)),
    ("if", |t, v| t.condition(&condition(v))),
    ("ki", |t, v| t.keyframe_interval(v.parse().ok().filter(|v| *v > 0.0).unwrap_or(0.5))),
    ("l", |t, v| t.overlay(layer(v))),
    ("o", |t, v| t.opacity(v)),
    ("p", |t, v| t.prefix(v)),
    ("pg", |t, v| t.page(v)),
    ("q", |t, v| t.quality(v)),
    ("r", |t, v| t.radius(v)),
    ("so", |t, v| t.start_offset(v)),
    ("sp", |t, v| t.streaming_profile(v)),
    ("t", |t, v| t.named_transformation(v)),
    ("u", |t, v| t.underlay(layer(v))),
    ("vc", |t, v| t.video_codec(VideoCodec::from(v))),
    ("vs", |t, v| t.video_sampling(v)),
    ("w", |t, v| t.width(v)),
    ("x", |t, v| t.x(v)),
    ("y", |t, v| t.y(v)),
    ("z", |t, v| t.zoom(v)),
];

/// A URL that stands in base64 in a parameter.
fn decoded(text: &str) -> String {
    URL_SAFE.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

fn layer(text: &str) -> Layer {
    match text.strip_prefix("fetch:") {
        Some(url) => Layer::fetch(decoded(url)),
        None => Layer::from(text),
    }
}

pub(crate) fn set(transformation: Transformation, key: &str, value: &str) -> Option<Transformation> {
    if key.starts_with('$') {
        return Some(transformation.variable(key, value));
    }
    let (_, setter) = SETTERS.iter().find(|(known, _)| *known == key)?;
    Some(setter(transformation, value))
}

/// A condition, also of a value that is none.
fn condition(value: &str) -> String {
    let compares = value.split('_').any(|word| ["eq", "ne", "lt", "gt", "lte", "gte", "in", "nin"].contains(&word));
    if compares || matches!(value, "else" | "end") { value.to_owned() } else { format!("w = {value}") }
}

/// A value that no parameter refuses.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,4}",
        "[a-z]{1,9}(:[a-z0-9]{1,5}){0,2}",
        "[0-9]\\.[0-9]",
        "iw_div_[1-9]",
        "\\$[a-z]{2}_mul_2",
        "-[0-9]{2}"
    ]
}

/// Setters of one step, by key, and their values.
pub(crate) fn step() -> impl Strategy<Value = Vec<(String, String)>> {
    let key = prop_oneof![
        4 => (0..SETTERS.len()).prop_map(|at| SETTERS[at].0.to_owned()),
        1 => "\\$[a-z][a-z0-9]{0,3}",
    ];
    prop::collection::vec((key, value()), 1..6)
}

pub(crate) fn chain() -> impl Strategy<Value = Transformation> {
    prop::collection::vec(step(), 0..4).prop_map(|steps| {
        steps.into_iter().fold(Transformation::new(), |chain, step| {
            step.iter().fold(chain.then(), |t, (key, value)| set(t, key, value).expect("only keys with a setter"))
        })
    })
}
