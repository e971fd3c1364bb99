//! Images that belong together: those of a tag, or those of a list of URLs, each made as the request wants it.

use cloudinary_core::Transformation;
use cloudinary_pixels::{Bitmap, Decode, Format, Info, Picture, decode_with, probe};

use super::{action::Action, inspect, made, source};
use crate::{
    app::App,
    delivery::{self, Rendering},
    http::{ApiError, FileField},
    pipeline::Source,
    store::{Asset, AssetKey, DeliveryType, Details, ResourceType, Spooled},
};

/// The most images of one sprite or animation.
const MOST: usize = 100;

/// An image of a collection: what it is called, and how it looks.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) bitmap: Bitmap,
}

/// The images that `tag` or `urls` name, in the order they were stored or named, and what they make is called.
pub(crate) struct Collection {
    pub(crate) public_id: String,
    pub(crate) members: Vec<Member>,
    /// What the transformation says of the format of the whole.
    pub(crate) format: Option<Format>,
}

impl Collection {
    pub(crate) async fn of(app: &App, action: &Action) -> Result<Self, ApiError> {
        let text = action.given("transformation").unwrap_or_default();
        let transformation = super::request::transformation(&app.settings, text)?;
        let urls = action.form.list("urls");
        let too_many = || ApiError::bad_request(format!("Too many images: at most {MOST}"));
        let tag = match action.given("tag") {
            Some(_) if !urls.is_empty() => {
                return Err(ApiError::bad_request("Either tag or urls is given, not both"));
            }
            None if urls.is_empty() => return Err(ApiError::missing("tag")),
            _ if urls.len() > MOST => return Err(too_many()),
            tag => tag,
        };
        let stem = tag.map_or_else(|| crate::ids::alphanumeric(20), str::to_owned);
        let public_id = if text.is_empty() { stem } else { format!("{stem},{}", transformation.as_str()) };
        super::public_id::check(&public_id)?;
        let format = Rendering::plan(app, &transformation, None)?.named_format();
        let origins = match tag {
            Some(tag) => tagged(app, tag).await?,
            None => fetch(app, urls).await?,
        };
        if origins.len() > MOST {
            return Err(too_many());
        }
        // Only one collection is in memory at a time, and no more of it than a transformation may have.
        let _alone = app.flights.alone("collection").await;
        let most = app.settings.limits.render_live_pixels;
        let mut pixels = 0_u64;
        let mut members = Vec::new();
        for origin in origins {
            let (name, source) = origin.load(app).await?;
            let bitmap = render(app, &transformation, source).await?;
            pixels += u64::from(bitmap.width()) * u64::from(bitmap.height());
            if pixels > most {
                return Err(ApiError::bad_request(format!(
                    "The images are too large: they may have {} Megapixels together; scale them down in the transformation",
                    most / 1_000_000
                )));
            }
            members.push(Member { name, bitmap });
        }
        Ok(Self { public_id, members, format })
    }
}

/// Where an image of a collection is.
enum Origin {
    Asset(Box<Asset>),
    Fetched { url: String, content: Spooled },
}

/// Receives images from elsewhere before anything else waits for them: all within the time of one fetch, and together no
/// larger than one request.
async fn fetch(app: &App, urls: Vec<String>) -> Result<Vec<Origin>, ApiError> {
    let limits = &app.settings.limits;
    let (most, patience) = (limits.request_max_bytes, limits.remote_timeout);
    let all = async {
        let (mut fetched, mut bytes) = (Vec::new(), 0_u64);
        for url in urls {
            let content = source::receive(app, FileField::Text(url.clone())).await?.content;
            bytes = bytes.saturating_add(content.length);
            if bytes > most {
                return Err(ApiError::invalid("urls", format_args!("their images may have {most} bytes together")));
            }
            fetched.push(Origin::Fetched { url, content });
        }
        Ok(fetched)
    };
    let late = || ApiError::invalid("urls", format_args!("they took longer than {} s together", patience.as_secs()));
    tokio::time::timeout(patience, all).await.unwrap_or_else(|_| Err(late()))
}

impl Origin {
    async fn load(self, app: &App) -> Result<(String, Source), ApiError> {
        match self {
            Self::Asset(asset) => {
                let bytes = app.store.blobs().read(&asset.file.blob).await.map_err(delivery::unreadable)?;
                let source = delivery::source(&asset.details, bytes);
                Ok((asset.key.public_id, source))
            }
            Self::Fetched { url, content } => {
                let bytes = content.read().await?;
                Ok((url, delivery::source(&Details::default(), bytes)))
            }
        }
    }
}

async fn tagged(app: &App, tag: &str) -> Result<Vec<Origin>, ApiError> {
    let assets = app.store.tagged(ResourceType::Image, DeliveryType::Upload, tag, MOST + 1).await?;
    if assets.is_empty() {
        return Err(ApiError::not_found(format!("Resource not found - no images with tag {tag}")));
    }
    Ok(assets.into_iter().map(|asset| Origin::Asset(Box::new(asset))).collect())
}

async fn render(app: &App, transformation: &Transformation, source: Source) -> Result<Bitmap, ApiError> {
    let rendering = Rendering::plan(app, transformation, None)?.into_png();
    let layers = rendering.find_layers(app).await?;
    let slot = app.slots.take().await?;
    let rendered = rendering.render(app, &slot, source, &layers).await?;
    let how = Decode { first_frame_only: true, ..Decode::default() };
    let decoded = slot.run(move |engine| decode_with(&rendered.bytes, engine.limits(), &how)).await?;
    Ok(decoded.map_err(inspect::image_fault)?.into_bitmap())
}

/// Encodes and stores what was made of a collection.
pub(crate) async fn store(
    app: &App,
    delivery_type: DeliveryType,
    public_id: String,
    picture: Picture,
    format: Format,
    details: Details,
) -> Result<Asset, ApiError> {
    let slot = app.slots.take().await?;
    let limits = app.settings.limits.pictures;
    let encoded = slot
        .run(move |_| {
            let bytes = cloudinary_pixels::encode(&picture, format, &cloudinary_pixels::Encode::default())?;
            let info: Info = probe(&bytes, &limits)?;
            Ok::<_, cloudinary_pixels::Error>((bytes, info))
        })
        .await?;
    let (bytes, info) = encoded.map_err(inspect::image_fault)?;
    let most = app.settings.limits.derived_result_max_bytes;
    if bytes.len() as u64 > most {
        return Err(ApiError::bad_request(format!("The image is too large: {} bytes, at most {most}", bytes.len())));
    }
    let content = app.store.blobs().receive_bytes(&bytes).await?;
    let key = AssetKey { resource_type: ResourceType::Image, delivery_type, public_id };
    made::store(app, key, content, Some(&info), details).await
}
