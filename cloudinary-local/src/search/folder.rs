//! A search for folders.

use std::time::Instant;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    condition::{Condition, FieldKind, Held, Record},
    expression,
    order::{self, Place, Sortable},
    value::spelled,
};
use crate::{
    admin::{Asked, cursor},
    app::App,
    http::ApiError,
    ids,
    store::AssetFolder,
};

const SORTABLE: Sortable = Sortable { fields: &["created_at", "name", "path"], dotted: false, or: ("path", false) };
const USUALLY: u32 = 50;

impl Record for AssetFolder {
    fn held(&self, field: &str) -> Vec<Held> {
        match field {
            "name" => vec![Held::Text(self.name().to_owned())],
            "path" => vec![Held::Text(self.path.clone())],
            "created_at" => vec![Held::Number(self.created_at as f64)],
            _ => Vec::new(),
        }
    }

    fn texts(&self) -> Vec<String> {
        vec![self.path.clone()]
    }
}

fn kind(field: &str) -> Option<FieldKind> {
    match field {
        "name" => Some(FieldKind::Text),
        "path" => Some(FieldKind::Name),
        "created_at" => Some(FieldKind::Time),
        _ => None,
    }
}

/// `GET` and `POST /folders/search`
pub(crate) async fn search(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let begun = Instant::now();
    let text = asked.text("expression")?.unwrap_or_default();
    let condition = Condition::of(expression::parse(&text)?, &kind, ids::now())?;
    let sort_by = order::read(asked.take("sort_by").as_ref(), SORTABLE)?;
    let most = asked.number("max_results", 1..=500)?.unwrap_or(USUALLY);
    let digest = Sha256::digest(format!("{text}\n{sort_by:?}").as_bytes());
    let name = format!("folders search {}", hex::encode(digest.get(..8).unwrap_or_default()));
    let after: Option<Place> = asked.given("next_cursor")?.map(|text| cursor::read(&name, &text)).transpose()?;
    asked.finish()?;
    let found: Vec<AssetFolder> =
        app.store.asset_folders().await?.into_iter().filter(|folder| condition.matches(folder)).collect();
    // They come by path, and the path is last to be sorted by: so it stands for a row.
    let mut sort_by = sort_by;
    sort_by.push(("path".to_owned(), false));
    let places = found.iter().map(|folder| (order::keys(folder, &sort_by), 0)).collect();
    let (page, more) = order::page(places, &sort_by, after.as_ref(), most as usize);
    let folders: Vec<Value> = page
        .iter()
        .filter_map(|(keys, _)| {
            let folder = found.iter().find(|folder| order::keys(*folder, &sort_by) == *keys)?;
            Some(json!({
                "name": folder.name(),
                "path": folder.path,
                "created_at": spelled(folder.created_at),
                "external_id": folder.external_id,
            }))
        })
        .collect();
    let mut answer =
        json!({ "total_count": found.len(), "time": begun.elapsed().as_millis() as u64, "folders": folders });
    if let Some(last) = page.last().filter(|_| more) {
        answer["next_cursor"] = cursor::write(&name, last)?.into();
    }
    Ok(answer)
}
