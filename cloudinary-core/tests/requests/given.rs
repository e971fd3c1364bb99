//! Arguments and options of recorded calls, as this crate takes them.

use cloudinary_core::admin::TransformationKey;
use cloudinary_core::{AssetRef, Eager, ResourceType, Transformation};
use serde_json::{Map, Value as Json};

/// A scalar as text.
pub(crate) fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Object(object) if object.contains_key("$date") => text(&object["$date"]),
        other => other.to_string(),
    }
}

/// One or several texts.
pub(crate) fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().map(text).collect(),
        one => vec![text(one)],
    }
}

pub(crate) fn number(value: &Json) -> u32 {
    value.as_u64().and_then(|number| u32::try_from(number).ok()).expect("a number that fits")
}

pub(crate) fn switch(value: &Json) -> bool {
    value.as_bool().expect("a boolean")
}

pub(crate) fn json(value: &Json) -> Json {
    value.clone()
}

/// A name that this crate has a type for.
pub(crate) fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(value: &Json) -> T {
    text(value).parse().expect("a name this crate knows")
}

/// The options `resource_type` and `type` beside a public id.
pub(crate) fn asset(public_id: &Json, kwargs: &Map<String, Json>) -> AssetRef {
    let mut asset = AssetRef::image(text(public_id));
    if let Some(resource_type) = kwargs.get("resource_type") {
        asset.resource_type = parsed::<ResourceType>(resource_type);
    }
    if let Some(delivery_type) = kwargs.get("type") {
        asset.delivery_type = parsed(delivery_type);
    }
    asset
}

pub(crate) fn assets(public_ids: &Json, kwargs: &Map<String, Json>) -> Vec<AssetRef> {
    texts(public_ids).into_iter().map(|public_id| asset(&Json::from(public_id), kwargs)).collect()
}

/// A transformation, from its text or an option map.
pub(crate) fn transformation(value: &Json) -> Transformation {
    match value {
        Json::Object(options) => Transformation::from_options(options).expect("a transformation"),
        text => parsed(text),
    }
}

/// One or several transformations, each maybe with a format.
pub(crate) fn eagers(value: &Json) -> Vec<Eager> {
    match value {
        Json::Array(items) => items.iter().flat_map(eagers).collect(),
        Json::Object(options) => {
            let mut options = options.clone();
            let format = options.shift_remove("format");
            let transformation = transformation(&Json::Object(options));
            vec![match format {
                Some(format) => Eager::with_format(&transformation, &text(&format)),
                None => transformation.into(),
            }]
        }
        text => vec![transformation(text).into()],
    }
}

/// A transformation's name or text as it is, or an option map.
pub(crate) fn transformation_key(value: &Json) -> TransformationKey {
    match value {
        Json::Object(_) => eagers(value).remove(0).into(),
        name => text(name).into(),
    }
}

pub(crate) fn rectangle(value: &Json) -> [u32; 4] {
    let sides: Vec<u32> = value.as_array().expect("a rectangle").iter().map(number).collect();
    sides.try_into().expect("four numbers")
}

pub(crate) fn rectangles(value: &Json) -> Vec<[u32; 4]> {
    value.as_array().expect("rectangles").iter().map(rectangle).collect()
}

/// Calls a setter for each option that is there: `given_options!(request, kwargs, "max_results" => max_results: number)`.
macro_rules! given_options {
    ($request:expr, $kwargs:expr $(, $name:literal => $setter:ident: $kind:ident)* $(,)?) => {{
        #[allow(unused_mut)]
        let mut request = $request;
        $(if let Some(value) = $kwargs.get($name) {
            request = request.$setter($crate::given::$kind(value));
        })*
        request
    }};
}

/// Awaits a call, and gives its answer as JSON.
macro_rules! answered {
    ($request:expr) => {
        $request.await.map(|answer| serde_json::to_value(&*answer).expect("answers serialise"))
    };
}

pub(crate) use {answered, given_options};
