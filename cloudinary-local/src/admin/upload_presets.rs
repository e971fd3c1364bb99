//! Upload presets: those the program started with, and those defined here, which outlive it in the data folder.

use serde_json::{Map, Value, json};

use super::{Asked, conflict, cursor, not_carried_out, transformation_info};
use crate::{
    UploadPreset,
    app::App,
    http::ApiError,
    ids,
    store::Kind,
    upload::{self, values},
};

/// Switches among the parameters, told as such.
const SWITCHES: &[&str] = &[
    "accessibility_analysis",
    "async",
    "backup",
    "cinemagraph_analysis",
    "colors",
    "discard_original_filename",
    "eager_async",
    "exif",
    "faces",
    "image_metadata",
    "invalidate",
    "media_metadata",
    "overwrite",
    "phash",
    "quality_analysis",
    "return_delete_token",
    "unique_display_name",
    "unique_filename",
    "use_asset_folder_as_public_id_prefix",
    "use_filename",
    "use_filename_as_display_name",
];

/// `GET /upload_presets`
pub(super) fn list(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let (most, after) = (asked.max_results()?, asked.given("next_cursor")?);
    asked.finish()?;
    let all = app.settings.presets.all();
    let (page, next) = cursor::page("upload_presets", all, after.as_deref(), most, |preset| preset.name().to_owned())?;
    let mut answer = json!({ "presets": page.iter().map(|preset| told(preset)).collect::<Vec<_>>() });
    if let Some(next) = next {
        answer["next_cursor"] = next.into();
    }
    Ok(answer)
}

/// `GET /upload_presets/{name}`
pub(super) fn details(app: &App, name: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    // How many of its transformations are told; all are.
    asked.ignore(&["max_results"]);
    asked.finish()?;
    app.settings.presets.get(name).map(|preset| told(&preset)).ok_or_else(|| missing(name))
}

/// `POST /upload_presets`
pub(super) async fn create(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let name = asked.given("name")?.unwrap_or_else(|| ids::alphanumeric(8));
    if name.contains('/') {
        return Err(ApiError::invalid("name", format_args!("{name} may not have a /")));
    }
    let preset = read(UploadPreset::signed(&name), asked)?;
    let _alone = app.flights.alone("upload_presets").await;
    if app.settings.presets.get(&name).is_some() {
        return Err(conflict(format!("Upload preset {name} already exists")));
    }
    keep(app, preset).await?;
    Ok(json!({ "message": "created", "name": name }))
}

/// `PUT /upload_presets/{name}`: parameters that are not sent stay.
pub(super) async fn update(app: &App, name: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let _alone = app.flights.alone("upload_presets").await;
    let there = app.settings.presets.get(name).ok_or_else(|| missing(name))?;
    keep(app, read(UploadPreset::clone(&there), asked)?).await?;
    Ok(json!({ "message": "updated" }))
}

/// `DELETE /upload_presets/{name}`
pub(super) async fn delete(app: &App, name: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    let _alone = app.flights.alone("upload_presets").await;
    app.settings.presets.get(name).ok_or_else(|| missing(name))?;
    app.store.undefine(Kind::UploadPreset, name).await?;
    app.settings.presets.remove(name);
    Ok(json!({ "message": "deleted" }))
}

/// Puts those of an earlier run where uploads find them; one that the program defines itself stays as that says.
pub(crate) async fn restore(app: &App) -> Result<(), ApiError> {
    for definition in app.store.definitions(Kind::UploadPreset).await? {
        if app.settings.presets.get(&definition.name).is_none() {
            let mut preset = UploadPreset::signed(&definition.name)
                .with_unsigned(definition.body["unsigned"] == true)
                .with_public_id_disallowed(definition.body["disallow_public_id"] == true);
            for (name, value) in definition.body["params"].as_object().into_iter().flatten() {
                preset = preset.parameter(name, value.as_str().unwrap_or_default());
            }
            app.settings.presets.set(&definition.name, preset);
        }
    }
    Ok(())
}

/// A preset with what was asked for on top.
fn read(mut preset: UploadPreset, asked: &mut Asked) -> Result<UploadPreset, ApiError> {
    if let Some(unsigned) = asked.switch("unsigned")? {
        preset = preset.with_unsigned(unsigned);
    }
    if let Some(disallowed) = asked.switch("disallow_public_id")? {
        preset = preset.with_public_id_disallowed(disallowed);
    }
    if asked.flag("live")? {
        return Err(not_carried_out("live: video is not carried out"));
    }
    // Clients sign nothing here, but write the time all the same; the name stands in the path.
    asked.ignore(&["timestamp", "name"]);
    for (name, value) in asked.rest() {
        preset = preset.parameter(&name, text(&name, &value)?);
    }
    Ok(preset)
}

