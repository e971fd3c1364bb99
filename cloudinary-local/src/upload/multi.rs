//! An animation of all images of a tag.

use axum::{Json, body::Body, extract::State};
use cloudinary_pixels::{Bitmap, Color, Format, Frame, Picture, geometry};
use http::HeaderMap;
use serde_json::{Value, json};

use super::{
    action::{Action, Named, stored_type},
    background,
    collection::{self, Collection, Member},
    inspect,
};
use crate::{
    app::App,
    http::{ApiError, Segments},
    ids,
    store::{AssetKey, DeliveryType, Details, ResourceType},
    urls,
};

/// How long each image is seen, in milliseconds.
const DELAY: u32 = 100;

pub(super) const PARAMETERS: Named = Named {
    done: &["async", "format", "notification_url", "tag", "transformation", "urls"],
    refused: &[
        ("batch_id", "batches are named by the server"),
        ("mode", "make it first, then download it from its url"),
    ],
};

/// `POST /v1_1/{cloud}/image/multi`
pub(crate) async fn multi(
    State(app): State<App>,
    Segments((cloud, resource_type)): Segments<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let action = Action::read(&app, &cloud, &resource_type, &headers, body, PARAMETERS).await?;
    if stored_type(&resource_type)? != ResourceType::Image {
        return Err(ApiError::bad_request("multi is made of images only"));
    }
    let collection = Collection::of(&app, &action).await?;
    check_format(action.given("format"), collection.format)?;
    let destinations = action.notification_url()?;
    let key = AssetKey {
        resource_type: ResourceType::Image,
        delivery_type: DeliveryType::Multi,
        public_id: collection.public_id.clone(),
    };
    if action.boolean("async", false)? {
        let batch_id = ids::hex_id();
        let answer = json!({ "status": "processing", "batch_id": batch_id, "public_id": key.public_id });
        let task_app = app.clone();
        app.background.begin(async move {
            let made = animate(&task_app, collection).await;
            background::tell(&task_app, &destinations, "multi", &key, &batch_id, made);
        })?;
        return Ok(Json(answer));
    }
    let answer = animate(&app, collection).await?;
    background::notify(&app, &destinations, "multi", &answer);
    Ok(Json(answer))
}

/// GIF is the one animation that is written here.
fn check_format(asked: Option<&str>, in_transformation: Option<Format>) -> Result<(), ApiError> {
    let asked = asked.or(in_transformation.map(Format::extension)).unwrap_or("gif");
    if asked == "gif" {
        return Ok(());
    }
    Err(ApiError::invalid("format", format_args!("{asked} is not carried out by cloudinary-local for multi; use gif")))
}

async fn animate(app: &App, collection: Collection) -> Result<Value, ApiError> {
    let Collection { public_id, members, .. } = collection;
    let (width, height) = common_size(&members);
    app.settings.limits.pictures.check_frames(width, height, members.len()).map_err(inspect::image_fault)?;
    let frames =
        members.into_iter().map(|member| Frame { bitmap: centered(&member.bitmap, width, height), delay: DELAY });
    let picture =
        Picture::animation(frames.collect(), 0).ok_or_else(|| ApiError::bad_request("There are no images"))?;
    let kind = DeliveryType::Multi;
    let asset = collection::store(app, kind, public_id, picture, Format::Gif, Details::default()).await?;
    let url = urls::delivery(&app.config, &asset, None, asset.file.format.as_deref());
    Ok(json!({
        "url": url,
        "secure_url": url,
        "asset_id": asset.asset_id,
        "public_id": asset.key.public_id,
        "version": asset.version,
    }))
}

/// Large enough for each.
fn common_size(members: &[Member]) -> (u32, u32) {
    members
        .iter()
        .fold((1, 1), |(width, height), member| (width.max(member.bitmap.width()), height.max(member.bitmap.height())))
}

fn centered(bitmap: &Bitmap, width: u32, height: u32) -> Bitmap {
    if bitmap.size() == (width, height) {
        return bitmap.clone();
    }
    let (x, y) = ((width - bitmap.width()) / 2, (height - bitmap.height()) / 2);
    geometry::place(bitmap, width, height, x as i32, y as i32, Color::TRANSPARENT)
}
