//! All images of a tag on one sheet, with a style sheet that tells where each is.

use std::fmt::Write as _;

use axum::{Json, body::Body, extract::State};
use cloudinary_pixels::{Bitmap, Color, Format, Picture, draw};
use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::{
    action::{Action, stored_type},
    background,
    collection::{self, Collection},
    inspect,
    multi::PARAMETERS,
};
use crate::{
    app::App,
    http::{ApiError, Segments},
    ids,
    store::{Asset, AssetKey, DeliveryType, Details, ResourceType},
    urls,
};

/// `POST /v1_1/{cloud}/image/sprite`
pub(crate) async fn sprite(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let action = Action::read(&app, &cloud, &resource_type, &headers, body, PARAMETERS).await?;
    if stored_type(&resource_type)? != ResourceType::Image {
        return Err(ApiError::bad_request("A sprite is made of images only"));
    }
    let collection = Collection::of(&app, &action).await?;
    let asked = action.given("format").map(|name| super::request::image_format("format", name)).transpose()?;
    let format = asked.or(collection.format).unwrap_or(Format::Png);
    let destinations = action.notification_url()?;
    let key = AssetKey {
        resource_type: ResourceType::Image,
        delivery_type: DeliveryType::Sprite,
        public_id: collection.public_id.clone(),
    };
    if action.boolean("async", false)? {
        let batch_id = ids::hex_id();
        let answer = json!({ "status": "processing", "batch_id": batch_id, "public_id": key.public_id });
        let task_app = app.clone();
        app.background.begin(async move {
            let made = lay_out(&task_app, collection, format).await;
            background::tell(&task_app, &destinations, "sprite", &key, &batch_id, made);
        })?;
        return Ok(Json(answer));
    }
    let answer = lay_out(&app, collection, format).await?;
    background::notify(&app, &destinations, "sprite", &answer);
    Ok(Json(answer))
}

/// One below the other.
async fn lay_out(app: &App, collection: Collection, format: Format) -> Result<Value, ApiError> {
    let Collection { public_id, members, .. } = collection;
    let width = members.iter().map(|member| member.bitmap.width()).max().unwrap_or(1);
    let height = members.iter().map(|member| u64::from(member.bitmap.height())).sum::<u64>();
    app.settings.limits.pictures.check(width.into(), height).map_err(inspect::image_fault)?;
    let mut sheet = Bitmap::filled(width, height as u32, Color::TRANSPARENT);
    let mut infos = Map::new();
    let mut y = 0_u32;
    for member in &members {
        draw::composite(&mut sheet, &member.bitmap, 0, y as i32, 1.0);
        let (width, height) = member.bitmap.size();
        infos.insert(member.name.clone(), json!({ "x": 0, "y": y, "width": width, "height": height }));
        y += height;
    }
    let details = Details { image_infos: Some(infos.clone().into()), ..Details::default() };
    let kind = DeliveryType::Sprite;
    let asset = collection::store(app, kind, public_id, Picture::still(sheet), format, details).await?;
    let [image, css, json] =
        [format.extension(), "css", "json"].map(|extension| urls::delivery(&app.config, &asset, None, Some(extension)));
    Ok(json!({
        "css_url": css,
        "secure_css_url": css,
        "image_url": image,
        "secure_image_url": image,
        "json_url": json,
        "secure_json_url": json,
        "public_id": asset.key.public_id,
        "version": asset.version,
        "image_infos": infos,
    }))
}

/// What a sprite's URL shows that ends with `css` or `json`, and its media type.
pub(crate) fn description(app: &App, asset: &Asset, extension: &str) -> Option<(String, &'static str)> {
    let infos = asset.details.image_infos.as_ref()?.as_object()?;
    match extension {
        "json" => Some((Value::Object(infos.clone()).to_string(), "application/json")),
        "css" => {
            let url = urls::delivery(&app.config, asset, None, asset.file.format.as_deref());
            Some((style_sheet(infos, &url), "text/css; charset=utf-8"))
        }
        _ => None,
    }
}

fn style_sheet(infos: &Map<String, Value>, url: &str) -> String {
    let mut css = String::new();
    for (name, place) in infos {
        let number = |key: &str| place.get(key).and_then(Value::as_u64).unwrap_or(0);
        let class: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            css,
            ".{class} {{ background: url('{url}') no-repeat -{}px -{}px; width: {}px; height: {}px; }}",
            number("x"),
            number("y"),
            number("width"),
            number("height"),
        );
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_names_are_plain() {
        let infos = Map::from_iter([("a/b{}".to_owned(), json!({"x": 0, "y": 5, "width": 2, "height": 3}))]);
        assert_eq!(
            style_sheet(&infos, "http://h/s.png"),
            ".a_b__ { background: url('http://h/s.png') no-repeat -0px -5px; width: 2px; height: 3px; }\n"
        );
    }
}