async fn keep(app: &App, preset: UploadPreset) -> Result<(), ApiError> {
    upload::check_preset(&app.settings, &preset)?;
    let body = json!({
        "unsigned": preset.is_unsigned(),
        "disallow_public_id": preset.is_public_id_disallowed(),
        "params": preset.params(),
    });
    let name = preset.name().to_owned();
    if !app.store.redefine(Kind::UploadPreset, &name, &body).await? {
        app.store.define(Kind::UploadPreset, &name, &body, ids::now()).await?;
    }
    app.settings.presets.set(name, preset);
    Ok(())
}

/// A parameter in the form uploads take it.
fn text(name: &str, value: &Value) -> Result<String, ApiError> {
    let separator = match name {
        "eager" | "face_coordinates" => "|",
        "transformation" => "/",
        _ => ",",
    };
    Ok(match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Null => String::new(),
        Value::Array(_) | Value::Object(_) if matches!(name, "access_control" | "responsive_breakpoints") => {
            value.to_string()
        }
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| match item {
                    Value::Array(_) => text("", item),
                    Value::Object(_) => Err(ApiError::invalid(name, "write transformations as texts")),
                    item => text(name, item),
                })
                .collect::<Result<_, _>>()?;
            items.join(separator)
        }
        Value::Object(pairs) if matches!(name, "context" | "metadata") => {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(key, value)| Ok(format!("{key}={}", text("", value)?.replace('=', "\\=").replace('|', "\\|"))))
                .collect::<Result<_, ApiError>>()?;
            pairs.join("|")
        }
        Value::Object(_) => return Err(ApiError::invalid(name, "it may not be an object")),
    })
}

fn told(preset: &UploadPreset) -> Value {
    let mut settings: Map<String, Value> =
        preset.params().iter().map(|(name, value)| (name.clone(), setting(name, value))).collect();
    if preset.is_public_id_disallowed() {
        settings.insert("disallow_public_id".to_owned(), true.into());
    }
    json!({ "name": preset.name(), "unsigned": preset.is_unsigned(), "settings": settings })
}

/// A parameter as the service tells it: lists, objects and switches are such.
fn setting(name: &str, value: &str) -> Value {
    match name {
        "tags" | "allowed_formats" => {
            value.split(',').map(str::trim).filter(|one| !one.is_empty()).collect::<Vec<_>>().into()
        }
        "context" | "metadata" => values::pairs(name, value).map_or_else(|_| value.into(), |pairs| json!(pairs)),
        "transformation" => transformation_info::steps(value).into(),
        "eager" => value.split('|').map(|one| Value::from(transformation_info::steps(one))).collect(),
        "access_control" | "responsive_breakpoints" => serde_json::from_str(value).unwrap_or_else(|_| value.into()),
        name if SWITCHES.contains(&name) => match value {
            "1" | "true" => true.into(),
            "0" | "false" => false.into(),
            other => other.into(),
        },
        _ => value.into(),
    }
}

fn missing(name: &str) -> ApiError {
    ApiError::not_found(format!("Can't find upload preset named {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_go_in_as_texts_and_come_out_as_values() {
        let table = [
            ("tags", json!(["a", "b"]), "a,b", json!(["a", "b"])),
            ("tags", json!("a, b"), "a, b", json!(["a", "b"])),
            ("context", json!({ "a": "1|2" }), r"a=1\|2", json!({ "a": "1|2" })),
            ("transformation", json!("c_scale,w_100"), "c_scale,w_100", json!([{ "crop": "scale", "width": 100 }])),
            (
                "eager",
                json!(["w_1", "w_2/png"]),
                "w_1|w_2/png",
                json!([[{ "width": 1 }], [{ "width": 2, "format": "png" }]]),
            ),
            ("face_coordinates", json!([[1, 2, 3, 4], [5, 6, 7, 8]]), "1,2,3,4|5,6,7,8", json!("1,2,3,4|5,6,7,8")),
            ("faces", json!(true), "true", json!(true)),
            ("overwrite", json!("0"), "0", json!(false)),
            ("folder", json!("f"), "f", json!("f")),
        ];
        for (name, given, kept, told) in table {
            assert_eq!(text(name, &given).as_deref(), Ok(kept), "{name}");
            assert_eq!(setting(name, kept), told, "{name}");
        }
        assert!(text("folder", &json!({})).is_err());
    }
}
