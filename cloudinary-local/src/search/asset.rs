//! What an asset has in each field of a search.

use serde_json::Value;

use super::condition::{FieldKind, Held, Record};
use crate::{admin::read_time, store::Asset};

/// The fields, by name; `context.{key}` and `metadata.{external_id}` are more.
const FIELDS: &[(&str, FieldKind)] = &[
    ("access_mode", FieldKind::Name),
    ("aspect_ratio", FieldKind::Ratio),
    ("asset_folder", FieldKind::Name),
    ("asset_id", FieldKind::Name),
    ("bytes", FieldKind::Bytes),
    ("context", FieldKind::Text),
    ("created_at", FieldKind::Time),
    ("display_name", FieldKind::Text),
    ("etag", FieldKind::Name),
    ("filename", FieldKind::Text),
    ("folder", FieldKind::Name),
    ("format", FieldKind::Name),
    ("height", FieldKind::Number),
    ("metadata", FieldKind::Text),
    ("moderation_kind", FieldKind::Name),
    ("moderation_status", FieldKind::Name),
    ("pages", FieldKind::Number),
    ("pixels", FieldKind::Number),
    ("public_id", FieldKind::Text),
    ("resource_type", FieldKind::Name),
    ("status", FieldKind::Name),
    ("tags", FieldKind::Text),
    ("type", FieldKind::Name),
    ("updated_at", FieldKind::Time),
    ("uploaded_at", FieldKind::Time),
    ("version", FieldKind::Number),
    ("width", FieldKind::Number),
];

pub(super) fn kind(field: &str) -> Option<FieldKind> {
    match field.split_once('.') {
        Some(("context", key)) if !key.is_empty() => Some(FieldKind::Text),
        Some(("metadata", id)) if !id.is_empty() => Some(FieldKind::Any),
        _ => FIELDS.iter().find(|(known, _)| *known == field).map(|(_, kind)| *kind),
    }
}

impl Record for Asset {
    fn held(&self, field: &str) -> Vec<Held> {
        let text = |text: &str| vec![Held::Text(text.to_owned())];
        let number = |number: f64| vec![Held::Number(number)];
        let details = &self.details;
        match field {
            "access_mode" => text(match details.access_mode {
                Some(crate::store::AccessMode::Authenticated) => "authenticated",
                _ => "public",
            }),
            "aspect_ratio" => aspect_ratio(self).map(Held::Number).into_iter().collect(),
            "asset_folder" | "folder" => text(folder(self)),
            "asset_id" => text(&self.asset_id),
            "bytes" => number(self.file.bytes as f64),
            "context" => details.context.iter().flat_map(|(key, value)| [key, value]).map(owned).collect(),
            "created_at" | "uploaded_at" => number(self.created_at as f64),
            "display_name" => text(display_name(self)),
            "etag" => text(&self.file.etag),
            "filename" => text(filename(self)),
            "format" => self.file.format.iter().map(owned).collect(),
            "height" => self.file.size.map(|(_, height)| Held::Number(height.into())).into_iter().collect(),
            "metadata" => details.metadata.values().flat_map(held_values).collect(),
            "moderation_kind" => details.moderation.iter().map(|one| owned(&one.kind)).collect(),
            "moderation_status" => details.moderation.iter().map(|one| owned(&one.status)).collect(),
            "pages" => self.file.pages.map(|pages| Held::Number(pages.into())).into_iter().collect(),
            "pixels" => pixels(self).map(Held::Number).into_iter().collect(),
            "public_id" => text(&self.key.public_id),
            "resource_type" => text(self.key.resource_type.as_str()),
            "status" => text("active"),
            "tags" => details.tags.iter().map(owned).collect(),
            "type" => text(self.key.delivery_type.as_str()),
            "updated_at" => number(details.last_updated.updated_at.unwrap_or(self.created_at) as f64),
            "version" => number(self.version as f64),
            "width" => self.file.size.map(|(width, _)| Held::Number(width.into())).into_iter().collect(),
            field => match field.split_once('.') {
                Some(("context", key)) => details.context.get(key).map(owned).into_iter().collect(),
                Some(("metadata", id)) => details.metadata.get(id).map(held_values).unwrap_or_default(),
                _ => Vec::new(),
            },
        }
    }

    fn texts(&self) -> Vec<String> {
        let details = &self.details;
        let mut texts = vec![self.key.public_id.clone(), display_name(self).to_owned(), folder(self).to_owned()];
        texts.extend(self.file.format.clone());
        texts.extend(details.tags.iter().cloned());
        texts.extend(details.context.values().cloned());
        texts.extend(details.metadata.values().flat_map(held_values).filter_map(|held| match held {
            Held::Text(text) => Some(text),
            Held::Number(_) => None,
        }));
        texts
    }
}

pub(super) fn folder(asset: &Asset) -> &str {
    let own = asset.key.public_id.rsplit_once('/').map_or("", |(folder, _)| folder);
    asset.details.asset_folder.as_deref().unwrap_or(own)
}

pub(super) fn filename(asset: &Asset) -> &str {
    asset.key.public_id.rsplit('/').next().unwrap_or_default()
}

pub(super) fn display_name(asset: &Asset) -> &str {
    asset.details.display_name.as_deref().unwrap_or_else(|| filename(asset))
}

pub(super) fn aspect_ratio(asset: &Asset) -> Option<f64> {
    asset.file.size.filter(|(_, height)| *height > 0).map(|(width, height)| f64::from(width) / f64::from(height))
}

pub(super) fn pixels(asset: &Asset) -> Option<f64> {
    asset.file.size.map(|(width, height)| f64::from(width) * f64::from(height))
}

fn owned(text: impl Into<String>) -> Held {
    Held::Text(text.into())
}

/// A date is a text and a time.
fn held_values(value: &Value) -> Vec<Held> {
    match value {
        Value::String(text) => {
            let time = Some(text).filter(|text| text.len() == 10).and_then(|text| read_time(text));
            std::iter::once(owned(text)).chain(time.map(|time| Held::Number(time as f64))).collect()
        }
        Value::Number(number) => number.as_f64().map(Held::Number).into_iter().collect(),
        Value::Array(items) => items.iter().flat_map(held_values).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_known_once() {
        assert!(FIELDS.is_sorted_by(|(a, _), (b, _)| a < b));
        let table = [
            ("tags", true),
            ("context.alt", true),
            ("metadata.x", true),
            ("metadata.", false),
            ("colors", false),
            ("tags.x", false),
        ];
        for (field, known) in table {
            assert_eq!(kind(field).is_some(), known, "{field}");
        }
    }
}
