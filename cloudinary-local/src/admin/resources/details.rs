//! One asset, with all that is known of it and what was derived from it.

use serde_json::{Map, Value, json};

use super::{full_id, key, not_found, told};
use crate::{
    admin::{Asked, account::iso, cursor, not_carried_out},
    analysis::Analyses,
    app::App,
    http::ApiError,
    store::{Asset, ResourceType},
    upload,
};

/// What is told beside the asset itself.
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of its own")]
struct More {
    analyses: Analyses,
    faces: bool,
    coordinates: bool,
    pages: bool,
    versions: bool,
    related: bool,
    related_next_cursor: Option<String>,
    derived_next_cursor: Option<String>,
    most: u32,
}

/// `GET /resources/{resource_type}/{type}/{public_id}`
pub(in crate::admin) async fn by_public_id(
    app: &App,
    kind: &str,
    delivery: &str,
    public_id: &str,
    asked: &mut Asked,
) -> Result<Value, ApiError> {
    let found = app.store.asset_or_placeholder(&key(kind, delivery, public_id)?).await?;
    details(app, &found.ok_or_else(|| not_found(public_id))?, asked).await
}

/// `GET /resources/{asset_id}`
pub(in crate::admin) async fn by_asset_id(app: &App, asset_id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let found = app.store.asset_or_placeholder_by_id(asset_id).await?;
    details(app, &found.ok_or_else(|| not_found(asset_id))?, asked).await
}

async fn details(app: &App, asset: &Asset, asked: &mut Asked) -> Result<Value, ApiError> {
    let more = More::read(asked)?;
    let mut answer = describe(app, asset);
    let mut put = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    if more.coordinates
        && let Some(coordinates) = upload::coordinates(asset)
    {
        put("coordinates", coordinates);
    }
    if more.pages
        && let Some(pages) = asset.file.pages
    {
        put("pages", pages.into());
    }
    let list = format!("derived of {}", asset.row);
    let after = more.derived_next_cursor.as_deref().map(|text| cursor::read(&list, text)).transpose()?;
    let mut derived = app.store.derived_of(asset, after.unwrap_or_default(), more.most + 1).await?;
    let unfinished = derived.len() > more.most as usize;
    derived.truncate(more.most as usize);
    if let Some(last) = derived.last().filter(|_| unfinished) {
        put("derived_next_cursor", cursor::write(&list, &last.id)?.into());
    }
    put("derived", derived.iter().map(|one| told::derived(app, asset, one)).collect::<Vec<_>>().into());
    if more.versions {
        put("versions", versions(app, asset).await?);
    }
    if more.related {
        let list = format!("related to {}", asset.row);
        let after = more.related_next_cursor.as_deref().map(|text| cursor::read(&list, text)).transpose()?;
        let mut related = app.store.related_assets(asset, after.unwrap_or_default(), more.most + 1).await?;
        let unfinished = related.len() > more.most as usize;
        related.truncate(more.most as usize);
        if let Some(last) = related.last().filter(|_| unfinished) {
            put("related_next_cursor", cursor::write(&list, &last.row)?.into());
        }
        let told = related.iter().map(|other| json!({ "asset": full_id(other), "asset_id": other.asset_id }));
        put("related_assets", told.collect::<Vec<_>>().into());
    }
    if more.analyses.first().is_some() || more.faces {
        if asset.key.resource_type == ResourceType::Raw || asset.placeholder {
            let name = more.analyses.first().unwrap_or("faces");
            return Err(ApiError::invalid(name, "only an image that is there can be looked at"));
        }
        answer.extend(upload::look_at(app, asset, more.analyses, more.faces).await?);
    }
    Ok(answer.into())
}

/// All that is known without looking at the picture.
pub(super) fn describe(app: &App, asset: &Asset) -> Map<String, Value> {
    let mut told = told::base(app, asset);
    let details = &asset.details;
    let mut put = |name: &str, value: Value| told.insert(name.to_owned(), value);
    put("etag", asset.file.etag.clone().into());
    put("version_id", asset.version_id.clone().into());
    if !details.tags.is_empty() {
        put("tags", told::tags(asset));
    }
    if !details.context.is_empty() {
        put("context", json!({ "custom": details.context }));
    }
    if !details.metadata.is_empty() {
        put("metadata", json!(details.metadata));
    }
    if !details.moderation.is_empty() {
        put("moderation", upload::moderation(asset));
    }
    if let Some(name) = &details.original_filename {
        put("original_filename", name.clone().into());
    }
    if details.backup {
        put("backup", true.into());
    }
    let updated = &details.last_updated;
    if updated.updated_at.is_some() {
        let times = [
            ("access_control_updated_at", updated.access_control_updated_at),
            ("context_updated_at", updated.context_updated_at),
            ("metadata_updated_at", updated.metadata_updated_at),
            ("public_id_updated_at", updated.public_id_updated_at),
            ("tags_updated_at", updated.tags_updated_at),
            ("updated_at", updated.updated_at),
        ];
        let times = times.into_iter().filter_map(|(name, at)| Some((name.to_owned(), Value::from(iso(at?)))));
        put("last_updated", times.collect::<Map<_, _>>().into());
    }
    told
}

async fn versions(app: &App, asset: &Asset) -> Result<Value, ApiError> {
    let kept = app.store.backups(asset).await?;
    let told = kept.iter().map(|backup| {
        json!({
            "version_id": backup.version_id,
            "version": backup.version.to_string(),
            "format": backup.file.format,
            "size": backup.file.bytes,
            "time": iso(backup.created_at),
            "restorable": true,
        })
    });
    Ok(told.collect::<Vec<_>>().into())
}

impl More {
    fn read(asked: &mut Asked) -> Result<Self, ApiError> {
        for name in ["cinemagraph_analysis", "accessibility_analysis"] {
            if asked.flag(name)? {
                return Err(not_carried_out(&format!("{name}: this analysis is not carried out")));
            }
        }
        let more = Self {
            analyses: Analyses {
                colors: asked.flag("colors")?,
                exif: asked.flag("exif")?,
                image_metadata: asked.flag("image_metadata")?,
                media_metadata: asked.flag("media_metadata")?,
                phash: asked.flag("phash")?,
                quality_analysis: asked.flag("quality_analysis")?,
            },
            faces: asked.flag("faces")?,
            coordinates: asked.flag("coordinates")?,
            pages: asked.flag("pages")?,
            versions: asked.flag("versions")?,
            related: asked.flag("related")?,
            related_next_cursor: asked.given("related_next_cursor")?,
            derived_next_cursor: asked.given("derived_next_cursor")?,
            most: asked.max_results()?,
        };
        asked.finish()?;
        Ok(more)
    }
}
