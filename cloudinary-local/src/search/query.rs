//! A search for assets: what was asked, and the answer.

use std::time::Instant;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    aggregate::Aggregate,
    asset::{aspect_ratio, display_name, filename, folder, kind, pixels},
    condition::Condition,
    expression,
    order::{self, Place, SortBy, Sortable},
    value::spelled,
};
use crate::{
    admin::{Asked, cursor},
    analysis::Analyses,
    app::App,
    http::ApiError,
    ids,
    store::{Asset, ResourceType},
    upload, urls,
};

/// How many are told of unless a number is asked for.
const USUALLY: u32 = 50;

const SORTABLE: Sortable = Sortable {
    fields: &[
        "aspect_ratio",
        "asset_folder",
        "bytes",
        "created_at",
        "display_name",
        "filename",
        "folder",
        "format",
        "height",
        "pixels",
        "public_id",
        "resource_type",
        "type",
        "updated_at",
        "uploaded_at",
        "width",
    ],
    dotted: true,
    or: ("created_at", true),
};

/// What `with_field` and `fields` may add.
const MORE: &[&str] = &["context", "image_metadata", "metadata", "moderation", "quality_analysis", "tags"];

/// Told whatever `fields` names.
const ALWAYS: &[&str] = &["asset_id", "public_id", "resource_type", "type"];

/// A search, read.
struct Query {
    condition: Condition,
    sort_by: SortBy,
    aggregates: Vec<Aggregate>,
    more: Vec<String>,
    fields: Option<Vec<String>>,
    most: u32,
    after: Option<Place>,
    /// Cursors of another search are not taken.
    name: String,
}

/// `GET` and `POST /resources/search`
pub(crate) async fn search(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let begun = Instant::now();
    let mut query = Query::read(asked)?;
    let mut places: Vec<Place> = Vec::new();
    app.store
        .each_asset(|asset| {
            if query.condition.matches(&asset) {
                query.aggregates.iter_mut().for_each(|aggregate| aggregate.count(&asset));
                places.push((order::keys(&asset, &query.sort_by), asset.row));
            }
        })
        .await?;
    let total = places.len();
    let (page, more) = order::page(places, &query.sort_by, query.after.as_ref(), query.most as usize);
    let rows: Vec<i64> = page.iter().map(|(_, row)| *row).collect();
    let mut found = app.store.assets_of_rows(&rows).await?;
    let mut resources = Vec::new();
    for row in &rows {
        // One that was removed meanwhile is not told of.
        if let Some(place) = found.iter().position(|asset| asset.row == *row) {
            resources.push(query.tell(app, &found.swap_remove(place)).await?);
        }
    }
    let mut answer =
        json!({ "total_count": total, "time": begun.elapsed().as_millis() as u64, "resources": resources });
    if let Some(last) = page.last().filter(|_| more) {
        answer["next_cursor"] = cursor::write(&query.name, last)?.into();
    }
    if !query.aggregates.is_empty() {
        answer["aggregations"] = Aggregate::told(query.aggregates).into();
    }
    Ok(answer)
}

impl Query {
    fn read(asked: &mut Asked) -> Result<Self, ApiError> {
        let text = asked.text("expression")?.unwrap_or_default();
        let condition = Condition::of(expression::parse(&text)?, &kind, ids::now())?;
        let sort_by = order::read(asked.take("sort_by").as_ref(), SORTABLE)?;
        let aggregates = Aggregate::read(asked.take("aggregate"))?;
        let mut more = asked.comma_list("with_field")?.unwrap_or_default();
        if let Some(unknown) = more.iter().find(|field| !MORE.contains(&field.as_str())) {
            return Err(ApiError::invalid("with_field", format_args!("{unknown} is none of {}", MORE.join(", "))));
        }
        let fields = asked.comma_list("fields")?.filter(|fields| !fields.is_empty());
        more.extend(fields.iter().flatten().filter(|field| MORE.contains(&field.as_str())).cloned());
        let most = asked.number("max_results", 1..=500)?.unwrap_or(USUALLY);
        let digest = Sha256::digest(format!("{text}\n{sort_by:?}").as_bytes());
        let name = format!("search {}", hex::encode(digest.get(..8).unwrap_or_default()));
        let after = asked.given("next_cursor")?.map(|text| cursor::read(&name, &text)).transpose()?;
        asked.finish()?;
        Ok(Self { condition, sort_by, aggregates, more, fields, most, after, name })
    }

    async fn tell(&self, app: &App, asset: &Asset) -> Result<Value, ApiError> {
        let mut told = base(app, asset);
        let details = &asset.details;
        let with = |name: &str| self.more.iter().any(|field| field == name);
        if with("tags") {
            told.insert("tags".to_owned(), json!(details.tags));
        }
        if with("context") {
            // Flat here, other than everywhere else.
            told.insert("context".to_owned(), json!(details.context));
        }
        if with("metadata") {
            told.insert("metadata".to_owned(), json!(details.metadata));
        }
        if with("moderation") {
            told.insert("moderation".to_owned(), upload::moderation(asset));
        }
        let analyses = Analyses {
            image_metadata: with("image_metadata"),
            quality_analysis: with("quality_analysis"),
            ..Analyses::default()
        };
        if asset.key.resource_type == ResourceType::Image && analyses.first().is_some() {
            told.extend(upload::look_at(app, asset, analyses, false).await?);
        }
        if let Some(fields) = &self.fields {
            if let Some(unknown) =
                fields.iter().find(|field| !MORE.contains(&field.as_str()) && !told.contains_key(*field))
            {
                let known = told.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                return Err(ApiError::invalid("fields", format_args!("{unknown} is none of {known}")));
            }
            told.retain(|name, _| ALWAYS.contains(&name.as_str()) || fields.contains(name));
        }
        Ok(told.into())
    }
}

fn base(app: &App, asset: &Asset) -> Map<String, Value> {
    let url = urls::delivery(&app.config, asset, None, asset.file.format.as_deref());
    let details = &asset.details;
    let told = json!({
        "asset_id": asset.asset_id,
        "public_id": asset.key.public_id,
        "asset_folder": folder(asset),
        "folder": folder(asset),
        "filename": filename(asset),
        "format": asset.file.format.as_deref().unwrap_or_default(),
        "display_name": display_name(asset),
        "version": asset.version,
        "resource_type": asset.key.resource_type.as_str(),
        "type": asset.key.delivery_type.as_str(),
        "created_at": spelled(asset.created_at),
        "uploaded_at": spelled(asset.created_at),
        "updated_at": spelled(details.last_updated.updated_at.unwrap_or(asset.created_at)),
        "bytes": asset.file.bytes,
        "width": asset.file.size.map(|(width, _)| width),
        "height": asset.file.size.map(|(_, height)| height),
        "aspect_ratio": aspect_ratio(asset),
        "pixels": pixels(asset).map(|pixels| pixels as u64),
        "pages": asset.file.pages,
        "url": url,
        "secure_url": url,
        "status": "active",
        "access_mode": details.access_mode.map_or_else(|| json!("public"), |mode| json!(mode)),
        "access_control":
            if details.access_control.is_empty() { Value::Null } else { json!(details.access_control) },
        "etag": asset.file.etag,
    });
    match told {
        Value::Object(told) => told,
        _ => Map::new(),
    }
}
