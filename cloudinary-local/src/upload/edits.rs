//! What a request tells of an asset, whether its file comes along or is there already.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{public_id, values};
use crate::{
    http::{ApiError, Params},
    store::{AccessMode, AccessRule, Details, Moderation},
};

/// Each is `None` when the request does not speak of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edits {
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) context: Option<BTreeMap<String, String>>,
    /// As they came; [`metadata::checked`](super::metadata::checked) makes values of them.
    pub(crate) metadata: Option<BTreeMap<String, String>>,
    pub(crate) face_coordinates: Option<Vec<[u32; 4]>>,
    pub(crate) custom_coordinates: Option<Vec<[u32; 4]>>,
    pub(crate) moderation: Option<Vec<Moderation>>,
    pub(crate) headers: Option<Vec<(String, String)>>,
    pub(crate) access_mode: Option<AccessMode>,
    pub(crate) access_control: Option<Vec<AccessRule>>,
    pub(crate) display_name: Option<String>,
    pub(crate) asset_folder: Option<String>,
    pub(crate) backup: Option<bool>,
}

impl Edits {
    /// Reads the parameters of these names; what is empty counts as not given.
    pub(crate) fn read(params: &Params) -> Result<Self, ApiError> {
        let given = |name: &str| params.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let rectangles = |name: &str| given(name).map(|text| values::coordinates(name, text)).transpose();
        let asset_folder = given("asset_folder").map(|folder| folder.trim_matches('/').to_owned());
        if let Some(folder) = asset_folder.as_deref().filter(|folder| !folder.is_empty()) {
            public_id::check(folder)?;
        }
        if given("display_name").is_some_and(|name| name.contains('/')) {
            return Err(ApiError::bad_request("Display name cannot contain slashes"));
        }
        Ok(Self {
            tags: given("tags").map(values::tags).transpose()?,
            context: given("context").map(values::context).transpose()?,
            metadata: given("metadata").map(|text| values::pairs("metadata", text)).transpose()?,
            face_coordinates: rectangles("face_coordinates")?,
            custom_coordinates: rectangles("custom_coordinates")?,
            moderation: given("moderation").map(values::moderation).transpose()?,
            headers: given("headers").map(values::headers).transpose()?,
            access_mode: given("access_mode").map(values::access_mode).transpose()?,
            access_control: given("access_control").map(values::access_control).transpose()?,
            display_name: given("display_name").map(str::to_owned),
            asset_folder,
            backup: given("backup").map(|text| values::boolean("backup", text)).transpose()?,
        })
    }

    /// Puts what was given in the place of what was there. Structured metadata is joined with it, where an empty value
    /// takes a field's away.
    pub(crate) fn apply(&self, metadata: &BTreeMap<String, Value>, details: &mut Details) {
        fn put<T: Clone>(given: Option<&T>, place: &mut T) {
            if let Some(given) = given {
                place.clone_from(given);
            }
        }
        put(self.tags.as_ref(), &mut details.tags);
        put(self.context.as_ref(), &mut details.context);
        put(self.face_coordinates.as_ref(), &mut details.face_coordinates);
        put(self.custom_coordinates.as_ref(), &mut details.custom_coordinates);
        put(self.moderation.as_ref(), &mut details.moderation);
        put(self.headers.as_ref(), &mut details.headers);
        put(self.access_control.as_ref(), &mut details.access_control);
        put(self.backup.as_ref(), &mut details.backup);
        for (given, place) in
            [(&self.display_name, &mut details.display_name), (&self.asset_folder, &mut details.asset_folder)]
        {
            if given.is_some() {
                place.clone_from(given);
            }
        }
        if self.access_mode.is_some() {
            details.access_mode = self.access_mode;
        }
        for (field, value) in metadata {
            if value.is_null() {
                details.metadata.remove(field);
            } else {
                details.metadata.insert(field.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_given_changes() {
        let mut details = Details {
            tags: vec!["old".to_owned()],
            metadata: [("a".to_owned(), json!(1)), ("b".to_owned(), json!(2))].into(),
            backup: true,
            ..Details::default()
        };
        let params: Params = [("context", "k=v"), ("custom_coordinates", "1,2,3,4"), ("tags", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let metadata = [("a".to_owned(), Value::Null), ("c".to_owned(), json!("x"))].into();
        Edits::read(&params).unwrap().apply(&metadata, &mut details);
        assert_eq!((details.tags.as_slice(), details.backup), (["old".to_owned()].as_slice(), true));
        assert_eq!(details.context, [("k".to_owned(), "v".to_owned())].into());
        assert_eq!(details.custom_coordinates, [[1, 2, 3, 4]]);
        assert_eq!(details.metadata, [("b".to_owned(), json!(2)), ("c".to_owned(), json!("x"))].into());
    }
}
