//! Streaming profiles: the service's own, and those defined here. They are kept and told; no video is made.

use serde_json::{Value, json};

use super::{Asked, conflict, transformation_info};
use crate::{
    app::App,
    http::ApiError,
    ids,
    store::{Definition, Kind},
};

/// What one predefined profile is made of: width, height, bit rate.
type Rung = (u32, u32, &'static str);

/// The service's profiles and their names for people.
const PREDEFINED: &[(&str, &str, &[Rung])] = &[
    (
        "4k",
        "4K",
        &[
            (3840, 2160, "35m"),
            (2560, 1440, "16m"),
            (1920, 1080, "8500k"),
            (1280, 720, "5500k"),
            (960, 540, "3500k"),
            (640, 360, "1500k"),
            (480, 270, "1m"),
        ],
    ),
    (
        "full_hd",
        "Full HD",
        &[(1920, 1080, "8500k"), (1280, 720, "5500k"), (960, 540, "3500k"), (640, 360, "1500k"), (480, 270, "1m")],
    ),
    ("hd", "HD", &[(1280, 720, "5500k"), (960, 540, "3500k"), (640, 360, "1500k"), (480, 270, "1m")]),
    ("sd", "SD", &[(960, 540, "3500k"), (640, 360, "1500k"), (480, 270, "1m")]),
    (
        "full_hd_wifi",
        "Full HD WiFi",
        &[(1920, 1080, "8500k"), (1280, 720, "5500k"), (960, 540, "3500k"), (640, 360, "1500k")],
    ),
    ("full_hd_lean", "Full HD Lean", &[(1920, 1080, "8500k"), (1280, 720, "5500k"), (960, 540, "3500k")]),
    ("hd_lean", "HD Lean", &[(1280, 720, "5500k"), (960, 540, "3500k"), (640, 360, "1500k")]),
];

/// `GET /streaming_profiles`
pub(super) async fn list(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    let own = app.store.definitions(Kind::StreamingProfile).await?;
    let changed = |name: &str| own.iter().any(|profile| profile.name == name);
    let predefined = PREDEFINED
        .iter()
        .filter(|(name, ..)| !changed(name))
        .map(|(name, display_name, _)| json!({ "name": name, "display_name": display_name, "predefined": true }));
    let own = own.iter().map(|profile| {
        json!({
            "name": profile.name,
            "display_name": profile.body["display_name"],
            "predefined": predefined_named(&profile.name).is_some(),
        })
    });
    Ok(json!({ "data": predefined.chain(own).collect::<Vec<_>>() }))
}

/// `GET /streaming_profiles/{name}`
pub(super) async fn details(app: &App, name: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    Ok(json!({ "data": find(app, name).await? }))
}

/// `POST /streaming_profiles`
pub(super) async fn create(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let name = asked.required("name")?;
    let display_name = asked.text("display_name")?;
    let representations = representations(asked)?.ok_or_else(|| ApiError::missing("representations"))?;
    asked.finish()?;
    let legal = name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    if !legal {
        return Err(ApiError::invalid("name", format_args!("{name} may have letters, digits, - and _ only")));
    }
    let body = json!({ "display_name": display_name, "representations": representations });
    let free = predefined_named(&name).is_none();
    if !free || !app.store.define(Kind::StreamingProfile, &name, &body, ids::now()).await? {
        return Err(conflict(format!("Streaming profile {name} already exists")));
    }
    Ok(json!({ "message": "created", "data": find(app, &name).await? }))
}

/// `PUT /streaming_profiles/{name}`: a predefined one is overridden.
pub(super) async fn update(app: &App, name: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let display_name = asked.text("display_name")?;
    let representations = representations(asked)?;
    asked.finish()?;
    let there = app.store.definition(Kind::StreamingProfile, name).await?;
    let mut body = match there {
        Some(there) => there.body,
        None => predefined_named(name).map(body_of).ok_or_else(|| missing(name))?,
    };
    if let Some(display_name) = display_name {
        body["display_name"] = display_name.into();
    }
    if let Some(representations) = representations {
        body["representations"] = representations.into();
    }
    if !app.store.redefine(Kind::StreamingProfile, name, &body).await? {
        app.store.define(Kind::StreamingProfile, name, &body, ids::now()).await?;
    }
    Ok(json!({ "message": "updated", "data": find(app, name).await? }))
}

/// `DELETE /streaming_profiles/{name}`: a predefined one is as it was at first again.
pub(super) async fn delete(app: &App, name: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    let removed = app.store.undefine(Kind::StreamingProfile, name).await?;
    match predefined_named(name) {
        Some(_) => Ok(json!({ "message": "reverted", "data": find(app, name).await? })),
        None if removed => Ok(json!({ "message": "deleted" })),
        None => Err(missing(name)),
    }
}

async fn find(app: &App, name: &str) -> Result<Value, ApiError> {
    let told = |name: &str, body: &Value| {
        let representations = body["representations"].as_array().cloned().unwrap_or_default();
        let representations: Vec<Value> = representations
            .iter()
            .map(|one| json!({ "transformation": transformation_info::steps(one.as_str().unwrap_or_default()) }))
            .collect();
        json!({
            "name": name,
            "display_name": body["display_name"],
            "predefined": predefined_named(name).is_some(),
            "representations": representations,
        })
    };
    if let Some(Definition { body, .. }) = app.store.definition(Kind::StreamingProfile, name).await? {
        return Ok(told(name, &body));
    }
    predefined_named(name).map(|profile| told(name, &body_of(profile))).ok_or_else(|| missing(name))
}

fn predefined_named(name: &str) -> Option<&'static (&'static str, &'static str, &'static [Rung])> {
    PREDEFINED.iter().find(|(known, ..)| *known == name)
}

fn body_of((_, display_name, rungs): &(&str, &str, &[Rung])) -> Value {
    let rungs: Vec<String> =
        rungs.iter().map(|(width, height, rate)| format!("br_{rate},c_limit,h_{height},w_{width}")).collect();
    json!({ "display_name": display_name, "representations": rungs })
}

/// The representations, as texts of transformations. They come as a list of objects or as the JSON of one.
fn representations(asked: &mut Asked) -> Result<Option<Vec<String>>, ApiError> {
    let invalid = |reason: &str| ApiError::invalid("representations", reason);
    let value = match asked.take("representations") {
        None => return Ok(None),
        Some(Value::String(json)) => serde_json::from_str(&json).map_err(|error| invalid(&error.to_string()))?,
        Some(value) => value,
    };
    let items = value.as_array().filter(|items| !items.is_empty()).ok_or_else(|| invalid("it must be a list"))?;
    let texts = items.iter().map(|item| {
        let text = item["transformation"].as_str().ok_or_else(|| invalid("each must have a transformation"))?;
        let parsed: Result<cloudinary_core::Transformation, _> = text.parse();
        parsed.map_err(|error| invalid(&error.to_string()))?;
        Ok(text.to_owned())
    });
    texts.collect::<Result<_, _>>().map(Some)
}

fn missing(name: &str) -> ApiError {
    ApiError::not_found(format!("Can't find streaming profile {name}"))
}
