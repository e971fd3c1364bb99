//! What goes into an archive, and under which names.

use std::collections::HashSet;

use super::request::{ArchiveRequest, Names};
use crate::{
    app::App,
    http::ApiError,
    store::{Asset, AssetKey, ResourceType},
    upload::{action::missing, request::Eager},
};

/// One file of an archive.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) asset: Asset,
    /// The original, when there is none.
    pub(super) eager: Option<Eager>,
}

/// The assets that were asked for, each once, and every file that is made of them.
pub(super) async fn collect(app: &App, request: &ArchiveRequest) -> Result<(usize, Vec<Entry>), ApiError> {
    let most = app.settings.limits.archive_max_files;
    let mut assets: Vec<Asset> = Vec::new();
    let mut seen = HashSet::new();
    let too_many = || ApiError::bad_request(format!("Too many files in the archive: at most {most}"));
    let mut add = |found: Vec<Asset>| {
        assets.extend(found.into_iter().filter(|asset| seen.insert(asset.row)));
        if assets.len() > most { Err(too_many()) } else { Ok(()) }
    };
    for key in &request.qualified {
        add(found(app.store.asset(key).await?, key, request.allow_missing)?.into_iter().collect())?;
    }
    for public_id in &request.public_ids {
        let mut there = None;
        let mut key = None;
        for resource_type in &request.resource_types {
            let this = AssetKey {
                resource_type: *resource_type,
                delivery_type: request.delivery_type,
                public_id: public_id.clone(),
            };
            there = there.or(app.store.asset(&this).await?);
            key.get_or_insert(this);
        }
        if let Some(key) = key {
            add(found(there, &key, request.allow_missing)?.into_iter().collect())?;
        }
    }
    for resource_type in &request.resource_types {
        for tag in &request.tags {
            add(app.store.tagged(*resource_type, request.delivery_type, tag, most + 1).await?)?;
        }
        for prefix in &request.prefixes {
            add(app.store.prefixed(*resource_type, request.delivery_type, prefix, most + 1).await?)?;
        }
    }
    if assets.is_empty() {
        return Err(ApiError::not_found("Resource not found - nothing to put into the archive"));
    }
    let resources = assets.len();
    let mut entries = Vec::new();
    for asset in assets {
        if request.transformations.is_empty() || asset.key.resource_type == ResourceType::Raw {
            entries.push(Entry { asset, eager: None });
        } else {
            let derived = request.transformations.iter().cloned();
            entries.extend(derived.map(|eager| Entry { asset: asset.clone(), eager: Some(eager) }));
        }
        if entries.len() > most {
            return Err(too_many());
        }
    }
    Ok((resources, entries))
}

fn found(asset: Option<Asset>, key: &AssetKey, allow_missing: bool) -> Result<Option<Asset>, ApiError> {
    if asset.is_none() && !allow_missing { Err(missing(key)) } else { Ok(asset) }
}

/// The name of one file: `folder/id.ext`, or in a folder named by its transformation.
pub(super) fn name(entry: &Entry, names: Names, extension: Option<&str>) -> String {
    let asset = &entry.asset;
    let (folder, own) = match asset.key.public_id.rsplit_once('/') {
        Some((folder, own)) => (Some(folder), own),
        None => (None, asset.key.public_id.as_str()),
    };
    let raw = asset.key.resource_type == ResourceType::Raw;
    let (stem, own_extension) = match own.rsplit_once('.') {
        Some((stem, extension)) if raw && !stem.is_empty() => (stem, Some(extension)),
        _ => (own, None),
    };
    let original = asset.details.original_filename.as_deref().filter(|_| names.use_original_filename);
    let mut name = plain(original.unwrap_or(stem));
    let steps = entry.eager.as_ref().map(|eager| eager.transformation.as_str().replace('/', "-"));
    let steps = steps.filter(|steps| !steps.is_empty() && !names.skip_transformation_name);
    if let Some(steps) = steps.as_ref().filter(|_| names.flatten_transformations) {
        name = format!("{name}-{steps}");
    }
    if let Some(extension) = extension.or(own_extension) {
        name = format!("{name}.{extension}");
    }
    if let Some(folder) = folder.filter(|_| !names.flatten_folders) {
        name = format!("{folder}/{name}");
    }
    match steps.filter(|_| !names.flatten_transformations) {
        Some(steps) => format!("{}/{name}", plain(&steps)),
        None => name,
    }
}

/// Nothing that would lead a careless unpacker elsewhere.
fn plain(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_control() || matches!(c, '/' | '\\' | ':') { '_' } else { c }).collect();
    if matches!(plain.as_str(), "" | "." | "..") { "_".to_owned() } else { plain }
}

/// Keeps names apart: the second `a.jpg` is `a (1).jpg`.
#[derive(Debug, Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    pub(super) fn free(&mut self, name: String) -> String {
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if !extension.contains('/') => (stem.to_owned(), format!(".{extension}")),
            _ => (name.clone(), String::new()),
        };
        let numbered = (1_usize..).map(|number| format!("{stem} ({number}){extension}"));
        let free = std::iter::once(name).chain(numbered).find(|name| !self.0.contains(name)).unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_apart_and_in() {
        let mut taken = Taken::default();
        let names = ["a.jpg", "a.jpg", "a.jpg", "a", "a", "x.y/a"].map(|name| taken.free(name.to_owned()));
        assert_eq!(names, ["a.jpg", "a (1).jpg", "a (2).jpg", "a", "a (1)", "x.y/a"]);
        for (name, expected) in [("a/b", "a_b"), ("..", "_"), ("", "_"), ("a\0", "a_"), ("C:\\x", "C__x")] {
            assert_eq!(plain(name), expected);
        }
    }
}
