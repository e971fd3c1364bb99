//! All pages of an animation, each as an image of its own.

use axum::{Json, body::Body, extract::State};
use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::{
    action::{Action, Named, missing, stored_type},
    request::{Eager, image_format, transformation},
    response,
};
use crate::{
    app::App,
    delivery,
    http::{ApiError, Segments},
    ids,
    store::{AssetKey, ResourceType},
};

const PARAMETERS: Named =
    Named { done: &["format", "notification_url", "public_id", "transformation", "type"], refused: &[] };

/// `POST /v1_1/{cloud}/image/explode`: makes `pg_1`, `pg_2`, … of an image, in the background.
pub(crate) async fn explode(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let action = Action::read(&app, &cloud, &resource_type, &headers, body, PARAMETERS).await?;
    let key = AssetKey {
        resource_type: stored_type(&resource_type)?,
        delivery_type: action.delivery_type("type")?,
        public_id: action.required("public_id")?.to_owned(),
    };
    if key.resource_type != ResourceType::Image {
        return Err(ApiError::bad_request("Only images have pages"));
    }
    let format = image_format("format", action.given("format").unwrap_or("png"))?;
    let destinations = action.notification_url()?;
    let pages = pages(action.given("transformation").unwrap_or("pg_all"))?;
    let asset = app.store.asset(&key).await?.ok_or_else(|| missing(&key))?;
    let count = asset.file.pages.unwrap_or(1);
    let most = app.settings.limits.derived_max;
    if count > most {
        return Err(ApiError::bad_request(format!("Too many pages: {count}, at most {most} are kept")));
    }
    let mut eager = Vec::new();
    for page in 1..=count {
        let transformation = transformation(&app.settings, &pages(page))?;
        eager.push(Eager { transformation, format: Some(format) });
    }
    let batch_id = ids::hex_id();
    let answer = json!({ "status": "processing", "batch_id": batch_id });
    let task_app = app.clone();
    app.background.begin(async move {
        let mut infos = Vec::new();
        for one in eager {
            infos.push(match delivery::derive(&task_app, &asset, &one.transformation, one.format).await {
                Ok(made) => response::describe_eager(&task_app, &asset, &one, &made.derived),
                Err(error) => {
                    tracing::warn!(public_id = asset.key.public_id, %error, "a page could not be made");
                    json!({ "status": "failed", "reason": error.message })
                }
            });
        }
        let event = Map::from_iter([
            ("public_id".to_owned(), json!(asset.key.public_id)),
            ("batch_id".to_owned(), batch_id.into()),
            ("pages".to_owned(), count.into()),
            ("image_infos".to_owned(), infos.into()),
        ]);
        task_app.webhooks.notify(&destinations, "explode", event);
    })?;
    Ok(Json(answer))
}

/// The transformation of each page: `pg_all` becomes its number.
fn pages(text: &str) -> Result<impl Fn(u32) -> String, ApiError> {
    let text = text.to_owned();
    let is_all = |param: &str| param == "pg_all";
    if text.split('/').flat_map(|step| step.split(',')).filter(|param| is_all(param)).count() != 1 {
        return Err(ApiError::invalid("transformation", format_args!("{text} does not have pg_all once")));
    }
    Ok(move |page: u32| {
        let step = |step: &str| {
            let params =
                step.split(',').map(|param| if is_all(param) { format!("pg_{page}") } else { param.to_owned() });
            params.collect::<Vec<_>>().join(",")
        };
        text.split('/').map(step).collect::<Vec<_>>().join("/")
    })
}

#[cfg(test)]
mod tests {
    use super::pages;

    #[test]
    fn every_page_has_its_transformation() {
        for (text, expected) in [("pg_all", "pg_3"), ("w_5,pg_all/e_sepia", "w_5,pg_3/e_sepia")] {
            assert_eq!(pages(text).unwrap()(3), expected);
        }
        for text in ["w_5", "pg_1", "pg_all/pg_all", "l_pg_all"] {
            assert!(pages(text).is_err(), "{text}");
        }
    }
}
